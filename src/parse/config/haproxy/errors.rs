//! The errors of certificates that `crt-ignore-err` names, by number or by OpenSSL's name
//! (`x509_vfy.h` of OpenSSL 3.0), and what is left of the checks then.

use super::{super::setting, Line};
use crate::facts::{Checks, Errors, Ignored, NotUnderstood, Site};

/// The number of an error.
fn number(name: &str) -> Option<u32> {
    let name = name.trim();
    if let Ok(number) = name.parse() {
        return Some(number);
    }
    let plain = name.strip_prefix("X509_V_ERR_")?;
    NAMES
        .iter()
        .find(|(own, _)| *own == plain)
        .map(|(_, number)| *number)
}

const NAMES: [(&str, u32); 33] = [
    ("UNABLE_TO_GET_ISSUER_CERT", 2),
    ("UNABLE_TO_GET_CRL", 3),
    ("CERT_SIGNATURE_FAILURE", 7),
    ("CRL_SIGNATURE_FAILURE", 8),
    ("CERT_NOT_YET_VALID", 9),
    ("CERT_HAS_EXPIRED", 10),
    ("CRL_NOT_YET_VALID", 11),
    ("CRL_HAS_EXPIRED", 12),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", 18),
    ("SELF_SIGNED_CERT_IN_CHAIN", 19),
    ("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", 20),
    ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", 21),
    ("CERT_CHAIN_TOO_LONG", 22),
    ("CERT_REVOKED", 23),
    ("INVALID_CA", 24),
    ("NO_ISSUER_PUBLIC_KEY", 24),
    ("PATH_LENGTH_EXCEEDED", 25),
    ("INVALID_PURPOSE", 26),
    ("CERT_UNTRUSTED", 27),
    ("CERT_REJECTED", 28),
    ("SUBJECT_ISSUER_MISMATCH", 29),
    ("AKID_SKID_MISMATCH", 30),
    ("AKID_ISSUER_SERIAL_MISMATCH", 31),
    ("KEYUSAGE_NO_CERTSIGN", 32),
    ("UNABLE_TO_GET_CRL_ISSUER", 33),
    ("UNHANDLED_CRITICAL_EXTENSION", 34),
    ("KEYUSAGE_NO_CRL_SIGN", 35),
    ("UNHANDLED_CRITICAL_CRL_EXTENSION", 36),
    ("INVALID_NON_CA", 37),
    ("INVALID_EXTENSION", 41),
    ("DIFFERENT_CRL_SCOPE", 44),
    ("UNNESTED_RESOURCE", 46),
    ("PERMITTED_VIOLATION", 47),
];

/// The errors of a leaf whose issuer is not known: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY and
/// X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE.
const NO_ISSUER: [u32; 2] = [20, 21];

/// What `crt-ignore-err` and `ca-ignore-err` leave of the checks.
pub(super) fn ignored(bind: &Line, site: &mut Site) -> Checks {
    let (crt, ca) = (bind.after("crt-ignore-err"), bind.after("ca-ignore-err"));
    if crt.is_none() && ca.is_none() {
        return Checks::All;
    }
    // Who sends a leaf alone has errors of the leaf only: of whichever CA it is, it gets in (2.6.12,
    // tried with `all` and with 20,21; with 20 alone it does not).
    let numbers: Vec<u32> = crt
        .into_iter()
        .flat_map(|list| list.split(','))
        .filter_map(number)
        .collect();
    let above = ca.into_iter().flat_map(|list| list.split(','));
    let above: Vec<u32> = above.filter_map(number).collect();
    // Anybody makes a certificate that signs itself, alone or above a leaf (2.6.12, tried with 18 of
    // the leaf, and with 19 and `all` of the CAs).
    let self_made = numbers.contains(&18) || above.contains(&19) || ca == Some("all");
    let unknown_issuer = NO_ISSUER.iter().all(|error| numbers.contains(error));
    if crt == Some("all") || self_made || unknown_issuer {
        return Checks::Nothing;
    }
    let mut unknown = Vec::new();
    let mut read = |word: Option<&str>| match word {
        None => Errors::These(Vec::new()),
        Some("all") => Errors::All,
        Some(list) => Errors::These(
            list.split(',')
                .filter_map(|name| {
                    let found = number(name);
                    if found.is_none() {
                        unknown.push(name.to_owned());
                    }
                    found
                })
                .collect(),
        ),
    };
    let value = Ignored {
        of_leaf: read(crt),
        of_authorities: read(ca),
    };
    if !unknown.is_empty() {
        site.not_understood.push(setting(
            NotUnderstood::ErrorsIgnored(unknown.join(", ")),
            &bind.place,
            &bind.text,
        ));
    }
    site.ignores = Some(setting(value, &bind.place, &bind.text));
    Checks::All
}
