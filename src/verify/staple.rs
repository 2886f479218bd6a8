//! Whether a stapled OCSP response speaks for the leaf, is signed by who may sign it, and is in
//! time (RFC 6960 sections 3.2, 4.2.2.2).
//!
//! For: `inspect`. Must not: fetch anything, or take a response for news about a certificate that
//! it does not name.

use aws_lc_rs::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use jiff::Timestamp;

use super::signature;
use crate::{
    facts::{Certificate, Eku, Staple, StapleStatus},
    parse::{
        cert::{self, der},
        ocsp::{self, Answer, Basic, Single},
    },
};

const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

/// Judges a response for the first of `chain`; the others are where its issuer is looked for.
pub fn judge(bytes: &[u8], chain: &[&Certificate], now: Timestamp) -> Staple {
    let mut staple = Staple {
        status: StapleStatus::Unusable,
        revoked_at: None,
        produced_at: None,
        this_update: None,
        next_update: None,
        problem: None,
        bytes: bytes.len(),
    };
    let basic = match ocsp::response(bytes) {
        Ok(basic) => basic,
        Err(why) => {
            staple.problem = Some(why);
            return staple;
        }
    };
    staple.produced_at = Some(basic.produced_at);
    let Some(leaf) = chain.first() else {
        staple.problem = Some("there is no certificate to compare it with".to_owned());
        return staple;
    };
    let issuer = chain
        .iter()
        .skip(1)
        .find(|issuer| issuer.subject_der() == leaf.issuer_der());
    let about = basic
        .singles
        .iter()
        .find(|single| names(single, leaf, issuer.copied()));
    let Some(single) = about else {
        staple.problem = Some(format!(
            "it is about another certificate than the leaf, serial number {}",
            leaf.serial
        ));
        return staple;
    };
    staple.this_update = Some(single.this_update);
    staple.next_update = single.next_update;
    staple.status = match single.answer {
        Answer::Good => StapleStatus::Good,
        Answer::Revoked(at, _) => {
            staple.revoked_at = Some(at);
            StapleStatus::Revoked
        }
        Answer::Unknown => StapleStatus::Unknown,
    };
    staple.problem = in_time(single, now).or_else(|| match issuer {
        Some(issuer) => signed(&basic, issuer, now).err(),
        None => {
            Some("its signature was not checked: the leaf's issuer is not in the chain".to_owned())
        }
    });
    staple
}

/// Whether it names this certificate: its issuer by digest where that is at hand, its serial
/// number.
pub(super) fn names(single: &Single, leaf: &Certificate, issuer: Option<&Certificate>) -> bool {
    let algorithm: &'static Algorithm = match single.digest.as_slice() {
        SHA1 => &SHA1_FOR_LEGACY_USE_ONLY,
        SHA2 => &SHA256,
        _ => return false,
    };
    let digest = |bytes: &[u8]| digest::digest(algorithm, bytes).as_ref().to_vec();
    let serial = der::layout(&leaf.der)
        .and_then(|layout| leaf.der.get(layout.serial).and_then(der::unsigned));
    let key = issuer.is_none_or(|issuer| {
        key_octets(issuer).is_some_and(|key| digest(key) == single.issuer_key)
    });
    serial == Some(single.serial.as_slice())
        && digest(leaf.issuer_der()) == single.issuer_name
        && key
}

/// What the key's BIT STRING holds: what CertID's digest is over.
pub(super) fn key_octets(certificate: &Certificate) -> Option<&[u8]> {
    let mut fields = der::Reader::new(der::only(certificate.spki_der(), der::SEQUENCE)?);
    fields.tagged(der::SEQUENCE)?;
    Some(der::bits(fields.tagged(der::BIT_STRING)?.content)?.1)
}

pub(super) fn in_time(single: &Single, now: Timestamp) -> Option<String> {
    if now < single.this_update {
        return Some(format!("it is not valid before {}", single.this_update));
    }
    let over = single.next_update.filter(|&next| next < now)?;
    Some(format!("it expired {over}"))
}

/// Who signed it: the issuer, or a responder whom the issuer lets sign.
pub(super) fn signed(
    basic: &Basic,
    issuer: &Certificate,
    now: Timestamp,
) -> Result<String, String> {
    let holds = |spki: &[u8]| {
        signature::verify_certificate(&basic.signed, &basic.algorithm, &basic.signature, spki)
    };
    let Err(by_issuer) = holds(issuer.spki_der()) else {
        return Ok(issuer.label());
    };
    for der in &basic.certificates {
        let responder = cert::certificate(der);
        let told = responder.issuer_der() == issuer.subject_der()
            && responder
                .eku
                .iter()
                .flatten()
                .any(|usage| *usage == Eku::OcspSigning)
            && responder.not_before <= now
            && now <= responder.not_after
            && signature::issued(&responder, issuer);
        if told {
            return holds(responder.spki_der())
                .map(|()| responder.label())
                .map_err(|error| format!("its responder's signature does not verify: {error}"));
        }
    }
    Err(format!(
        "neither the leaf's issuer nor its responder signed it: {by_issuer}"
    ))
}
