//! MT284.

use crate::{
    context::Context,
    facts::{Chain, FetchedFor, Revocation, RevocationStatus},
    finding::{Hit, Verdict},
    rule,
    rules::help::{kind, make_key, owner, place, the_chain, whole},
};

rule! {
    /// ## What it finds
    ///
    /// With `--fetch`: a certificate of the chain that is revoked, by the OCSP responder or the
    /// revocation list (CRL) that it names itself. The answer is signed by its issuer, or by a
    /// responder that its issuer lets sign, and is in date.
    ///
    /// ## Why it matters
    ///
    /// Peers that check revocation reject the chain, with alert 44 (`certificate_revoked`) where
    /// they say why. Others accept it: most TLS servers check a client's certificate only by a list
    /// that they are given.
    ///
    /// ## How to fix it
    ///
    /// Make a new key and get a new certificate for it; a revoked one stays revoked. Only
    /// `certificateHold` can be lifted, by the CA. Where an intermediate is revoked, get a
    /// certificate from another one.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fetch
    /// openssl ocsp -issuer intermediate.pem -cert leaf.pem -url http://ocsp.ca.example/
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 6960, section 2.2 (response)
    /// - RFC 5280, section 5.3.1 (reason code)
    pub static RULE = MT284 {
        name: "certificate-revoked",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 6960 section 2.2", "2013-06"), ("RFC 5280 section 5.3.1", "2008-05")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files().asked_about_revocation(RevocationStatus::Revoked).done(),
        silent_on: || Fixture::files().asked_about_revocation(RevocationStatus::Good).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.fetched.is_none() && chain.revocation.is_empty() {
        return Verdict::NotApplicable("whether it is revoked was not asked; --fetch asks");
    }
    let of = |status: RevocationStatus| chain.revocations().filter(move |one| one.status == status);
    let hits: Vec<Hit> = of(RevocationStatus::Revoked)
        .map(|one| hit(chain, one))
        .collect();
    if !hits.is_empty() {
        return Verdict::Hit(hits);
    }
    if of(RevocationStatus::Unknown).next().is_some() {
        return Verdict::NotApplicable("whether it is revoked is not known");
    }
    match of(RevocationStatus::Good).next() {
        Some(_) => Verdict::Pass,
        None => Verdict::NotApplicable("its certificates name no OCSP responder and no CRL"),
    }
}

fn hit(chain: &Chain, revoked: &Revocation) -> Hit {
    let index = chain
        .certificates()
        .position(|one| one.sha256 == revoked.sha256);
    let which = match index {
        Some(index) => kind(chain, index),
        None => "intermediate",
    };
    let since = revoked
        .revoked_at
        .map_or_else(String::new, |at| format!(" at {at}"));
    let reason = revoked
        .reason
        .map_or_else(String::new, |reason| format!(" ({reason})"));
    let by = match revoked.by {
        Some(FetchedFor::Ocsp) => "the OCSP responder of its CA",
        Some(FetchedFor::Crl) => "the CRL of its CA",
        Some(FetchedFor::Issuer) | None => "its CA",
    };
    let remedy = match which {
        "leaf" => "make a new key and get a new certificate for it; a revoked one stays revoked",
        _ => "get a certificate from another intermediate of the CA",
    };
    let mut hit = Hit::new(
        format!(
            "the {which} of {} was revoked{since}{reason}, according to {by}",
            the_chain(chain)
        ),
        revoked.subject.clone(),
        match index {
            Some(index) => place(chain, index),
            None => whole(chain),
        },
        remedy,
    )
    .act(owner(chain.role));
    for (label, value) in [
        ("asked", revoked.url.clone()),
        ("signed by", revoked.signed_by.clone()),
        ("thisUpdate", revoked.this_update.map(|at| at.to_string())),
        ("nextUpdate", revoked.next_update.map(|at| at.to_string())),
    ] {
        if let Some(value) = value {
            hit = hit.evidence(label, value);
        }
    }
    match which {
        "leaf" => hit.step(make_key(chain)),
        _ => hit,
    }
}
