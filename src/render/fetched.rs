//! What was fetched for a chain, in words: the issuers that were missing, and whether its
//! certificates are revoked.
//!
//! For: every renderer for people. Must not: judge, escape, or know how it is printed.

use super::words::day;
use crate::facts::{
    Certificate, Chain, FetchedFor, FetchedIssuer, Fetching, Revocation, RevocationStatus,
    TrustFacts, TrustStatus, common_name,
};

/// A name in the margin, and what to say beside it. At most two lines, but for `full`.
pub(super) fn lines(chain: &Chain, full: bool) -> Vec<(&'static str, String)> {
    let Some(fetched) = chain.fetched.as_deref() else {
        return Vec::new();
    };
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    lines.extend(issuers(fetched).map(|text| ("fetched", text)));
    match full {
        true => {
            let each = fetched.revocation.iter().enumerate();
            lines.extend(
                each.map(|(at, one)| ("revocation", format!("{} {}", part(at), said(one)))),
            );
            let asked = fetched.requests.iter().map(|one| {
                let came = match (&one.problem, one.bytes) {
                    (Some(why), _) => why.clone(),
                    (None, Some(bytes)) => format!("{bytes} bytes"),
                    (None, None) => "nothing".to_owned(),
                };
                ("asked", format!("{} {}: {came}", one.why.name(), one.url))
            });
            lines.extend(asked);
        }
        false => lines.extend(revocation(fetched).map(|text| ("revocation", text))),
    }
    lines
}

/// What became of the issuers that the chain lacks; `None` where it lacks none.
fn issuers(fetched: &Fetching) -> Option<String> {
    let Some(first) = fetched.issuers.first() else {
        let mut asked = fetched.requests.iter();
        let failed = asked.rfind(|one| one.why == FetchedFor::Issuer)?;
        let why = failed.problem.as_deref().unwrap_or("nothing");
        return Some(format!("no issuer: {why} ({})", failed.url));
    };
    let root = fetched
        .issuers
        .iter()
        .find(|one| one.certificate.self_issued);
    let mut names: Vec<&str> = Vec::new();
    for issuer in &fetched.issuers {
        let name = name_of(&issuer.certificate);
        if !issuer.certificate.self_issued && !names.contains(&name) {
            names.push(name);
        }
    }
    let outcome = fetched
        .completed
        .as_ref()
        .map(|trust| completed(trust, root));
    let outcome = outcome.unwrap_or_default();
    Some(match names.as_slice() {
        [] => format!("no intermediate is missing; {outcome}"),
        names => format!("{}: {outcome} ({})", names.join(", "), first.url),
    })
}

/// What the chain comes to with what was fetched, up to this root where it was fetched too.
fn completed(trust: &TrustFacts, root: Option<&FetchedIssuer>) -> String {
    let anchor = trust.anchor.as_deref();
    let by = anchor.map_or_else(String::new, |anchor| {
        format!(" by {}", common_name(anchor).unwrap_or(anchor))
    });
    match (trust.status, root) {
        (TrustStatus::Trusted, _) => format!("with it the chain is trusted{by}"),
        (TrustStatus::Disputed, _) => {
            "with it some verifiers accept the chain, others reject it".to_owned()
        }
        (TrustStatus::Unknown, _) if trust.unanswered() => {
            "with it the chain could not be checked".to_owned()
        }
        (_, Some(root)) if anchor.is_none() => format!(
            "the chain ends at the root {}, which is not a trust anchor here",
            name_of(&root.certificate)
        ),
        (TrustStatus::Untrusted, _) => "with it the chain is not trusted either".to_owned(),
        (TrustStatus::Unknown, _) => {
            "its own issuer is not checked: pass the root with --cacert".to_owned()
        }
    }
}

/// The answers for all certificates in one line: the source of the first one, what the others came
/// to.
fn revocation(fetched: &Fetching) -> Option<String> {
    let mut told: Vec<String> = Vec::new();
    for (at, one) in fetched.revocation.iter().enumerate() {
        let status = match one.status {
            RevocationStatus::Good if at > 0 => "good".to_owned(),
            RevocationStatus::NotPublished => "not published".to_owned(),
            _ => said(one),
        };
        told.push(format!("{} {status}", part(at)));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// What is known of one certificate, and what that rests on.
fn said(one: &Revocation) -> String {
    let by = one.by.map_or("nothing", FetchedFor::name);
    let signer = one.signed_by.as_deref();
    let signed = signer.map_or_else(String::new, |signer| {
        format!(", signed by {}", common_name(signer).unwrap_or(signer))
    });
    let until = one
        .next_update
        .map_or_else(String::new, |next| format!(", until {}", day(next)));
    let url = one.url.as_deref().unwrap_or_default();
    match one.status {
        RevocationStatus::Good => format!("good by {by}{signed}{until}, {url}"),
        RevocationStatus::Revoked => {
            let since = one
                .revoked_at
                .map_or_else(String::new, |at| format!(" since {}", day(at)));
            let reason = one
                .reason
                .map_or_else(String::new, |reason| format!(" ({reason})"));
            format!("REVOKED{since}{reason} by {by}{signed}{until}, {url}")
        }
        RevocationStatus::Unknown => {
            let why = one.problem.as_deref().unwrap_or("no answer");
            format!("unknown: {why}")
        }
        RevocationStatus::NotPublished => {
            "not published: it names no OCSP responder and no CRL".to_owned()
        }
    }
}

fn part(at: usize) -> &'static str {
    match at {
        0 => "leaf",
        _ => "intermediate",
    }
}

fn name_of(certificate: &Certificate) -> &str {
    certificate.common_name().unwrap_or(&certificate.subject)
}
