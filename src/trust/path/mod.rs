//! The verdict by the letter: RFC 5280 section 6 and the web PKI's rules, over every path there is.
//!
//! For: `lint` and `inspect`, whose owner wants a chain that *every* peer accepts, and all that is wrong with one that is not.
//! Must not: fetch anything, read the clock, or take one library for the standard.
//!
//! Where it differs from the verifiers of the field, on purpose:
//! - every certificate given as an anchor ends a path, self-signed or not, as webpki and Go have it (OpenSSL: `-partial_chain`);
//! - an anchor's own dates, constraints and form count, as OpenSSL has it (webpki and Go take name and key only);
//! - a moment is within the validity up to and including notAfter (RFC 5280 section 4.1.2.5), fractions of a second included;
//!   OpenSSL calls the last second expired;
//! - key identifiers only order the search (RFC 5280 section 4.2.1.1 gives them for that), as in webpki and Go; OpenSSL takes no
//!   issuer whose identifier differs;
//! - what [`conformance`](super::conformance) asks of each certificate is asked of all of the path; OpenSSL asks for a part of it
//!   with `-x509_strict` (Python 3.13 does so by default), webpki and Go for other parts;
//! - extended key usages nest: an intermediate that has the extension has to include the purpose (OpenSSL, Go and webpki agree;
//!   RFC 5280 is silent), and anyExtendedKeyUsage counts for authorities only (Go takes it for leaves too);
//! - revocation is judged by the lists given, and the leaf has to be covered by one when any is given (OpenSSL: `-crl_check`).

mod checks;
mod constraints;
mod policy;
mod revocation;
mod search;

use jiff::Timestamp;

use super::{Anchors, Link, details::Details, openssl, webpki_check, x509_error};
use crate::{
    facts::{Candidate, Certificate, Problem, Purpose, Requirement, TrustFacts, TrustStatus},
    parse::crl::RevocationList,
};
use search::Found;

/// As many paths are shown; all of them are judged.
const SHOWN: usize = 16;

/// What to judge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The chain, leaf first; the order of the others does not matter.
    pub presented: &'a [Certificate],
    /// Further certificates that may help to build a path.
    pub untrusted: &'a [Certificate],
    /// The anchors.
    pub anchors: &'a Anchors,
    /// The revocation lists at hand; none = revocation is not asked about.
    pub lists: &'a [RevocationList],
    /// The moment.
    pub now: Timestamp,
    /// The purpose.
    pub purpose: Purpose,
    /// Names that the leaf has to be valid for, each of them.
    pub hosts: &'a [String],
    /// At most this many certificates between leaf and anchor; `None` = as many as the search follows.
    pub max_depth: Option<usize>,
}

/// Judges. The status is `Unknown` without anchors, and also when nothing stands in the way of trust but signatures
/// that this program cannot check.
pub fn evaluate(question: &Question<'_>) -> TrustFacts {
    let mut facts = TrustFacts::unknown(question.purpose);
    let Some(leaf) = question.presented.first() else {
        return facts;
    };
    let all: Vec<&Certificate> = question
        .presented
        .iter()
        .chain(question.untrusted)
        .collect();
    let details: Vec<Option<Details>> = all
        .iter()
        .map(|certificate| Details::of(certificate))
        .collect();
    let links = Link::readable(all.iter().copied(), &details);
    if leaf.unreadable.is_none() && !links.is_empty() {
        let mut judged = judge(&links, question);
        if let Some((best, problems)) = judged.first() {
            facts.path = fingerprints(best);
            facts.problems.clone_from(problems);
            facts.anchor = best
                .anchored
                .then(|| best.top().certificate.subject.clone());
        }
        judged.truncate(SHOWN);
        facts.candidates = judged
            .into_iter()
            .map(|(found, problems)| Candidate {
                path: fingerprints(&found),
                subjects: found
                    .links
                    .iter()
                    .map(|link| link.certificate.subject.clone())
                    .collect(),
                anchored: found.anchored,
                problems,
            })
            .collect();
    }
    // A TLS stack refuses a message with a certificate that it cannot decode.
    facts
        .problems
        .extend(openssl::unreadable(question.presented));
    facts.status = super::status(question.anchors, &facts.problems);
    compare(&mut facts, question);
    facts
}

/// Every path with its problems, the best first: anchored before not, then by how little is wrong, then the shorter.
fn judge<'a>(links: &[Link<'a>], question: &Question<'a>) -> Vec<(Found<'a>, Vec<Problem>)> {
    let mut budget = super::names::BUDGET;
    let mut judged: Vec<(Found<'a>, Vec<Problem>)> = search::paths(links, question)
        .into_iter()
        .map(|found| {
            let problems = checks::problems(&found, question, &mut budget);
            (found, problems)
        })
        .collect();
    judged.sort_by_key(|(found, problems)| {
        (
            !(found.anchored && problems.is_empty()),
            !found.anchored,
            // An open question on one path outweighs a definite no on another.
            super::status(question.anchors, problems) == TrustStatus::Untrusted,
            problems.len(),
            found.links.len(),
        )
    });
    judged
}

fn fingerprints(found: &Found<'_>) -> Vec<String> {
    found
        .links
        .iter()
        .map(|link| link.certificate.sha256.clone())
        .collect()
}

/// Problems that the two judges of the field were not asked about: host names and revocation.
const NOT_ASKED: [u32; 10] = [62, 64, 3, 8, 11, 12, 23, 35, 36, 44];

/// What the two judges of the field say, where they say otherwise.
fn compare(facts: &mut TrustFacts, question: &Question<'_>) {
    let asked = facts.problems.is_empty()
        || facts
            .problems
            .iter()
            .any(|problem| !NOT_ASKED.contains(&problem.error.num));
    if facts.status == TrustStatus::Unknown || !asked {
        return;
    }
    let joined: Vec<Certificate>;
    let pool = if question.untrusted.is_empty() {
        question.presented
    } else {
        joined = [question.presented, question.untrusted].concat();
        &joined
    };
    let options = openssl::Options {
        now: question.now,
        purpose: question.purpose,
        max_depth: question.max_depth,
        partial_chain: true,
    };
    let theirs = openssl::verdict(pool, question.anchors, &options);
    facts.openssl_differs = match (facts.status, theirs.status) {
        (TrustStatus::Trusted, TrustStatus::Untrusted) => Some(match theirs.problems.first() {
            Some(problem) => format!(
                "OpenSSL 3.0 refuses it: error {}, {}",
                problem.error.num, problem.error.text
            ),
            None => "OpenSSL 3.0 refuses it".to_owned(),
        }),
        (TrustStatus::Untrusted, TrustStatus::Trusted) => {
            Some("OpenSSL 3.0 accepts it as it verifies by default".to_owned())
        }
        _ => None,
    };
    facts.webpki_differs = webpki_check::differs(pool, question.anchors, &options, facts.status);
}

/// A problem at `depth` of a path.
fn problem(depth: usize, link: Link<'_>, num: u32, why: impl Into<String>) -> Problem {
    Problem {
        depth,
        subject: link.certificate.subject.clone(),
        error: x509_error(num),
        requirement: None,
        why: why.into(),
    }
}

/// A problem that is a requirement of the certificate profile not kept.
fn breach(
    depth: usize,
    link: Link<'_>,
    requirement: Requirement,
    num: Option<u32>,
    why: String,
) -> Problem {
    Problem {
        requirement: Some(requirement),
        ..problem(depth, link, num.unwrap_or(1), why)
    }
}

#[cfg(test)]
mod tests;
