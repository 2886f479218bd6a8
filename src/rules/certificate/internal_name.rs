//! MT246.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, below_a_private_anchor, breaches},
};

rule! {
    /// ## What it finds
    ///
    /// An IP address or a DNS name of a private network in a leaf: 10.0.0.1, a single label,
    /// .local, .internal. Below a private trust anchor it is not checked.
    ///
    /// ## Why it matters
    ///
    /// Callers on the internet cannot reach the webhook by that name, and public CAs must not
    /// certify it. In a private PKI it is usual.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done if the callers are in the same network.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.4.2.1
    /// - RFC 6890 (special-purpose addresses), RFC 6761 (special-use names)
    pub static RULE = MT246 {
        name: "internal-name",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.4.2.1", "2025-04"), ("RFC 6890", "2013-04")],
        faults: [],
        symptoms: [Breaks(Requirement::InternalName)],
        check: Certificate(check),
        fires_on: || Fixture::files().without_anchors().breach(Requirement::InternalName, None, false).done(),
        silent_on: || Fixture::files().breach(Requirement::InternalName, None, false).done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    if below_a_private_anchor(at) {
        return Verdict::NotApplicable("its trust anchor is private, and may certify such names");
    }
    breaches(
        at,
        &[Requirement::InternalName],
        "nothing breaks inside the network; a caller from outside needs a public name",
        Line::Show(""),
    )
}
