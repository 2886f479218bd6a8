//! The verdict by the letter: RFC 5280 section 6 and the web PKI's rules, over every path there is.
//!
//! For: `lint` and `inspect`, whose owner wants a chain that *every* peer accepts, and all that is
//! wrong with one that is not. Must not: fetch anything, read the clock, or take one library for
//! the standard.
//!
//! Where it differs from the verifiers of the field, on purpose:
//! - every certificate given as an anchor ends a path, self-signed or not, as webpki and Go have it
//!   (OpenSSL: `-partial_chain`);
//! - an anchor's own dates, constraints and form count, as OpenSSL has it (webpki and Go take name
//!   and key only);
//! - a moment is within the validity up to and including notAfter (RFC 5280 section 4.1.2.5),
//!   fractions of a second included; OpenSSL calls the last second expired;
//! - key identifiers only order the search (RFC 5280 section 4.2.1.1 gives them for that), as in
//!   webpki and Go; OpenSSL takes no issuer whose identifier differs;
//! - what [`conformance`](super::conformance) asks of each certificate is asked of all of the path;
//!   OpenSSL asks for a part of it with `-x509_strict` (Python 3.13 does so by default), webpki and
//!   Go for other parts;
//! - extended key usages nest: an intermediate that has the extension has to include the purpose
//!   (OpenSSL, Go and webpki agree; RFC 5280 is silent), and anyExtendedKeyUsage counts for
//!   authorities only (Go takes it for leaves too);
//! - revocation is judged by the lists given, and the leaf has to be covered by one when any is
//!   given (OpenSSL: `-crl_check`).

mod checks;
mod constraints;
mod policy;
mod revocation;
mod search;

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Anchors, Link,
    details::Details,
    openssl,
    stacks::{self, StatusBy},
    x509_error,
};
use crate::{
    facts::{
        Candidate, Certificate, Problem, Purpose, Requirement, Stack, StackAnswer, StackVerdict,
        TrustFacts, TrustStatus,
    },
    parse::crl::RevocationList,
};
pub(super) use search::{Found, Paths};

/// As many paths are shown; all of them are judged.
const SHOWN: usize = 16;

/// What to judge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The chain, leaf first; the order of the others does not matter.
    pub presented: &'a [Arc<Certificate>],
    /// Further certificates that may help to build a path.
    pub untrusted: &'a [Arc<Certificate>],
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
    /// At most this many certificates between leaf and anchor; `None` = as many as the search
    /// follows.
    pub max_depth: Option<usize>,
    /// Whose answer is the status.
    pub status_by: &'a StatusBy,
}

/// Judges. The status is what the verifiers asked for do; `letter` is what the rules say. Both are
/// `Unknown` without anchors, and also when nothing stands in the way of trust but signatures that
/// this program cannot check.
pub fn judge(question: &Question<'_>) -> TrustFacts {
    let mut facts = TrustFacts::unknown(question.purpose);
    let Some(leaf) = question.presented.first() else {
        return facts;
    };
    let details = details(question);
    let links = links(question, &details);
    if leaf.unreadable.is_none() && !links.is_empty() {
        let paths = search::paths(&links, question);
        facts.stacks = stacks_of(&links, &paths, question);
        let mut judged = ranked(paths.found, question);
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
    let letter = super::status(question.anchors, &facts.problems);
    facts.letter = Some(letter);
    facts.named = matches!(question.status_by, StatusBy::Named(_));
    facts.status = stacks::status(&facts.stacks, letter);
    facts.openssl_differs = differs(&facts.stacks, Stack::Openssl, letter);
    facts.webpki_differs = differs(&facts.stacks, Stack::Rustls, letter);
    facts
}

/// What each stack does with the chain, without the judgement by the letter.
pub(super) fn stacks(question: &Question<'_>) -> Vec<StackVerdict> {
    let readable = question
        .presented
        .first()
        .is_some_and(|leaf| leaf.unreadable.is_none());
    let details = details(question);
    let links = links(question, &details);
    if !readable || links.is_empty() {
        return Vec::new();
    }
    let paths = search::paths(&links, question);
    stacks_of(&links, &paths, question)
}

fn stacks_of(links: &[Link<'_>], paths: &Paths<'_>, question: &Question<'_>) -> Vec<StackVerdict> {
    let mut verdicts = stacks::verdicts(links, paths, question);
    // Whoever decodes the whole message refuses it for one certificate; rustls reads only what it
    // needs, and was asked.
    let unreadable: Vec<Problem> = openssl::unreadable(question.presented).collect();
    if !unreadable.is_empty() {
        for verdict in &mut verdicts {
            if verdict.stack != Stack::Rustls {
                verdict.answer = StackAnswer::Refuses;
                verdict.reasons = unreadable
                    .iter()
                    .map(|problem| stacks::of_problem(problem, usize::MAX, false))
                    .collect();
            }
        }
    }
    verdicts
}

/// Presented and further certificates, each with what validation needs of it.
fn details(question: &Question<'_>) -> Vec<Option<Details>> {
    all(question).map(Details::of).collect()
}

fn all<'a>(question: &Question<'a>) -> impl Iterator<Item = &'a Certificate> + use<'a> {
    question
        .presented
        .iter()
        .chain(question.untrusted)
        .map(AsRef::as_ref)
}

fn links<'a>(question: &Question<'a>, details: &'a [Option<Details>]) -> Vec<Link<'a>> {
    Link::readable(all(question), details)
}

/// Every path with its problems, the best first: anchored before not, then by how little is wrong,
/// then the shorter.
fn ranked<'a>(found: Vec<Found<'a>>, question: &Question<'a>) -> Vec<(Found<'a>, Vec<Problem>)> {
    let mut budget = super::names::BUDGET;
    let mut judged: Vec<(Found<'a>, Vec<Problem>)> = found
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

/// What asks for an explicit policy along a path that ends at an anchor, and what of it is
/// malformed.
pub(super) fn policy_problems(links: &[Link<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let below = links.len() - usize::from(links.len() > 1);
    policy::walk(&links[..below], &mut problems);
    problems
}

fn fingerprints(found: &Found<'_>) -> Vec<String> {
    found
        .links
        .iter()
        .map(|link| link.certificate.sha256.clone())
        .collect()
}

/// What a stack says, where it says otherwise than `status`.
pub(super) fn differs(
    verdicts: &[StackVerdict],
    stack: Stack,
    status: TrustStatus,
) -> Option<String> {
    let verdict = verdicts.iter().find(|verdict| verdict.stack == stack)?;
    let name = match stack {
        Stack::Openssl => "OpenSSL 3.0",
        _ => stack.name(),
    };
    match (status, verdict.answer) {
        (TrustStatus::Trusted, StackAnswer::Refuses) => {
            let why = verdict.reasons.first().map(|reason| reason.why.as_str());
            Some(format!("{name} rejects it: {}", why.unwrap_or_default()))
        }
        (TrustStatus::Untrusted, StackAnswer::Accepts) => Some(format!("{name} accepts it")),
        _ => None,
    }
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
