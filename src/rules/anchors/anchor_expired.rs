//! MT413.

use crate::{
    context::Context,
    facts::Case,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::{each_set, together},
        help::{apart, argument},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A certificate in the client-CA file whose validity has ended, with no other certificate of the same key in the file that is still
    /// valid. As long as the file has an anchor in its dates it is a warning.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and Go refuse every client below it (error 10 at the depth of the root); rustls and webpki do not look at an anchor's
    /// dates. A root that webhooks were once told to trust for the first sender ended in December 2021.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook takes the sender's current root from its documentation, and the old one out.
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
                    "it ended {}, {} ago",
                    certificate.not_after,
                    apart(context.now, certificate.not_after)
                );
                (index, certificate, why)
            })
            .collect();
        let hit = together(
            file,
            &found,
            "has expired",
            "take the sender's current root from its documentation, and this one out of the file",
        );
        let hit = hit.map(|hit| {
            let hit = hit.command(format!(
                "openssl storeutl -noout -text -certs {} | grep -E \"Subject:|Not After\"",
                argument(file.chain, "clients.pem")
            ));
            if valid.is_empty() {
                hit
            } else {
                hit.severity(Severity::Warning)
            }
        });
        Verdict::from_hits(hit.into_iter().collect())
    })
}
