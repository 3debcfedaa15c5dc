//! CloudWatch Metrics Insights queries: syntax tree, parser, printer (`spec/metrics-insights.md` 1).
