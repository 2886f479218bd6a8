//! Signing with RSA keys that are too small for the TLS library.
//!
//! For: `simulate`, which presents such a key on purpose to see whether it is refused. Must not: be
//! used by a listener, nor for a key that the library would take: the arithmetic is plain (see
//! `pki::RsaKey`).

use std::sync::Arc;

use rustls::{
    Error, SignatureAlgorithm, SignatureScheme,
    pki_types::PrivateKeyDer,
    sign::{Signer, SigningKey},
};

use crate::pki::{Digest, RsaKey};

/// The fewest bits that the TLS library signs with.
const ENOUGH: u64 = 2048;

/// A signer for a small RSA key in PKCS#8; `None` for every other key.
pub(super) fn signer(key: &PrivateKeyDer<'_>) -> Option<Arc<dyn SigningKey>> {
    let PrivateKeyDer::Pkcs8(pkcs8) = key else {
        return None;
    };
    let key = RsaKey::from_pkcs8(pkcs8.secret_pkcs8_der()).ok()?;
    (key.bits() < ENOUGH).then(|| Arc::new(Small(key)) as Arc<dyn SigningKey>)
}

#[derive(Debug)]
struct Small(RsaKey);

impl SigningKey for Small {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        // PSS first: TLS 1.3 knows nothing else.
        let known = [
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
        ];
        let scheme = known.into_iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(One {
            key: self.0.clone(),
            scheme,
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

#[derive(Debug)]
struct One {
    key: RsaKey,
    scheme: SignatureScheme,
}

impl Signer for One {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signed = match self.scheme {
            SignatureScheme::RSA_PSS_SHA256 => self.key.sign_pss(message),
            _ => self.key.sign_pkcs1(Digest::Sha256, message),
        };
        signed.map_err(|error| Error::General(error.to_string()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
