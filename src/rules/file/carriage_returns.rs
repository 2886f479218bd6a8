//! MT114.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{filtered, is_pem, quirk},
};

rule! {
    /// ## What it finds
    ///
    /// Lines that end with a carriage return, as Windows writes them.
    ///
    /// ## Why it matters
    ///
    /// Every TLS stack tested reads such a file (November 2026). Shell scripts that compare or cut
    /// lines may not.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To remove the carriage returns:
    ///
    /// ```text
    /// tr -d '\r' < fullchain.pem > fullchain.fixed.pem
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
    if !is_pem(file) {
        return Verdict::NotApplicable("the file has no PEM block");
    }
    quirk(file, &[Quirk::CarriageReturns], |_, place| {
        let hit = Hit::new(
            "lines end with a carriage return",
            file.path.clone(),
            place,
            "nothing breaks in TLS stacks; remove them if scripts read the file",
        );
        filtered(hit, file, "tr -d '\\r'")
    })
}
