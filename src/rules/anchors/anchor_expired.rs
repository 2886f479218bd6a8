//! MT413.

use crate::{
    context::Context,
    facts::Case,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::{each_set, together, without},
        help::{apart, show},
    },
};

rule! {
    /// ## What it finds
    ///
    /// An expired certificate in the client-CA file, if the file has no valid certificate with the
    /// same key. If the file has another valid trust anchor it is a warning.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and Go reject every client below it (error 10 at the depth of the root); rustls and
    /// webpki ignore a trust anchor's dates. A root that webhooks were once asked to trust for
    /// Dialogflow expired in December 2021.
    ///
    /// ## How to fix it
    ///
    /// Add the sender's current root from its documentation, and remove the old one.
    ///
    /// ```text
    /// openssl storeutl -noout -text -certs clients.pem | grep -E "Subject:|Not After"
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5 (validity)
    /// - OpenSSL, X509_verify_cert(3) (an anchor's dates count)
    pub static RULE = MT413 {
        name: "anchor-expired",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: ["client-root-expired"],
        symptoms: [Says("certificate has expired")],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .block(0, |root| root.not_after = "2026-11-01T00:00:00Z".parse().unwrap()).done(),
        silent_on: || Fixture::client_ca()
            .block(0, |root| root.not_after = fixture::now()).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    each_set(case, |file| {
        let valid: std::collections::HashSet<&str> = file
            .anchors()
            .filter(|(_, certificate)| certificate.not_after >= context.now)
            .map(|(_, certificate)| certificate.spki_sha256.as_str())
            .collect();
        let found: Vec<_> = file
            .anchors()
            .filter(|(_, certificate)| {
                certificate.not_after < context.now
                    && !valid.contains(certificate.spki_sha256.as_str())
            })
            .map(|(index, certificate)| {
                let why = format!(
                    "notAfter {}, {} ago",
                    certificate.not_after,
                    apart(context.now, certificate.not_after)
                );
                (index, certificate, why)
            })
            .collect();
        let hit = together(
            file,
            &found,
            "expired",
            "add the sender's current root from its documentation, and remove this one",
        );
        let hit = hit.map(|hit| {
            let hit = match without(file, &found) {
                Some(command) => hit.fix(command),
                None => hit.check(show(file.chain, "Subject:|Not After")),
            };
            if valid.is_empty() {
                hit
            } else {
                hit.severity(Severity::Warning)
            }
        });
        Verdict::from_hits(hit.into_iter().collect())
    })
}
