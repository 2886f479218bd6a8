//! MT231.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, breaches},
};

rule! {
    /// ## What it finds
    ///
    /// A server certificate issued on or after 2027-03-15 with clientAuth beside serverAuth. Under
    /// a public root it is a warning.
    ///
    /// ## Why it matters
    ///
    /// Chrome's root program accepts no such certificate from then on, and public CAs stop issuing
    /// them, some earlier ([MT280](#mt280) has their dates). Whoever uses a public server
    /// certificate as a client certificate needs another one.
    ///
    /// ## How to fix it
    ///
    /// Drop clientAuth, and get client certificates from a private CA.
    ///
    /// ```text
    /// extendedKeyUsage = serverAuth
    /// ```
    ///
    /// ## References
    ///
    /// - Chrome Root Program Policy 1.8, section 1.3.2
    /// - pki.goog/updates/may2025-clientauth.html
    /// - letsencrypt/website#2277
    pub static RULE = MT231 {
        name: "client-auth-in-server-certificate",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("Chrome Root Program Policy 1.8 section 1.3.2", "2026-02-05")],
        faults: [],
        symptoms: [Breaks(Requirement::ClientUsageInServer)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ClientUsageInServer, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ClientUsageInServer],
        "use separate certificates as a server and as a client",
        Line::Setting("extendedKeyUsage = serverAuth"),
    )
}
