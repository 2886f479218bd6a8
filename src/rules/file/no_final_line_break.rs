//! MT126.

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
    /// A last line without a line break.
    ///
    /// ## Why it matters
    ///
    /// The file itself is fine. Put together with another by cat, its END line and the next BEGIN line become one line, which
    /// no TLS stack reads.
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
    quirk(file, &[Quirk::NoFinalLineBreak], |_, place| {
        Hit::new(
            format!("{} does not end with a line break", file.path),
            file.path.clone(),
            place,
            "nothing breaks; end the last line before putting files together with cat",
        )
        .command(format!("echo >> {}", shell(&file.path)))
    })
}
