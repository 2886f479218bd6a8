//! The verifiers that are here: each is asked about a whole list of cases by one process.
//!
//! For: letters, `A` accepts, `R` refuses, `-` cannot be asked that.
//! Must not: know what a case is about, or what `mtls` says of it.

mod servers;
mod webpki;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) use servers::{fits, live};

use crate::{
    stacks::corpus::Cases,
    support::{clean, feed, peer, required, run, skipped},
};

/// What a verifier said.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) letter: char,
    pub(crate) why: String,
}

/// Answers by the case's name.
pub(crate) type Answers = BTreeMap<String, Answer>;

/// One verifier, of one version.
pub(crate) struct Verifier {
    /// As `mtls lint` calls it.
    pub(crate) stack: &'static str,
    pub(crate) version: String,
    ask: Box<dyn Fn(&Cases) -> Answers>,
}

impl Verifier {
    pub(crate) fn ask(&self, cases: &Cases) -> Answers {
        (self.ask)(cases)
    }
}

/// Everything installed, and further versions where `MTLS_STACK_PEERS` lists folders of programs,
/// divided by colons.
pub(crate) fn installed(work: &Path) -> Vec<Verifier> {
    let mut found = vec![webpki::verifier()];
    found.extend(openssl(work));
    found.extend(go(work));
    found.extend(java(work));
    found.extend(pyca(work));
    // Two folders may hold the same version.
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|verifier| seen.insert((verifier.stack, verifier.version.clone())));
    found
}

/// The program's name, to be looked for by the system, and where further ones are.
fn places(program: &str) -> Vec<PathBuf> {
    let further = std::env::var_os("MTLS_STACK_PEERS").unwrap_or_default();
    let further = std::env::split_paths(&further).map(|folder| folder.join(program));
    std::iter::once(PathBuf::from(program))
        .chain(further.filter(|path| path.exists()))
        .collect()
}

fn source(name: &str) -> String {
    format!(
        "{}/tests/it/stacks/peers/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// A verifier that is a program of ours: it reads the list and prints a line a case.
fn program(
    stack: &'static str,
    version: String,
    command: impl Fn(&Cases) -> Command + 'static,
) -> Verifier {
    let ask = move |cases: &Cases| {
        let finished = feed(&mut command(cases), cases.lines().as_bytes(), 120).ok();
        let answers: Answers = finished.stdout.lines().filter_map(answer).collect();
        assert_eq!(
            answers.len(),
            cases.list.len(),
            "{stack}: {}",
            finished.stderr
        );
        answers
    };
    Verifier {
        stack,
        version,
        ask: Box::new(ask),
    }
}

/// `name letter why`.
fn answer(line: &str) -> Option<(String, Answer)> {
    let (name, rest) = line.split_once(' ')?;
    let letter = rest.chars().next()?;
    let why = rest[letter.len_utf8()..].trim().to_owned();
    Some((name.to_owned(), Answer { letter, why }))
}

fn openssl(work: &Path) -> Vec<Verifier> {
    if peer("cc").is_none() {
        return Vec::new();
    }
    let built = work.join("verify-c");
    let mut compile = clean("cc");
    compile.args(["-O1", "-o"]).arg(&built);
    compile.args([&source("verify.c"), "-lcrypto"]);
    let compiled = run(&mut compile, 60);
    if compiled.code != Some(0) {
        skipped(&format!(
            "OpenSSL as a library: its headers are not installed: {}",
            compiled.stderr.lines().next().unwrap_or_default()
        ));
        assert!(!required(), "{}", compiled.said());
        return Vec::new();
    }
    let version = run(clean(&built).args(["version", "-"]), 60).ok().stdout;
    let mode = |stack, mode: &'static str| {
        let built = built.clone();
        program(stack, version.trim().to_owned(), move |cases| {
            let mut command = clean(&built);
            command.arg(mode).arg(&cases.folder);
            command
        })
    };
    vec![mode("openssl", "plain"), mode("openssl-strict", "strict")]
}

fn go(work: &Path) -> Vec<Verifier> {
    let mut found = Vec::new();
    for (number, place) in places("go").into_iter().enumerate() {
        if number == 0 && peer("go").is_none() {
            continue;
        }
        let said = run(clean(&place).arg("version"), 60).ok().stdout;
        let version = said.split(' ').nth(2).unwrap_or_default();
        let version = version.trim_start_matches("go").to_owned();
        let built = work.join(format!("verify-go-{version}"));
        let mut compile = clean(&place);
        compile
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-mod=mod");
        compile
            .args(["build", "-o"])
            .arg(&built)
            .arg(source("verify.go"));
        run(&mut compile, 300).ok();
        found.push(program("go", version, move |cases| {
            let mut command = clean(&built);
            command.arg(&cases.folder);
            command
        }));
    }
    found
}

fn java(work: &Path) -> Vec<Verifier> {
    let (Some(mut javac), Some(_)) = (peer("javac"), peer("java")) else {
        return Vec::new();
    };
    run(javac.arg("-d").arg(work).arg(source("Verify.java")), 120).ok();
    let mut found = Vec::new();
    for place in places("java") {
        let start = {
            let work = work.to_owned();
            move || {
                let mut command = clean(&place);
                command.args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"]);
                command.arg(&work).arg("Verify");
                command
            }
        };
        let version = run(start().arg("version"), 60).ok().stdout;
        found.push(program("java", version.trim().to_owned(), move |cases| {
            let mut command = start();
            command.arg(&cases.folder);
            command
        }));
    }
    found
}

/// Debian's is too old to verify for clients, so it is a guest, and nobody misses it.
fn pyca(_: &Path) -> Vec<Verifier> {
    let mut found = Vec::new();
    for place in places("python3") {
        let ask = "from cryptography import __version__ as v, x509
from cryptography.x509.verification import ClientVerifier
print(v)";
        let Ok(said) = clean(&place).args(["-c", ask]).output() else {
            continue;
        };
        if !said.status.success() {
            continue;
        }
        let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        found.push(program("pyca", version, move |cases| {
            let mut command = clean(&place);
            command.arg(source("verify.py")).arg(&cases.folder);
            command
        }));
    }
    found
}
