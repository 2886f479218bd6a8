//! MT121.

use crate::{
    context::Context,
    facts::FileFacts,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, on_disk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key file that users other than its owner can read or write. Readable by the group
    /// only is a note: some services need that.
    ///
    /// ## Why it matters
    ///
    /// Anyone who can read the key can impersonate the webhook. Some programs reject such a file
    /// (OpenSSH, PostgreSQL; stunnel warns); web servers do not check.
    ///
    /// ## How to fix it
    ///
    /// Restrict it to its owner.
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

/// Write for the group and for others.
const CHANGEABLE: u32 = 0o022;
/// Read for others.
const READABLE: u32 = 0o004;
/// Read for the group.
const GROUP: u32 = 0o040;

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let Some((item, _)) = file.private_keys().next() else {
        return Verdict::NotApplicable("the file has no private key");
    };
    let Some(mode) = file.mode else {
        return Verdict::NotApplicable("the permissions are unknown");
    };
    let (who, severity) = if mode & CHANGEABLE != 0 {
        ("other users can change it", Severity::Warning)
    } else if mode & READABLE != 0 {
        ("other users can read it", Severity::Warning)
    } else if mode & GROUP != 0 {
        ("its group can read it", Severity::Note)
    } else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        format!("private key file has mode {mode:04o}: {who}"),
        file.path.clone(),
        at(file, item),
        "restrict the file to its owner",
    )
    .severity(severity);
    Verdict::hit(if on_disk(&file.path) {
        hit.fix(format!("chmod 600 {}", shell(&file.path)))
    } else {
        hit
    })
}
