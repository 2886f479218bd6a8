//! MT101.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{meant, shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A file that is empty or holds only white space.
    ///
    /// ## Why it matters
    ///
    /// Every TLS stack refuses to start with it, most with a message about a missing start line. A
    /// failed renewal hook, a secret that was never filled, or a shell redirection from a command
    /// that printed nothing leaves such a file.
    ///
    /// ## How to fix it
    ///
    /// Write the file again from its source. For a redirection, check what the command before it
    /// reports.
    ///
    /// ```text
    /// ls -l fullchain.pem key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL 3.0, PEM_read_bio(3): "no start line"
    pub static RULE = MT101 {
        name: "file-empty",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 PEM_read_bio(3)", "2021-09")],
        faults: ["server-file-empty", "server-file-emptykey", "server-file-ca-empty", "client-file-empty", "client-file-emptykey", "client-file-ca-empty"],
        symptoms: [Says("no start line"), Says("no certificate or crl found"), Says("failed to find any pem data")],
        check: File(check),
        fires_on: || file_fixture::chain().format(Format::Empty).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.format != Format::Empty {
        return Verdict::Pass;
    }
    let hit = Hit::new(
        format!("expected {}, found an empty file", meant(file)),
        file.path.clone(),
        whole(file),
        "write the file again from its source",
    )
    .evidence("bytes", file.bytes.to_string())
    .check(format!("ls -l {}", shell(&file.path)));
    Verdict::hit(hit)
}
