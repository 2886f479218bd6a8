//! Which addresses on the internet are public ones: whoever made a certificate may have written an
//! address of this machine or of its network into it.
//!
//! For: `found`. Must not: look a name up before it is called; what is judged here is what is
//! dialled.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The address of Azure's platform, which every machine there reaches as its own network and which
/// lies in a public range.
const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Whether this is an address that everybody on the internet means the same by (IANA's registries
/// of special-purpose addresses, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private use, loopback, multicast, reserved.
        [0 | 10 | 127 | 224..=255, ..]
        // Carrier-grade NAT, link-local with the metadata services, private use.
        | [100, 64..=127, ..]
        | [169, 254, ..]
        | [172, 16..=31, ..]
        // IETF protocols, documentation, 6to4 relays, private use, benchmarks, documentation.
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [192, 168, ..]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => true,
        _ => address == AZURE,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An IPv4 address: mapped, translated (NAT64, RFC 6052), and 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // IETF protocols with Teredo, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast: what is outside is loopback, unique local, link-local, multicast or
        // nobody's.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// Which addresses may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Public ones.
    Public,
    /// Any.
    Any,
    /// For tests: public ones, and this one.
    #[cfg(test)]
    Also(IpAddr),
}

impl Allowed {
    pub(super) fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            #[cfg(test)]
            Self::Also(also) if also == address => true,
            _ => is_public(address),
        }
    }
}

/// An address that is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotPublic {
    pub(super) host: String,
    pub(super) address: IpAddr,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address } = self;
        let is = match host.parse() == Ok(*address) {
            true => format!("{address} is"),
            false => format!("{host} is at {address},"),
        };
        write!(
            formatter,
            "{is} a private address; --fetch-private allows it"
        )
    }
}

impl Error for NotPublic {}

/// Looks names up, and hands on only addresses that may be called.
pub(super) struct Names {
    /// Which may.
    pub(super) allowed: Allowed,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed;
        Box::pin(async move {
            let host = name.as_str();
            // The port is that of the URL.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let may = |address: &SocketAddr| allowed.allows(address.ip());
            let public: Vec<SocketAddr> = found.iter().copied().filter(may).collect();
            match (public.is_empty(), found.first()) {
                (false, _) => Ok(Box::new(public.into_iter()) as Addrs),
                (true, None) => Err(io::Error::from(io::ErrorKind::NotFound).into()),
                (true, Some(first)) => Err(NotPublic {
                    host: host.to_owned(),
                    address: first.ip(),
                }
                .into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.0.9",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.251",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn others_are() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "193.0.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_refusal_names_the_host_and_its_address() {
        let of = |host: &str| {
            let address = "127.0.0.1".parse().unwrap();
            let host = host.to_owned();
            NotPublic { host, address }.to_string()
        };
        assert_eq!(
            of("localhost"),
            "localhost is at 127.0.0.1, a private address; --fetch-private allows it"
        );
        assert!(of("127.0.0.1").starts_with("127.0.0.1 is a private address"));
    }
}
