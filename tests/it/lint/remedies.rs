//! The commands of the remedies that change a file, run by a shell as they are printed: what they
//! are offered for is gone afterwards.
//!
//! Every rule with such a command has a case here. Which rules those are is read from their
//! sources. The file at fault has a name that needs quoting.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    thread,
};

use serde_json::Value;

use crate::{
    lint::certificates::{self, CA, ROOT, SERVER},
    support::{Folder, Forge, clean, feed, mtls, peer, run, search_path, skipped},
};

/// The name of the file at fault.
const FILE: &str = "it's my hook.pem";
/// The password of everything that has one.
const PASSWORD: &str = "simulated";

/// A faulty file and what repairs it.
struct Case {
    code: &'static str,
    /// What is wrong with the file.
    name: &'static str,
    /// The arguments after `lint`; `FILE` stands for the file at fault, `+65d` for a day to come.
    flags: &'static str,
    /// The file: one of [`certificates::folder`], then what is made of it.
    from: &'static str,
    change: fn(&str) -> String,
    /// What is added to the name for the repaired copy; empty where the file itself is changed.
    writes: &'static str,
}

const FIXED: &str = ".fixed.pem";

const fn case(
    code: &'static str,
    name: &'static str,
    flags: &'static str,
    from: &'static str,
) -> Case {
    Case {
        code,
        name,
        flags,
        from,
        change: |text| text.to_owned(),
        writes: FIXED,
    }
}

impl Case {
    const fn changed(self, change: fn(&str) -> String) -> Self {
        Self { change, ..self }
    }

    const fn in_place(self) -> Self {
        Self { writes: "", ..self }
    }
}

const CHAIN: &str = "--cert FILE";
const KEY: &str = "--cert good.pem --key FILE";
const CLIENT_CA: &str = "--client-ca FILE";

fn glued(text: &str) -> String {
    text.replace("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----")
}

const CASES: &[Case] = &[
    case("MT102", "DER", CHAIN, "chain.der"),
    case("MT103", "PKCS #12", CHAIN, "chain.p12"),
    case("MT104", "PKCS #7", CHAIN, "chain.p7b"),
    case("MT109", "OpenSSL's own label", CHAIN, "trusted.pem"),
    case("MT111", "four hyphens", CHAIN, "dashes.pem"),
    case("MT112", "a byte order mark", CHAIN, "bom.pem"),
    case("MT112", "a byte order mark before a key", KEY, "leaf.key")
        .changed(|text| format!("\u{feff}{text}")),
    case("MT113", "UTF-16", CHAIN, "utf16.pem"),
    case("MT114", "carriage returns", CHAIN, "good.pem").changed(|text| text.replace('\n', "\r\n")),
    case("MT115", "text around the blocks", CHAIN, "good.pem")
        .changed(|text| format!("subject=CN = hook\n{text}")),
    case("MT116", "glued markers", CHAIN, "glued.pem"),
    case("MT116", "line breaks as \\n", CHAIN, "one_line.pem"),
    case("MT116", "glued CA certificates", CLIENT_CA, "google.pem").changed(glued),
    case(
        "MT116",
        "a key with its line breaks as \\n",
        KEY,
        "leaf.key",
    )
    .changed(|text| text.replace('\n', "\\n")),
    case("MT116", "a key on one line, with blanks", KEY, "leaf.key")
        .changed(|text| text.replace('\n', " ")),
    case("MT118", "an encrypted key", KEY, "encrypted.key"),
    case("MT119", "a key encrypted by headers", KEY, "legacy.key"),
    case("MT121", "a key that others can read", KEY, "open.key").in_place(),
    case("MT122", "a key in the chain's file", CHAIN, "good.pem"),
    case(
        "MT124",
        "bytes after the certificate",
        CHAIN,
        "trailing.pem",
    ),
    case("MT125", "long lines", CHAIN, "good.pem").changed(|text| {
        text.replace('\n', "")
            .replace(
                "-----BEGIN CERTIFICATE-----",
                "\n-----BEGIN CERTIFICATE-----\n",
            )
            .replace("-----END CERTIFICATE-----", "\n-----END CERTIFICATE-----\n")
    }),
    case("MT126", "no final line break", CHAIN, "good.pem")
        .changed(|text| text.trim_end().to_owned())
        .in_place(),
    case("MT127", "an old label", CHAIN, "old_label.pem"),
    case(
        "MT213",
        "the root sent along",
        "--cert FILE --cacert root.crt",
        "good.pem",
    ),
    case("MT268", "the leaf last", CHAIN, "reversed.pem"),
    case("MT269", "a duplicate", CHAIN, "twice.pem"),
    case(
        "MT270",
        "an unrelated CA certificate",
        CHAIN,
        "with_stranger.pem",
    ),
    case(
        "MT413",
        "an expired root",
        "--client-ca FILE --at-time +65d",
        "dying_root.crt",
    ),
    case("MT415", "a duplicate root", CLIENT_CA, "root.crt"),
    case(
        "MT417",
        "the sender's root is missing",
        "--client-ca FILE --profile dialogflow --at-time 2026-11-25T00:00:00Z",
        "google.pem",
    )
    // As editors and secrets leave it: what is appended must not be glued to it.
    .changed(|text| text.trim_end().to_owned())
    .in_place(),
    case(
        "MT418",
        "the roots of the legacy certificate only",
        "--client-ca FILE --at-time 2026-12-02T00:00:00Z",
        "google.pem",
    )
    .in_place(),
    case(
        "MT419",
        "roots that are no longer needed",
        "--client-ca FILE --at-time 2026-12-02T00:00:00Z",
        "both.pem",
    ),
];

/// The rules whose case needs more than a file: each has a test of its own below.
const APART: [&str; 3] = ["MT105", "MT120", "MT203"];

/// A copy of what a case needs, with its file at fault.
fn prepared(case: &Case, all: &Path) -> Folder {
    let folder = Folder::new();
    for beside in ["good.pem", "leaf.key", "root.crt"] {
        fs::copy(all.join(beside), folder.root().join(beside)).unwrap();
    }
    let mut content = fs::read(all.join(case.from)).unwrap();
    if let Ok(text) = std::str::from_utf8(&content) {
        let mut text = text.to_owned();
        let further = match (case.code, case.flags) {
            ("MT122", _) => Some("leaf.key"),
            ("MT213" | "MT413" | "MT415", _) => Some("root.crt"),
            _ => None,
        };
        if let Some(further) = further {
            text += &fs::read_to_string(all.join(further)).unwrap();
        }
        content = (case.change)(&text).into_bytes();
    }
    folder.write(FILE, content);
    let mode = if case.code == "MT121" { 0o644 } else { 0o600 };
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(folder.root().join(FILE), permissions).unwrap();
    folder
}

/// The findings of a code in what `lint` says with these flags.
fn findings(folder: &Folder, flags: &str, code: &str) -> Vec<Value> {
    let words = flags.split_whitespace().map(|word| match word {
        "FILE" => FILE.to_owned(),
        word => crate::lint::run::moment(word),
    });
    let finished = run(
        mtls()
            .current_dir(folder.root())
            .args(["lint", "--format", "json", "--no-default-roots"])
            .args(words),
        60,
    );
    let report: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    let found = report["findings"].as_array().unwrap();
    found
        .iter()
        .filter(|finding| finding["code"] == code)
        .cloned()
        .collect()
}

/// Runs the commands that fix the findings, with the password typed as often as it is asked for.
fn repair(folder: &Folder, found: &[Value]) -> usize {
    let program = Path::new(env!("CARGO_BIN_EXE_mtls"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(search_path());
    let commands = found
        .iter()
        .flat_map(|finding| finding["remedy"]["commands"].as_array().unwrap())
        .filter(|command| command["kind"] == "fix");
    let mut count = 0;
    for command in commands {
        let line = command["line"].as_str().unwrap();
        // Without a terminal a password is read from standard input.
        let finished = feed(
            clean("setsid")
                .args(["-w", "sh", "-c", line])
                .env("PATH", &path)
                .current_dir(folder.root()),
            format!("{PASSWORD}\n").repeat(3).as_bytes(),
            60,
        );
        // `lint --fix` reports what it found as well.
        let reported = line.starts_with("mtls lint") && finished.code == Some(1);
        assert!(
            reported || finished.code == Some(0),
            "{line}: {}",
            finished.said()
        );
        count += 1;
    }
    count
}

/// Lints, runs the commands, and lints what they wrote.
fn gone_afterwards(folder: &Folder, code: &str, name: &str, flags: &str, writes: &str) {
    let before = findings(folder, flags, code);
    assert!(!before.is_empty(), "{code} {name}: not found");
    assert!(
        repair(folder, &before) > 0,
        "{code} {name}: no command that fixes it: {before:#?}"
    );
    if !writes.is_empty() {
        let written = folder.root().join(format!("{FILE}{writes}"));
        fs::rename(&written, folder.root().join(FILE))
            .unwrap_or_else(|error| panic!("{code} {name}: {}: {error}", written.display()));
    }
    let after = findings(folder, flags, code);
    assert!(after.is_empty(), "{code} {name}: still found: {after:#?}");
}

#[test]
fn what_a_remedy_is_offered_for_is_gone_afterwards() {
    let Some(all) = certificates::folder() else {
        return;
    };
    for case in CASES {
        let folder = prepared(case, all);
        gone_afterwards(&folder, case.code, case.name, case.flags, case.writes);
    }
}

#[test]
fn a_java_keystore_is_converted() {
    let Some(all) = certificates::folder() else {
        return;
    };
    let Some(mut keytool) = peer("keytool") else {
        return;
    };
    let folder = Folder::new();
    fs::copy(all.join("chain.p12"), folder.root().join("chain.p12")).unwrap();
    let words = format!(
        "-importkeystore -srcstoretype PKCS12 -srckeystore chain.p12 -srcstorepass {PASSWORD} -deststoretype JKS -deststorepass {PASSWORD} -destkeystore"
    );
    run(
        keytool
            .args(words.split(' '))
            .arg(FILE)
            .current_dir(folder.root()),
        60,
    )
    .ok();
    gone_afterwards(&folder, "MT105", "a Java keystore", CHAIN, FIXED);
}

#[test]
fn a_key_in_the_format_of_openssh_is_converted() {
    let Some(all) = certificates::folder() else {
        return;
    };
    let there = run(clean("sh").args(["-c", "command -v ssh-keygen"]), 60);
    if there.code != Some(0) {
        skipped("ssh-keygen is not installed");
        return;
    }
    let folder = Folder::new();
    fs::copy(all.join("good.pem"), folder.root().join("good.pem")).unwrap();
    run(
        clean("ssh-keygen")
            .args(["-q", "-t", "ecdsa", "-N", "", "-f", FILE])
            .current_dir(folder.root()),
        60,
    )
    .ok();
    gone_afterwards(&folder, "MT120", "OpenSSH's format", KEY, FIXED);
}

/// The issuer's certificate is fetched from where the leaf says.
#[test]
fn a_missing_intermediate_is_added() {
    if peer("openssl").is_none() || peer("curl").is_none() {
        return;
    }
    let pki = Forge::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    pki.make("root", "/CN=Root", "root", ROOT, "");
    pki.make("inter", "/CN=Inter", "root", CA, "");
    let with_address =
        format!("{SERVER}authorityInfoAccess=caIssuers;URI:http://127.0.0.1:{port}/inter.cer\n");
    pki.make("leaf", "/CN=hook.example.com", "inter", &with_address, "");
    pki.run("x509 -in inter.crt -outform DER -out inter.cer");
    let der = fs::read(pki.root().join("inter.cer")).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.0 200 OK\r\ncontent-length: {}\r\n\r\n", der.len());
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&der);
        }
    });
    let folder = Folder::new();
    for name in ["leaf", "root"] {
        let target = if name == "leaf" { FILE } else { "root.crt" };
        folder.write(target, pki.read(&format!("{name}.crt")));
    }
    let flags = "--cert FILE --cacert root.crt";
    gone_afterwards(&folder, "MT203", "no intermediate", flags, FIXED);
}

/// The functions of a source, each with its text: from its `fn` to the next.
fn functions(source: &str) -> BTreeMap<&str, &str> {
    let mut starts: Vec<usize> = source.match_indices("fn ").map(|(at, _)| at).collect();
    starts.push(source.len());
    starts
        .windows(2)
        .filter_map(|pair| {
            let text = &source[pair[0] + 3..pair[1]];
            let name = text.split(['(', '<']).next()?;
            Some((name, text))
        })
        .collect()
}

/// The rules that offer a command which changes a file, by their sources: they call `fix`, or a
/// function of their room that does.
fn with_a_fix() -> BTreeSet<&'static str> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut found = BTreeSet::new();
    for room in fs::read_dir(rules).unwrap() {
        let room = room.unwrap().path();
        if !room.is_dir() {
            continue;
        }
        let help = fs::read_to_string(room.join("help.rs")).unwrap_or_default();
        let mut fixing: BTreeSet<String> = BTreeSet::from([".fix".to_owned()]);
        let calls =
            |text: &str, one: &String| text.contains(&format!("{one}(")) && !text.starts_with(one);
        loop {
            let more: Vec<String> = functions(&help)
                .into_iter()
                .filter(|(name, text)| {
                    !fixing.contains(*name) && fixing.iter().any(|one| calls(text, one))
                })
                .map(|(name, _)| name.to_owned())
                .collect();
            if more.is_empty() {
                break;
            }
            fixing.extend(more);
        }
        for file in fs::read_dir(&room).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let Some(at) = text.find("pub static RULE = ") else {
                continue;
            };
            let code = &text[at + 18..at + 23];
            let body = &text[at..];
            if fixing.iter().any(|one| body.contains(&format!("{one}("))) {
                let rule = mtls::rules::find(code).unwrap();
                found.insert(rule.code);
            }
        }
    }
    found
}

#[test]
fn every_rule_with_a_command_that_changes_a_file_has_a_case() {
    let mut tried: BTreeSet<&str> = CASES.iter().map(|case| case.code).collect();
    tried.extend(APART);
    assert_eq!(with_a_fix(), tried);
}
