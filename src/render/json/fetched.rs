//! What was fetched for a chain: an entry of `fetched[]`.

use serde::Serialize;

use crate::{
    engine::Judged,
    facts::{Fetched, FetchedIssuer, Fetching, Revocation, Side, TrustFacts, TrustStatus},
};

/// What was fetched for one chain.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FetchedObject<'a> {
    /// Whose chain it is.
    role: Side,
    /// Every address that was asked, in order.
    requests: &'a [Fetched],
    /// The issuers that were missing.
    issuers: Vec<IssuerObject<'a>>,
    /// The verdict on the chain with them; null without any.
    completed: Option<CompletedObject<'a>>,
    /// Whether its certificates are revoked, the leaf first.
    revocation: &'a [Revocation],
}

/// An issuer that was missing. No trust anchor, whatever it is.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct IssuerObject<'a> {
    subject: &'a str,
    sha256: &'a str,
    self_issued: bool,
    /// SHA-256 of the certificate that it issued.
    issuer_of: &'a str,
    url: &'a str,
}

/// A chain with the issuers that it lacks.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct CompletedObject<'a> {
    status: TrustStatus,
    anchor: Option<&'a str>,
    path: &'a [String],
    why: Option<&'a str>,
}

/// What was fetched; `None` where nobody asked for that.
pub(super) fn fetched(judged: &Judged) -> Option<Vec<FetchedObject<'_>>> {
    let chains = judged.case.chains();
    let all: Vec<_> = chains
        .filter_map(|chain| Some(object(chain.role, chain.fetched.as_deref()?)))
        .collect();
    (!all.is_empty()).then_some(all)
}

fn object(role: Side, fetched: &Fetching) -> FetchedObject<'_> {
    FetchedObject {
        role,
        requests: &fetched.requests,
        issuers: fetched.issuers.iter().map(issuer).collect(),
        completed: fetched.completed.as_ref().map(completed),
        revocation: &fetched.revocation,
    }
}

fn issuer(issuer: &FetchedIssuer) -> IssuerObject<'_> {
    IssuerObject {
        subject: &issuer.certificate.subject,
        sha256: &issuer.certificate.sha256,
        self_issued: issuer.certificate.self_issued,
        issuer_of: &issuer.below,
        url: &issuer.url,
    }
}

fn completed(trust: &TrustFacts) -> CompletedObject<'_> {
    CompletedObject {
        status: trust.status,
        anchor: trust.anchor.as_deref(),
        path: &trust.path,
        why: trust.problems.first().map(|problem| problem.why.as_str()),
    }
}
