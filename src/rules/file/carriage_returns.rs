//! MT114.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{quirk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// Lines that end with a carriage return, as Windows writes them.
    ///
    /// ## Why it matters
    ///
    /// Every TLS stack that was tried reads it (November 2026). Shell scripts that compare or cut the lines may not.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To be rid of them:
    ///
    /// ```text
    /// sed -i 's/\r$//' fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 3 (eol is CRLF, CR or LF)
    pub static RULE = MT114 {
        name: "carriage-returns",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: ["server-file-crlf"],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::CarriageReturns).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::CarriageReturns], |_, place| {
        Hit::new(
            format!("{} has lines that end with a carriage return", file.path),
            file.path.clone(),
            place,
            "nothing breaks; take them out where scripts read the file",
        )
        .command(format!("sed -i 's/\\r$//' {}", shell(&file.path)))
    })
}
