//! A signature with SHA-1, which no TLS library makes any more.
//!
//! Plain arithmetic on a private key leaks it through timing. That is of no concern here: the key was made for this one signature and
//! is thrown away. Must not: be used for anything but throwaway certificates.

use num_bigint::BigUint;

use super::{PkiError, der};

/// The DigestInfo of SHA-1 before the digest itself (RFC 8017 section 9.2, note 1).
const DIGEST_INFO: [u8; 15] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];

/// The certificate with sha1WithRSAEncryption in place of sha256WithRSAEncryption, signed anew with the RSA key `pkcs8` of its issuer.
pub(super) fn signed_again(certificate: &[u8], pkcs8: &[u8]) -> Result<Vec<u8>, PkiError> {
    let (modulus, exponent) = der::rsa_private(pkcs8)?;
    der::with_algorithm(
        certificate,
        // 1.2.840.113549.1.1.11 and 1.2.840.113549.1.1.5 (RFC 8017 appendix A.2.4).
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
        |signed| {
            let digest =
                aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, signed);
            // EMSA-PKCS1-v1_5 (RFC 8017 section 9.2).
            let length = modulus.len();
            let fixed = DIGEST_INFO.len() + digest.as_ref().len() + 3;
            let filling = length
                .checked_sub(fixed)
                .ok_or(PkiError::Shape("an RSA key too short to sign with"))?;
            let mut message = vec![0, 1];
            message.resize(2 + filling, 0xff);
            message.push(0);
            message.extend_from_slice(&DIGEST_INFO);
            message.extend_from_slice(digest.as_ref());
            let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
            let signature = number(&message)
                .modpow(&number(&exponent), &number(&modulus))
                .to_bytes_be();
            let mut out = vec![0; length.saturating_sub(signature.len())];
            out.extend(signature);
            Ok(out)
        },
    )
}
