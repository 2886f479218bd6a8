//! MT410.

use crate::{
    context::Context,
    facts::{Chain, Problem, Purpose, StackAnswer, TrustFacts, TrustStatus},
    finding::{CertificateAt, Check, Hit, Rule, Severity, Symptom, Verdict},
    rule,
    rules::{
        certificate::help::of_problem,
        help::{anchors_file, argument, make_key, owner, place, sent_index, the_chain, whole},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A chain that path validation rejected for a reason that no other rule covers: too long a
    /// chain, a revoked certificate, a revocation list that is missing or expired, a host name
    /// mismatch, or one of OpenSSL's rarer errors.
    ///
    /// ## Why it matters
    ///
    /// A rejected chain must never pass as good only because the reason is rare.
    ///
    /// ## How to fix it
    ///
    /// A revoked certificate stays revoked: get a new one with a new key. For a missing or expired
    /// revocation list, fetch the current one. For the rest, the message carries OpenSSL's number
    /// and text; openssl-verify(1) explains each. An expired revocation list is answered with
    /// `certificate expired` (alert 45) and a missing one with `unknown ca` (48), although the
    /// certificate is fine.
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
        fires_on: || Fixture::good().problem(0, 23).done(),
        silent_on: || Fixture::good().leaf_expired().done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("no path was built for this chain");
    };
    match trust.status {
        TrustStatus::Unknown if trust.unanswered() => {
            return Verdict::NotApplicable(
                "part of it could not be checked, which is another finding",
            );
        }
        TrustStatus::Unknown => return Verdict::NotApplicable("no trust anchor to check against"),
        TrustStatus::Trusted => return Verdict::Pass,
        TrustStatus::Disputed => {
            return Verdict::NotApplicable("some verifiers accept it, others reject it");
        }
        TrustStatus::Untrusted => {}
    }
    let rest: Vec<&Problem> = trust
        .problems
        .iter()
        .filter(|problem| refuses(problem, chain) && !explained(problem, chain, context))
        .collect();
    if rest.is_empty() && !is_told(chain, context) {
        // A chain is never refused without an error that says why.
        return if trust.stacks.iter().any(|verdict| verdict.decides) {
            by_verifiers(chain, trust)
        } else {
            by_problems(chain, trust.problems.iter().collect(), context)
        };
    }
    by_problems(chain, rest, context)
}

/// OpenSSL's numbers about revocation (X509_V_ERR_UNABLE_TO_GET_CRL, _CRL_HAS_EXPIRED,
/// _CERT_REVOKED).
const NO_LIST: u32 = 3;
const LIST_EXPIRED: u32 = 12;
const REVOKED: u32 = 23;

/// OpenSSL's numbers for what is wrong with a CRL, not with a certificate (x509_vfy.h: besides these,
/// its signature, its dates, its issuer, its scope).
pub(super) const ABOUT_LISTS: [u32; 8] = [NO_LIST, 5, 8, 11, LIST_EXPIRED, 33, 35, 44];

/// What to do about an error of path validation.
fn remedy(number: u32) -> &'static str {
    match number {
        REVOKED => "make a new key and get a new certificate for it; a revoked one stays revoked",
        NO_LIST => "fetch the revocation list of the issuer, and give it with --crlfile",
        LIST_EXPIRED => "fetch the current revocation list of the issuer",
        _ => "look the number up in openssl-verify(1), and fix what it names",
    }
}

/// What path validation holds against the chain.
fn by_problems(chain: &Chain, problems: Vec<&Problem>, context: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::Pass;
    };
    let whose = the_chain(chain);
    let purpose = match trust.purpose {
        Purpose::ClientAuth => "sslclient",
        Purpose::ServerAuth => "sslserver",
    };
    let file = argument(chain, "fullchain.pem");
    let hits = problems.into_iter().map(|problem| {
        let hit = Hit::new(
            format!(
                "{whose} is not trusted: {} (error {} at depth {})",
                problem.why, problem.error.num, problem.depth
            ),
            problem.subject.clone(),
            match sent_index(chain, problem) {
                Some(index) => place(chain, index),
                None => whole(chain),
            },
            remedy(problem.error.num),
        )
        .evidence(
            "openssl",
            format!("error {}: {}", problem.error.num, problem.error.text),
        )
        .act(owner(chain.role));
        (problem.error.num, hit)
    });
    let hits = hits.map(|(number, hit)| match number {
        REVOKED => hit.step(make_key(chain)),
        NO_LIST | LIST_EXPIRED => hit.check(format!(
            "openssl x509 -in {file} -noout -ext crlDistributionPoints"
        )),
        _ => hit.check(format!(
            "openssl verify -purpose {purpose} -CAfile {} -untrusted {file} {file}",
            anchors_file(context)
        )),
    });
    Verdict::from_hits(hits.collect())
}

/// Whether another rule calls something about this chain an error.
pub(in crate::rules) fn is_told(chain: &Chain, context: &Context) -> bool {
    crate::rules::ALL
        .iter()
        .filter(|rule| rule.code != RULE.code)
        .filter(|rule| {
            let about_trust =
                |symptom: &Symptom| matches!(symptom, Symptom::Verify(_) | Symptom::Breaks(_));
            rule.symptoms.iter().any(about_trust)
        })
        .flat_map(|rule| {
            let hits = hits(rule, chain, context);
            hits.into_iter()
                .map(|hit| hit.severity.unwrap_or(rule.severity))
        })
        .any(|severity| severity == Severity::Error)
}

/// What the verifiers that decide hold against the chain.
fn by_verifiers(chain: &Chain, trust: &TrustFacts) -> Verdict {
    let reasons = trust
        .stacks
        .iter()
        .filter(|verdict| verdict.decides && verdict.answer == StackAnswer::Refuses)
        .filter_map(|verdict| Some((verdict.stack, verdict.reasons.first()?)));
    let hits = reasons.map(|(stack, reason)| {
        Hit::new(
            format!(
                "{} is rejected by {}: {}: {}",
                the_chain(chain),
                stack.stands_for().join(", "),
                reason.place.name(),
                reason.why
            ),
            reason.subject.clone(),
            whole(chain),
            "have the certificate reissued without that",
        )
        .act(owner(chain.role))
    });
    Verdict::from_hits(hits.collect())
}

/// Whether most verifiers refuse the chain for it. A requirement of the certificate profile that
/// they pass over is no reason of this rule: its own rule says who refuses it.
fn refuses(problem: &Problem, chain: &Chain) -> bool {
    of_problem(chain, problem).is_refusal()
}

/// Whether another rule already speaks about this problem in this chain.
fn explained(problem: &Problem, chain: &Chain, context: &Context) -> bool {
    crate::rules::ALL
        .iter()
        .filter(|rule| rule.code != RULE.code)
        .filter(|rule| {
            let requirement = problem
                .requirement
                .is_some_and(|requirement| rule.symptoms.contains(&Symptom::Breaks(requirement)));
            requirement || rule.symptoms.contains(&Symptom::Verify(problem.error.num))
        })
        .any(|rule| !hits(rule, chain, context).is_empty())
}

/// What a rule holds against the chain or its certificates.
fn hits(rule: &Rule, chain: &Chain, context: &Context) -> Vec<Hit> {
    let of = |verdict| match verdict {
        Verdict::Hit(hits) => hits,
        Verdict::Pass | Verdict::NotApplicable(_) => Vec::new(),
    };
    match rule.check {
        Check::Chain(check) => of(check(chain, context)),
        Check::Certificate(check) => {
            let certificates = chain.certificates().enumerate();
            certificates
                .map(|(index, certificate)| CertificateAt {
                    chain,
                    index,
                    certificate,
                })
                .flat_map(|at| of(check(at, context)))
                .collect()
        }
        Check::Site(_)
        | Check::Accepted(_)
        | Check::Http(_)
        | Check::Call(_)
        | Check::Dialled(_)
        | Check::Probe(_)
        | Check::Token(_)
        | Check::File(_)
        | Check::Bundle(_)
        | Check::Case(_)
        | Check::After(_) => Vec::new(),
    }
}
