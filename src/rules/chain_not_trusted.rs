//! MT410.

use super::help::{argument, owner, place, sent_index, the_chain, whole};
use crate::{
    context::Context,
    facts::{Chain, Problem, Purpose, TrustStatus},
    finding::{CertificateAt, Check, Hit, Rule, Symptom, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A chain that path validation refused for a reason that no other rule speaks about: too long a chain, a revoked
    /// certificate, a revocation list that is missing or stale, a host name that does not match, or one of OpenSSL's rarer errors.
    ///
    /// ## Why it matters
    ///
    /// A refused chain must never pass for a good one only because the reason is rare.
    ///
    /// ## How to fix it
    ///
    /// The message carries OpenSSL's number and text; the manual page explains each. Note that a stale revocation list is
    /// answered with `certificate expired` (alert 45) and a missing one with `unknown ca` (48), though the certificate is fine.
    ///
    /// ```text
    /// openssl verify -purpose sslclient -CAfile clients.pem -untrusted fullchain.pem fullchain.pem
    /// man openssl-verify      # section DIAGNOSTICS
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL, X509_STORE_CTX_get_error(3)
    /// - RFC 5280, section 6 (path validation)
    pub static RULE = MT410 {
        name: "chain-not-trusted",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 X509_STORE_CTX_get_error(3)", "2021-09"), ("RFC 5280 section 6", "2008-05")],
        faults: [
            "client-revoked", "client-crl-missing-for-issuer", "client-crl-stale",
            "server-revoked", "server-crl-missing-for-issuer", "server-crl-stale",
        ],
        symptoms: [
            Verify(22), Verify(23), Verify(3), Verify(11), Verify(12), Verify(8), Alert(44), Alert(45), Alert(48),
            Says("certificate chain too long"), Says("certificate revoked"), Says("unable to get certificate crl"),
            Says("crl has expired"),
        ],
        check: Chain(check),
        fires_on: || super::fixture::Fixture::good().problem(0, 23).done(),
        silent_on: || super::fixture::Fixture::good().leaf_expired().done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("no path was built for this chain");
    };
    match trust.status {
        TrustStatus::Unknown if trust.unanswered() => {
            return Verdict::NotApplicable(
                "a part of it could not be checked, which is another finding",
            );
        }
        TrustStatus::Unknown => return Verdict::NotApplicable("nothing to judge against"),
        TrustStatus::Trusted => return Verdict::Pass,
        TrustStatus::Untrusted => {}
    }
    let whose = the_chain(chain);
    let purpose = match trust.purpose {
        Purpose::ClientAuth => "sslclient",
        Purpose::ServerAuth => "sslserver",
    };
    let file = argument(chain, "fullchain.pem");
    let rest: Vec<&Problem> = trust
        .problems
        .iter()
        .filter(|problem| !explained(problem, chain, context))
        .collect();
    let hits = rest.into_iter().map(|problem| {
        Hit::new(
            format!(
                "{whose} is not trusted, error {} at depth {}: {}",
                problem.error.num, problem.depth, problem.why
            ),
            problem.subject.clone(),
            match sent_index(chain, problem) {
                Some(index) => place(chain, index),
                None => whole(chain),
            },
            "look the number up in openssl-verify(1) and mend what it names",
        )
        .evidence(
            "openssl",
            format!("error {}: {}", problem.error.num, problem.error.text),
        )
        .command(format!(
            "openssl verify -purpose {purpose} -CAfile anchors.pem -untrusted {file} {file}"
        ))
        .act(owner(chain.role))
    });
    Verdict::from_hits(hits.collect())
}

/// Whether another rule already speaks about this problem in this chain.
fn explained(problem: &Problem, chain: &Chain, context: &Context) -> bool {
    super::ALL
        .iter()
        .filter(|rule| rule.code != RULE.code)
        .filter(|rule| {
            let requirement = problem
                .requirement
                .is_some_and(|requirement| rule.symptoms.contains(&Symptom::Breaks(requirement)));
            requirement || rule.symptoms.contains(&Symptom::Verify(problem.error.num))
        })
        .any(|rule| hits(rule, chain, context))
}

fn hits(rule: &Rule, chain: &Chain, context: &Context) -> bool {
    let hit = |verdict| matches!(verdict, Verdict::Hit(_));
    match rule.check {
        Check::Chain(check) => hit(check(chain, context)),
        Check::Certificate(check) => {
            let certificates = chain.certificates.iter().enumerate();
            certificates
                .map(|(index, certificate)| CertificateAt {
                    chain,
                    index,
                    certificate,
                })
                .any(|at| hit(check(at, context)))
        }
        Check::Site(_)
        | Check::Handshake(_)
        | Check::Http(_)
        | Check::Call(_)
        | Check::Visit(_)
        | Check::Probe(_)
        | Check::Token(_)
        | Check::File(_)
        | Check::Bundle(_)
        | Check::Case(_)
        | Check::After(_) => false,
    }
}
