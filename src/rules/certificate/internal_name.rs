//! MT246.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{below_a_private_anchor, breaches},
};

rule! {
    /// ## What it finds
    ///
    /// An address or a DNS name of a private network in a leaf: 10.0.0.1, a single label, .local, .internal. Below an anchor
    /// that is none of the public web's it is not looked for.
    ///
    /// ## Why it matters
    ///
    /// A webhook's caller on the internet does not reach it by that name, and public authorities may not certify it. In a
    /// private PKI it is usual.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done where the caller is in the same network.
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
        return Verdict::NotApplicable(
            "its anchor is a private one, whose names are its owner's affair",
        );
    }
    breaches(
        at,
        &[Requirement::InternalName],
        "nothing breaks inside the network; a caller from outside needs a public name",
        "openssl storeutl -noout -text -certs {file}",
    )
}
