//! MT282.

use crate::{
    context::Context,
    facts::{Oddity, Part},
    finding::{CertificateAt, Hit, Verdict},
    rule,
    rules::{
        certificate::help::below_a_private_anchor,
        help::{kind, owner, place, show, word},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A field that is encoded as a standard forbids: the subject's attributes in another order than
    /// the Baseline Requirements', or several of them in one RDN (not checked below a private trust
    /// anchor); a policy's user notice as BMPString or VisibleString; an RSA signature algorithm
    /// without its NULL parameters.
    ///
    /// ## Why it matters
    ///
    /// The common verifiers are not known to reject it. Linters of public CAs do, and strict parsers
    /// of other programs may.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done until the next certificate; tell the CA.
    ///
    /// ```text
    /// openssl asn1parse -in cert.pem
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, sections 7.1.4.1 and 7.1.4.2 (order of the subject's attributes)
    /// - RFC 5280, section 4.2.1.4 (explicitText of a user notice)
    /// - RFC 4055, section 5 (the parameters are NULL; absent ones have to be accepted)
    pub static RULE = MT282 {
        name: "encoding-unusual",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("CA/B Forum Baseline Requirements 2.1, 7.1.4.1 and 7.1.4.2", "2025-04"),
            ("RFC 5280 section 4.2.1.4", "2008-05"),
            ("RFC 4055 section 5", "2005-06"),
        ],
        faults: [],
        symptoms: [],
        check: Certificate(check),
        fires_on: || Fixture::files().block(0, |leaf| leaf.form.oddities.push(Oddity::AlgorithmWithoutNull)).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    let of_the_web =
        at.part() == Part::Leaf && !below_a_private_anchor(at) && !at.certificate.self_issued;
    let reasons: Vec<String> = at
        .certificate
        .form
        .oddities
        .iter()
        .filter_map(|oddity| match oddity {
            Oddity::SubjectOrder { first, second } => of_the_web.then(|| {
                format!("its subject has {first} before {second}, which public CAs must not write")
            }),
            Oddity::SubjectJoined => of_the_web.then(|| {
                "its subject has several attributes in one RDN, which public CAs must not write"
                    .to_owned()
            }),
            Oddity::NoticeString(kind) => Some(format!(
                "its user notice is a {kind}, expected UTF8String or IA5String"
            )),
            Oddity::AlgorithmWithoutNull => {
                Some("its signature algorithm has no parameters, expected NULL".to_owned())
            }
        })
        .collect();
    let hits = reasons.into_iter().map(|why| {
        Hit::new(
            format!(
                "the {}'s {}: {why}",
                word(at.chain.role),
                kind(at.chain, at.index)
            ),
            at.certificate.label(),
            place(at.chain, at.index),
            "tell the CA, and have it written otherwise in the next certificate",
        )
        .check(show(
            at.chain,
            "Subject:|User Notice|Explicit Text|Signature Algorithm",
        ))
        .act(owner(at.chain.role))
    });
    Verdict::from_hits(hits.collect())
}
