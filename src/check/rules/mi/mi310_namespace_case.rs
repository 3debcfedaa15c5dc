//! MI310: a namespace that differs from those of AWS by the case of `AWS/`.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::Identifier;
use crate::{Code, Diagnostic, Fix, Severity};

const PREFIX: &str = "AWS/";

pub(super) const RULE: Rule = Rule {
    code: Code("MI310"),
    severity: Severity::Warning,
    title: "`AWS/` in another case",
    why: "The namespaces of AWS services begin with `AWS/` in capitals, and the case of names counts: \
          another spelling is another namespace, which is empty unless somebody publishes into it.",
    bad: "SELECT AVG(CPUUtilization) FROM \"aws/EC2\"",
    good: "SELECT AVG(CPUUtilization) FROM \"AWS/EC2\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let namespace = &context.query.from.namespace;
    let Some((prefix, service)) = namespace.name.split_at_checked(PREFIX.len()) else { return };
    if prefix == PREFIX || !prefix.eq_ignore_ascii_case(PREFIX) {
        return;
    }
    let written = Identifier::new(format!("{PREFIX}{service}")).to_string();
    let title = format!("write `{written}`");
    findings.push(
        Diagnostic::warning(
            RULE.code,
            namespace.span.0,
            format!("`{}` is another namespace than `{PREFIX}{service}`: case counts", namespace.name),
        )
        .help(title.clone())
        .fix(Fix::replace(title, namespace.span.0, written)),
    );
}
