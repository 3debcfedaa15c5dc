//! CloudWatch alarms: M of N, missing data, bands and queries; what state each was in, and why.
