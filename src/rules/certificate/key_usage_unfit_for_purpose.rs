//! MT227.

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
    /// A keyUsage and an extendedKeyUsage that do not go together: a purpose that none of the usages serves, or a usage that
    /// none of the purposes has.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 allows a use only when both extensions allow it. Where the purpose asked for is affected, another finding
    /// says so.
    ///
    /// ## How to fix it
    ///
    /// For the next edition of a server's certificate:
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
        "make the two extensions agree in the next edition",
        "printf '%s\\n' 'keyUsage=critical,digitalSignature' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}
