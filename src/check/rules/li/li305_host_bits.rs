//! LI305: a network with the address of a host in it.

use std::net::IpAddr;

use super::condition::{function, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, Function};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI305"),
    severity: Severity::Info,
    title: "a network with a host in it",
    why: "In `192.0.2.7/24` the length says that the last number does not count, and the address has one there. \
          Either the whole network `192.0.2.0/24` or the one address `192.0.2.7/32` was meant, and what the \
          service takes it for is not documented.",
    bad: "filter isIpInSubnet(sourceIPAddress, \"192.0.2.7/24\")",
    good: "filter isIpInSubnet(sourceIPAddress, \"192.0.2.0/24\")",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            let takes_network = matches!(
                function(expr),
                Some(Function::IsIpInSubnet | Function::IsIpv4InSubnet | Function::IsIpv6InSubnet)
            );
            let given = call.arguments.expressions();
            let Some(network) = given.get(1).filter(|_| takes_network) else { continue };
            let Some(written) = text(network) else { continue };
            let Ok(parsed) = written.parse::<ipnet::IpNet>() else { continue };
            if parsed.addr() != parsed.network() {
                let whole = format!("{}/{}", parsed.network(), parsed.prefix_len());
                let longest = match parsed.addr() {
                    IpAddr::V4(_) => 32,
                    IpAddr::V6(_) => 128,
                };
                findings.push(
                    finding(&RULE, network.span.0, format!("`{written}` has more of an address than its length says"))
                        .label("an address within a network")
                        .help(format!(
                            "write `\"{whole}\"` for the network, `\"{}/{longest}\"` for the one address",
                            parsed.addr()
                        )),
                );
            }
        }
    }
}
