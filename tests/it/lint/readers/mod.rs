//! Which stacks read a PEM file that is written in an unusual way: the readers of `parse::pem::stacks`
//! held to the programs, and `lint` held to the readers.

mod shapes;

use std::{collections::BTreeMap, path::Path, process::Command};

use mtls::facts::{FileRole, PemReader, Quirk, Readings};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde_json::Value;

use self::shapes::SHAPES;
use crate::support::{Folder, clean, mtls, peer, run, skipped};

/// What a file is read for.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Anchors,
    Chain,
    Key,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Anchors => "anchors",
            Self::Chain => "chain",
            Self::Key => "key",
        }
    }

    fn meant_as(self) -> FileRole {
        match self {
            Self::Anchors => FileRole::ClientCa,
            Self::Chain => FileRole::Chain,
            Self::Key => FileRole::Key,
        }
    }

    /// Blocks that are to be read.
    fn wanted(self) -> usize {
        match self {
            Self::Key => 1,
            Self::Anchors | Self::Chain => 2,
        }
    }
}

/// Files of one role, with the key or the certificate that belongs to them.
struct Asked<'a> {
    role: Role,
    other: &'a str,
    paths: &'a [String],
}

/// How many blocks a reader took, by path.
type Counts = BTreeMap<String, usize>;

impl Asked<'_> {
    fn of(&self, command: &mut Command) -> Counts {
        command.args([self.role.name(), self.other]);
        let said = run(command.args(self.paths), 120).ok().stdout;
        let pairs = said.lines().filter_map(|line| line.rsplit_once(' '));
        pairs
            .map(|(path, count)| (path.to_owned(), count.parse().unwrap()))
            .collect()
    }

    fn openssl(&self) -> Option<Counts> {
        let mut version = peer("python3")?;
        let asked = "import ssl, sys; sys.exit(ssl.OPENSSL_VERSION_INFO[:2] != (3, 0) or sys.version_info < (3, 10))";
        if run(version.args(["-c", asked]), 60).code != Some(0) {
            return None;
        }
        Some(self.of(peer("python3")?.arg(source("read.py"))))
    }

    fn go(&self, folder: &Path) -> Option<Counts> {
        let built = folder.join("read-go");
        let mut build = peer("go")?;
        if !built.exists() {
            build.env("GOTOOLCHAIN", "local").args(["build", "-o"]);
            run(build.arg(&built).arg(source("read.go")), 300).ok();
        }
        Some(self.of(&mut clean(built)))
    }

    fn java(&self) -> Option<Counts> {
        let mut java = peer("java")?;
        java.args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
            .arg(source("Read.java"));
        Some(self.of(&mut java))
    }

    /// As a server in Rust does: an error is the file's end.
    fn rustls(&self) -> Counts {
        let read = |path: &String| {
            let bytes = std::fs::read(path).unwrap();
            let count = match self.role {
                Role::Key => {
                    let key = PrivateKeyDer::from_pem_slice(&bytes);
                    let signs = key.is_ok_and(|key| {
                        rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).is_ok()
                    });
                    usize::from(signs)
                }
                Role::Anchors | Role::Chain => {
                    let read: Result<Vec<CertificateDer<'_>>, _> =
                        CertificateDer::pem_slice_iter(&bytes).collect();
                    let mut roots = rustls::RootCertStore::empty();
                    roots.add_parsable_certificates(read.unwrap_or_default()).0
                }
            };
            (path.clone(), count)
        };
        self.paths.iter().map(read).collect()
    }

    /// What is wrong about the readings of these files.
    fn compare(&self, folder: &Path, wrong: &mut Vec<String>) {
        let answers = PemReader::ALL.map(|reader| match reader {
            PemReader::OpenSsl => self.openssl(),
            PemReader::Go => self.go(folder),
            PemReader::Java if self.role == Role::Key => None,
            PemReader::Java => self.java(),
            PemReader::Rustls => Some(self.rustls()),
        });
        for path in self.paths {
            let bytes = std::fs::read(path).unwrap();
            let files = mtls::parse::input::read(path, self.role.meant_as(), None, &bytes);
            let Some(Readings(readings)) = files[0].readings else {
                continue;
            };
            for ((reader, reads), answer) in PemReader::ALL.iter().zip(readings).zip(&answers) {
                let count = match answer {
                    Some(answer) => answer.get(path).copied().unwrap_or_default(),
                    None if *reader == PemReader::Java && self.role == Role::Key => continue,
                    None => {
                        skipped(&format!(
                            "{} is not asked which files it reads",
                            reader.name()
                        ));
                        continue;
                    }
                };
                if Some(count == self.role.wanted()) != reads {
                    wrong.push(format!(
                        "{path} as {}: {} read {count}, expected {reads:?}",
                        self.role.name(),
                        reader.name()
                    ));
                }
            }
        }
    }
}

fn source(name: &str) -> String {
    format!(
        "{}/tests/it/lint/readers/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// A self-signed certificate of this name, and the path of its key.
fn block(folder: &Folder, name: &str) -> (String, String) {
    let (path, key) = (
        folder.path(&format!("{name}.pem")),
        folder.path(&format!("{name}.key")),
    );
    let mut make = clean("openssl");
    make.args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"]);
    make.args(["ec_paramgen_curve:P-256", "-keyout", &key, "-days", "900"]);
    make.args(["-subj", &format!("/CN={name}"), "-out", &path]);
    make.args(["-addext", "keyUsage=critical,keyCertSign,digitalSignature"]);
    run(&mut make, 60).ok();
    (std::fs::read_to_string(path).unwrap(), key)
}

#[test]
fn readers_read_what_the_programs_read_and_lint_says_so() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = Folder::new();
    let ((a, key), (b, _)) = (block(&folder, "a"), block(&folder, "b"));
    let paths: Vec<String> = SHAPES
        .iter()
        .map(|(name, _, make)| folder.write(format!("{name}.txt"), make(&a, &b)))
        .collect();
    let mut wrong = Vec::new();
    for role in [Role::Anchors, Role::Chain] {
        let asked = Asked {
            role,
            other: &key,
            paths: &paths,
        };
        asked.compare(folder.root(), &mut wrong);
    }
    for ((name, quirk, _), path) in SHAPES.iter().zip(&paths) {
        wrong.extend(lint(name, *quirk, path));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_are_read_as_the_programs_read_them() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = Folder::new();
    let mut wrong = Vec::new();
    for (kind, make) in [
        ("ec", "-newkey ec -pkeyopt ec_paramgen_curve:P-256"),
        ("rsa", "-newkey rsa:2048"),
    ] {
        let (path, key) = (
            folder.path(&format!("{kind}.crt")),
            folder.path(&format!("{kind}.key")),
        );
        let mut request = clean("openssl");
        request.args("req -x509 -nodes -days 900 -subj /CN=k".split(' '));
        request
            .args(make.split(' '))
            .args(["-keyout", &key, "-out", &path]);
        run(&mut request, 60).ok();
        let mut old = clean("openssl");
        old.args(["pkey", "-traditional", "-in", &key]);
        let old = run(&mut old, 60).ok().stdout;
        let new = std::fs::read_to_string(&key).unwrap();
        let paths: Vec<String> = shapes::of_keys(&new, &old)
            .into_iter()
            .map(|(name, text)| folder.write(format!("{kind}-{name}.txt"), text))
            .collect();
        let asked = Asked {
            role: Role::Key,
            other: &path,
            paths: &paths,
        };
        asked.compare(folder.root(), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What `lint` says of the file: the quirk, who reads it, and an error where OpenSSL does not.
fn lint(name: &str, quirk: Quirk, path: &str) -> Vec<String> {
    let finished = run(
        mtls().args(["lint", "--format", "json", "--client-ca", path]),
        60,
    );
    let report: Value = serde_json::from_str(&finished.stdout).unwrap();
    let mut wrong = Vec::new();
    let word = serde_json::to_value(quirk).unwrap();
    let remarks = report["cases"][0]["files"][0]["remarks"]
        .as_array()
        .unwrap();
    if !remarks.iter().any(|remark| remark["quirk"] == word) {
        wrong.push(format!("{name}: lint remarks {remarks:?}, expected {word}"));
    }
    let bytes = std::fs::read(path).unwrap();
    let file = &mtls::parse::input::read(path, FileRole::ClientCa, None, &bytes)[0];
    let readings = file.readings_by(quirk);
    let says = readings.and_then(Readings::in_words);
    let found = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| {
            let message = finding["message"].as_str().unwrap_or_default();
            says.as_ref()
                .is_some_and(|says| message.ends_with(says.as_str()))
        });
    let lost = readings.is_some_and(|readings| readings.is_lost_on(PemReader::OpenSsl));
    let severity = found.map(|finding| finding["severity"].as_str().unwrap_or_default());
    let expected = match (says.is_some(), lost) {
        (false, _) => None,
        (true, true) => Some("error"),
        (true, false) => Some("warning"),
    };
    if severity != expected {
        wrong.push(format!(
            "{name}: lint found {severity:?}, expected {expected:?}: {report}"
        ));
    }
    if (finished.code == Some(0)) == lost {
        wrong.push(format!("{name}: lint ended with {:?}", finished.code));
    }
    wrong
}
