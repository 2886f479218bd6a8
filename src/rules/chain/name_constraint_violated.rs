//! MT210.

use crate::{
    context::Context,
    facts::Chain,
    finding::Verdict,
    rule,
    rules::{
        certificate::help::of_problem,
        help::{show, suspects, verdict},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A name in a certificate that a CA above it may not certify, or name constraints that a
    /// verifier cannot apply.
    ///
    /// ## Why it matters
    ///
    /// Company CAs are often constrained to the company's own domains. A verifier that finds a name
    /// outside rejects the chain: OpenSSL with error 47 (not permitted) or 48 (excluded), most
    /// stacks with alert 46. A subtree in another form than RFC 5280's, with a leading period or a
    /// wildcard, is a note: common verifiers read it; one without a meaning, such as a mask that is
    /// not a prefix, is a warning: Go rejects it.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate issued with names within the constraints, or by a CA that may certify
    /// them.
    ///
    /// ```text
    /// openssl x509 -in intermediate.pem -noout -ext nameConstraints
    /// openssl x509 -in leaf.pem -noout -subject -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.10 (name constraints)
    pub static RULE = MT210 {
        name: "name-constraint-violated",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.10", "2008-05")],
        faults: ["client-name-constraint-violation", "server-name-constraint-violation"],
        symptoms: [
            Breaks(Requirement::SubtreeForm), Breaks(Requirement::SubtreeMeaning),
            Verify(47), Verify(48), Verify(49), Verify(51), Verify(52), Verify(53), Alert(46), Alert(42),
            Says("permitted subtree violation"), Says("excluded subtree violation"),
            Says("nameconstraintviolation"), Says("is not permitted by any constraint"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().problem(0, 47).done(),
        silent_on: || Fixture::good().leaf_expired().done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.trust.is_none() {
        return Verdict::NotApplicable("no path was built for this chain");
    }
    let outside = suspects(chain, &[47, 48, 49, 51, 52, 53], |_, _| None);
    verdict(&outside, |suspect| {
        let command = show(
            chain,
            "Subject:|Name Constraints|Permitted|Excluded|DNS:|IP:",
        );
        let unusual = suspect
            .problem
            .filter(|problem| problem.requirement.is_some());
        if let Some(problem) = unusual {
            let weight = of_problem(chain, problem);
            let message = format!(
                "the name constraints of {}: {}",
                suspect.which(),
                suspect.why
            );
            let hit = suspect.hit(
                weight.sentence(&message),
                "have the CA certificate reissued with the subtree in the form of RFC 5280",
            );
            return weight.weighed(hit).check(command);
        }
        let hit = suspect
            .hit(
                format!(
                    "{} violates the name constraints above it: {}",
                    suspect.which(),
                    suspect.why
                ),
                "have the certificate issued with names within the constraints, or by another CA",
            )
            .check(command);
        match suspect.sent {
            Some((_, certificate)) if !certificate.sans.is_empty() => {
                hit.evidence("names", certificate.sans.join(", "))
            }
            _ => hit,
        }
    })
}
