//! Whether a certificate is revoked, by an answer that was fetched for it: an OCSP response (RFC
//! 6960) or a revocation list (RFC 5280 section 6.3).
//!
//! For: `jobs::fetch`. An answer that cannot be verified proves nothing: the status is then
//! unknown, never good. Must not: fetch anything, or read the clock.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use jiff::{SignedDuration, Timestamp};

use super::{signature, staple};
use crate::{
    facts::{Certificate, FetchedFor, KeyUsage, Revocation, RevocationStatus},
    parse::{
        cert::der,
        crl::{self, RevocationList},
        name,
        ocsp::{self, Answer, NONCE, Single},
    },
};

/// 1.3.14.3.2.26: CertID by SHA-1, which every responder knows (RFC 5019 section 2.1.1).
const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
/// How far the clocks of the responder and of this machine may differ: what `openssl ocsp` allows
/// by default (`-validity_period`).
const SKEW: SignedDuration = SignedDuration::from_secs(300);
/// The oldest answer that says no end of itself: a new one is then always at hand (RFC 6960
/// section 4.2.2.1), and an old one may be kept by somebody.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);

/// The certificate that is asked about, its issuer, and the moment to judge at.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The certificate that issued it.
    pub issuer: &'a Certificate,
    /// The moment.
    pub now: Timestamp,
}

/// The OCSP request for one certificate (RFC 6960 section 4.1.1), DER; `None` for a certificate
/// that cannot be read.
pub fn request(about: &About<'_>, nonce: &[u8]) -> Option<Vec<u8>> {
    let own = &about.certificate.der;
    let serial = own.get(der::layout(own)?.serial)?;
    let hashed = |bytes: &[u8]| {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
        der::encode(der::OCTET_STRING, &[digest.as_ref()])
    };
    let algorithm = [der::encode(der::OID, &[SHA1]), vec![5, 0]].concat();
    let id = [
        der::encode(der::SEQUENCE, &[&algorithm]),
        hashed(about.certificate.issuer_der()),
        hashed(staple::key_octets(about.issuer)?),
        der::encode(der::INTEGER, &[serial]),
    ]
    .concat();
    let one = der::encode(der::SEQUENCE, &[&der::encode(der::SEQUENCE, &[&id])]);
    let extension = [
        der::encode(der::OID, &[NONCE]),
        der::encode(der::OCTET_STRING, &[&nonce_value(nonce)]),
    ]
    .concat();
    let extensions = der::encode(der::SEQUENCE, &[&der::encode(der::SEQUENCE, &[&extension])]);
    let body = [
        der::encode(der::SEQUENCE, &[&one]),
        der::encode(0xa2, &[&extensions]),
    ]
    .concat();
    Some(der::encode(
        der::SEQUENCE,
        &[&der::encode(der::SEQUENCE, &[&body])],
    ))
}

/// The value of the nonce extension (RFC 9654 section 2.1).
fn nonce_value(nonce: &[u8]) -> Vec<u8> {
    der::encode(der::OCTET_STRING, &[nonce])
}

/// What an OCSP response says, which was asked for with this nonce.
pub fn by_response(bytes: &[u8], about: &About<'_>, nonce: &[u8]) -> Revocation {
    let mut found = answer(about, FetchedFor::Ocsp);
    if let Err(why) = response(bytes, about, nonce, &mut found) {
        found.problem = Some(why);
    }
    found
}

fn response(
    bytes: &[u8],
    about: &About<'_>,
    nonce: &[u8],
    found: &mut Revocation,
) -> Result<(), String> {
    let basic = ocsp::response(bytes)?;
    // A responder need not know the extension; one that does has to send back what it got.
    let own = nonce_value(nonce);
    let echoed = basic.nonce.as_ref().is_some_and(|value| *value == own);
    if basic.nonce.is_some() && !echoed {
        return Err(
            "its nonce is not the one that was sent: it answers another request".to_owned(),
        );
    }
    let mut singles = basic.singles.iter();
    let single = singles
        .find(|single| staple::names(single, about.certificate, Some(about.issuer)))
        .ok_or_else(|| {
            format!(
                "it is about another certificate; expected serial number {}",
                about.certificate.serial
            )
        })?;
    found.this_update = Some(single.this_update);
    found.next_update = single.next_update;
    let signer = staple::signed(&basic, about.issuer, about.now)
        .map_err(|why| format!("its signature proves nothing: {why}"))?;
    let now = moment(about.now, single.this_update);
    if let Some(why) = staple::in_time(single, now) {
        return Err(why);
    }
    if single.next_update.is_none() && !echoed && is_old(single, now) {
        return Err(format!(
            "it has no nextUpdate and is from {}, more than {} hours ago",
            single.this_update,
            OLDEST.as_hours()
        ));
    }
    found.signed_by = Some(signer);
    match single.answer {
        Answer::Good => found.status = RevocationStatus::Good,
        Answer::Revoked(at, reason) => {
            found.status = RevocationStatus::Revoked;
            found.revoked_at = Some(at);
            found.reason = reason;
        }
        Answer::Unknown => return Err("its responder does not know the certificate".to_owned()),
    }
    Ok(())
}

fn is_old(single: &Single, now: Timestamp) -> bool {
    now.duration_since(single.this_update) > OLDEST
}

/// What a revocation list says, DER.
pub fn by_list(bytes: &[u8], about: &About<'_>) -> Revocation {
    let mut found = answer(about, FetchedFor::Crl);
    let said = crl::revocation_list(bytes)
        .map_err(|why| format!("not a revocation list: {why}"))
        .and_then(|read| list(&read, about, &mut found));
    if let Err(why) = said {
        found.problem = Some(why);
    }
    found
}

/// What the lists at hand say of a certificate that one of these others issued: the youngest that
/// says anything.
pub fn by_lists(
    lists: &[RevocationList],
    certificate: &Certificate,
    others: &[Arc<Certificate>],
    now: Timestamp,
) -> Revocation {
    let own = name::canonical(certificate.issuer_der());
    let mut named = others
        .iter()
        .filter(|other| name::canonical(other.subject_der()) == own)
        .peekable();
    if named.peek().is_none() {
        let why =
            "the certificate of its issuer is not at hand, whose revocation list would say it";
        return Revocation::unknown(certificate, why);
    }
    let mut lists: Vec<&RevocationList> = lists
        .iter()
        .filter(|list| list.issuer_canonical == own)
        .collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.this_update));
    let mut first = None;
    for issuer in named {
        for read in &lists {
            let about = About {
                certificate,
                issuer,
                now,
            };
            let mut found = answer(&about, FetchedFor::Crl);
            match list(read, &about, &mut found) {
                Ok(()) => return found,
                Err(why) => {
                    found.problem = Some(why);
                    first.get_or_insert(found);
                }
            }
        }
    }
    first.unwrap_or_else(|| {
        let why = format!("no revocation list of its issuer {}", certificate.issuer);
        Revocation::unknown(certificate, why)
    })
}

fn list(list: &RevocationList, about: &About<'_>, found: &mut Revocation) -> Result<(), String> {
    found.this_update = Some(list.this_update);
    found.next_update = list.next_update;
    signed(list, about)?;
    let now = moment(about.now, list.this_update);
    if now < list.this_update {
        return Err(format!("it is not valid before {}", list.this_update));
    }
    match list.next_update {
        Some(next) if next < now => return Err(format!("it expired {next}")),
        Some(_) => {}
        None => return Err("it has no nextUpdate: it may be of any age".to_owned()),
    }
    covers(list, about.certificate)?;
    let own = &about.certificate.der;
    let serial = der::layout(own)
        .and_then(|layout| own.get(layout.serial))
        .map(der::trimmed)
        .ok_or("the certificate cannot be read")?;
    match list.revoked(serial) {
        Some(entry) => {
            found.status = RevocationStatus::Revoked;
            found.revoked_at = Some(entry.at);
            found.reason = entry.reason;
        }
        None if list.scope.is_some_and(|scope| scope.only_some_reasons) => {
            return Err("it covers some reasons for revocation only".to_owned());
        }
        None => found.status = RevocationStatus::Good,
    }
    found.signed_by = Some(about.issuer.label());
    Ok(())
}

/// Whether the issuer of the certificate signed the list, and may.
fn signed(list: &RevocationList, about: &About<'_>) -> Result<(), String> {
    let issuer = about.issuer;
    if list.issuer_canonical != name::canonical(about.certificate.issuer_der()) {
        return Err(format!(
            "it is the list of another CA: expected {}, found {}",
            about.certificate.issuer, list.issuer
        ));
    }
    if !list.algorithms_agree {
        return Err("it names one signature algorithm inside and another outside".to_owned());
    }
    signature::verify_certificate(
        &list.signed,
        &list.algorithm,
        &list.signature,
        issuer.spki_der(),
    )
    .map_err(|why| format!("its signature proves nothing: {why}"))?;
    let usages = issuer.key_usage.as_ref();
    if usages.is_some_and(|usages| !usages.contains(&KeyUsage::CrlSign)) {
        return Err("the keyUsage of its issuer lacks cRLSign".to_owned());
    }
    Ok(())
}

/// Whether the list speaks of this certificate (RFC 5280 section 6.3.3, b).
fn covers(list: &RevocationList, certificate: &Certificate) -> Result<(), String> {
    if !list.unknown_critical.is_empty() {
        return Err(format!(
            "it has the unknown critical extension {}",
            list.unknown_critical.join(", ")
        ));
    }
    if list.delta {
        return Err("it is a delta list, which has changes only".to_owned());
    }
    let scope = list.scope.unwrap_or_default();
    let of_others = match certificate.is_ca {
        true => scope.only_leaves,
        false => scope.only_authorities,
    };
    if of_others || scope.only_attributes || scope.indirect {
        return Err("it covers other certificates".to_owned());
    }
    match &list.points {
        Some(points) if !is_of_point(list, certificate) => Err(format!(
            "it is for another distribution point: {}",
            points.first().map_or("not an address", String::as_str)
        )),
        _ => Ok(()),
    }
}

/// Whether a list is for everything, or for a distribution point that the certificate names. One CA
/// may have many lists, each for a part of what it issued: another part's has no entry.
pub(super) fn is_of_point(list: &RevocationList, certificate: &Certificate) -> bool {
    list.points.as_ref().is_none_or(|points| {
        let mut points = points.iter();
        points.any(|point| certificate.form.crl_urls.contains(point))
    })
}

/// The moment to judge at. An answer made a little later than now is of now: clocks differ.
fn moment(now: Timestamp, this_update: Timestamp) -> Timestamp {
    match this_update.duration_since(now) {
        ahead if ahead > SignedDuration::ZERO && ahead <= SKEW => this_update,
        _ => now,
    }
}

fn answer(about: &About<'_>, by: FetchedFor) -> Revocation {
    Revocation {
        by: Some(by),
        problem: None,
        ..Revocation::unknown(about.certificate, "")
    }
}
