//! CloudWatch metric math: syntax tree, parser, printer (`spec/metrics-insights.md` 2.10).
