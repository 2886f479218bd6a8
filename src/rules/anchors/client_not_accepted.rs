//! MT453.

use crate::{
    context::Context,
    facts::{Admitted, Case, Place},
    finding::{Hit, Verdict},
    rule,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A client certificate that was named with `--would-accept` and is rejected: by the client-CA
    /// file, or by the server configuration that names it.
    ///
    /// ## Why it matters
    ///
    /// Whoever presents it gets no answer from the webhook. Without a configuration the answer is
    /// what all mainstream verifiers say of the chain; where they differ, the verdict is unknown.
    /// With a configuration it is what that server does: its depth, its conditions on the subject.
    ///
    /// ## How to fix it
    ///
    /// The message has the reason. Renew a certificate that expired, have the client present its
    /// whole chain, or add the root that issued it to the client-CA file.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -subject -issuer -dates -ext extendedKeyUsage
    /// openssl verify -purpose sslclient -CAfile clients.pem -untrusted leaf.pem leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6 (path validation)
    pub static RULE = MT453 {
        name: "client-not-accepted",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 6", "2008-05")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca().client_named(crate::facts::Admitted::Rejected).done(),
        silent_on: || Fixture::client_ca().client_named(crate::facts::Admitted::Accepted).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    if case.would().is_empty() {
        return Verdict::NotApplicable("no client certificate was named with --would-accept");
    }
    let rejected = case
        .would()
        .iter()
        .filter(|one| one.outcome == Admitted::Rejected);
    let hits = rejected.map(|one| {
        let place = Place::File {
            path: one.path.clone(),
            first_line: 1,
            last_line: 1,
        };
        let hit = Hit::new(
            format!(
                "{} rejects the client \"{}\": {}",
                one.by, one.client, one.why
            ),
            one.client.clone(),
            place,
            "change what the reason names, in the client's certificate or in the configuration",
        );
        hit.check(format!(
            "openssl x509 -in {} -noout -subject -issuer -dates",
            shell(&one.path)
        ))
    });
    Verdict::from_hits(hits.collect())
}
