//! CT022: a source address that is none.

use std::net::{Ipv4Addr, IpAddr};

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, syntax::Rule};

use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT022"),
    severity: Severity::Warning,
    title: "not an address that a record has",
    why: "`sourceIPAddress` is one address, the name of a service or `AWS Internal`. It is compared as text: no notation \
          for a network, and no address with parts missing, equals it.",
    bad: r#"{ $.sourceIPAddress = "203.0.113.0/24" && $.eventName = "ConsoleLogin" }"#,
    good: r#"{ $.sourceIPAddress = "203.0.113.*" && $.eventName = "ConsoleLogin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["sourceIPAddress"])) {
        for value in one.texts() {
            let Some(text) = value.exact() else { continue };
            if is_network(text) {
                let found = finding(&RULE, value.span, format!("`{text}` is a network, and compared as a text"));
                findings.push(match (context.spelling, octets(text)) {
                    (Spelling::Logs, _) => {
                        found.help(format!("write `isIpInSubnet({}, \"{text}\")`", context.written(one.span)))
                    }
                    (Spelling::Filter, Some(prefix)) => found.help(format!("write `\"{prefix}.*\"`")),
                    (Spelling::Filter, None) => found.help("compare with beginnings of addresses, as `\"10.*\"`"),
                });
            } else if is_broken(text) {
                findings.push(
                    finding(&RULE, value.span, format!("`{text}` is no whole address"))
                        .help("an address has four numbers from 0 to 255; a beginning of one needs a `*` or a regex"),
                );
            }
        }
    }
}

fn is_network(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let is_address = address.parse::<IpAddr>().is_ok();
    is_address && bits.parse::<u8>().is_ok_and(|bits| bits <= 128)
}

/// The octets that all addresses of a network share, where the network ends at an octet.
fn octets(network: &str) -> Option<String> {
    let (address, bits) = network.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let shared = match bits {
        "8" => 1,
        "16" => 2,
        "24" => 3,
        _ => return None,
    };
    let octets: Vec<String> = address.octets().iter().take(shared).map(u8::to_string).collect();
    Some(octets.join("."))
}

/// Digits and dots that are no address; leading zeros are left alone.
fn is_broken(text: &str) -> bool {
    let is_numeric = text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let octets = || text.split('.');
    is_numeric && (octets().count() != 4 || octets().any(|octet| octet.parse::<u8>().is_err()))
}
