//! MT131.

use crate::{
    context::Context,
    facts::{FileFacts, RequestSignature},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, shell, was_named},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate signing request (CSR) whose own signature does not match the public key in it.
    ///
    /// ## Why it matters
    ///
    /// The signature shows that whoever asks holds the private key. Every CA checks it and rejects
    /// the request.
    ///
    /// ## How to fix it
    ///
    /// Make the request again with the private key. It was damaged, edited, or signed with another
    /// key.
    ///
    /// ```text
    /// openssl req -in request.pem -noout -verify
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example" -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 2986, section 4.2 (the signature is made with the private key of the subject's public key)
    pub static RULE = MT131 {
        name: "request-signature-invalid",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 2986 section 4.2", "2000-11")],
        faults: [],
        symptoms: [Says("certificate request self-signature verify failure")],
        check: File(check),
        fires_on: || file_fixture::request(|request| request.signature = RequestSignature::Broken("the signature does not match the public key".into())).done(),
        silent_on: || file_fixture::request(|_| ()).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if was_named(file) {
        return Verdict::NotApplicable("a certificate or a key was expected");
    }
    let hits = file.requests().filter_map(|(item, request)| {
        let RequestSignature::Broken(why) = &request.signature else {
            return None;
        };
        let hit = Hit::new(
            format!("the request's own signature is not valid: {why}"),
            request.asked.label(),
            at(file, item),
            "make the request again with the private key",
        );
        Some(hit.check(format!(
            "openssl req -in {} -noout -verify",
            shell(&file.path)
        )))
    });
    Verdict::from_hits(hits.collect())
}
