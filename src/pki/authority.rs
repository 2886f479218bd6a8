//! The simulated sender's and the simulated server's authorities.

use jiff::Timestamp;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};

use super::{
    Identity, LeafKey, PkiError,
    template::{self, Days, Issuer},
};
use crate::parse::pem;

/// Two separate PKIs: one that issues client certificates as a sender has them, one for the
/// webhook's own server.
pub struct Authority {
    pub(super) now: Timestamp,
    pub(super) leaf_key: LeafKey,
    pub(super) client_root: Issuer,
    pub(super) client_intermediate: Issuer,
    pub(super) expired_root: Issuer,
    pub(super) server_root: Issuer,
    pub(super) server_intermediate: Issuer,
}

impl Authority {
    /// New authorities with new keys; every validity is relative to `now`.
    pub fn new(now: Timestamp) -> Result<Self, PkiError> {
        template::datable(now)?;
        let client_root = template::root(now, Days::ROOT, "simulated sender root")?;
        let client_intermediate = template::authority_below(
            template::intermediate(
                now,
                Days::INTERMEDIATE,
                "simulated sender intermediate",
                ExtendedKeyUsagePurpose::ClientAuth,
            )?,
            &client_root,
        )?;
        let server_root = template::root(now, Days::ROOT, "simulated server root")?;
        let server_intermediate = template::authority_below(
            template::intermediate(
                now,
                Days::INTERMEDIATE,
                "simulated server intermediate",
                ExtendedKeyUsagePurpose::ServerAuth,
            )?,
            &server_root,
        )?;
        Ok(Self {
            now,
            leaf_key: LeafKey::default(),
            expired_root: template::root(
                now,
                Days::PAST_AUTHORITY,
                "simulated expired sender root",
            )?,
            client_root,
            client_intermediate,
            server_root,
            server_intermediate,
        })
    }

    /// The same authorities with another kind of key for the leaves to come.
    #[must_use]
    pub fn leaf_keys(mut self, kind: LeafKey) -> Self {
        self.leaf_key = kind;
        self
    }

    /// A server certificate for `names`: host names, with `*.` or without, and IP addresses.
    pub fn server(&self, names: &[&str]) -> Result<Identity, PkiError> {
        if names.is_empty() {
            return Err(PkiError::NoName);
        }
        let params = template::leaf(
            self.now,
            "simulated webhook server",
            ExtendedKeyUsagePurpose::ServerAuth,
            names,
        )?;
        self.issue(&params, &self.server_intermediate)
    }

    /// The anchor that a server should trust to accept the simulated sender, DER.
    pub fn client_anchor(&self) -> &[u8] {
        self.client_root.der()
    }

    /// The anchor that a client should trust to accept the simulated server, DER.
    pub fn server_anchor(&self) -> &[u8] {
        self.server_root.der()
    }

    /// [`client_anchor`](Self::client_anchor) as PEM.
    pub fn client_anchor_pem(&self) -> String {
        pem::encode("CERTIFICATE", self.client_anchor())
    }

    /// [`server_anchor`](Self::server_anchor) as PEM.
    pub fn server_anchor_pem(&self) -> String {
        pem::encode("CERTIFICATE", self.server_anchor())
    }

    /// A leaf with a new key, and its issuer's certificate after it.
    pub(super) fn issue(
        &self,
        params: &CertificateParams,
        issuer: &Issuer,
    ) -> Result<Identity, PkiError> {
        let key = self.leaf_key.generate()?;
        let leaf = params.signed_by(&key, issuer)?;
        Ok(identity(
            vec![leaf.der().to_vec(), issuer.der().to_vec()],
            &key,
        ))
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The issuers hold private keys: say when, not what.
        f.debug_struct("Authority")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// A chain with its key.
pub(super) fn identity(chain: Vec<Vec<u8>>, key: &KeyPair) -> Identity {
    Identity {
        chain,
        key_pkcs8: key.serialized_der().to_vec(),
    }
}
