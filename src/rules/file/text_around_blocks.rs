//! MT115.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{quirk, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// Text before, between or after the PEM blocks, such as the output of openssl x509 -text or of a keystore export.
    ///
    /// ## Why it matters
    ///
    /// RFC 7468 allows it and every TLS stack ignores it. Some tools with their own parser do not
    /// (smallstep/cli issue 1149).
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To keep only the certificates:
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 2 (explanatory text)
    pub static RULE = MT115 {
        name: "text-around-blocks",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 2", "2015-04")],
        faults: ["server-file-extratext"],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::TextAround).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.items.iter().all(|item| item.label.is_empty()) {
        return Verdict::NotApplicable("the file has no PEM block");
    }
    quirk(file, &[Quirk::TextAround], |seen, place| {
        let hit = Hit::new(
            format!("text outside the PEM blocks: {seen}"),
            file.path.clone(),
            place,
            "nothing breaks in TLS stacks; remove it if other tools read the file",
        );
        rewritten(hit, file, "grep -n -v -e '^[A-Za-z0-9+/=]*$'")
    })
}
