//! LI305: a network with bits of a host in it.

use crate::syntax::Rule;
use crate::syntax::logs::{Argument, Arguments, ExprKind};
use crate::{Code, Diagnostic, Fix, Severity};

use super::Context;
use super::expressions::{each, text};

pub(super) const RULE: Rule = Rule {
    code: Code("LI305"),
    severity: Severity::Info,
    title: "the network is that of a host",
    why: "Behind the prefix the bits of a network are zero. This one has others, which are ignored; perhaps a longer prefix \
          or a single address was meant.",
    bad: r#"filter isIpv4InSubnet(sourceIPAddress, "192.0.2.7/24") | stats count(*) as calls by eventName"#,
    good: r#"filter isIpv4InSubnet(sourceIPAddress, "192.0.2.0/24") | stats count(*) as calls by eventName"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        let ExprKind::Call(call) = &expr.kind else { return };
        let is_subnet = matches!(call.function.key().as_str(), "isipinsubnet" | "isipv4insubnet" | "isipv6insubnet");
        let Arguments::List(arguments) = &call.arguments else { return };
        let Some(Argument::Expr(network)) = arguments.get(1).filter(|_| is_subnet) else { return };
        let Some((written, span)) = text(network) else { return };
        let Ok(parsed) = written.parse::<ipnet::IpNet>() else { return };
        let trunk = parsed.trunc();
        if trunk != parsed {
            findings.push(
                Diagnostic::new(
                    RULE.code,
                    RULE.severity,
                    span,
                    format!("`{written}` is the network `{trunk}` with bits of a host in it"),
                )
                .help(format!("write `\"{trunk}\"`"))
                .fix(Fix::replace(format!("write `\"{trunk}\"`"), span, format!("\"{trunk}\""))),
            );
        }
    });
}
