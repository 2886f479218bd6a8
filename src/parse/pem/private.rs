//! What may be a part of a private key, by how it looks.
//!
//! For: the survey, before it keeps a line to be shown: a key whose BEGIN line is missing, or whose
//! label is wrong, is a key all the same. Must not: be exact. A line that is not drawn costs
//! nothing; one that is drawn cannot be taken back.

use base64::Engine;

use super::survey::LENIENT;

/// A run of base64 (either alphabet) this long is no word: 15 octets, less than any private key
/// has.
const RUN: usize = 20;
/// Hexadecimal pairs with colons between them, as `openssl pkey -text` prints a key.
const PAIRS: usize = 8;

/// Whether a line outside of a block may be one of a key's body.
pub(super) fn may_be_key(line: &[u8]) -> bool {
    let is_base64 = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
    };
    let marker = |byte: &u8| *byte == b'-';
    let inner = line.trim_ascii();
    // Nothing but base64, and no marker's dashes: the last line of a body may be a few characters
    // long.
    if !inner.is_empty() && inner.iter().all(is_base64) && !inner.iter().all(marker) {
        return true;
    }
    let longest = inner
        .split(|byte| !is_base64(byte))
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default();
    longest >= RUN || spaced(inner) || hexadecimal(inner)
}

/// Base64 with blanks put between: prose has no digits between letters of both cases all over it.
fn spaced(line: &[u8]) -> bool {
    let mut letters = 0;
    let mut mixed = 0;
    for word in line.split(|byte| byte.is_ascii_whitespace()) {
        if word
            .iter()
            .any(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(byte))
        {
            return false;
        }
        letters += word.len();
        let inner = word.get(1..).unwrap_or_default();
        let odd = word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic)
            || inner.iter().any(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase)
            || word.iter().any(|byte| b"+/=".contains(byte));
        mixed += if odd { word.len() } else { 0 };
    }
    letters >= RUN && mixed * 2 > letters
}

fn hexadecimal(line: &[u8]) -> bool {
    let pairs = line
        .split(|byte| matches!(byte, b':' | b' ' | b'\t'))
        .filter(|pair| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit))
        .count();
    pairs >= PAIRS
}

/// Whether the base64 of a block begins as a certificate, a request or a list does: a SEQUENCE that
/// begins with a long SEQUENCE. Every form of a private key begins with a number, an encrypted one
/// with a short SEQUENCE (RFC 5958, 8017, 5915).
pub(super) fn begins_public(base64: &[u8]) -> bool {
    let head = &base64[..base64.len().min(16)];
    let Ok(octets) = LENIENT.decode(head) else {
        return false;
    };
    let sequence = |octets: &[u8]| match octets {
        [0x30, 0x81, ..] => Some(3),
        [0x30, 0x82, ..] => Some(4),
        [0x30, 0x83, ..] => Some(5),
        _ => None,
    };
    sequence(&octets)
        .and_then(|header| octets.get(header..))
        .is_some_and(|inner| sequence(inner).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_keys_are_known_in_any_dress() {
        for line in [
            "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3Zk1",
            "3Zk=",
            "key: MIGHAgEAMBMGByqGSM49AgEG",
            "\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"",
            "MIGHAgEA MBMGByqG SM49AgEG CCqGSM49 AwEHBG0w",
            "    00:c3:4a:5b:11:22:33:44:55",
            "00 c3 4a 5b 11 22 33 44 55",
            "-----BEGIN RSA PRIVATE KEY---MIIEowIBAAKCAQEA",
        ] {
            assert!(may_be_key(line.as_bytes()), "{line}");
        }
        for line in [
            "-----BEGIN CERTIFICATE-----",
            "----BEGIN PRIVATE KEY-----",
            "Bag Attributes",
            "subject=C = US, O = Let's Encrypt, CN = R3",
            "# the intermediate of 2026, taken from the page of the authority",
            "Not After : Nov 29 12:00:00 2026 GMT",
        ] {
            assert!(!may_be_key(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_block_is_public_by_its_first_octets() {
        assert!(begins_public(b"MIIDdzCCAl+gAwIBAgIEAgAA"));
        assert!(!begins_public(b"MIIEowIBAAKCAQEA"));
        assert!(!begins_public(b"MIIFLTBXBgkqhkiG9w0BBQ0w"));
        assert!(!begins_public(b"MIGHAgEAMBMGByqGSM49"));
        assert!(!begins_public(b""));
    }
}
