//! MT212.

use crate::{
    context::Context,
    finding::{CertificateAt, Hit, Verdict},
    rule,
    rules::help::{argument, owner, place, word},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate that is not well-formed X.509.
    ///
    /// ## Why it matters
    ///
    /// Strict verifiers reject the whole Certificate message. Lenient ones accept minor damage (a
    /// wrongly encoded date, a negative serial number), so one server accepts what another rejects.
    ///
    /// ## How to fix it
    ///
    /// Check the file that is loaded, and have the certificate reissued if the CA wrote it that
    /// way.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -text
    /// openssl asn1parse -in leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1 (basic certificate fields)
    /// - RFC 8446, section 6.2 (bad_certificate)
    pub static RULE = MT212 {
        name: "unreadable-certificate",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1", "2008-05"), ("RFC 8446 section 6.2", "2018-08")],
        faults: [],
        symptoms: [
            Alert(42), Alert(50), Says("malformed certificate"), Says("badencoding"), Says("failed to parse certificate"),
        ],
        check: Certificate(check),
        fires_on: || Fixture::good().certificate(1, |certificate| {
            certificate.unreadable = Some(UnreadableCertificate { reason: "it ends too early".into() });
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    let Some(unreadable) = &at.certificate.unreadable else {
        return Verdict::Pass;
    };
    Verdict::hit(
        Hit::new(
            format!(
                "certificate {} of the {}'s chain cannot be read: {}",
                at.index + 1,
                word(at.chain.role),
                unreadable.reason
            ),
            at.certificate.label(),
            place(at.chain, at.index),
            "check the file that is loaded; have the certificate reissued if the CA wrote it that way",
        )
        .evidence("sha256", at.certificate.sha256.clone())
        .check(format!(
            "openssl asn1parse -i -in {}",
            argument(at.chain, "leaf.pem")
        ))
        .act(owner(at.chain.role)),
    )
}
