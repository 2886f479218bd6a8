//! MT227.

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
    /// A keyUsage and an extendedKeyUsage that do not match: a purpose that needs a usage which is
    /// not listed, or a usage that no listed purpose needs.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 allows a use only if both extensions allow it. If the purpose checked here is
    /// affected, another finding says so.
    ///
    /// ## How to fix it
    ///
    /// In the next certificate of a server:
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// extendedKeyUsage = serverAuth
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.12
    pub static RULE = MT227 {
        name: "key-usage-unfit-for-purpose",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.12", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::KeyUsageFitsPurpose)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::KeyUsageFitsPurpose, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::KeyUsageFitsPurpose],
        "make the two extensions match in the next certificate",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}
