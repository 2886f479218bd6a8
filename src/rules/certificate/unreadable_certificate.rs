//! MT212.

use crate::{
    context::Context,
    finding::{CertificateAt, Hit, Verdict},
    rule,
    rules::help::{owner, place, word},
};

rule! {
    /// ## What it finds
    ///
    /// An entry of the Certificate message that is not a well-formed X.509 certificate.
    ///
    /// ## Why it matters
    ///
    /// Strict verifiers refuse the message as a whole. Lenient ones take what is damaged only slightly (a wrongly encoded
    /// date, a negative serial number), so one server says yes where another says no.
    ///
    /// ## How to fix it
    ///
    /// The owner looks at the file that is loaded, and has the certificate issued again if the authority wrote it so.
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
                at.index,
                word(at.chain.role),
                unreadable.reason
            ),
            at.certificate.label(),
            place(at.chain, at.index),
            "look at the file that is loaded; have the certificate issued again if the authority wrote it so",
        )
        .evidence("sha256", at.certificate.sha256.clone())
        .command("openssl asn1parse -in leaf.pem")
        .act(owner(at.chain.role)),
    )
}
