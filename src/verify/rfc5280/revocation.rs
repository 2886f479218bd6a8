//! Revocation by the lists at hand (RFC 5280 section 6.3), as far as complete lists of the issuer
//! itself go: delta lists, indirect lists and partitions by reason are not taken for an answer.
//!
//! The leaf has to be covered as soon as a list is given (OpenSSL `-crl_check`); an intermediate is
//! looked up where its issuer's list is among them.

use jiff::Timestamp;

use super::{Link, Question, problem, search::Found};
use crate::{
    facts::{KeyUsage, Problem},
    parse::{cert::der, crl::RevocationList},
    verify::signature,
};

/// OpenSSL's numbers (x509_txt.c): unspecified, no list, bad signature, not yet valid, expired,
/// revoked, no cRLSign, other scope, critical extension.
const UNSPECIFIED: u32 = 1;
const MISSING: u32 = 3;
const BAD_SIGNATURE: u32 = 8;
const NOT_YET_VALID: u32 = 11;
const EXPIRED: u32 = 12;
const REVOKED: u32 = 23;
const NO_CRL_SIGN: u32 = 35;
const UNHANDLED_CRITICAL: u32 = 36;
const OTHER_SCOPE: u32 = 44;

/// Adds what does not hold.
pub(super) fn check(found: &Found<'_>, question: &Question<'_>, problems: &mut Vec<Problem>) {
    if question.lists.is_empty() {
        return;
    }
    let below_anchor = found.links.len() - usize::from(found.anchored && found.links.len() > 1);
    for depth in 0..below_anchor {
        let link = found.links[depth];
        let lists: Vec<&RevocationList> = question
            .lists
            .iter()
            .filter(|list| list.issuer_canonical == link.details.issuer)
            .collect();
        if lists.is_empty() {
            if depth == 0 {
                let why = format!(
                    "none of the {} revocation lists is from its issuer {}",
                    question.lists.len(),
                    link.certificate.issuer
                );
                problems.push(problem(depth, link, MISSING, why));
            }
            continue;
        }
        let Some(&issuer) = found.links.get(depth + 1) else {
            continue;
        };
        let outcomes: Vec<(Timestamp, Outcome)> = lists
            .iter()
            .map(|list| (list.this_update, ask(list, link, issuer, depth, question)))
            .collect();
        // A hold may have been lifted since: of those that say something the youngest counts.
        let says = |(_, outcome): &&(Timestamp, Outcome)| {
            matches!(outcome, Outcome::Good | Outcome::Revoked)
        };
        let said = outcomes.iter().filter(says).max_by_key(|(at, _)| *at);
        if said.is_some_and(|(_, outcome)| *outcome == Outcome::Revoked) {
            let why = format!(
                "revoked: the revocation list of {} has its serial number {}",
                link.certificate.issuer, link.certificate.serial
            );
            problems.push(problem(depth, link, REVOKED, why));
        } else if said.is_none() {
            for (_, outcome) in outcomes {
                if let Outcome::Useless(num, why) = outcome {
                    problems.push(problem(depth, link, num, why));
                }
            }
        }
    }
}

/// What a list says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Good,
    Revoked,
    /// OpenSSL's number, and why it says nothing.
    Useless(u32, String),
}

fn ask(
    list: &RevocationList,
    link: Link<'_>,
    issuer: Link<'_>,
    depth: usize,
    question: &Question<'_>,
) -> Outcome {
    if let Some((num, why)) = unusable(list, issuer, depth, question) {
        return Outcome::Useless(num, format!("the revocation list of {} {why}", list.issuer));
    }
    let der = &link.certificate.der;
    let serial = der::trimmed(&der[link.details.layout.serial.clone()]);
    if list.revoked(serial).is_some() {
        return Outcome::Revoked;
    }
    match informal(list) {
        Some(why) => Outcome::Useless(
            UNSPECIFIED,
            format!("the revocation list of {} {why}", list.issuer),
        ),
        None => Outcome::Good,
    }
}

/// What RFC 5280 wants of a list and verifiers let pass. A list with such a fault proves nothing
/// good, and what it revokes is revoked all the same: `openssl verify -crl_check` says 23 of it,
/// and so do the others.
fn informal(list: &RevocationList) -> Option<&'static str> {
    match (
        list.next_update,
        list.version,
        list.number,
        &list.authority_key_id,
    ) {
        (None, ..) => Some("has no nextUpdate, which RFC 5280 section 5.1.2.5 requires"),
        (_, 1, ..) => Some("is version 1; RFC 5280 section 5.1.2.1 requires version 2"),
        (_, _, None, _) => Some("has no cRLNumber, which RFC 5280 section 5.2.3 requires"),
        (_, _, Some(true), _) => {
            Some("has a critical cRLNumber, which RFC 5280 section 5.2.3 forbids")
        }
        (.., None | Some(None)) => Some(
            "has no authorityKeyIdentifier with a keyIdentifier, which RFC 5280 section 5.2.1 requires",
        ),
        _ => None,
    }
}

fn unusable(
    list: &RevocationList,
    issuer: Link<'_>,
    depth: usize,
    question: &Question<'_>,
) -> Option<(u32, String)> {
    let says = |num: u32, why: &str| Some((num, why.to_owned()));
    if !list.algorithms_agree {
        return says(
            BAD_SIGNATURE,
            "names one signature algorithm inside and another outside",
        );
    }
    if let Err(error) = signature::verify_certificate(
        &list.signed,
        &list.algorithm,
        &list.signature,
        issuer.certificate.spki_der(),
    ) {
        return Some((
            BAD_SIGNATURE,
            format!("is not signed by that issuer's key: {error}"),
        ));
    }
    let usages = issuer.certificate.key_usage.as_ref();
    if usages.is_some_and(|usages| !usages.contains(&KeyUsage::CrlSign)) {
        return says(NO_CRL_SIGN, "has an issuer whose keyUsage lacks cRLSign");
    }
    if !list.unknown_critical.is_empty() {
        let oids = list.unknown_critical.join(", ");
        return Some((
            UNHANDLED_CRITICAL,
            format!("has the unknown critical extension {oids}"),
        ));
    }
    if question.now < list.this_update {
        return Some((
            NOT_YET_VALID,
            format!(
                "is dated {}, evaluated at {}",
                list.this_update, question.now
            ),
        ));
    }
    if let Some(next) = list.next_update.filter(|next| question.now > *next) {
        return Some((
            EXPIRED,
            format!("expired {next}, evaluated at {}", question.now),
        ));
    }
    if list.delta {
        return says(OTHER_SCOPE, "is a delta list");
    }
    if let Some(scope) = list.scope {
        let of_others = if depth == 0 {
            scope.only_authorities
        } else {
            scope.only_leaves
        };
        let partial = scope.only_attributes || scope.only_some_reasons || scope.indirect;
        if of_others || partial {
            return says(
                OTHER_SCOPE,
                "covers other certificates, or only some reasons",
            );
        }
    }
    None
}
