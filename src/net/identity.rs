//! Our own certificate and key, in the form the TLS library wants.

use std::{fmt, sync::Arc};

use rustls::{
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::small_rsa;
use crate::{
    facts::Certificate,
    parse::{cert, key},
};

/// Why a certificate and key cannot be used together.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// There is no certificate.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// The key cannot be read or is of a kind that TLS here cannot sign with.
    #[error("the private key cannot be used: {0}")]
    Key(String),
    /// The key belongs to another certificate.
    #[error("the private key does not belong to the first certificate ({leaf})")]
    Mismatch {
        /// Label of the first certificate.
        leaf: String,
        /// 1-based number and label of the certificate in the same file that it does belong to.
        belongs_to: Option<(usize, String)>,
    },
}

/// A chain, sent whole and in its order, and the key of its first certificate.
#[derive(Clone)]
pub struct ServerIdentity {
    /// The chain as facts.
    pub chain: Vec<Arc<Certificate>>,
    certified: Arc<CertifiedKey>,
}

impl fmt::Debug for ServerIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerIdentity")
            .field(
                "chain",
                &self
                    .chain
                    .iter()
                    .map(|certificate| certificate.label())
                    .collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

impl ServerIdentity {
    /// Puts a chain (DER, in the order to send) and a private key (PKCS#8, PKCS#1 or SEC1 DER)
    /// together.
    ///
    /// # Errors
    /// When there is no certificate, the key is unusable, or the two do not belong together.
    pub fn new(
        chain: Vec<Vec<u8>>,
        private_key: PrivateKeyDer<'static>,
    ) -> Result<Self, IdentityError> {
        let facts: Vec<Arc<Certificate>> = chain
            .iter()
            .map(|der| Arc::new(cert::certificate(der)))
            .collect();
        let Some(leaf) = facts.first() else {
            return Err(IdentityError::NoCertificate);
        };
        let der = private_key.secret_der();
        if key::public_key_matches(der, leaf.spki_der()) == Ok(false) {
            let belongs_to = facts
                .iter()
                .enumerate()
                .skip(1)
                .find(|(_, certificate)| {
                    key::public_key_matches(der, certificate.spki_der()) == Ok(true)
                })
                .map(|(index, certificate)| (index + 1, certificate.label()));
            return Err(IdentityError::Mismatch {
                leaf: leaf.label(),
                belongs_to,
            });
        }
        let signer = aws_lc_rs::sign::any_supported_type(&private_key).map_err(|_| {
            // The library's own words name neither the key nor what would do.
            let kind = &leaf.key;
            IdentityError::Key(format!(
                "it is {} with {} bits, and TLS here signs with RSA from 2048 bits on, EC P-256, P-384, P-521 and Ed25519; make a new pair",
                kind.algorithm, kind.bits
            ))
        })?;
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        Ok(Self {
            chain: facts,
            certified: Arc::new(CertifiedKey::new(chain, signer)),
        })
    }

    /// The same chain and key for the other side of a connection.
    pub fn as_client(&self) -> ClientIdentity {
        ClientIdentity(self.certified.clone())
    }

    pub(super) fn resolver(&self) -> Arc<dyn ResolvesServerCert> {
        Arc::new(Always(self.certified.clone()))
    }
}

/// A chain and a key that a client presents. Nothing is checked: certificates that are bad on
/// purpose have to go out too.
#[derive(Clone)]
pub struct ClientIdentity(Arc<CertifiedKey>);

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientIdentity")
            .field(&self.0.cert.len())
            .finish()
    }
}

impl ClientIdentity {
    /// A chain (DER, in the order to send) and a private key (PKCS#8, PKCS#1 or SEC1 DER).
    ///
    /// # Errors
    /// When TLS here cannot sign with the key.
    pub fn new(
        chain: Vec<Vec<u8>>,
        private_key: &PrivateKeyDer<'static>,
    ) -> Result<Self, IdentityError> {
        let signer = match aws_lc_rs::sign::any_supported_type(private_key) {
            Ok(signer) => signer,
            Err(error) => small_rsa::signer(private_key)
                .ok_or_else(|| IdentityError::Key(error.to_string()))?,
        };
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        Ok(Self(Arc::new(CertifiedKey::new(chain, signer))))
    }

    /// The chain as facts, in the order in which it is sent.
    pub fn certificates(&self) -> Vec<Arc<Certificate>> {
        self.0
            .cert
            .iter()
            .map(|der| Arc::new(cert::certificate(der)))
            .collect()
    }

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        self.0.clone()
    }
}

/// Presents the same chain to everyone, whatever name they ask for: this is a diagnostic server.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// The one crypto provider, passed explicitly everywhere.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: std::sync::OnceLock<Arc<CryptoProvider>> = std::sync::OnceLock::new();
    PROVIDER
        .get_or_init(|| Arc::new(aws_lc_rs::default_provider()))
        .clone()
}

/// The same, with the post-quantum group in front, as browsers offer it.
pub(super) fn post_quantum_first() -> Arc<CryptoProvider> {
    static PROVIDER: std::sync::OnceLock<Arc<CryptoProvider>> = std::sync::OnceLock::new();
    PROVIDER
        .get_or_init(|| {
            let mut provider = aws_lc_rs::default_provider();
            provider
                .kx_groups
                .sort_by_key(|group| group.name() != rustls::NamedGroup::X25519MLKEM768);
            Arc::new(provider)
        })
        .clone()
}

/// Does what the cryptographic library does once in a process, some 35 ms of gathering entropy
/// above all, so that no connection is charged for it.
pub fn warm_up() {
    for group in &post_quantum_first().kx_groups {
        // Where there is no entropy, the first handshake says so.
        let _ = group.start();
    }
}
