//! What is to be said of a file that holds patterns and queries, apart from what these say.

use crate::syntax::Rule;
use crate::syntax::rule::rules;

rules! {
    NOT_READ "IO020" Warning "the file cannot be read as what it is":
        "A file that holds patterns or queries does not follow the grammar of its own format, so that nothing behind the \
         fault, and perhaps nothing at all, can be checked.",
        "resource \"aws_cloudwatch_log_metric_filter\" \"root\" {\n  pattern = \"{ $.a = 1 }\n}\n" =>
        "resource \"aws_cloudwatch_log_metric_filter\" \"root\" {\n  pattern = \"{ $.a = 1 }\"\n}\n";
    HOLE "IO021" Info "part of the text is known only when it is deployed":
        "An interpolation, a parameter or the result of a function can be any text. What is around it is checked as far as \
         it does not depend on it; what it brings is not.",
        "resource \"aws_cloudwatch_log_metric_filter\" \"root\" {\n  pattern = \"{ $.eventName = ${var.name} }\"\n}\n" =>
        "resource \"aws_cloudwatch_log_metric_filter\" \"root\" {\n  pattern = \"{ $.eventName = ConsoleLogin }\"\n}\n";
}
