//! MT122.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole, Quirk},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{quirk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key in the file that certificates were asked for.
    ///
    /// ## Why it matters
    ///
    /// HAProxy and some others want it so. Elsewhere the file with the certificates is handed around and readable by more
    /// people than a key should be. In a client-CA file a key is a mistake.
    ///
    /// ## How to fix it
    ///
    /// Keep the key in a file of its own, if the server allows.
    ///
    /// ```text
    /// openssl pkey -in combined.pem -out key.pem && chmod 600 key.pem
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
        let hit = Hit::new(
            format!("{} has a private key among its certificates", file.path),
            file.path.clone(),
            place,
            "keep the key in a file of its own, if the server allows",
        )
        .command(format!(
            "openssl pkey -in {} -out key.pem && chmod 600 key.pem",
            shell(&file.path)
        ));
        match file.meant_as {
            FileRole::Chain | FileRole::ClientChain => hit,
            _ => hit.severity(Severity::Warning),
        }
    })
}
