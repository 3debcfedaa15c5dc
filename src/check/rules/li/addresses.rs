//! Fields that hold one IP address, and texts that look like networks.

use std::net::IpAddr;

/// Fields with the address of a caller or host, and nothing else but, in CloudTrail, the name of a service.
const ADDRESSES: &[&str] = &[
    "clientIp",
    "client_ip",
    "dstAddr",
    "dstaddr",
    "dstIp",
    "sourceIPAddress",
    "sourceIp",
    "srcAddr",
    "srcIp",
    "srcaddr",
];

/// Whether a field holds an address.
pub(super) fn is_address(name: &str) -> bool {
    ADDRESSES.contains(&name)
}

/// Whether a text is a network: `10.0.0.0/8`.
pub(super) fn is_network(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    length.parse::<u8>().is_ok_and(|length| length <= longest)
}

/// The network of the addresses that begin with one to three numbers and a dot: `10.0.` is `10.0.0.0/16`.
pub(super) fn of_prefix(text: &str) -> Option<String> {
    let numbers: Vec<&str> = text.strip_suffix('.')?.split('.').collect();
    let are_numbers = numbers.iter().all(|number| number.parse::<u8>().is_ok() && !number.starts_with('+'));
    if !are_numbers || numbers.len() > 3 {
        return None;
    }
    let rest = ".0".repeat(4 - numbers.len());
    Some(format!("{}{rest}/{}", numbers.join("."), numbers.len() * 8))
}
