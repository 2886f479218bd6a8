//! MT414.

use crate::{
    context::Context,
    facts::Case,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::{each_set, together},
        chain::expires_soon::{ends, late},
        help::argument,
    },
};

rule! {
    /// ## What it finds
    ///
    /// A certificate in the client-CA file with fewer than `--warn-days` left, if the file has no
    /// longer-lasting certificate with the same key; an error with fewer than `--fail-days`, where
    /// that is given.
    ///
    /// ## Why it matters
    ///
    /// On that day OpenSSL and Go, at least, reject every client below it, although the clients'
    /// own certificates are still valid.
    ///
    /// ## How to fix it
    ///
    /// Ask the sender or its CA for the next root, and add it beside this one before that day.
    ///
    /// ```text
    /// openssl storeutl -noout -text -certs clients.pem | grep -E "Subject:|Not After"
    /// cat next-root.pem >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5 (validity)
    pub static RULE = MT414 {
        name: "anchor-expires-soon",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .block(0, |root| root.not_after = "2026-12-02T00:00:00Z".parse().unwrap()).done(),
        silent_on: || Fixture::client_ca()
            .block(0, |root| root.not_after = "2026-12-02T00:00:00Z".parse().unwrap())
            .also(chain_fixture::reissued(&fixture::root())).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    each_set(case, |file| {
        let lasting: std::collections::HashSet<&str> = file
            .anchors()
            .filter(|(_, certificate)| {
                certificate.not_after >= context.now && late(certificate, context).is_none()
            })
            .map(|(_, certificate)| certificate.spki_sha256.as_str())
            .collect();
        let found: Vec<_> = file
            .anchors()
            .filter(|(_, certificate)| {
                late(certificate, context).is_some()
                    && !lasting.contains(certificate.spki_sha256.as_str())
            })
            .map(|(index, certificate)| {
                let why = format!("it {}", ends(certificate, context.now));
                (index, certificate, why)
            })
            .collect();
        let hit = together(
            file,
            &found,
            "expires soon",
            "ask the sender or its CA for the next root, and add it beside this one",
        );
        // Who says how many days are too few is taken at the word.
        let failing = context.fail_days_said
            && found
                .iter()
                .any(|(_, certificate, _)| late(certificate, context) == Some(Severity::Error));
        let hit = hit.map(|hit| {
            let hit = match failing {
                true => hit.severity(Severity::Error),
                false => hit,
            };
            hit.step(format!(
                "cat next-root.pem >> {}   # the root, from the CA",
                argument(file.chain, "clients.pem")
            ))
        });
        Verdict::from_hits(hit.into_iter().collect())
    })
}
