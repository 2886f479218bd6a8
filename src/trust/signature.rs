//! Signatures over certificates and handshakes, really checked for every key type the protocol lets through.

/// Why a signature was not found good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was checked and does not hold.
    #[error("the signature does not match the public key")]
    Bad,
    /// We have no implementation of this algorithm, so nothing is known about it.
    #[error("{0} cannot be checked by this program")]
    Unsupported(String),
    /// The key and the algorithm do not belong together, or the key cannot be read.
    #[error("{0}")]
    Mismatch(String),
}

/// Checks a TLS signature (RFC 8446 section 4.2.3 `SignatureScheme` numbers) by the key in `spki_der`.
///
/// # Errors
/// When it does not hold or cannot be checked.
pub fn verify_tls(
    spki_der: &[u8],
    scheme: u16,
    message: &[u8],
    signature: &[u8],
    tls12: bool,
) -> Result<(), SignatureError> {
    let _ = (spki_der, scheme, message, signature, tls12);
    unimplemented!()
}
