//! The ClientHello's raw bytes to facts.

use crate::facts::ClientHello;

/// Why no ClientHello could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HelloError {
    /// The bytes end before the message does.
    #[error("the ClientHello is cut short: {have} of at least {want} bytes")]
    Incomplete {
        /// Bytes at hand.
        have: usize,
        /// Bytes wanted, as far as known.
        want: usize,
    },
    /// The bytes break the format.
    #[error("not a well-formed ClientHello: {0}")]
    Malformed(&'static str),
}

/// Reads the first ClientHello from TLS records, reassembling it when it spans several.
///
/// # Errors
/// When the bytes end too soon or are not a ClientHello.
pub fn client_hello(records: &[u8]) -> Result<ClientHello, HelloError> {
    let _ = records;
    unimplemented!()
}
