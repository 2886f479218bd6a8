//! MT230.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::breaches,
};

rule! {
    /// ## What it finds
    ///
    /// A leaf with anyExtendedKeyUsage. In a client's it is a note: RFC 5280 lets an authority list it. Or an authority that lists it in
    /// place of the purpose.
    ///
    /// ## Why it matters
    ///
    /// Go takes it for every purpose; OpenSSL does not count it and reports error 26 where serverAuth or clientAuth is
    /// missing; the Baseline Requirements forbid it. In an intermediate OpenSSL, so nginx, Apache, HAProxy and Node, rustls, BoringSSL and NSS
    /// do not take it for serverAuth or clientAuth, while Go and Java do; in a root OpenSSL and NSS do not.
    ///
    /// ## How to fix it
    ///
    /// The authority names the purpose and signs again.
    ///
    /// ```text
    /// extendedKeyUsage = serverAuth
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.12
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.10
    pub static RULE = MT230 {
        name: "any-extended-key-usage",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.12", "2008-05"), ("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.10", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::AnyUsage)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AnyUsage, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AnyUsage],
        "have it signed again with the purpose named",
        "printf '%s\\n' 'extendedKeyUsage=serverAuth' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}
