//! MT121.

use crate::{
    context::Context,
    facts::FileFacts,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A file with a private key that others than its owner may read or write. Readable by the group alone is a note:
    /// services are often run that way.
    ///
    /// ## Why it matters
    ///
    /// Whoever reads the key can be the webhook. Some programs refuse such a file (OpenSSH, PostgreSQL, stunnel in a
    /// warning); web servers do not look.
    ///
    /// ## How to fix it
    ///
    /// Leave it to its owner.
    ///
    /// ```text
    /// chmod 600 key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - NIST SP 800-57 Part 1 Rev. 5, section 6.2.2 (protection of private keys in storage)
    pub static RULE = MT121 {
        name: "key-file-open-to-others",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("NIST SP 800-57 Part 1 Rev. 5 section 6.2.2", "2020-05")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.mode = Some(0o644)).done(),
        silent_on: || file_fixture::key().done(),
    }
}

/// Read and write for others; write for the group.
const OPEN: u32 = 0o026;
/// Read for the group.
const GROUP: u32 = 0o040;

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let Some((item, _)) = file.private_keys().next() else {
        return Verdict::NotApplicable("no private key in it");
    };
    let Some(mode) = file.mode else {
        return Verdict::NotApplicable("the permissions were not observed");
    };
    let (who, severity) = if mode & OPEN != 0 {
        (
            "others than its owner may read or change it",
            Severity::Warning,
        )
    } else if mode & GROUP != 0 {
        ("its group may read it", Severity::Note)
    } else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        format!(
            "{} has a private key in it and mode {mode:04o}: {who}",
            file.path
        ),
        file.path.clone(),
        at(file, item),
        "leave the file to its owner",
    )
    .severity(severity)
    .command(format!("chmod 600 {}", shell(&file.path)));
    Verdict::hit(hit)
}
