//! MT211.

use crate::{
    context::Context,
    facts::Chain,
    finding::Verdict,
    rule,
    rules::help::{show, suspects, verdict},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate whose signature does not verify with the key of its issuer.
    ///
    /// ## Why it matters
    ///
    /// Either the certificate was changed or damaged after it was signed, or its issuer was made
    /// anew with the same name and another key: usually a test CA that was generated twice. Go then
    /// says `certificate signed by unknown authority (possibly because of "...")`.
    ///
    /// ## How to fix it
    ///
    /// Compare the key identifiers: the leaf's authority key identifier must be the issuer's
    /// subject key identifier. Send the certificate of the CA that signed it, or have the leaf reissued by
    /// the current one.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext authorityKeyIdentifier
    /// openssl x509 -in ca.pem -noout -ext subjectKeyIdentifier
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.3 (a)(1) and section 4.2.1.1 (authority key identifier)
    pub static RULE = MT211 {
        name: "certificate-signature-broken",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.3", "2008-05")],
        faults: ["client-bad-signature", "server-bad-signature"],
        symptoms: [Breaks(Requirement::AlgorithmsAgree),
            Verify(7), Verify(4), Alert(51), Alert(42), Alert(48),
            Says("certificate signature failure"), Says("crypto/rsa: verification error"),
            Says("ecdsa verification failure"), Says("badsignature"), Says("asn1 encoding routines::evp lib"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().problem(0, 7).done(),
        silent_on: || Fixture::good().problem(1, 20).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.trust.is_none() {
        return Verdict::NotApplicable("no path was built for this chain");
    }
    let broken = suspects(chain, &[7, 4], |_, _| None);
    verdict(&broken, |suspect| {
        let hit = suspect
            .hit(
                format!(
                    "the signature of {} does not verify: {}",
                    suspect.which(),
                    suspect.why
                ),
                "send the certificate of the CA that signed it, or have it reissued by the current one",
            )
            .check(show(
                chain,
                "Subject:|Issuer:|Key Identifier|keyid|[0-9A-F]{2}:[0-9A-F]{2}$",
            ));
        match suspect
            .sent
            .and_then(|(_, certificate)| certificate.authority_key_id.clone())
        {
            Some(id) => hit.evidence("authority key identifier", id),
            None => hit,
        }
    })
}
