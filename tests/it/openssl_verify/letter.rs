//! `verify::rfc5280` against `openssl verify`: where the verdict by the letter is another than
//! OpenSSL's, `docs/stacks.md` has a row with the reason, and no difference is without one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use mtls::facts::{Certificate, Problem, Purpose, SIGNATURE_NOT_CHECKED, TrustStatus};
use mtls::parse::{cert, pem};
use mtls::pki::{Authority, recipes};
use mtls::verify::{Anchors, rfc5280};

use super::cases::CASES;
use crate::support::{Forge, clean, run};

/// Why the letter is stricter than OpenSSL's default, by the number of the problem.
const STRICTER: &[(u32, &str)] = &[(
    SIGNATURE_NOT_CHECKED,
    "Ed448 cannot be checked by mtls, so the status is `unknown`, never `trusted`",
)];

/// Why OpenSSL refuses what holds by the letter, by its number.
const LOOSER: &[(u32, &str)] = &[
    (
        7,
        "an anchor of the same name and key type stands in front of the right one, and OpenSSL tries the first only",
    ),
    (
        26,
        "OpenSSL reads Netscape's certificate type, which RFC 5280 does not know",
    ),
];

/// One chain in files.
struct Files {
    name: String,
    chain: Vec<Arc<Certificate>>,
    anchors: Vec<Arc<Certificate>>,
}

/// What openssl says: the numbers of the errors it prints; none for OK.
fn by_openssl(folder: &Path, files: &Files, purpose: Purpose, strict: bool) -> Vec<u32> {
    let write = |name: &str, certificates: &[Arc<Certificate>]| -> PathBuf {
        let path = folder.join(name);
        let text: String = certificates
            .iter()
            .map(|certificate| pem::encode("CERTIFICATE", &certificate.der))
            .collect();
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut command = clean("openssl");
    command.args([
        "verify",
        "-partial_chain",
        "-no-CApath",
        "-no-CAstore",
        "-auth_level",
        "2",
    ]);
    command.args([
        "-purpose",
        match purpose {
            Purpose::ClientAuth => "sslclient",
            Purpose::ServerAuth => "sslserver",
        },
    ]);
    if strict {
        command.arg("-x509_strict");
    }
    if files.anchors.is_empty() {
        command.arg("-no-CAfile");
    } else {
        command
            .arg("-CAfile")
            .arg(write("v-anchors.pem", &files.anchors));
    }
    if files.chain.len() > 1 {
        command
            .arg("-untrusted")
            .arg(write("v-others.pem", &files.chain[1..]));
    }
    command.arg(write("v-leaf.pem", &files.chain[..1]));
    let finished = run(&mut command, 60);
    let text = finished.stderr + &finished.stdout;
    let numbers: Vec<u32> = text
        .lines()
        .filter_map(|line| line.strip_prefix("error ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(
        numbers.is_empty(),
        finished.code == Some(0),
        "{}: {text}",
        files.name
    );
    numbers
}

/// Why each problem keeps a chain from trust that OpenSSL trusts; `None` when nobody has said yet.
fn reason(problem: &Problem) -> Option<String> {
    if let Some(requirement) = problem.requirement {
        return Some(format!("`{}`: {}", requirement.name(), problem.why));
    }
    STRICTER
        .iter()
        .find(|(num, _)| *num == problem.error.num)
        .map(|(_, why)| (*why).to_owned())
}

fn row(
    folder: &Path,
    files: &Files,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<String>, String> {
    let anchors = Anchors::new(files.anchors.clone());
    let facts = rfc5280::judge(&rfc5280::Question {
        presented: &files.chain,
        untrusted: &[],
        anchors: &anchors,
        lists: &[],
        now,
        purpose,
        hosts: &[],
        max_depth: None,
        status_by: &mtls::verify::stacks::StatusBy::Letter,
    });
    let theirs = by_openssl(folder, files, purpose, false);
    let ours = facts.status == TrustStatus::Trusted;
    if files.anchors.is_empty() || theirs.is_empty() == ours {
        return Ok(None);
    }
    let side = match purpose {
        Purpose::ClientAuth => "client",
        Purpose::ServerAuth => "server",
    };
    let strict = match by_openssl(folder, files, purpose, true).as_slice() {
        [] => "OK".to_owned(),
        [num, ..] => format!("error {num}"),
    };
    let (default, verdict, why) = if ours {
        let why = LOOSER.iter().find(|(num, _)| theirs.contains(num));
        let why = why.ok_or(format!(
            "{} ({side}): openssl says {theirs:?}, we trust",
            files.name
        ))?;
        (format!("error {}", theirs[0]), "trusted", why.1.to_owned())
    } else {
        let mut reasons = Vec::new();
        for problem in &facts.problems {
            let why = reason(problem).ok_or(format!(
                "{} ({side}): openssl says OK, we say {} {}: {}",
                files.name, problem.error.num, problem.depth, problem.why
            ))?;
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
        let verdict = match facts.status {
            TrustStatus::Unknown => "unknown",
            _ => "untrusted",
        };
        ("OK".to_owned(), verdict, reasons.join("; "))
    };
    Ok(Some(format!(
        "| {} | {side} | {default} | {strict} | {verdict} | {why} |\n",
        files.name
    )))
}

const HEAD: &str = "
## Where RFC 5280 differs from OpenSSL

`--strict` judges by RFC 5280 and the web PKI's rules (`letter` in JSON), `mtls listen` says what an OpenSSL 3.0 server says.
This part is written and checked by `tests/it/openssl_verify`, which asks the installed `openssl verify -partial_chain -auth_level 2` about every
chain of its list and every recipe of `mtls pki`, for both purposes. A chain that is not listed gets the same verdict from both.

| chain | purpose | `openssl verify` | with `-x509_strict` | `--strict` | why |
|---|---|---|---|---|---|
";

pub(super) fn differences(pki: &Forge, now: Timestamp) -> String {
    let mut all: Vec<Files> = CASES
        .iter()
        .map(|case| Files {
            name: case.name.to_owned(),
            chain: case
                .chain
                .iter()
                .map(|name| Arc::new(pki.certificate(name)))
                .collect(),
            anchors: case
                .anchors
                .iter()
                .map(|name| Arc::new(pki.certificate(name)))
                .collect(),
        })
        .collect();
    all.dedup_by(|one, other| one.chain == other.chain && one.anchors == other.anchors);
    let authority = Authority::new(now).unwrap();
    for recipe in recipes() {
        if let Some(identity) = authority.client(recipe).unwrap() {
            all.push(Files {
                name: format!("recipe `{}`", recipe.fault),
                chain: identity
                    .chain
                    .iter()
                    .map(|der| Arc::new(cert::certificate(der)))
                    .collect(),
                anchors: vec![Arc::new(cert::certificate(authority.anchor_for(recipe)))],
            });
        }
    }
    let mut text = HEAD.to_owned();
    let mut unexplained = String::new();
    for files in &all {
        for purpose in [Purpose::ClientAuth, Purpose::ServerAuth] {
            match row(pki.root(), files, purpose, now) {
                Ok(Some(row)) => text.push_str(&row),
                Ok(None) => {}
                Err(why) => writeln!(unexplained, "{why}").unwrap(),
            }
        }
    }
    assert!(
        unexplained.is_empty(),
        "differences without a reason:\n{unexplained}"
    );
    text
}
