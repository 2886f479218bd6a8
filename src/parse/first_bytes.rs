//! What the first bytes of a connection are.

use crate::facts::{FirstBytes, ProxyHeader};

/// The answer so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sniff {
    /// More bytes are needed to tell.
    NeedMore,
    /// A PROXY header of `length` bytes stands first; call again on what follows it.
    Proxy {
        /// What it says.
        header: ProxyHeader,
        /// Its length in bytes.
        length: usize,
    },
    /// Known.
    Known(FirstBytes),
}

/// Names the beginning of a connection. `ended` says that no more bytes will come, so that an answer must be given.
pub fn sniff(bytes: &[u8], ended: bool) -> Sniff {
    let _ = (bytes, ended);
    unimplemented!()
}
