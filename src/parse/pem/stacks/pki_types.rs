//! rustls: `rustls-pki-types` 1, `pem.rs`. An error anywhere is the file's end.

use super::{
    Behind, Purpose, Tally, Wrapping,
    base64::{Dialect, decode},
    wrapping,
};

const BASE64: Dialect = Dialect {
    blank: |byte| matches!(byte, 9..=13 | b' '),
    unpadded: true,
    hyphen_ends: false,
};

/// Whether it reads the file without an error.
pub(super) fn take(text: &[u8], purpose: Purpose, tally: &mut Tally<'_>) -> bool {
    let mut open: Option<&[u8]> = None;
    let mut data = Vec::new();
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        if line.starts_with(b"-----BEGIN ") {
            match label(line) {
                Some(label) => open = Some(label),
                None => return false,
            }
            continue;
        }
        let Some(label) = open else {
            continue;
        };
        let ended = line
            .strip_prefix(b"-----END ")
            .and_then(|rest| rest.strip_prefix(label))
            .is_some_and(|rest| rest.starts_with(b"-----"));
        if !ended {
            data.extend_from_slice(line);
            continue;
        }
        open = None;
        let body = std::mem::take(&mut data);
        if !is_known(label) {
            continue;
        }
        let Some(der) = decode(&body, BASE64) else {
            return false;
        };
        match purpose {
            Purpose::Key => {
                // As rustls' default provider, aws-lc-rs, takes them.
                let wrapping = wrapping(&der);
                let fits = match label {
                    b"PRIVATE KEY" => matches!(wrapping, Wrapping::Pkcs8 { .. }),
                    b"RSA PRIVATE KEY" => wrapping == Wrapping::Pkcs1,
                    b"EC PRIVATE KEY" => {
                        matches!(wrapping, Wrapping::Sec1 | Wrapping::Pkcs8 { ec: true, .. })
                    }
                    _ => continue,
                };
                return fits && tally.take(&der, Behind::Anything);
            }
            Purpose::Chain | Purpose::Anchors => {
                if label == b"CERTIFICATE" {
                    tally.take(&der, Behind::Nothing);
                }
            }
        }
    }
    open.is_none() && purpose != Purpose::Key
}

/// What stands between `-----BEGIN ` and exactly five hyphens at the end of the line.
fn label(line: &[u8]) -> Option<&[u8]> {
    let (mut hyphens, mut start) = (0, line.len());
    for (at, byte) in line.iter().enumerate().rev() {
        match byte {
            b'-' => {
                hyphens += 1;
                start = at;
            }
            b' ' => {}
            _ => break,
        }
    }
    (hyphens == 5).then(|| line.get(11..start)).flatten()
}

/// The labels that are decoded; other blocks are passed over.
fn is_known(label: &[u8]) -> bool {
    matches!(
        label,
        b"CERTIFICATE"
            | b"PUBLIC KEY"
            | b"RSA PRIVATE KEY"
            | b"PRIVATE KEY"
            | b"EC PRIVATE KEY"
            | b"X509 CRL"
            | b"CERTIFICATE REQUEST"
            | b"ECHCONFIG"
    )
}
