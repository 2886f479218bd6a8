//! MT426.

use super::help::{argument, owner, place, problems, sent_index, the_chain, whole, word};
use crate::{
    context::Context,
    facts::{Certificate, Chain, Purpose, SIGNATURE_NOT_CHECKED},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A certificate on the way to the anchor whose signature this program cannot check: Ed448, DSA, SM2, a brainpool curve, or an
    /// algorithm that it does not know.
    ///
    /// ## Why it matters
    ///
    /// Nothing is known of such a signature: the issuer may have made it, or anybody. A chain with one is neither trusted nor
    /// untrusted, and the verdict is `unknown`, never a pass.
    ///
    /// ## How to fix it
    ///
    /// Ask a program that has the algorithm; OpenSSL has most. Better still, have the certificate signed with an algorithm that every
    /// stack knows: RSA, or ECDSA on P-256 or P-384, with SHA-256 or SHA-384.
    ///
    /// ```text
    /// openssl verify -purpose sslserver -CAfile anchors.pem -untrusted fullchain.pem fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.3 (a)(1)
    pub static RULE = MT426 {
        name: "signature-not-checked",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.3", "2008-05")],
        faults: [],
        symptoms: [Verify(76), Says("unsupportedsignaturealgorithm")],
        check: Chain(check),
        fires_on: || super::fixture::Fixture::good().signature_not_checked().done(),
        silent_on: || super::fixture::Fixture::good().problem(0, 7).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("no path was built for this chain");
    };
    let purpose = match trust.purpose {
        Purpose::ClientAuth => "sslclient",
        Purpose::ServerAuth => "sslserver",
    };
    let file = argument(chain, "fullchain.pem");
    let hits = problems(chain, &[SIGNATURE_NOT_CHECKED]).map(|problem| {
        let index = sent_index(chain, problem);
        let sent: Option<&Certificate> = index.and_then(|index| chain.certificates.get(index));
        let hit = Hit::new(
            format!(
                "{} could not be judged: at depth {}, {}",
                the_chain(chain),
                problem.depth,
                problem.why
            ),
            sent.map_or_else(|| problem.subject.clone(), Certificate::label),
            match index {
                Some(index) => place(chain, index),
                None => whole(chain),
            },
            format!(
                "ask OpenSSL, or have the {}'s chain signed with an algorithm that every stack knows",
                word(chain.role)
            ),
        )
        .command(format!(
            "openssl verify -purpose {purpose} -CAfile anchors.pem -untrusted {file} {file}"
        ))
        .act(owner(chain.role));
        match sent {
            Some(certificate) => hit
                .evidence("signature algorithm", certificate.signature_algorithm.to_string())
                .evidence("sha256", certificate.sha256.clone()),
            None => hit,
        }
    });
    Verdict::from_hits(hits.collect())
}
