//! MT132.

use crate::{
    context::Context,
    facts::{FileFacts, RequestKey},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, shell, was_named},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate signing request (CSR) that was made with another private key than the one given
    /// with it.
    ///
    /// ## Why it matters
    ///
    /// The certificate that a CA issues for this request belongs to the other key: no server starts
    /// with it and this one.
    ///
    /// ## How to fix it
    ///
    /// Find the key that the request was made with, or make the request again with this key.
    ///
    /// ```text
    /// openssl req -in request.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256      # both must print the same
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example" -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 2986, section 4.1 (the request names the public key to be certified)
    pub static RULE = MT132 {
        name: "request-key-differs",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 2986 section 4.1", "2000-11")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::request(|request| request.key = RequestKey::Differs("key.pem".into())).done(),
        silent_on: || file_fixture::request(|request| request.key = RequestKey::Fits("key.pem".into())).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if was_named(file) {
        return Verdict::NotApplicable("a certificate or a key was expected");
    }
    let hits = file.requests().filter_map(|(item, request)| {
        let RequestKey::Differs(path) = &request.key else {
            return None;
        };
        let hit = Hit::new(
            format!("the request was made with another private key than {path}"),
            request.asked.label(),
            at(file, item),
            "find the key that the request was made with, or make the request again with this key; both commands must print the same",
        );
        Some(
            hit.check(format!(
                "openssl req -in {} -noout -pubkey | openssl sha256",
                shell(&file.path)
            ))
            .check(format!(
                "openssl pkey -in {} -pubout | openssl sha256",
                shell(path)
            )),
        )
    });
    Verdict::from_hits(hits.collect())
}
