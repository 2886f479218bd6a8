//! The features of the revocation lists that were given, as far as they are about a path.
//!
//! For: `stacks`. Must not: know a stack, or fetch a list.

use crate::{
    facts::ChainFeature as F,
    parse::{cert::der, crl::RevocationList},
    verify::{
        Link,
        details::ku,
        revocation::is_of_point,
        rfc5280::Question,
        signature::{self, SignatureError},
    },
};

/// Adds what there is to say; nothing without lists.
pub(super) fn check(links: &[Link<'_>], question: &Question<'_>, add: &mut impl FnMut(F, usize)) {
    if question.lists.is_empty() {
        return;
    }
    for (depth, pair) in links.windows(2).enumerate() {
        let (link, issuer) = (pair[0], pair[1]);
        // Of several lists the one with the least to say against it counts, of equals the youngest:
        // a hold may have been lifted (OpenSSL's get_crl_sk).
        let against = |said: &[F]| said.iter().filter(|one| **one != F::Revoked).count();
        let best = question
            .lists
            .iter()
            .filter(|list| list.issuer_canonical == link.details.issuer)
            .map(|list| (list.this_update, one(list, link, issuer, question)))
            .min_by_key(|(at, said)| (against(said), std::cmp::Reverse(*at)))
            .map(|(_, said)| said);
        let revoked = best.as_ref().is_some_and(|said| said.contains(&F::Revoked));
        if depth > 0 {
            match best {
                None => add(F::ListMissingForCa, depth),
                Some(_) if revoked => add(F::RevokedCa, depth),
                Some(_) => {}
            }
            continue;
        }
        match best {
            None => add(F::ListMissing, depth),
            Some(best) => best
                .into_iter()
                .filter(|feature| *feature != F::Revoked)
                .for_each(|feature| add(feature, depth)),
        }
        if revoked {
            add(F::Revoked, depth);
        }
    }
}

/// What there is to say against one list, or by it.
fn one(list: &RevocationList, link: Link<'_>, issuer: Link<'_>, question: &Question<'_>) -> Vec<F> {
    let signed = signature::verify_certificate(
        &list.signed,
        &list.algorithm,
        &list.signature,
        issuer.certificate.spki_der(),
    );
    if let Err(SignatureError::Unsupported(_)) = signed {
        return vec![F::ListNotChecked];
    }
    if signed.is_err() || !list.algorithms_agree {
        return vec![F::ListForged];
    }
    let usage = issuer.details.extensions.key_usage;
    if usage.is_some_and(|bits| bits & ku::CRL_SIGN == 0) {
        return vec![F::ListIssuerUsage];
    }
    if !list.unknown_critical.is_empty() {
        return vec![F::ListCritical];
    }
    if !is_of_point(list, link.certificate) {
        return vec![F::ListOtherScope];
    }
    let mut found = Vec::new();
    if let Some(scope) = list.scope {
        let partial = scope.only_attributes || scope.only_some_reasons || scope.indirect;
        if scope.only_authorities || partial {
            return vec![F::ListOtherScope];
        }
        if scope.only_leaves {
            found.push(F::ListPartial);
        }
    }
    if list.delta {
        return vec![F::ListOtherScope];
    }
    if question.now < list.this_update {
        found.push(F::ListNotYetValid);
    }
    match list.next_update {
        Some(next) if question.now > next => found.push(F::ListExpired),
        Some(_) => {}
        None => found.push(F::ListWithoutNextUpdate),
    }
    let serial = &link.certificate.der[link.details.layout.serial.clone()];
    if list.revoked(der::trimmed(serial)).is_some() {
        found.push(F::Revoked);
    }
    found
}
