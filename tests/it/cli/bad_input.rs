//! Files and values that cannot be: exit 2, nothing on stdout, one line that names the thing and
//! the next step.

use crate::cli::{files::Files, run_in, shown};

/// The words after `mtls listen --listen 127.0.0.1:0`.
const FILES: &[&str] = &[
    "--cert missing.pem --key key.pem",
    "--cert fullchain.pem --key missing.pem",
    "--cert folder --key key.pem",
    "--cert fullchain.pem --key folder",
    "--cert fullchain.pem --key encrypted-key.pem",
    "--cert fullchain.pem --key legacy-key.pem",
    "--cert fullchain.pem --key other-key.pem",
    "--cert turned.pem --key key.pem",
    "--cert fullchain.pem --key two-keys.pem",
    "--cert empty.pem --key key.pem",
    "--cert fullchain.pem --key empty.pem",
    "--cert text.txt --key key.pem",
    "--cert cert.der --key key.pem",
    "--cert both.p12 --key key.pem",
    "--cert fullchain.pem --key key.der",
    "--cert csr.pem --key key.pem",
    "--cert trusted.pem --key key.pem",
    "--cert public.pem --key key.pem",
    "--cert key.pem --key fullchain.pem",
    "--cert fullchain.pem --key fullchain.pem",
    "--cert cut.pem --key key.pem",
    "--cert no-end.pem --key key.pem",
    "--cert bad-letter.pem --key key.pem",
    "--cert fullchain.pem",
    "--key key.pem",
    "--cert-chain fullchain.pem",
    "--cert fullchain.pem --key key.pem --cert-chain missing.pem",
    "--client-ca missing.pem",
    "--client-ca key.pem",
    "--client-ca empty.pem",
    "--respond missing.json",
    "--keylog missing/keys",
    "-key missing.pem -cert fullchain.pem",
];

#[test]
fn a_bad_file_is_named_on_one_line_with_what_to_do() {
    let files = Files::new();
    let mut all = String::new();
    for case in FILES {
        let line = format!("mtls listen {case}");
        let mut words = vec!["listen", "--listen", "127.0.0.1:0"];
        words.extend(case.split(' '));
        let finished = run_in(files.path(), &words);
        all.push_str(&one_line(&line, &finished));
    }
    insta::assert_snapshot!("bad_files", all);
}

const VALUES: &[&str] = &[
    "--listen nonsense",
    "--listen 127.0.0.1:99999",
    "--listen 127.0.0.1:https",
    // An address of TEST-NET-1 (RFC 5737), which no machine has.
    "--listen 192.0.2.1:0",
    "-accept 70000",
    "--profile stripe",
    "--expect profile:stripe",
    "--expect everything",
    "-state",
    "-key",
    "-verify many",
    "--tlsv1.3 --tls-max 1.2",
    "--at-time yesterday",
    "--at-time 2026-13-01",
    "--delay 5x",
    "--delay soon",
    "--status 99",
    "--count 0",
    "--max-header 5",
];

#[test]
fn a_bad_value_is_named_on_one_line_with_what_is_wanted() {
    let files = Files::new();
    let mut all = String::new();
    for case in VALUES {
        let line = format!("mtls listen {case}");
        let mut words = vec!["listen"];
        words.extend(case.split(' '));
        all.push_str(&one_line(&line, &run_in(files.path(), &words)));
    }
    insta::assert_snapshot!("bad_values", all);
}

#[track_caller]
fn one_line(line: &str, finished: &crate::support::Finished) -> String {
    let text = shown(line, finished);
    assert_eq!(finished.code, Some(2), "{text}");
    assert_eq!(finished.stdout, "", "{text}");
    assert_eq!(finished.stderr.lines().count(), 1, "{text}");
    assert!(finished.stderr.starts_with("mtls: "), "{text}");
    format!("$ {line}\n{}", finished.stderr)
}
