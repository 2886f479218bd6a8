//! MT126.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{is_pem, on_disk, quirk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A last line without a line break.
    ///
    /// ## Why it matters
    ///
    /// The file itself is fine. When `cat` or `>>` joins another file to it, the END line and the
    /// next BEGIN line become one line, which no TLS stack reads.
    ///
    /// ## How to fix it
    ///
    /// End the last line.
    ///
    /// ```text
    /// echo >> leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - POSIX.1-2017, section 3.206 (line)
    pub static RULE = MT126 {
        name: "no-final-line-break",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("POSIX.1-2017 section 3.206", "2018-01")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::NoFinalLineBreak).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if !is_pem(file) {
        return Verdict::NotApplicable("the file has no PEM block");
    }
    quirk(file, &[Quirk::NoFinalLineBreak], |_, place| {
        let hit = Hit::new(
            "no newline at the end of the file",
            file.path.clone(),
            place,
            "nothing breaks; add the newline before appending to the file",
        );
        if on_disk(&file.path) {
            hit.fix(format!("echo >> {}", shell(&file.path)))
        } else {
            hit
        }
    })
}
