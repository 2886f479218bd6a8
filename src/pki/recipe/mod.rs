//! The list of client certificates, good and broken on purpose, each with what OpenSSL must say
//! about it; `server` has a server's.

mod server;

use rcgen::ExtendedKeyUsagePurpose;

pub use server::{ServerRecipe, server_recipes};

use super::{
    Authority, Identity, PkiError, Shape,
    predict::SENDER_NAME,
    scenario::{self, Made, Scenario},
    template::SENDER_DNS,
};
use crate::parse::pem;

/// The anchor that goes with a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    /// The root of the simulated sender, or of the simulated server.
    Sender,
    /// A root whose time is over.
    Expired,
}

/// One way to be a client.
#[derive(Debug)]
pub struct Recipe {
    /// `valid`, or the id of the fault that it has.
    pub fault: &'static str,
    /// Other names people use for it.
    pub aliases: &'static [&'static str],
    /// What is special about it, in a few words.
    pub summary: &'static str,
    /// Whether a server that enforces mutual TLS as OpenSSL does lets it in. Stricter servers
    /// exist: rustls refuses X.509 version 1.
    pub accepted: bool,
    /// Which stacks let it in and which do not, where enforcing ones differ: then neither is a
    /// fault.
    pub differs: Option<&'static str>,
    /// The `X509_V_ERR_*` numbers that an OpenSSL 3.0 server with [`Authority::anchor_for`]
    /// reports, ascending; empty when the chain verifies or there is none.
    pub verify: &'static [u32],
    anchor: Anchor,
    make: fn(&Scenario<'_>) -> Made,
}

/// Every recipe: `valid` first, then by what goes wrong.
pub fn recipes() -> &'static [Recipe] {
    RECIPES
}

/// The recipe with this fault id or alias; `expired` is short for `client-expired`.
pub fn recipe(name: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| {
        recipe.fault == name
            || recipe.fault.strip_prefix("client-") == Some(name)
            || recipe.aliases.contains(&name)
    })
}

impl Authority {
    /// The client certificate that `recipe` describes; `None` when it says that none is sent.
    ///
    /// To present it with rustls, build the `CertifiedKey` with `new` and a resolver of your own:
    /// `from_der` and `with_client_auth_cert` read the leaf with webpki and refuse version 1 and
    /// unknown critical extensions.
    pub fn client(&self, recipe: &Recipe) -> Result<Option<Identity>, PkiError> {
        (recipe.make)(&self.ground_for(SENDER_NAME))
    }

    /// A good client certificate whose leaf looks like this: what such a sender would look like
    /// under another root.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn shaped(&self, shape: &Shape) -> Result<Option<Identity>, PkiError> {
        let mut ground = self.ground_for(&shape.common_name);
        if let Some(dns) = &shape.dns {
            ground.names = vec![dns.clone()];
        }
        scenario::valid(&ground)
    }

    fn ground_for<'a>(&'a self, common_name: &'a str) -> Scenario<'a> {
        Scenario {
            authority: self,
            who: "sender",
            common_name,
            usage: ExtendedKeyUsagePurpose::ClientAuth,
            other_usage: ExtendedKeyUsagePurpose::ServerAuth,
            names: vec![SENDER_DNS.to_owned()],
            root: &self.client_root,
            intermediate: &self.client_intermediate,
            expired_root: &self.expired_root,
        }
    }

    /// The anchor under which `recipe` shows its fault, DER: the client anchor, unless the fault is
    /// in the anchor itself.
    pub fn anchor_for(&self, recipe: &Recipe) -> &[u8] {
        match recipe.anchor {
            Anchor::Sender => self.client_anchor(),
            Anchor::Expired => self.expired_root.der(),
        }
    }

    /// [`anchor_for`](Self::anchor_for) as PEM.
    pub fn anchor_pem_for(&self, recipe: &Recipe) -> String {
        pem::encode("CERTIFICATE", self.anchor_for(recipe))
    }
}

/// A row of the list with the usual values, so that a row shows what is special about it.
const fn broken(
    fault: &'static str,
    summary: &'static str,
    verify: &'static [u32],
    make: fn(&Scenario<'_>) -> Made,
) -> Recipe {
    Recipe {
        fault,
        aliases: &[],
        summary,
        accepted: false,
        differs: None,
        verify,
        anchor: Anchor::Sender,
        make,
    }
}

static RECIPES: &[Recipe] = &[
    Recipe {
        aliases: &["good"],
        accepted: true,
        ..broken(
            "valid",
            "a valid certificate with its intermediate",
            &[],
            scenario::valid,
        )
    },
    Recipe {
        aliases: &["none", "not-sent"],
        ..broken(
            "client-cert-not-sent",
            "no certificate at all",
            &[],
            scenario::none,
        )
    },
    broken(
        "client-self-signed",
        "self-signed, not issued by a CA",
        &[18],
        scenario::self_signed,
    ),
    broken(
        "client-unknown-ca",
        "from another CA than the one the server trusts",
        &[20],
        scenario::unknown_ca,
    ),
    broken(
        "client-missing-intermediate",
        "only the leaf, without its intermediate",
        &[20, 21],
        scenario::missing_intermediate,
    ),
    broken(
        "client-expired",
        "expired yesterday",
        &[10],
        scenario::expired,
    ),
    broken(
        "client-not-yet-valid",
        "valid only from 30 days from now",
        &[9],
        scenario::not_yet_valid,
    ),
    broken(
        "client-intermediate-expired",
        "below an intermediate that expired yesterday",
        &[10],
        scenario::intermediate_expired,
    ),
    Recipe {
        anchor: Anchor::Expired,
        ..broken(
            "client-root-expired",
            "below a root that expired yesterday",
            &[10],
            scenario::root_expired,
        )
    },
    Recipe {
        aliases: &["server-auth-only", "serverauth-only"],
        ..broken(
            "client-eku-serverauth-only",
            "extended key usage serverAuth without clientAuth",
            &[26],
            scenario::eku_other_only,
        )
    },
    Recipe {
        differs: Some(
            "OpenSSL, Java, GnuTLS and BoringSSL reject it; Go and rustls do not check key usage",
        ),
        ..broken(
            "client-wrong-key-usage",
            "key usage keyEncipherment without digitalSignature",
            &[26],
            scenario::wrong_key_usage,
        )
    },
    broken(
        "client-intermediate-not-ca",
        "below an intermediate that is not a CA (CA:FALSE)",
        &[26, 79],
        scenario::intermediate_not_ca,
    ),
    broken(
        "client-pathlen-exceeded",
        "one CA more than the path length constraint allows",
        &[25],
        scenario::pathlen_exceeded,
    ),
    broken(
        "client-name-constraint-violation",
        "a DNS name outside its intermediate's name constraints",
        &[47],
        scenario::name_constraint_violation,
    ),
    broken(
        "client-unknown-critical-extension",
        "a critical extension that verifiers do not know",
        &[34],
        scenario::unknown_critical_extension,
    ),
    broken(
        "client-bad-signature",
        "one bit of the leaf's signature flipped",
        &[7],
        scenario::bad_signature,
    ),
    Recipe {
        accepted: true,
        differs: Some("OpenSSL, Go, GnuTLS and BoringSSL accept it; rustls rejects it"),
        ..broken(
            "client-x509-v1",
            "X.509 version 1, without any extension",
            &[],
            scenario::x509_v1,
        )
    },
    Recipe {
        differs: Some(
            "OpenSSL, Go and BoringSSL reject it; Java 17 accepts it below a trust anchor that is not its own",
        ),
        ..broken(
            "client-sha1-signed",
            "the leaf's signature is made with SHA-1",
            &[68],
            scenario::sha1_signed,
        )
    },
    Recipe {
        differs: Some(
            "OpenSSL at security level 2 (Debian's) rejects it; Node 20, Go 1.19 and Java 17 accept it",
        ),
        ..broken(
            "client-rsa1024",
            "an RSA key of 1024 bits",
            &[66],
            scenario::rsa1024,
        )
    },
    Recipe {
        aliases: &[
            "client-revoked-no-crl-configured",
            "revoked-no-crl-configured",
        ],
        differs: Some("a server with the revocation list rejects it; one without accepts it"),
        ..broken(
            "client-revoked",
            "its serial number is in crl.pem",
            &[],
            scenario::revoked,
        )
    },
];
