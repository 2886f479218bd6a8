//! A throwaway PKI shaped like a webhook sender's, made in memory: the good client certificate and
//! the ones that are broken on purpose.
//!
//! For: rehearsals (`demo`, `simulate`, `pki`, `listen` without files) and tests. Every subject
//! says `simulated`. Must not: read or write files, read the clock, or print a private key.

mod authority;
mod der;
mod layout;
mod predict;
mod recipe;
mod revocation;
mod rsa;
mod scenario;
mod template;

use crate::parse::pem;

pub use authority::Authority;
pub use layout::{Entry, layout};
pub use predict::{SENDER_NAME, predicted};
pub use recipe::{Recipe, ServerRecipe, recipe, recipes, server_recipes};
pub use rsa::{Digest, RsaKey};
pub use template::LeafKey;

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The certificate library refused.
    #[error("making a certificate failed: {0}")]
    Make(#[from] rcgen::Error),
    /// The moment asked for cannot be written into a certificate with its validity around it (RFC
    /// 5280 section 4.1.2.5 knows the years 0 to 9999).
    #[error("{0} is not a usable time for certificates: use a year from 1950 to 9900")]
    Clock(jiff::Timestamp),
    /// A server certificate needs a name.
    #[error("a server certificate needs at least one host name or IP address")]
    NoName,
    /// A name that no certificate can hold.
    #[error("`{0}` is neither an IP address nor a host name in ASCII")]
    Name(String),
    /// A certificate of our own could not be taken apart again; a fault of this program.
    #[error("a certificate made here has an unexpected shape: {0}")]
    Shape(&'static str),
}

/// What a sender's leaf looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its common name.
    pub common_name: String,
    /// Its DNS name; a simulated one where `None`.
    pub dns: Option<String>,
}

/// A certificate chain and the key of its leaf: what one end of a TLS connection needs to present
/// itself.
#[derive(Clone)]
pub struct Identity {
    /// The certificates as DER, leaf first, without the root.
    pub chain: Vec<Vec<u8>>,
    /// The leaf's private key, PKCS#8 DER (RFC 5958).
    pub key_pkcs8: Vec<u8>,
}

impl Identity {
    /// The chain as PEM, leaf first: the content of a `fullchain.pem`.
    pub fn chain_pem(&self) -> String {
        self.chain
            .iter()
            .map(|der| pem::encode("CERTIFICATE", der))
            .collect()
    }

    /// The private key as PEM. A secret: never log it.
    pub fn key_pem(&self) -> String {
        pem::encode("PRIVATE KEY", &self.key_pkcs8)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Written by hand: a derived one would put the key into logs and panics.
        f.debug_struct("Identity")
            .field("certificates", &self.chain.len())
            .field("key_pkcs8", &"[private]")
            .finish()
    }
}

#[cfg(test)]
mod tests;
