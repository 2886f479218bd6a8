//! MT122.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole, Quirk},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{as_read, fixed, on_disk, quirk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key in a file that is expected to hold certificates only.
    ///
    /// ## Why it matters
    ///
    /// HAProxy and some other servers expect the key there. Elsewhere certificate files are shared
    /// and readable by more people than a key should be. In a client-CA file a key is a mistake.
    ///
    /// ## How to fix it
    ///
    /// Keep the key in a file of its own, if the server allows it.
    ///
    /// ```text
    /// (umask 077; openssl pkey -in combined.pem -out key.pem)
    /// mtls lint --cert combined.pem --fix --out fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - HAProxy 2.6, keyword crt
    pub static RULE = MT122 {
        name: "key-among-certificates",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("HAProxy 2.6 configuration manual, crt", "2022-05")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::KeyAmongCertificates).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::KeyAmongCertificates], |_, place| {
        let mut hit = Hit::new(
            "a private key is among the certificates",
            file.path.clone(),
            place,
            "keep the key in a file of its own, if the server allows it",
        );
        if on_disk(&file.path) {
            let path = shell(&file.path);
            let flag = match file.meant_as {
                FileRole::ClientCa | FileRole::Anchors | FileRole::Untrusted => "--client-ca",
                _ => "--cert",
            };
            hit = hit
                .fix(format!(
                    "(umask 077; openssl pkey -in {path} -out {})",
                    shell(&format!("{}.key", file.path))
                ))
                .fix(format!(
                    "mtls lint {flag} {path} --fix --out {}",
                    fixed(&file.path)
                ));
        }
        match file.meant_as {
            // Where a key is expected, who does not expect it is news and no fault.
            FileRole::Chain | FileRole::ClientChain => {
                as_read(hit, file, Quirk::KeyAmongCertificates).severity(Severity::Note)
            }
            _ => hit.severity(Severity::Warning),
        }
    })
}
