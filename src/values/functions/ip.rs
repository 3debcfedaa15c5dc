//! IP addresses and networks (`spec/logs-insights.md` 3.5).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use ipnet::IpNet;

use super::{Arguments, BadArgument, Ready};
use crate::values::value::Value;

/// The IANA special-purpose address registries of IPv4 and IPv6, and the document that reserves each network. Networks
/// within one that is listed are left out.
const SPECIAL_PURPOSE: &[(&str, &str)] = &[
    ("0.0.0.0/8", "RFC 791"),
    ("10.0.0.0/8", "RFC 1918"),
    ("100.64.0.0/10", "RFC 6598"),
    ("127.0.0.0/8", "RFC 1122"),
    ("169.254.0.0/16", "RFC 3927"),
    ("172.16.0.0/12", "RFC 1918"),
    ("192.0.0.0/24", "RFC 6890"),
    ("192.0.2.0/24", "RFC 5737"),
    ("192.31.196.0/24", "RFC 7535"),
    ("192.52.193.0/24", "RFC 7450"),
    ("192.88.99.0/24", "RFC 7526"),
    ("192.168.0.0/16", "RFC 1918"),
    ("192.175.48.0/24", "RFC 7534"),
    ("198.18.0.0/15", "RFC 2544"),
    ("198.51.100.0/24", "RFC 5737"),
    ("203.0.113.0/24", "RFC 5737"),
    ("240.0.0.0/4", "RFC 1112"),
    ("::/128", "RFC 4291"),
    ("::1/128", "RFC 4291"),
    ("::ffff:0:0/96", "RFC 4291"),
    ("64:ff9b::/96", "RFC 6052"),
    ("64:ff9b:1::/48", "RFC 8215"),
    ("100::/64", "RFC 6666"),
    ("100:0:0:1::/64", "RFC 9780"),
    ("2001::/23", "RFC 2928"),
    ("2001:db8::/32", "RFC 3849"),
    ("2002::/16", "RFC 3056"),
    ("2620:4f:8000::/48", "RFC 7534"),
    ("3fff::/20", "RFC 9637"),
    ("5f00::/16", "RFC 9602"),
    ("fc00::/7", "RFC 4193"),
    ("fe80::/10", "RFC 4291"),
];

static RESERVED: LazyLock<Vec<IpNet>> =
    LazyLock::new(|| SPECIAL_PURPOSE.iter().filter_map(|(network, _)| network.parse().ok()).collect());

pub(super) fn is_private(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_private())
}

pub(super) fn is_reserved(address: IpAddr) -> bool {
    RESERVED.iter().any(|network| network.contains(&address))
}

pub(super) fn is_public(address: IpAddr) -> bool {
    !is_reserved(address) && !address.is_multicast()
}

/// 1 for an address of which `test` holds, 0 for any other text.
pub(super) fn holds(value: &Value<'_>, test: impl FnOnce(IpAddr) -> bool) -> Value<'static> {
    match value.text() {
        Some(text) => Value::bool(text.parse().is_ok_and(test)),
        None => Value::Missing,
    }
}

/// The network that the literal at this place names; bits of the host are cleared.
pub(super) fn network(text: &str, argument: usize) -> Result<IpNet, BadArgument> {
    if let Ok(network) = text.parse::<IpNet>() {
        return Ok(network.trunc());
    }
    let help = match text.parse::<IpAddr>() {
        Ok(address) => format!("write `{}` for this one address", IpNet::from(address)),
        Err(_) => "write an address and the length of its prefix: `10.0.0.0/8`".to_owned(),
    };
    Err(BadArgument::new(argument, format!("`{text}` is no network"), help))
}

/// 1 for an address of the wanted family within the network.
pub(super) fn in_subnet(
    arguments: Arguments<'_, '_>,
    ready: &Ready,
    family: impl FnOnce(IpAddr) -> bool,
) -> Value<'static> {
    let network = match ready {
        Ready::Network(network) => Some(*network),
        _ => arguments.text(1).and_then(|text| text.parse::<IpNet>().ok()),
    };
    match network {
        Some(network) => holds(arguments.at(0), |address| family(address) && network.contains(&address)),
        None => Value::Missing,
    }
}

pub(super) fn to_number(value: &Value<'_>) -> Value<'static> {
    let address = value.text().and_then(|text| text.parse::<Ipv4Addr>().ok());
    address.map_or(Value::Missing, |address| Value::number_of(u32::from(address).into()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, call_literals, number, refuse, text};
    use super::*;

    fn of(name: &str, address: &str) -> Option<String> {
        call(name, &[text(address)])
    }

    #[test]
    fn every_network_of_the_registry_is_one() {
        assert_eq!(RESERVED.len(), SPECIAL_PURPOSE.len());
        assert!(RESERVED.iter().all(|network| network.trunc() == *network));
    }

    #[test]
    fn validity_by_family() {
        for (address, any, v4, v6) in [
            ("203.0.113.9", "1", "1", "0"),
            ("2001:db8::1", "1", "0", "1"),
            ("::ffff:10.0.0.1", "1", "0", "1"),
            ("AWS Internal", "0", "0", "0"),
            ("ec2.amazonaws.com", "0", "0", "0"),
            ("256.0.0.1", "0", "0", "0"),
            ("1.2.3", "0", "0", "0"),
            ("01.2.3.4", "0", "0", "0"),
            (" 1.2.3.4", "0", "0", "0"),
            ("", "0", "0", "0"),
        ] {
            assert_eq!(of("isValidIp", address).as_deref(), Some(any), "{address}");
            assert_eq!(of("isValidIpV4", address).as_deref(), Some(v4), "{address}");
            assert_eq!(of("isValidIpV6", address).as_deref(), Some(v6), "{address}");
        }
        assert_eq!(call("isValidIp", &[number(7.0)]).as_deref(), Some("0"));
        assert_eq!(call("isValidIp", &[Value::Missing]), None);
    }

    #[test]
    fn networks() {
        for (name, address, network, expected) in [
            ("isIpInSubnet", "2001:db8::1", "2001:db8::/32", "1"),
            ("isIpInSubnet", "203.0.113.9", "203.0.113.0/24", "1"),
            ("isIpInSubnet", "203.0.113.9", "2001:db8::/32", "0"),
            ("isIpInSubnet", "AWS Internal", "0.0.0.0/0", "0"),
            ("isIpInSubnet", "192.0.2.200", "192.0.2.7/24", "1"),
            ("isIpv4InSubnet", "203.0.113.9", "203.0.113.0/24", "1"),
            ("isIpv4InSubnet", "203.0.114.9", "203.0.113.0/24", "0"),
            ("isIpv4InSubnet", "2001:db8::1", "2001:db8::/32", "0"),
            ("isIpv6InSubnet", "2001:db8::1", "2001:db8::/32", "1"),
            ("isIpv6InSubnet", "203.0.113.9", "203.0.113.0/24", "0"),
        ] {
            let arguments = [address, network].map(|text| Value::text_of(text.to_owned()));
            assert_eq!(call_literals(name, &arguments).as_deref(), Some(expected), "{name} {address}");
        }
        assert_eq!(call("isIpInSubnet", &[Value::Missing, text("10.0.0.0/8")]), None);
        assert_eq!(call("isIpInSubnet", &[text("10.0.0.1"), text("10.0.0.0/33")]), None);
        let refused = refuse("isIpInSubnet", &[text("10.0.0.1"), text("10.0.0.0/33")]);
        assert_eq!((refused.argument, refused.message.as_str()), (1, "`10.0.0.0/33` is no network"));
        let single = refuse("isIpInSubnet", &[text("10.0.0.1"), text("10.0.0.1")]);
        assert_eq!(single.help.as_deref(), Some("write `10.0.0.1/32` for this one address"));
    }

    #[test]
    fn ranges() {
        for (address, private, public, reserved) in [
            ("10.0.0.5", "1", "0", "1"),
            ("172.31.255.255", "1", "0", "1"),
            ("172.32.0.0", "0", "1", "0"),
            ("192.168.1.1", "1", "0", "1"),
            ("8.8.8.8", "0", "1", "0"),
            ("127.0.0.1", "0", "0", "1"),
            ("169.254.169.254", "0", "0", "1"),
            ("224.0.0.1", "0", "0", "0"),
            ("203.0.113.9", "0", "0", "1"),
            ("255.255.255.255", "0", "0", "1"),
            ("2001:db8::1", "0", "0", "1"),
            ("fd00::1", "0", "0", "1"),
            ("fe80::1", "0", "0", "1"),
            ("ff02::1", "0", "0", "0"),
            ("2600:1f18::1", "0", "1", "0"),
            ("junk", "0", "0", "0"),
        ] {
            assert_eq!(of("isPrivateIP", address).as_deref(), Some(private), "{address}");
            assert_eq!(of("isPublicIP", address).as_deref(), Some(public), "{address}");
            assert_eq!(of("isReservedIP", address).as_deref(), Some(reserved), "{address}");
        }
    }

    #[test]
    fn addresses_as_numbers() {
        assert_eq!(of("ipv4ToNumber", "0.0.1.0").as_deref(), Some("256"));
        assert_eq!(of("ipv4ToNumber", "255.255.255.255").as_deref(), Some("4294967295"));
        assert_eq!(of("ipv4ToNumber", "::1"), None);
        assert_eq!(of("ipv4ToNumber", "junk"), None);
    }
}
