//! MT245.

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
    /// An alternative name that is listed twice.
    ///
    /// ## Why it matters
    ///
    /// Nothing breaks. Most likely the request listed the name twice.
    ///
    /// ## How to fix it
    ///
    /// List each name once in the next request.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.6
    /// - zlint, n_san_dns_name_duplicate
    pub static RULE = MT245 {
        name: "alternative-name-twice",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.6", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::AlternativeNamesOnce)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AlternativeNamesOnce, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNamesOnce],
        "nothing breaks; list each name once in the next request",
        Line::Show(""),
    )
}
