//! The PROXY protocol (HAProxy, "The PROXY protocol", versions 1 and 2): the header that a balancer
//! puts before everything else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::ControlFlow;

use super::{Answer, May, Sniff, begins, unknown};
use crate::facts::ProxyHeader;

/// The longest version 1 header, its line end included.
const MAX_VERSION1: usize = 107;

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// `PROXY TCP4 192.0.2.1 192.0.2.2 1234 443` and a line end.
pub(super) fn version1(bytes: &[u8], ended: bool) -> Answer {
    match begins(bytes, b"PROXY ") {
        Some(true) => {}
        Some(false) => return ControlFlow::Continue(May::Not),
        None => return ControlFlow::Continue(May::Yet),
    }
    let head = bytes.get(..MAX_VERSION1).unwrap_or(bytes);
    let Some(end) = head.windows(2).position(|pair| pair == b"\r\n") else {
        // A word other than these three, or no line end where one must be, cannot become a header
        // any more.
        let rest = head.get(6..).unwrap_or_default();
        let hopeful = [&b"TCP4 "[..], b"TCP6 ", b"UNKNOWN"]
            .iter()
            .any(|word| begins(rest, word) != Some(false));
        let open = hopeful && !head.contains(&b'\n') && head.len() < MAX_VERSION1;
        return match open && !ended {
            true => ControlFlow::Break(Sniff::NeedMore), // and no other kind is to guess meanwhile
            false => ControlFlow::Break(unknown(bytes)),
        };
    };
    let line = head.get(..end).and_then(|line| str::from_utf8(line).ok());
    ControlFlow::Break(match line.and_then(addresses1) {
        Some((source, destination)) => Sniff::Proxy {
            header: ProxyHeader {
                version: 1,
                source,
                destination,
            },
            length: end + 2,
        },
        None => unknown(bytes),
    })
}

type Addresses = (Option<SocketAddr>, Option<SocketAddr>);

fn addresses1(line: &str) -> Option<Addresses> {
    let mut words = line.split(' ').skip(1);
    let family = words.next()?;
    if family == "UNKNOWN" {
        return Some((None, None)); // whatever follows is to be ignored
    }
    let (source, destination) = (words.next()?, words.next()?);
    let (source, destination): (IpAddr, IpAddr) = match family {
        "TCP4" => (
            source.parse::<Ipv4Addr>().ok()?.into(),
            destination.parse::<Ipv4Addr>().ok()?.into(),
        ),
        "TCP6" => (
            source.parse::<Ipv6Addr>().ok()?.into(),
            destination.parse::<Ipv6Addr>().ok()?.into(),
        ),
        _ => return None,
    };
    let (source_port, destination_port) = (port(words.next()?)?, port(words.next()?)?);
    words.next().is_none().then_some((
        Some(SocketAddr::new(source, source_port)),
        Some(SocketAddr::new(destination, destination_port)),
    ))
}

/// A port in decimal, without sign or leading zeros.
fn port(word: &str) -> Option<u16> {
    let port: u16 = word.parse().ok()?;
    (port.to_string() == word).then_some(port)
}

/// The binary form: signature, version and command, family, length, addresses, TLVs.
pub(super) fn version2(bytes: &[u8], _ended: bool) -> Answer {
    match begins(bytes, SIGNATURE) {
        Some(true) => {}
        Some(false) => return ControlFlow::Continue(May::Not),
        None => return ControlFlow::Continue(May::Yet),
    }
    let rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    if let [command, ..] = rest
        && !matches!(command, 0x20 | 0x21)
    {
        return ControlFlow::Break(unknown(bytes));
    }
    let Some(([command, family, high, low], body)) = rest.split_first_chunk::<4>() else {
        return ControlFlow::Continue(May::Yet);
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    // LOCAL is the balancer speaking for itself: its addresses are to be ignored.
    let family = if *command == 0x20 { 0 } else { *family };
    let needed = match family {
        0x00 => 0,
        0x11 | 0x12 => 12,
        0x21 | 0x22 => 36,
        0x31 | 0x32 => 216,
        _ => return ControlFlow::Break(unknown(bytes)),
    };
    if length < needed {
        return ControlFlow::Break(unknown(bytes));
    }
    let Some(body) = body.get(..length) else {
        return ControlFlow::Continue(May::Yet);
    };
    let (source, destination) = match family {
        0x11 | 0x12 => addresses2::<4>(body),
        0x21 | 0x22 => addresses2::<16>(body),
        _ => (None, None),
    };
    ControlFlow::Break(Sniff::Proxy {
        header: ProxyHeader {
            version: 2,
            source,
            destination,
        },
        length: SIGNATURE.len() + 4 + length,
    })
}

/// Source address, destination address, source port, destination port.
fn addresses2<const LENGTH: usize>(body: &[u8]) -> Addresses
where
    IpAddr: From<[u8; LENGTH]>,
{
    let read = || {
        let (source, rest) = body.split_first_chunk::<LENGTH>()?;
        let (destination, rest) = rest.split_first_chunk::<LENGTH>()?;
        let (source_port, rest) = rest.split_first_chunk::<2>()?;
        let (destination_port, _tlvs) = rest.split_first_chunk::<2>()?;
        Some((
            SocketAddr::new((*source).into(), u16::from_be_bytes(*source_port)),
            SocketAddr::new((*destination).into(), u16::from_be_bytes(*destination_port)),
        ))
    };
    read().unzip()
}
