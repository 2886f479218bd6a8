//! MT412.

use crate::{
    context::Context,
    facts::Case,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::{each, together},
        help::argument,
    },
};

rule! {
    /// ## What it finds
    ///
    /// An intermediate in the client-CA file whose issuer is not in the file: no path through it
    /// ends at a root.
    ///
    /// ## Why it matters
    ///
    /// Go, rustls and Java's trust manager treat any certificate in the file as a trust anchor.
    /// OpenSSL requires a self-signed one at the end of the path unless `-partial_chain` is set,
    /// and nginx and Apache do not set it: they reject every client below such an intermediate with
    /// error 2 or 20. An intermediate is also changed more often than a root, and without notice.
    ///
    /// ## How to fix it
    ///
    /// Add the root above it. If only this intermediate's clients are to be accepted, use a server
    /// that supports partial chains, or check the issuer after the handshake.
    ///
    /// ```text
    /// openssl x509 -in intermediate.pem -noout -issuer
    /// cat root.pem >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL, openssl-verification-options(1), -partial_chain
    /// - github.com/nginx/nginx/pull/1594 (nginx needs the root; a setting was asked for)
    pub static RULE = MT412 {
        name: "intermediate-in-place-of-root",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("openssl-verification-options(1) of OpenSSL 3.0.19", "2026-11-23"),
            ("github.com/nginx/nginx/pull/1594", "2026-07-22"),
        ],
        faults: [],
        symptoms: [Says("unable to get issuer certificate")],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .also(fixture::authority_of("Other Intermediate", "Other Root")).done(),
        silent_on: || Fixture::client_ca()
            .also(fixture::authority_of("Client Intermediate", "Client Root")).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    each(case, |file| {
        if !file.named {
            return Verdict::NotApplicable("the file was not given as a client-CA file");
        }
        let subjects: std::collections::HashSet<&str> = file
            .anchors()
            .map(|(_, certificate)| certificate.subject.as_str())
            .collect();
        let found: Vec<_> = file
            .anchors()
            .filter(|(_, certificate)| {
                certificate.is_ca
                    && !certificate.self_issued
                    && !subjects.contains(certificate.issuer.as_str())
            })
            .map(|(index, certificate)| {
                let why = format!("its issuer \"{}\" is not in the file", certificate.issuer);
                (index, certificate, why)
            })
            .collect();
        let hit = together(
            file,
            &found,
            "is an intermediate",
            "add the root above it to the file",
        );
        let hit = hit.map(|hit| {
            hit.step(format!(
                "cat root.pem >> {}   # the root, from the CA",
                argument(file.chain, "clients.pem")
            ))
        });
        // The `ca.crt` of a secret is what an issuer wrote there, often an intermediate, and often
        // not for clients.
        let hit = hit.map(|hit| match file.name().contains('#') {
            true => hit.severity(Severity::Note),
            false => hit,
        });
        Verdict::from_hits(hit.into_iter().collect())
    })
}
