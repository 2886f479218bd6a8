//! JA4, the fingerprint of a TLS client (FoxIO, "JA4: TLS Client Fingerprinting"; that part of the
//! suite is under BSD-3).
//!
//! For: `parse::hello`, so that two hellos of one client can be seen to be alike. Must not: name
//! the client; that takes a database, which this program does not have. Written from the
//! description of the algorithm and compared with two implementations, see
//! `testdata/hellos/README.md`.

use aws_lc_rs::digest;

use super::ids::is_grease;
use crate::facts::ClientHello;

/// A fingerprint in both its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ja4 {
    /// `ja4`: 36 characters, such as `t13d1516h2_8daaf6152771_e5627efa2ab1`.
    pub hashed: String,
    /// `ja4_r`: the lists instead of their hashes.
    pub raw: String,
}

/// The fingerprint of a hello that came over TCP. `first_protocol` is the first entry of its ALPN
/// list as bytes, which the escaped [`ClientHello::alpn`] may not have any more.
pub fn ja4(hello: &ClientHello, first_protocol: Option<&[u8]>) -> Ja4 {
    let mut suites: Vec<u16> = without_grease(&hello.cipher_suites);
    let mut extensions: Vec<u16> = hello
        .extensions
        .iter()
        .map(|extension| extension.id)
        .filter(|id| !is_grease(*id))
        .collect();
    let head = format!(
        "t{}{}{:02}{:02}{}",
        version(hello),
        if hello.has_extension(0) { 'd' } else { 'i' },
        suites.len().min(99),
        extensions.len().min(99),
        protocol(first_protocol.unwrap_or_default()),
    );
    suites.sort_unstable();
    // SNI and ALPN are in the head, and come and go with the server rather than the client.
    extensions.retain(|id| !matches!(id, 0 | 16));
    extensions.sort_unstable();
    let suites = list(&suites);
    let mut extensions = list(&extensions);
    let signatures = without_grease(hello.signature_algorithms.as_deref().unwrap_or_default());
    if !signatures.is_empty() {
        extensions.push('_');
        extensions.push_str(&list(&signatures));
    }
    Ja4 {
        hashed: format!("{head}_{}_{}", hash(&suites), hash(&extensions)),
        raw: format!("{head}_{suites}_{extensions}"),
    }
}

/// Two characters for the highest version offered.
fn version(hello: &ClientHello) -> &'static str {
    let highest = hello
        .supported_versions
        .as_deref()
        .and_then(|versions| without_grease(versions).into_iter().max())
        .unwrap_or(hello.legacy_version);
    match highest {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        _ => "00",
    }
}

/// First and last character of the protocol; of its hexadecimal form where one of the two is
/// neither letter nor digit; `00` without any.
fn protocol(first: &[u8]) -> String {
    let (Some(head), Some(tail)) = (first.first(), first.last()) else {
        return "00".to_owned();
    };
    if head.is_ascii_alphanumeric() && tail.is_ascii_alphanumeric() {
        return [char::from(*head), char::from(*tail)].iter().collect();
    }
    format!("{:x}{:x}", head >> 4, tail & 0x0f)
}

fn without_grease(numbers: &[u16]) -> Vec<u16> {
    numbers
        .iter()
        .copied()
        .filter(|number| !is_grease(*number))
        .collect()
}

fn list(numbers: &[u16]) -> String {
    let words: Vec<String> = numbers
        .iter()
        .map(|number| format!("{number:04x}"))
        .collect();
    words.join(",")
}

/// The first twelve hexadecimal digits of the SHA-256; zeros for nothing.
fn hash(text: &str) -> String {
    if text.is_empty() {
        return "000000000000".to_owned();
    }
    digest::digest(&digest::SHA256, text.as_bytes())
        .as_ref()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Extension;

    fn extensions(ids: &[u16]) -> Vec<Extension> {
        ids.iter()
            .map(|id| Extension { id: *id, length: 0 })
            .collect()
    }

    // The worked example of the description.
    #[test]
    fn the_published_vector() {
        let hello = ClientHello {
            legacy_version: 0x0303,
            cipher_suites: vec![
                0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
            ],
            extensions: extensions(&[
                0x2a2a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xfafa,
            ]),
            supported_versions: Some(vec![0x8a8a, 0x0304, 0x0303]),
            signature_algorithms: Some(vec![
                0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
            ]),
            ..ClientHello::default()
        };
        let found = ja4(&hello, Some(b"h2"));
        assert_eq!(found.hashed, "t13d1516h2_8daaf6152771_e5627efa2ab1");
        assert_eq!(
            found.raw,
            "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_\
             0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_\
             0403,0804,0401,0503,0805,0501,0806,0601"
        );
    }

    #[test]
    fn nothing_offered() {
        let hello = ClientHello {
            legacy_version: 0x0300,
            ..ClientHello::default()
        };
        let found = ja4(&hello, None);
        assert_eq!(found.hashed, "ts3i000000_000000000000_000000000000");
        assert_eq!(found.raw, "ts3i000000__");
    }

    #[test]
    fn counts_end_at_99() {
        let hello = ClientHello {
            legacy_version: 0x0303,
            cipher_suites: (1..=200).collect(),
            extensions: extensions(&(100..=250).collect::<Vec<u16>>()),
            ..ClientHello::default()
        };
        assert!(ja4(&hello, None).hashed.starts_with("t12i999900_"));
    }

    #[test]
    fn protocols() {
        assert_eq!(protocol(b""), "00");
        assert_eq!(protocol(b"h2"), "h2");
        assert_eq!(protocol(b"http/1.1"), "h1");
        assert_eq!(protocol(b"h"), "hh");
        assert_eq!(protocol(&[0xab]), "ab");
        assert_eq!(protocol(&[0xab, 0xcd]), "ad");
        assert_eq!(protocol(&[0x30, 0xab]), "3b");
        assert_eq!(protocol(&[0x61, 0x20]), "60");
        assert_eq!(protocol(&[0x0a, 0x0a]), "0a");
    }
}
