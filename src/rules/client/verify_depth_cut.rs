//! MT407.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::help::{anchors_file, place, sent_index, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A verification error deeper in the client's chain than the depth given with `-verify N` or
    /// `-Verify N`.
    ///
    /// ## Why it matters
    ///
    /// `openssl s_server -verify N` does not mean "accept anything". It ignores errors at depth N
    /// or less and ends the handshake on a deeper one, even without `-verify_return_error`. A chain
    /// of leaf, intermediate and untrusted root fails with `-verify 1` and passes with `-verify 5`.
    /// `N` does not limit the length of a valid chain.
    ///
    /// ## How to fix it
    ///
    /// Give the trust anchor, so that there is no error, or a greater depth.
    ///
    /// ```text
    /// openssl s_server -accept 4433 -cert leaf.pem -cert_chain fullchain.pem -key key.pem -verify 5 -CAfile clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL, openssl-s_server(1), option -verify; behaviour seen with 3.0.19
    pub static RULE = MT407 {
        name: "verify-depth-cut",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("openssl-s_server(1) of OpenSSL 3.0.19, tried", "2026-11-23")],
        faults: [],
        symptoms: [Alert(48), Says("tls_process_client_certificate:certificate verify failed")],
        check: Chain(check),
        fires_on: || Fixture::good().root_sent().problem(2, 19)
            .context(|context| context.verify_depth = Some(1)).done(),
        silent_on: || Fixture::good().root_sent().problem(2, 19)
            .context(|context| context.verify_depth = Some(2)).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    let Some(limit) = context.verify_depth else {
        return Verdict::NotApplicable("no verification depth was given");
    };
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("the client sent no certificate");
    };
    let deepest = trust
        .problems
        .iter()
        .filter(|problem| problem.depth > limit as usize)
        .max_by_key(|problem| problem.depth);
    let Some(problem) = deepest else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        format!(
            "error {} at depth {} is deeper than -verify {limit}: OpenSSL ends the handshake",
            problem.error.num, problem.depth
        ),
        problem.subject.clone(),
        match sent_index(chain, problem) {
            Some(index) => place(chain, index),
            None => whole(chain),
        },
        "give the client's trust anchor, so that there is no error, or a greater depth",
    )
    .evidence(
        "openssl",
        format!("{}: {}", problem.error.num, problem.error.text),
    )
    .setting(format!(
        "openssl s_server -verify {} -CAfile {}",
        problem.depth,
        anchors_file(context)
    ));
    // With --enforce any error ends it; the depth is then irrelevant.
    Verdict::hit(if context.enforce {
        hit.severity(Severity::Note)
    } else {
        hit
    })
}
