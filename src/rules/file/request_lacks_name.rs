//! MT133.

use crate::{
    context::Context,
    facts::{Certificate, FileFacts},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, for_a_server, shell, was_named},
    verify::hosts,
};

rule! {
    /// ## What it finds
    ///
    /// A certificate signing request (CSR) for a server without a host given with --host, or without
    /// any host name among its alternative names.
    ///
    /// ## Why it matters
    ///
    /// Clients compare the host that they call with the alternative names of the certificate, never
    /// with its common name. Not every CA adds it to the alternative names by itself, and `openssl
    /// x509 -req` takes over no alternative name at all without -copy_extensions.
    ///
    /// ## How to fix it
    ///
    /// Make the request again with every name as an alternative name.
    ///
    /// ```text
    /// openssl req -in request.pem -noout -text
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example" -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9525, section 2 (the common name does not count), RFC 2985, section 5.4.2 (extensionRequest)
    /// - OpenSSL, openssl-x509(1), -copy_extensions
    pub static RULE = MT133 {
        name: "request-lacks-name",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9525 section 2", "2023-11"), ("RFC 2985 section 5.4.2", "2000-11")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || {
            let (case, mut context) = file_fixture::request(|_| ()).done();
            context.hosts.push("other.example".into());
            (case, context)
        },
        silent_on: || {
            let (case, mut context) = file_fixture::request(|_| ()).done();
            context.hosts.push("hook.example".into());
            (case, context)
        },
    }
}

fn check(file: &FileFacts, context: &Context) -> Verdict {
    if was_named(file) {
        return Verdict::NotApplicable("a certificate or a key was expected");
    }
    let mut hits = Vec::new();
    for (item, request) in file.requests() {
        let asked = request.asked.as_ref();
        if asked.unreadable.is_some() || !for_a_server(asked, context.role) {
            continue;
        }
        let hit = |message: String| {
            Hit::new(
                message,
                asked.label(),
                at(file, item),
                "make the request again with every host as an alternative name (-addext subjectAltName=DNS:NAME)",
            )
            .check(format!("openssl req -in {} -noout -text", shell(&file.path)))
        };
        let missing = context
            .hosts
            .iter()
            .filter_map(|host| Some((host, hosts::check(host, asked).err()?)));
        let before = hits.len();
        hits.extend(missing.map(|(host, why)| {
            hit(format!("the request does not ask for \"{host}\": {why}"))
                .evidence("names", names(asked))
        }));
        if hits.len() == before
            && context.hosts.is_empty()
            && hosts::server_names(asked).next().is_none()
        {
            hits.push(
                hit("the request asks for no host name: it has no DNS name and no IP address among its alternative names".to_owned())
                    .severity(Severity::Warning),
            );
        }
    }
    Verdict::from_hits(hits)
}

fn names(asked: &Certificate) -> String {
    let names: Vec<&str> = hosts::server_names(asked).take(12).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}
