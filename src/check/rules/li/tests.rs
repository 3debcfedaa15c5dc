//! What the family says of its own examples, and of queries that AWS and others have published.

use super::super::examples;
use crate::check::Language;

#[test]
fn the_bad_example_of_each_rule_raises_it_alone_and_the_good_one_nothing() {
    examples::hold(super::RULES, Language::LogsInsights);
}
