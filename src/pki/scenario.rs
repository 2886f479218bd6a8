//! How certificates come to be good or broken, the same way for a sender's and for a webhook's own.
//!
//! For: the lists in `recipe`. Every function makes one kind of chain, leaf first, without the root;
//! what only one row makes may as well be written in that row.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyPair, KeyUsagePurpose, NameConstraints, SerialNumber, SigningKey,
};

use super::{
    Authority, Identity, PkiError,
    authority::identity,
    der,
    rsa::{Digest, RsaKey},
    template::{self, Days, Issuer},
};

/// The outcome of making a certificate.
pub(super) type Made = Result<Option<Identity>, PkiError>;

/// The serial number of the leaf that the revocation list names.
pub(super) const REVOKED: [u8; 8] = [0x52, 0x65, 0x76, 0x6f, 0x6b, 0x65, 0x64, 0x01];

/// 1.2.840.113549.1.1.11, sha256WithRSAEncryption (RFC 8017 appendix A.2.4).
const SHA256_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
/// 1.2.840.113549.1.1.5, sha1WithRSAEncryption.
const SHA1_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];

/// Whose certificates are made, and below what.
pub(super) struct Scenario<'a> {
    pub(super) authority: &'a Authority,
    /// `sender` or `server`, for subjects.
    pub(super) who: &'static str,
    pub(super) common_name: &'a str,
    pub(super) usage: ExtendedKeyUsagePurpose,
    /// A usage that does not fit.
    pub(super) other_usage: ExtendedKeyUsagePurpose,
    /// Names of the leaf: host names and IP addresses.
    pub(super) names: Vec<String>,
    pub(super) root: &'a Issuer,
    pub(super) intermediate: &'a Issuer,
    pub(super) expired_root: &'a Issuer,
}

impl Scenario<'_> {
    pub(super) fn leaf(&self) -> Result<CertificateParams, PkiError> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        template::leaf(
            self.authority.now,
            self.common_name,
            self.usage.clone(),
            &names,
        )
    }

    /// Issues the leaf below the usual intermediate after `change` had its way with it.
    pub(super) fn leaf_with(&self, change: impl FnOnce(&mut CertificateParams)) -> Made {
        let mut params = self.leaf()?;
        change(&mut params);
        self.authority.issue(&params, self.intermediate).map(Some)
    }

    /// Issues the leaf below an intermediate of its own, called `name`, below `root`.
    pub(super) fn below(
        &self,
        root: &Issuer,
        name: &str,
        change: impl FnOnce(&mut CertificateParams) -> Result<(), PkiError>,
    ) -> Made {
        let mut params = template::intermediate(
            self.authority.now,
            Days::INTERMEDIATE,
            &name.replace("{}", self.who),
            self.usage.clone(),
        )?;
        change(&mut params)?;
        let intermediate = template::authority_below(params, root)?;
        self.authority.issue(&self.leaf()?, &intermediate).map(Some)
    }

    /// The usual leaf with other dates.
    pub(super) fn dated(&self, days: Days) -> Made {
        let mut params = self.leaf()?;
        template::dated(&mut params, self.authority.now, days)?;
        self.authority.issue(&params, self.intermediate).map(Some)
    }

    /// The valid identity with its leaf's DER edited.
    pub(super) fn edit_leaf(&self, edit: impl FnOnce(&[u8]) -> Result<Vec<u8>, PkiError>) -> Made {
        let mut made = valid(self)?;
        if let Some(leaf) = made.as_mut().and_then(|made| made.chain.first_mut()) {
            *leaf = edit(leaf)?;
        }
        Ok(made)
    }
}

pub(super) fn valid(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|_| ())
}

pub(super) fn none(_: &Scenario<'_>) -> Made {
    Ok(None)
}

pub(super) fn self_signed(ground: &Scenario<'_>) -> Made {
    let mut params = ground.leaf()?;
    params.distinguished_name.push(
        rcgen::DnType::CommonName,
        format!("simulated self-signed {}", ground.who),
    );
    params.use_authority_key_identifier_extension = false;
    let key = ground.authority.leaf_key.generate()?;
    let leaf = params.self_signed(&key)?;
    Ok(Some(identity(vec![leaf.der().to_vec()], &key)))
}

pub(super) fn unknown_ca(ground: &Scenario<'_>) -> Made {
    let other = template::root(ground.authority.now, Days::ROOT, "simulated unknown root")?;
    ground.below(&other, "simulated unknown intermediate", |_| Ok(()))
}

pub(super) fn missing_intermediate(ground: &Scenario<'_>) -> Made {
    Ok(valid(ground)?.map(|mut identity| {
        identity.chain.truncate(1);
        identity
    }))
}

pub(super) fn wrong_order(ground: &Scenario<'_>) -> Made {
    // The leaf has to stay first, or the key is not that of the first certificate and no server
    // starts.
    let other = template::authority_below(
        template::intermediate(
            ground.authority.now,
            Days::INTERMEDIATE,
            "simulated upper intermediate",
            ground.usage.clone(),
        )
        .map(|mut params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
            params
        })?,
        ground.root,
    )?;
    let Some(mut identity) = ground.below(&other, "simulated lower {} intermediate", |_| Ok(()))?
    else {
        return Ok(None);
    };
    identity.chain.insert(1, other.der().to_vec());
    Ok(Some(identity))
}

pub(super) fn expired(ground: &Scenario<'_>) -> Made {
    ground.dated(Days::PAST)
}

pub(super) fn not_yet_valid(ground: &Scenario<'_>) -> Made {
    ground.dated(Days::FUTURE)
}

pub(super) fn intermediate_expired(ground: &Scenario<'_>) -> Made {
    ground.below(ground.root, "simulated expired {} intermediate", |params| {
        template::dated(params, ground.authority.now, Days::PAST_AUTHORITY)
    })
}

pub(super) fn root_expired(ground: &Scenario<'_>) -> Made {
    ground.below(
        ground.expired_root,
        "simulated {} intermediate below an expired root",
        |_| Ok(()),
    )
}

pub(super) fn eku_other_only(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| params.extended_key_usages = vec![ground.other_usage.clone()])
}

pub(super) fn wrong_key_usage(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| params.key_usages = vec![KeyUsagePurpose::KeyEncipherment])
}

pub(super) fn intermediate_not_ca(ground: &Scenario<'_>) -> Made {
    ground.below(
        ground.root,
        "simulated {} intermediate that is not a CA",
        |params| {
            // The key usage keeps keyCertSign: only the basic constraints are to be wrong.
            params.is_ca = IsCa::ExplicitNoCa;
            Ok(())
        },
    )
}

pub(super) fn pathlen_exceeded(ground: &Scenario<'_>) -> Made {
    // The usual intermediate allows no authority below itself; this one stands there all the same.
    let Some(mut identity) =
        ground.below(ground.intermediate, "simulated {} sub-intermediate", |_| {
            Ok(())
        })?
    else {
        return Ok(None);
    };
    identity.chain.push(ground.intermediate.der().to_vec());
    Ok(Some(identity))
}

pub(super) fn name_constraint_violation(ground: &Scenario<'_>) -> Made {
    ground.below(
        ground.root,
        "simulated constrained {} intermediate",
        |params| {
            params.name_constraints = Some(NameConstraints {
                permitted_subtrees: vec![GeneralSubtree::DnsName("elsewhere.test".to_owned())],
                excluded_subtrees: Vec::new(),
            });
            Ok(())
        },
    )
}

pub(super) fn unknown_critical_extension(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| {
        // Enterprise number 32473 is reserved for examples (RFC 5612). The value is an ASN.1 NULL.
        let mut extension =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    })
}

pub(super) fn bad_signature(ground: &Scenario<'_>) -> Made {
    ground.edit_leaf(der::break_signature)
}

pub(super) fn x509_v1(ground: &Scenario<'_>) -> Made {
    ground.edit_leaf(|leaf| der::version_1(leaf, |signed| ground.intermediate.key().sign(signed)))
}

pub(super) fn revoked(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| params.serial_number = Some(SerialNumber::from(REVOKED.to_vec())))
}

/// Below an intermediate with an RSA key, whose signature over the leaf is made anew with SHA-1.
pub(super) fn sha1_signed(ground: &Scenario<'_>) -> Made {
    let params = template::intermediate(
        ground.authority.now,
        Days::INTERMEDIATE,
        &format!(
            "simulated {} intermediate that signs with SHA-1",
            ground.who
        ),
        ground.usage.clone(),
    )?;
    let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?;
    let pkcs8 = key.serialized_der().to_vec();
    let intermediate = Issuer::signed_by(params, key, ground.root)?;
    let mut identity = ground.authority.issue(&ground.leaf()?, &intermediate)?;
    if let Some(leaf) = identity.chain.first_mut() {
        let key = RsaKey::from_pkcs8(&pkcs8)?;
        *leaf = der::with_algorithm(leaf, &SHA256_RSA, &SHA1_RSA, |signed| {
            key.sign_pkcs1(Digest::Sha1, signed)
        })?;
    }
    Ok(Some(identity))
}

/// A public key that the certificate library did not make.
struct RsaPublic(Vec<u8>);

impl rcgen::PublicKeyData for RsaPublic {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// A leaf with an RSA key of 1024 bits, made by our own arithmetic.
pub(super) fn rsa1024(ground: &Scenario<'_>) -> Made {
    let pkcs8 = RsaKey::generate(1024)?;
    let numbers = der::rsa_numbers(&pkcs8)?;
    let [_, modulus, exponent, ..] = numbers.as_slice() else {
        return Err(PkiError::Shape("an RSA key with a part missing"));
    };
    let public = RsaPublic(der::rsa_public(modulus, exponent));
    let leaf = ground.leaf()?.signed_by(&public, ground.intermediate)?;
    Ok(Some(Identity {
        chain: vec![leaf.der().to_vec(), ground.intermediate.der().to_vec()],
        key_pkcs8: pkcs8,
    }))
}

pub(super) fn other_host(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| {
        params.subject_alt_names = "other.simulated.test"
            .try_into()
            .map(rcgen::SanType::DnsName)
            .into_iter()
            .collect();
    })
}

pub(super) fn no_address(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| {
        params
            .subject_alt_names
            .retain(|name| !matches!(name, rcgen::SanType::IpAddress(_)));
    })
}

pub(super) fn common_name_only(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| params.subject_alt_names.clear())
}

/// An authority's own certificate where a leaf belongs.
pub(super) fn ca_as_leaf(ground: &Scenario<'_>) -> Made {
    ground.leaf_with(|params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyCertSign,
        ];
    })
}
