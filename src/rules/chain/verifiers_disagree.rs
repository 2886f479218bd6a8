//! MT445.

use crate::{
    context::Context,
    facts::{
        Chain, SIGNATURE_NOT_CHECKED, StackAnswer, StackReason, StackVerdict, TrustFacts,
        TrustStatus,
    },
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::chain_not_trusted,
        help::{owner, the_chain, whole},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A chain that some mainstream verifiers accept and others reject: OpenSSL (nginx, Apache,
    /// HAProxy, Node), Go, Java, rustls, BoringSSL (Envoy). It is an error if OpenSSL or most of
    /// them reject it. The finding names each rejecting verifier with its reason, and each one
    /// whose answer is unknown.
    ///
    /// ## Why it matters
    ///
    /// Such a chain works until the program on the other side changes. Only you know which program
    /// that is.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued with the rejected part corrected. If you know the program on
    /// the other side, check for it alone:
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --cacert ca.pem --stack nginx
    /// mtls lint --cert fullchain.pem --cacert ca.pem --stack go --stack java
    /// ```
    ///
    /// ## References
    ///
    /// - docs/stacks.md: what each verifier refuses, measured
    pub static RULE = MT445 {
        name: "verifiers-disagree",
        severity: Warning,
        certainty: Likely,
        act: Either,
        since: "0.1.0",
        cites: [("docs/stacks.md, measured", "2026-11-29")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::good().disputed().done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("no path was built for this chain");
    };
    match trust.status {
        TrustStatus::Disputed => {}
        TrustStatus::Unknown => return not_known(chain, trust),
        TrustStatus::Trusted | TrustStatus::Untrusted => return Verdict::Pass,
    }
    let refusing: Vec<String> = deciding(trust, StackAnswer::Refuses)
        .map(programs_and_why)
        .collect();
    let accepting: Vec<String> = deciding(trust, StackAnswer::Accepts)
        .map(programs)
        .collect();
    let mut hit = Hit::new(
        format!(
            "{} is rejected by {}",
            the_chain(chain),
            refusing.join(", and by ")
        ),
        chain
            .certificate(chain.leaf)
            .map(|leaf| leaf.label())
            .unwrap_or_default(),
        whole(chain),
        if about_lists(trust) {
            "fetch the current CRL of that CA, or check only for the program on the other side with --stack"
        } else {
            "have the certificate reissued without that, or check only for the program on the other side with --stack"
        },
    )
    .act(owner(chain.role));
    if !accepting.is_empty() {
        hit = hit.evidence("accepted by", accepting.join(", "));
    }
    // Where another rule calls the reason an error, this one only adds for whom.
    if trust.mostly_refused() && !chain_not_trusted::is_told(chain, context) {
        hit = hit.severity(Severity::Error);
    }
    Verdict::hit(hit)
}

/// Whether all that refuse do so for a revocation list.
fn about_lists(trust: &TrustFacts) -> bool {
    let reasons: Vec<&StackReason> = deciding(trust, StackAnswer::Refuses)
        .flat_map(|verdict| &verdict.reasons)
        .collect();
    let about = |reason: &&StackReason| {
        let error = reason.error.as_ref();
        error.is_some_and(|error| chain_not_trusted::ABOUT_LISTS.contains(&error.num))
    };
    !reasons.is_empty() && reasons.iter().all(about)
}

/// The programs of an answer, with its first reason where it has one.
fn programs_and_why(verdict: &StackVerdict) -> String {
    match verdict.reasons.first() {
        Some(reason) => format!(
            "{} ({}: {})",
            programs(verdict),
            reason.place.name(),
            reason.why
        ),
        None => programs(verdict),
    }
}

/// Nobody is known to refuse it, and of some it is not known at all: a pass would be a guess. A
/// signature that mtls cannot check is another rule's.
fn not_known(chain: &Chain, trust: &TrustFacts) -> Verdict {
    let unchecked = trust
        .problems
        .iter()
        .any(|problem| problem.error.num == SIGNATURE_NOT_CHECKED);
    let open: Vec<String> = deciding(trust, StackAnswer::NotKnown)
        .map(programs_and_why)
        .collect();
    if unchecked || open.is_empty() {
        return Verdict::NotApplicable("no trust anchor to check against");
    }
    Verdict::hit(
        Hit::new(
            format!(
                "unknown whether {} accept {}",
                open.join(", and whether "),
                the_chain(chain)
            ),
            chain
                .certificate(chain.leaf)
                .map(|leaf| leaf.label())
                .unwrap_or_default(),
            whole(chain),
            "try it with the program on the other side, or have the certificate reissued without that",
        )
        .act(owner(chain.role)),
    )
}

fn deciding(trust: &TrustFacts, answer: StackAnswer) -> impl Iterator<Item = &StackVerdict> {
    trust
        .stacks
        .iter()
        .filter(move |verdict| verdict.decides && verdict.answer == answer)
}

fn programs(verdict: &StackVerdict) -> String {
    verdict.stack.stands_for().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::{engine::judge, rules::fixture::Fixture, verify::x509_error};

    /// The remedy where everyone who refuses does so for this error of OpenSSL's.
    fn remedy(number: u32) -> String {
        let (case, context) = Fixture::good()
            .disputed()
            .chain(|chain| {
                let trust = chain.trust.as_mut().unwrap();
                for reason in trust.stacks.iter_mut().flat_map(|one| &mut one.reasons) {
                    reason.error = Some(x509_error(number));
                }
            })
            .done();
        let found = judge(case, &context).findings;
        let own = found.iter().find(|one| one.rule.code == "MT445");
        own.unwrap().hit.remedy.text.clone()
    }

    #[test]
    fn a_list_that_expired_is_no_fault_of_the_certificate() {
        assert!(remedy(12).starts_with("fetch the current CRL"));
        assert!(remedy(23).starts_with("have the certificate reissued"));
    }
}
