//! What a configured server does with each client of the matrix.
//!
//! For: `lint` of configurations. Must not: know any server; that is `outlook::admission`.

use std::sync::Arc;

use super::{Recipe, recipes, template::SENDER_DNS};
use crate::{
    facts::{
        Admission, Admitted, Certificate, Checks, FileRole, ListInUse, Predicted, RevocationCheck,
        Setting, Site, Unreadable,
    },
    outlook::admission::{Caller, admit, list_errors},
};

/// The common name of the simulated sender's leaf.
pub const SENDER_NAME: &str = "simulated sender";
/// `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY`.
const NO_ISSUER: u32 = 20;

/// `X509_V_ERR_PATH_LENGTH_EXCEEDED`.
const PATH_LENGTH: u32 = 25;

/// The rows of the matrix under these anchors, which are taken for those of the matrix's own
/// sender: `mtls pki` writes them.
pub fn predicted(site: &Site, anchors: &[Arc<Certificate>]) -> Vec<Predicted> {
    recipes()
        .iter()
        .map(|recipe| Predicted {
            client: recipe.fault.to_owned(),
            admission: row(site, anchors, recipe),
        })
        .collect()
}

/// Whether every list that the server uses was read.
fn lists_read(site: &Site) -> bool {
    let list = |setting: &Setting<Unreadable>| setting.value.meant_as == FileRole::Crl;
    site.crl_check == RevocationCheck::Never || !site.unreadable.iter().any(list)
}

fn row(site: &Site, anchors: &[Arc<Certificate>], recipe: &Recipe) -> Admission {
    let presents = recipe.fault != "client-cert-not-sent";
    let rooted = anchors.iter().any(|anchor| anchor.self_issued);
    let any_anchor = site.software.takes_any_anchor() && !anchors.is_empty();
    let mut errors = recipe.verify.to_vec();
    if !rooted && !any_anchor && recipe.fault != "client-self-signed" {
        errors.push(NO_ISSUER);
    }
    // An intermediate that is an anchor stands above the leaf by itself.
    if !rooted && any_anchor && recipe.fault == "client-missing-intermediate" {
        errors.clear();
    }
    let mode = site.mode();
    let checked = mode.asks && mode.checks == Checks::All;
    if checked && anchors.is_empty() && recipe.verify.is_empty() && presents {
        return Admission {
            outcome: Admitted::Unknown,
            rejected_by: None,
            why: "the CA certificates that decide were not read".to_owned(),
        };
    }
    if presents && checked && !site.crl.is_empty() && recipe.verify.is_empty() {
        // With one intermediate below the root, whose list is not that of an anchor.
        let between = |list: &ListInUse| !list.anchor || !rooted;
        match list_errors(site, None, between).filter(|_| lists_read(site)) {
            Some(found) => errors.extend(found),
            None => {
                return Admission {
                    outcome: Admitted::Unknown,
                    rejected_by: None,
                    why: "the revocation lists decide, and not all CAs have a good one".to_owned(),
                };
            }
        }
    }
    let caller = |errors: Vec<u32>| Caller {
        presents,
        errors,
        intermediates: Some(if rooted { 1 } else { 0 }),
        common_name: Some(SENDER_NAME.to_owned()),
        subject: None,
        alternative_names: Some(vec![SENDER_DNS.to_owned()]),
    };
    let told = admit(site, &caller(errors));
    // What its lists name, a server refuses; whether they name it is not looked up.
    let looked_up = checked && !site.crl.is_empty() && site.crl_check != RevocationCheck::Never;
    if let Some(differs) = recipe.differs.filter(|_| looked_up)
        && told.outcome == Admitted::Accepted
    {
        return Admission {
            outcome: Admitted::Unknown,
            rejected_by: None,
            why: differs.to_owned(),
        };
    }
    // Whether an anchor's own constraints count is for each verifier to say.
    let of_the_anchor = (!rooted && any_anchor && recipe.verify.contains(&PATH_LENGTH))
        .then_some("verifiers differ about the constraints of a trust anchor");
    let Some(differs) = recipe.differs.or(of_the_anchor) else {
        return told;
    };
    // Where enforcing servers differ, only what does not depend on it can be told.
    let mild = admit(site, &caller(Vec::new()));
    if mild.outcome == told.outcome {
        let same = mild.rejected_by == told.rejected_by;
        return Admission {
            rejected_by: told.rejected_by.filter(|_| same),
            ..told
        };
    }
    Admission {
        outcome: Admitted::Unknown,
        rejected_by: None,
        why: differs.to_owned(),
    }
}
