//! Bytes of a file to what is in it, whatever the owner named: PEM in any state, DER, containers, a Kubernetes secret.
//!
//! For: `lint` and `inspect`. Never fails: what cannot be read is an item or a format that says why. Must not: open anything.

use crate::facts::{FileFacts, Format, MeantAs};

/// What is in `bytes`. One file, or one for each entry of a Kubernetes TLS secret.
pub fn read(path: &str, meant_as: MeantAs, mode: Option<u32>, bytes: &[u8]) -> Vec<FileFacts> {
    vec![FileFacts {
        path: path.to_owned(),
        meant_as,
        bytes: bytes.len() as u64,
        mode,
        format: Format::Empty,
        items: Vec::new(),
        remarks: Vec::new(),
        excerpts: Vec::new(),
    }]
}
