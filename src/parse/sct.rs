//! Signed certificate timestamps in a certificate (RFC 6962 section 3.3): DER to facts.
//!
//! For: `inspect`. Must not: call a timestamp true; its signature takes the log's key, and logs
//! come and go.

use jiff::Timestamp;

use super::{cert::der, vectors::Reader};
use crate::facts::{Certificate, Stamp};

/// 1.3.6.1.4.1.11129.2.4.2, the list in a certificate.
const EMBEDDED: &[u8] = &[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];

/// The timestamps of a certificate, as far as they can be read.
pub fn embedded(certificate: &Certificate) -> Vec<Stamp> {
    let Some(layout) = der::layout(&certificate.der) else {
        return Vec::new();
    };
    let content = certificate.der.get(layout.extensions).unwrap_or_default();
    der::extensions(content)
        .filter(|extension| extension.oid == EMBEDDED)
        .filter_map(|extension| der::only(extension.value, der::OCTET_STRING))
        .flat_map(list)
        .collect()
}

/// SignedCertificateTimestampList: a list of opaque entries.
fn list(bytes: &[u8]) -> Vec<Stamp> {
    let mut stamps = Vec::new();
    let mut entries = Reader(Reader(bytes).vector16().unwrap_or_default());
    while let Some(entry) = entries.vector16() {
        stamps.extend(stamp(entry));
    }
    stamps
}

/// Version 1, log id, milliseconds since 1970.
fn stamp(entry: &[u8]) -> Option<Stamp> {
    let (&version, rest) = entry.split_first()?;
    let (log_id, rest) = rest.split_first_chunk::<32>()?;
    let (milliseconds, _) = rest.split_first_chunk::<8>()?;
    if version != 0 {
        return None;
    }
    let milliseconds = i64::from_be_bytes(*milliseconds);
    Some(Stamp {
        log_id: der::hex_lower(log_id),
        timestamp: Timestamp::from_millisecond(milliseconds).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_logs() {
        let entry = |log: u8, at: i64| {
            let mut entry = vec![0];
            entry.extend([log; 32]);
            entry.extend(at.to_be_bytes());
            entry.extend([0, 0, 4, 3, 0, 1, 9]);
            let mut sized = (entry.len() as u16).to_be_bytes().to_vec();
            sized.extend(entry);
            sized
        };
        let entries = [entry(1, 0), entry(2, 86_400_000)].concat();
        let mut bytes = (entries.len() as u16).to_be_bytes().to_vec();
        bytes.extend(&entries);
        let read = list(&bytes);
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].log_id, "02".repeat(32));
        assert_eq!(read[1].timestamp.to_string(), "1970-01-02T00:00:00Z");
        bytes.pop();
        assert!(list(&bytes).is_empty());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = list(&bytes);
        }
    }
}
