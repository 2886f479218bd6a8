//! MT281.

use crate::{
    context::Context,
    finding::{CertificateAt, Hit, Verdict},
    rule,
    rules::help::{argument, owner, place, word},
};

rule! {
    /// ## What it finds
    ///
    /// A signature whose BIT STRING declares unused bits in its last octet. A signature has whole octets.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and rustls reject it as malformed, and Go shifts it by those bits, so that it no longer verifies. Attestation
    /// certificates of early U2F tokens have it.
    ///
    /// ## How to fix it
    ///
    /// Have the CA issue the certificate again.
    ///
    /// ```text
    /// openssl asn1parse -in cert.pem | tail -n 1
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.1.3 (signatureValue)
    /// - OpenSSL 3.0, crypto/asn1/a_verify.c (ASN1_R_INVALID_BIT_STRING_BITS_LEFT)
    /// - github.com/mirleft/ocaml-x509/issues/108 (a certificate of a token)
    pub static RULE = MT281 {
        name: "signature-bits-unused",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.1.3", "2008-05"), ("OpenSSL 3.0 crypto/asn1/a_verify.c", "2021-09")],
        faults: [],
        symptoms: [Says("invalid bit string bits left")],
        check: Certificate(check),
        fires_on: || Fixture::files().block(0, |leaf| leaf.form.signature_unused_bits = 1).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    let unused = at.certificate.form.signature_unused_bits;
    if unused == 0 {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "certificate {} of the {}'s chain has a malformed signature: {unused} unused bits, expected 0",
                at.index,
                word(at.chain.role)
            ),
            at.certificate.label(),
            place(at.chain, at.index),
            "have the CA issue the certificate again",
        )
        .evidence("sha256", at.certificate.sha256.clone())
        .check(format!(
            "openssl x509 -in {} -noout -text | tail -n 20",
            argument(at.chain, "cert.pem")
        ))
        .act(owner(at.chain.role)),
    )
}
