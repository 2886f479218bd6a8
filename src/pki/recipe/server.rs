//! A server's certificates that are broken on purpose.
//!
//! For: `demo` and whoever rehearses a client against them. Must not: list one that no library here
//! makes or presents.

use rcgen::ExtendedKeyUsagePurpose;

use super::Anchor;
use crate::{
    parse::pem,
    pki::{
        Authority, Identity, PkiError,
        scenario::{self, Made, Scenario},
    },
};

/// One way to be a server.
#[derive(Debug)]
pub struct ServerRecipe {
    /// The id of the fault that it has.
    pub fault: &'static str,
    /// What is special about it, in a few words.
    pub summary: &'static str,
    anchor: Anchor,
    make: fn(&Scenario<'_>) -> Made,
}

const fn server(
    fault: &'static str,
    summary: &'static str,
    make: fn(&Scenario<'_>) -> Made,
) -> ServerRecipe {
    ServerRecipe {
        fault,
        summary,
        anchor: Anchor::Sender,
        make,
    }
}

/// The server certificates that are broken on purpose. Left out, since no library here makes or
/// presents them: Ed448 keys; weak Diffie-Hellman groups and revocation lists are no certificates.
static SERVERS: &[ServerRecipe] = &[
    server("server-expired", "expired yesterday", scenario::expired),
    server(
        "server-not-yet-valid",
        "valid only from 30 days from now",
        scenario::not_yet_valid,
    ),
    server(
        "server-self-signed",
        "self-signed, not issued by a CA",
        scenario::self_signed,
    ),
    server(
        "server-unknown-ca",
        "from a CA that no client trusts",
        scenario::unknown_ca,
    ),
    server(
        "server-missing-intermediate",
        "only the leaf, without its intermediate",
        scenario::missing_intermediate,
    ),
    server(
        "server-chain-wrong-order",
        "two intermediates in the wrong order",
        scenario::wrong_order,
    ),
    server(
        "server-hostname-mismatch",
        "valid for another host",
        scenario::other_host,
    ),
    server(
        "server-ip-not-in-san",
        "valid for the host names, not for the IP addresses",
        scenario::no_address,
    ),
    server(
        "server-cn-only-no-san",
        "without a subject alternative name",
        scenario::common_name_only,
    ),
    server(
        "server-eku-clientauth-only",
        "extended key usage clientAuth without serverAuth",
        scenario::eku_other_only,
    ),
    server(
        "server-wrong-key-usage",
        "key usage keyEncipherment without digitalSignature",
        scenario::wrong_key_usage,
    ),
    server(
        "server-intermediate-expired",
        "below an intermediate that expired yesterday",
        scenario::intermediate_expired,
    ),
    ServerRecipe {
        anchor: Anchor::Expired,
        ..server(
            "server-root-expired",
            "below a root that expired yesterday",
            scenario::root_expired,
        )
    },
    server(
        "server-intermediate-not-ca",
        "below an intermediate that is not a CA (CA:FALSE)",
        scenario::intermediate_not_ca,
    ),
    server(
        "server-pathlen-exceeded",
        "one CA more than the path length constraint allows",
        scenario::pathlen_exceeded,
    ),
    server(
        "server-name-constraint-violation",
        "a name outside its intermediate's name constraints",
        scenario::name_constraint_violation,
    ),
    server(
        "server-unknown-critical-extension",
        "a critical extension that verifiers do not know",
        scenario::unknown_critical_extension,
    ),
    server(
        "server-ca-cert-as-leaf",
        "a CA certificate where a leaf belongs",
        scenario::ca_as_leaf,
    ),
    server(
        "server-bad-signature",
        "one bit of the leaf's signature flipped",
        scenario::bad_signature,
    ),
    server(
        "server-sha1-signed",
        "the leaf's signature is made with SHA-1",
        scenario::sha1_signed,
    ),
    server(
        "server-rsa1024",
        "an RSA key of 1024 bits",
        scenario::rsa1024,
    ),
    server(
        "server-x509-v1",
        "X.509 version 1, without any extension",
        scenario::x509_v1,
    ),
    server(
        "server-revoked",
        "its serial number is in a revocation list",
        scenario::revoked,
    ),
];

/// Every server recipe.
pub fn server_recipes() -> &'static [ServerRecipe] {
    SERVERS
}

impl Authority {
    /// The server certificate that `recipe` describes, for `names`.
    ///
    /// # Errors
    /// When a name is none, or the certificate library refuses.
    pub fn server_with(&self, recipe: &ServerRecipe, names: &[&str]) -> Result<Identity, PkiError> {
        let made = (recipe.make)(&Scenario {
            authority: self,
            who: "server",
            common_name: "simulated webhook server",
            usage: ExtendedKeyUsagePurpose::ServerAuth,
            other_usage: ExtendedKeyUsagePurpose::ClientAuth,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            root: &self.server_root,
            intermediate: &self.server_intermediate,
            expired_root: &self.expired_root,
        })?;
        made.ok_or(PkiError::NoName)
    }

    /// The anchor under which `recipe` shows its fault, as PEM.
    pub fn server_anchor_pem_for(&self, recipe: &ServerRecipe) -> String {
        match recipe.anchor {
            Anchor::Sender => self.server_anchor_pem(),
            Anchor::Expired => pem::encode("CERTIFICATE", self.expired_root.der()),
        }
    }
}
