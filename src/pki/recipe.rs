//! The list of client certificates, good and broken on purpose, each with what OpenSSL must say about it.

use rcgen::{
    CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyUsagePurpose, NameConstraints, SigningKey,
};

use super::{
    Authority, Identity, PkiError,
    authority::identity,
    der,
    template::{self, Days, Issuer},
};
use crate::parse::pem;

/// The outcome of making a client certificate.
type Made = Result<Option<Identity>, PkiError>;

/// The anchor that goes with a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The simulated sender's root.
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
    /// Whether a server that enforces mutual TLS as OpenSSL does lets it in. Stricter servers exist: rustls refuses X.509
    /// version 1.
    pub accepted: bool,
    /// Which stacks let it in and which do not, where enforcing ones differ: then neither is a fault.
    pub differs: Option<&'static str>,
    /// The `X509_V_ERR_*` numbers that an OpenSSL 3.0 server with [`Authority::anchor_for`] reports, ascending; empty when
    /// the chain verifies or there is none.
    pub verify: &'static [u32],
    pub(super) anchor: Anchor,
    pub(super) make: fn(&Authority) -> Made,
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
    /// To present it with rustls, build the `CertifiedKey` with `new` and a resolver of your own: `from_der` and
    /// `with_client_auth_cert` read the leaf with webpki and refuse version 1 and unknown critical extensions.
    pub fn client(&self, recipe: &Recipe) -> Result<Option<Identity>, PkiError> {
        (recipe.make)(self)
    }

    /// The anchor under which `recipe` shows its fault, DER: the client anchor, unless the fault is in the anchor itself.
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
    make: fn(&Authority) -> Made,
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
            "a good certificate with its intermediate",
            &[],
            valid,
        )
    },
    Recipe {
        aliases: &["none", "not-sent"],
        ..broken("client-cert-not-sent", "no certificate at all", &[], |_| {
            Ok(None)
        })
    },
    broken(
        "client-self-signed",
        "signed by itself, no authority above it",
        &[18],
        self_signed,
    ),
    broken(
        "client-unknown-ca",
        "from another authority than the one the server trusts",
        &[20],
        unknown_ca,
    ),
    broken(
        "client-missing-intermediate",
        "the leaf alone, its intermediate left out",
        &[20, 21],
        missing_intermediate,
    ),
    broken(
        "client-expired",
        "its time is over since yesterday",
        &[10],
        expired,
    ),
    broken(
        "client-not-yet-valid",
        "its time starts in 30 days",
        &[9],
        not_yet_valid,
    ),
    broken(
        "client-intermediate-expired",
        "below an intermediate whose time is over since yesterday",
        &[10],
        intermediate_expired,
    ),
    Recipe {
        anchor: Anchor::Expired,
        ..broken(
            "client-root-expired",
            "below a root whose time is over since yesterday",
            &[10],
            root_expired,
        )
    },
    Recipe {
        aliases: &["server-auth-only", "serverauth-only"],
        ..broken(
            "client-eku-serverauth-only",
            "extended key usage serverAuth without clientAuth",
            &[26],
            eku_serverauth_only,
        )
    },
    Recipe {
        differs: Some(
            "OpenSSL, Java, GnuTLS and BoringSSL refuse it, Go and rustls do not look at key usage",
        ),
        ..broken(
            "client-wrong-key-usage",
            "key usage keyEncipherment without digitalSignature",
            &[26],
            wrong_key_usage,
        )
    },
    broken(
        "client-intermediate-not-ca",
        "below an intermediate that is no authority (CA:FALSE)",
        &[26, 79],
        intermediate_not_ca,
    ),
    broken(
        "client-pathlen-exceeded",
        "one authority more than the path length constraint allows",
        &[25],
        pathlen_exceeded,
    ),
    broken(
        "client-name-constraint-violation",
        "a DNS name outside of what its intermediate may issue",
        &[47],
        name_constraint_violation,
    ),
    broken(
        "client-unknown-critical-extension",
        "a critical extension that no verifier knows",
        &[34],
        unknown_critical_extension,
    ),
    broken(
        "client-bad-signature",
        "one bit of the leaf's signature flipped",
        &[7],
        bad_signature,
    ),
    Recipe {
        accepted: true,
        differs: Some("OpenSSL, Go, GnuTLS and BoringSSL take it, rustls refuses it"),
        ..broken(
            "client-x509-v1",
            "X.509 version 1, without any extension",
            &[],
            x509_v1,
        )
    },
];

/// Issues the sender's leaf below the usual intermediate after `change` had its way with it.
fn leaf_with(authority: &Authority, change: impl FnOnce(&mut CertificateParams)) -> Made {
    let mut params = template::client_leaf(authority.now, "simulated sender")?;
    change(&mut params);
    authority
        .issue(&params, &authority.client_intermediate)
        .map(Some)
}

/// Issues the sender's leaf below an intermediate of its own, called `name`, below `root`.
fn below(
    authority: &Authority,
    root: &Issuer,
    name: &str,
    change: impl FnOnce(&mut CertificateParams) -> Result<(), PkiError>,
) -> Made {
    let mut params = template::intermediate(
        authority.now,
        Days::INTERMEDIATE,
        name,
        ExtendedKeyUsagePurpose::ClientAuth,
    )?;
    change(&mut params)?;
    let intermediate = template::authority_below(params, root)?;
    let leaf = template::client_leaf(authority.now, "simulated sender")?;
    authority.issue(&leaf, &intermediate).map(Some)
}

fn valid(authority: &Authority) -> Made {
    leaf_with(authority, |_| ())
}

fn self_signed(authority: &Authority) -> Made {
    let mut params = template::client_leaf(authority.now, "simulated self-signed sender")?;
    params.use_authority_key_identifier_extension = false;
    let key = authority.leaf_key.generate()?;
    let leaf = params.self_signed(&key)?;
    Ok(Some(identity(vec![leaf.der().to_vec()], &key)))
}

fn unknown_ca(authority: &Authority) -> Made {
    let other = template::root(authority.now, Days::ROOT, "simulated unknown root")?;
    below(authority, &other, "simulated unknown intermediate", |_| {
        Ok(())
    })
}

fn missing_intermediate(authority: &Authority) -> Made {
    Ok(valid(authority)?.map(|mut identity| {
        identity.chain.truncate(1);
        identity
    }))
}

fn expired(authority: &Authority) -> Made {
    dated(authority, Days::PAST)
}

fn not_yet_valid(authority: &Authority) -> Made {
    dated(authority, Days::FUTURE)
}

/// The usual leaf with other dates.
fn dated(authority: &Authority, days: Days) -> Made {
    let mut params = template::client_leaf(authority.now, "simulated sender")?;
    template::dated(&mut params, authority.now, days)?;
    authority
        .issue(&params, &authority.client_intermediate)
        .map(Some)
}

fn intermediate_expired(authority: &Authority) -> Made {
    below(
        authority,
        &authority.client_root,
        "simulated expired sender intermediate",
        |params| template::dated(params, authority.now, Days::PAST_AUTHORITY),
    )
}

fn root_expired(authority: &Authority) -> Made {
    below(
        authority,
        &authority.expired_root,
        "simulated sender intermediate below an expired root",
        |_| Ok(()),
    )
}

fn eku_serverauth_only(authority: &Authority) -> Made {
    leaf_with(authority, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    })
}

fn wrong_key_usage(authority: &Authority) -> Made {
    leaf_with(authority, |params| {
        params.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    })
}

fn intermediate_not_ca(authority: &Authority) -> Made {
    below(
        authority,
        &authority.client_root,
        "simulated sender intermediate that is no CA",
        |params| {
            // The key usage keeps keyCertSign: only the basic constraints are to be wrong.
            params.is_ca = IsCa::ExplicitNoCa;
            Ok(())
        },
    )
}

fn pathlen_exceeded(authority: &Authority) -> Made {
    // The usual intermediate allows no authority below itself; this one stands there all the same.
    let Some(mut identity) = below(
        authority,
        &authority.client_intermediate,
        "simulated sender sub-intermediate",
        |_| Ok(()),
    )?
    else {
        return Ok(None);
    };
    identity
        .chain
        .push(authority.client_intermediate.der().to_vec());
    Ok(Some(identity))
}

fn name_constraint_violation(authority: &Authority) -> Made {
    below(
        authority,
        &authority.client_root,
        "simulated constrained sender intermediate",
        |params| {
            params.name_constraints = Some(NameConstraints {
                permitted_subtrees: vec![GeneralSubtree::DnsName("elsewhere.test".to_owned())],
                excluded_subtrees: Vec::new(),
            });
            Ok(())
        },
    )
}

fn unknown_critical_extension(authority: &Authority) -> Made {
    leaf_with(authority, |params| {
        // Enterprise number 32473 is reserved for examples (RFC 5612). The value is an ASN.1 NULL.
        let mut extension =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    })
}

fn bad_signature(authority: &Authority) -> Made {
    edit_leaf(authority, der::break_signature)
}

fn x509_v1(authority: &Authority) -> Made {
    edit_leaf(authority, |leaf| {
        der::version_1(leaf, |signed| {
            authority.client_intermediate.key().sign(signed)
        })
    })
}

/// The valid identity with its leaf's DER edited.
fn edit_leaf(authority: &Authority, edit: impl FnOnce(&[u8]) -> Result<Vec<u8>, PkiError>) -> Made {
    let mut made = valid(authority)?;
    if let Some(leaf) = made.as_mut().and_then(|made| made.chain.first_mut()) {
        *leaf = edit(leaf)?;
    }
    Ok(made)
}
