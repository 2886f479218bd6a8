//! MT110.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind, Quirk, Remark},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, lines, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A PEM block that cannot be decoded: its END line is missing or does not match its BEGIN
    /// line, its base64 is truncated or has invalid characters, or its content does not match its
    /// label.
    ///
    /// ## Why it matters
    ///
    /// Copying through a terminal, a chat or a web form loses lines and characters. Some servers
    /// refuse to start; others skip the block, present a shorter chain, and then report that the
    /// key does not match, because the skipped block was the leaf.
    ///
    /// ## How to fix it
    ///
    /// Copy the block again from its source, whole lines, BEGIN and END included.
    ///
    /// ```text
    /// grep -n -e '-----' fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, sections 2 and 3 (textual encoding)
    pub static RULE = MT110 {
        name: "pem-block-broken",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: ["server-file-noend", "server-file-truncb64", "server-file-ca-noend", "server-file-ca-truncb64", "client-file-noend", "client-file-truncb64", "client-file-ca-truncb64"],
        symptoms: [Says("bad base64 decode"), Says("bad end line"), Says("badencoding")],
        check: File(check),
        fires_on: || file_fixture::chain().change(|file| file.items[0].problem = Some("it ends early".into())).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let mut hits: Vec<Hit> = file
        .items
        .iter()
        // A key says itself why it cannot be read.
        .filter(|item| !matches!(item.kind, ItemKind::PrivateKey(_)) && !item.label.is_empty())
        .filter_map(|item| {
            let problem = item.problem.as_ref()?;
            let (first, last) = (item.first_line, item.last_line);
            let hit = hit(file, first, last, &item.label, problem);
            // A block that nobody asks for: the question is who still reads the others.
            Some(match item.label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => hit,
                _ => as_read(hit, file, Quirk::Unread),
            })
        })
        .collect();
    let padding = |remark: &&Remark| {
        remark.quirk == Quirk::TruncatedBase64
            && !file
                .items
                .iter()
                .any(|item| item.problem.is_some() && item.first_line == remark.first_line)
    };
    hits.extend(
        file.remarks
            .iter()
            .filter(padding)
            .map(|remark| hit(file, remark.first_line, remark.last_line, "", &remark.seen)),
    );
    Verdict::from_hits(hits)
}

fn hit(file: &FileFacts, first: usize, last: usize, label: &str, problem: &str) -> Hit {
    let what = if label.is_empty() { "PEM" } else { label };
    Hit::new(
        format!("the {what} block is broken: {problem}"),
        label,
        lines(file, first, last),
        "copy the block again from its source, BEGIN and END lines included",
    )
    .check(format!("grep -n -e '-----' {}", shell(&file.path)))
}
