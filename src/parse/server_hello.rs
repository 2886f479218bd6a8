//! A server's first messages as raw bytes, to what it settled on.
//!
//! For: `net`, where a handshake broke off: the library then shows nothing of it, though a TLS 1.2
//! server that refuses a client has said version, cipher suite and group long before. Must not: be
//! asked about a handshake that was finished; the library knows better.

use super::{ids, vectors::Reader};
use crate::facts::Negotiated;

/// The random of a HelloRetryRequest: SHA-256 of that word (RFC 8446 section 4.1.3).
pub(super) const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];
const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
const SERVER_KEY_EXCHANGE: u8 = 12;

/// What the records settle, as far as they go; `None` before a whole ServerHello.
pub fn negotiated(records: &[u8]) -> Option<Negotiated> {
    let plain = plaintext(records);
    let mut messages = Reader(&plain);
    let mut found: Option<Negotiated> = None;
    while let (Some(kind), Some(body)) = (messages.u8(), messages.vector24()) {
        match kind {
            SERVER_HELLO => {
                if let Some(hello) = server_hello(body) {
                    found = Some(hello);
                }
            }
            // ECParameters of a named curve (RFC 8422 section 5.4).
            SERVER_KEY_EXCHANGE => {
                if let (Some(found), [3, high, low, ..]) = (&mut found, body) {
                    found.group = Some(u16::from_be_bytes([*high, *low]));
                }
            }
            _ => {}
        }
    }
    found
}

/// The handshake messages that stand in the clear, one behind the other.
fn plaintext(records: &[u8]) -> Vec<u8> {
    let mut rest = Reader(records);
    let mut plain = Vec::new();
    while let (Some(kind), Some(_version), Some(length)) = (rest.u8(), rest.u16(), rest.u16()) {
        let fragment = rest.at_most(usize::from(length));
        match kind {
            HANDSHAKE => plain.extend_from_slice(fragment),
            // A HelloRetryRequest may be followed by one, and then by the ServerHello (RFC 8446
            // appendix D.4).
            CHANGE_CIPHER_SPEC if is_retry(&plain) => {}
            _ => break,
        }
    }
    plain
}

fn is_retry(plain: &[u8]) -> bool {
    plain.first() == Some(&SERVER_HELLO) && plain.get(6..38) == Some(&RETRY)
}

fn server_hello(body: &[u8]) -> Option<Negotiated> {
    let mut rest = Reader(body);
    let mut version = rest.u16()?;
    if rest.take(32)? == RETRY {
        return None;
    }
    rest.vector8()?;
    let cipher = rest.u16()?;
    rest.u8()?;
    let mut group = None;
    let mut alpn = None;
    let mut extensions = Reader(if rest.0.is_empty() {
        &[]
    } else {
        rest.vector16()?
    });
    while !extensions.0.is_empty() {
        let id = extensions.u16()?;
        let mut body = Reader(extensions.vector16()?);
        match id {
            // application_layer_protocol_negotiation: a list of one (RFC 7301 section 3.1).
            16 => {
                let name = Reader(body.vector16()?).vector8()?;
                alpn = Some(String::from_utf8_lossy(name).into_owned());
            }
            // supported_versions and key_share (RFC 8446 sections 4.2.1 and 4.2.8).
            43 => version = body.u16()?,
            51 => group = body.u16(),
            _ => {}
        }
    }
    Some(Negotiated {
        protocol: ids::version_name(version),
        cipher,
        group,
        alpn,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sized<const N: usize>(body: &[u8]) -> Vec<u8> {
        let length = body.len().to_be_bytes();
        [&length[8 - N..], body].concat()
    }

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind, 3, 3][..], &sized::<2>(body)].concat()
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind][..], &sized::<3>(body)].concat()
    }

    fn hello(random: [u8; 32], cipher: u16, extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut all = Vec::new();
        for (id, body) in extensions {
            all.extend(id.to_be_bytes());
            all.extend(sized::<2>(body));
        }
        let body = [
            &[3, 3][..],
            &random,
            &[0],
            &cipher.to_be_bytes(),
            &[0],
            &sized::<2>(&all),
        ];
        message(SERVER_HELLO, &body.concat())
    }

    #[test]
    fn a_tls12_server_says_its_group_later() {
        let alpn = sized::<2>(&sized::<1>(b"h2"));
        let flight = [
            hello([7; 32], 0xc02b, &[(16, alpn)]),
            message(11, &[0; 300]),
            message(SERVER_KEY_EXCHANGE, &[3, 0, 29, 32]),
        ]
        .concat();
        // In records that end where they like.
        let records: Vec<u8> = flight
            .chunks(77)
            .flat_map(|part| record(22, part))
            .collect();
        let wanted = Negotiated {
            protocol: "TLSv1.2".to_owned(),
            cipher: 0xc02b,
            group: Some(29),
            alpn: Some("h2".to_owned()),
        };
        assert_eq!(negotiated(&records), Some(wanted));
        assert_eq!(negotiated(&records[..40]), None);
    }

    #[test]
    fn a_retry_settles_nothing_and_the_hello_behind_it_does() {
        let version = (43, vec![3, 4]);
        let retry = record(
            22,
            &hello(RETRY, 0x1301, &[version.clone(), (51, vec![0, 23])]),
        );
        assert_eq!(negotiated(&retry), None);
        let share = (51, [&[0, 23][..], &sized::<2>(&[4; 65])].concat());
        let after = record(22, &hello([9; 32], 0x1302, &[version, share]));
        let all = [retry, record(20, &[1]), after, record(23, &[0; 50])].concat();
        let found = negotiated(&all).unwrap();
        assert_eq!(
            (found.protocol.as_str(), found.cipher, found.group),
            ("TLSv1.3", 0x1302, Some(23))
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = negotiated(&bytes);
            let _ = negotiated(&record(22, &bytes));
        }
    }
}
