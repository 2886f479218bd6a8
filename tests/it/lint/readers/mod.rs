//! Which stacks read a PEM file that is written in an unusual way: the table of `mtls::facts` held
//! to the programs, and `lint` held to the table.

use std::{collections::BTreeMap, path::Path, process::Command};

use mtls::facts::{PEM_READERS, PemReader, Quirk};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use serde_json::Value;

use crate::support::{Folder, clean, mtls, peer, run, skipped};

/// How a file is written: what it is called, the quirk that `lint` finds, and the file made of two
/// good blocks.
type Shape = (&'static str, Quirk, fn(&str, &str) -> Vec<u8>);

fn text(text: impl Into<String>) -> Vec<u8> {
    text.into().into_bytes()
}

/// Base64 in lines of this length.
fn folded(block: &str, length: usize) -> String {
    let lines: Vec<&str> = block.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    let body: Vec<&str> = (0..body.len())
        .step_by(length)
        .map(|at| &body[at..(at + length).min(body.len())])
        .collect();
    format!(
        "{}\n{}\n{}\n",
        lines[0],
        body.join("\n"),
        lines[lines.len() - 1]
    )
}

/// The block with `more` bytes behind its DER value.
fn longer(block: &str, more: &[u8]) -> String {
    let der = CertificateDer::from_pem_slice(block.as_bytes()).unwrap();
    mtls::parse::pem::encode("CERTIFICATE", &[der.as_ref(), more].concat())
}

/// The odd block is the first one: what a reader skips or stops at is missing, or all is.
const SHAPES: &[Shape] = &[
    ("bom", Quirk::ByteOrderMark, |a, b| {
        text(format!("\u{feff}{a}{b}"))
    }),
    ("crlf", Quirk::CarriageReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r\n"))
    }),
    ("cr", Quirk::LoneReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r"))
    }),
    ("cr-before-lf", Quirk::LoneReturns, |a, b| {
        text(a.replace('\n', "\r") + b)
    }),
    ("converted-twice", Quirk::DoubledReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r\r\n"))
    }),
    ("text", Quirk::TextAround, |a, b| {
        text(format!("subject=CN = a\n{a}{b}"))
    }),
    ("begin-indented", Quirk::IndentedMarker, |a, b| {
        text(format!("  {a}{b}"))
    }),
    ("begin-behind-tab", Quirk::IndentedMarker, |a, b| {
        text(format!("\t{a}{b}"))
    }),
    ("all-indented", Quirk::IndentedMarker, |a, b| {
        text(format!("    {}\n{b}", a.trim_end().replace('\n', "\n    ")))
    }),
    ("end-indented", Quirk::IndentedEnd, |a, b| {
        text(a.replace("-----END", " -----END") + b)
    }),
    ("long", Quirk::LongLines, |a, b| {
        text(folded(a, 100_000) + b)
    }),
    ("76", Quirk::LongLines, |a, b| text(folded(a, 76) + b)),
    ("trailing-blanks", Quirk::WhiteSpace, |a, b| {
        text(a.replace('\n', "  \n") + b)
    }),
    ("body-indented", Quirk::WhiteSpace, |a, b| {
        text(a.replace("\nM", "\n  M") + b)
    }),
    ("empty-first", Quirk::WhiteSpace, |a, b| {
        text(a.replacen('\n', "\n\n", 1) + b)
    }),
    ("empty-within", Quirk::EmptyLines, |a, b| {
        let second = a.match_indices('\n').nth(1).unwrap().0;
        text(format!("{}\n\n{}{b}", &a[..second], &a[second + 1..]))
    }),
    ("empty-last", Quirk::EmptyLines, |a, b| {
        text(a.replace("\n-----END", "\n\n-----END") + b)
    }),
    ("one-line", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', "") + "\n" + b)
    }),
    ("blanks-for-breaks", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', " ") + "\n" + b)
    }),
    ("written-out", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', "\\n") + "\n" + b)
    }),
    ("no-final-break", Quirk::NoFinalLineBreak, |a, b| {
        text(format!("{a}{}", b.trim_end()))
    }),
    ("x509", Quirk::OldLabel, |a, b| {
        text(a.replace("CERTIFICATE", "X509 CERTIFICATE") + b)
    }),
    ("trusted", Quirk::TrustedLabel, |a, b| {
        // CertAux: a purpose that is trusted.
        let aux = [0x30, 0x0c, 0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2];
        text(longer(a, &aux).replace("CERTIFICATE", "TRUSTED CERTIFICATE") + b)
    }),
    ("headers", Quirk::Headers, |a, b| {
        text(a.replacen('\n', "\nComment: mine\n\n", 1) + b)
    }),
    ("behind", Quirk::TrailingBytes, |a, b| {
        text(longer(a, &[0, 0]) + b)
    }),
    ("four-hyphens", Quirk::MalformedMarker, |a, b| {
        text(format!("{}{b}", &a[1..]))
    }),
    ("lower-case", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("BEGIN", "begin", 1) + b)
    }),
    ("two-blanks", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("N C", "N  C", 1) + b)
    }),
    ("dashes", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("-----B", "\u{2014}\u{2014}B", 1) + b)
    }),
];

/// The names that a reader printed, by path.
fn named(mut command: Command, paths: &[String]) -> BTreeMap<String, String> {
    let said = run(command.args(paths), 120).ok().stdout;
    let pairs = said.lines().filter_map(|line| line.rsplit_once(' '));
    pairs
        .map(|(path, names)| (path.to_owned(), names.to_owned()))
        .collect()
}

fn by_openssl(paths: &[String]) -> Option<BTreeMap<String, String>> {
    peer("openssl")?;
    let read = |path: &String| {
        // PEM_X509_INFO_read_bio, as SSL_CTX_load_verify_locations.
        let mut bag = clean("openssl");
        bag.args([
            "crl2pkcs7",
            "-nocrl",
            "-certfile",
            path,
            "-out",
            &format!("{path}.p7"),
        ]);
        let mut print = clean("openssl");
        print.args([
            "pkcs7",
            "-print_certs",
            "-noout",
            "-in",
            &format!("{path}.p7"),
        ]);
        let names = match run(&mut bag, 60).code {
            Some(0) => run(&mut print, 60).stdout,
            _ => String::new(),
        };
        let subjects = names.lines().filter(|line| line.starts_with("subject"));
        let names: String = subjects.filter_map(|line| line.chars().last()).collect();
        (path.clone(), names)
    };
    Some(paths.iter().map(read).collect())
}

fn by_go(folder: &Path, paths: &[String]) -> Option<BTreeMap<String, String>> {
    let mut build = peer("go")?;
    let built = folder.join("read-go");
    build.env("GOTOOLCHAIN", "local").args(["build", "-o"]);
    run(build.arg(&built).arg(source("read.go")), 300).ok();
    Some(named(clean(built), paths))
}

fn by_java(paths: &[String]) -> Option<BTreeMap<String, String>> {
    let mut java = peer("java")?;
    java.args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
        .arg(source("Read.java"));
    Some(named(java, paths))
}

/// As a server in Rust does: an error is the file's end.
fn by_rustls(paths: &[String]) -> BTreeMap<String, String> {
    let read = |path: &String| {
        let bytes = std::fs::read(path).unwrap();
        let read: Result<Vec<CertificateDer<'_>>, _> =
            CertificateDer::pem_slice_iter(&bytes).collect();
        let mut roots = rustls::RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(read.unwrap_or_default());
        (path.clone(), "?".repeat(added))
    };
    paths.iter().map(read).collect()
}

fn source(name: &str) -> String {
    format!(
        "{}/tests/it/lint/readers/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn the_table_of_readers_is_what_they_read_and_lint_says_so() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = Folder::new();
    let block = |name: &str| {
        let path = folder.path(&format!("{name}.pem"));
        let mut make = clean("openssl");
        make.args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"]);
        make.args([
            "ec_paramgen_curve:P-256",
            "-keyout",
            "/dev/null",
            "-days",
            "900",
        ]);
        make.args(["-subj", &format!("/CN={name}"), "-out", &path]);
        make.args(["-addext", "keyUsage=critical,keyCertSign"]);
        run(&mut make, 60).ok();
        std::fs::read_to_string(path).unwrap()
    };
    let (a, b) = (block("a"), block("b"));
    let paths: Vec<String> = SHAPES
        .iter()
        .map(|(name, _, make)| folder.write(format!("{name}.txt"), make(&a, &b)))
        .collect();
    let answers = PemReader::ALL.map(|reader| match reader {
        PemReader::OpenSsl => by_openssl(&paths),
        PemReader::Go => by_go(folder.root(), &paths),
        PemReader::Java => by_java(&paths),
        PemReader::Rustls => Some(by_rustls(&paths)),
    });
    let mut wrong = Vec::new();
    for ((name, quirk, _), path) in SHAPES.iter().zip(&paths) {
        let row = PEM_READERS.iter().find(|(row, _)| row == quirk);
        let (_, table) = row.unwrap_or_else(|| panic!("{quirk:?} has no row"));
        for ((reader, reads), answer) in PemReader::ALL.iter().zip(table).zip(&answers) {
            let Some(answer) = answer else {
                skipped(&format!(
                    "{} is not asked which files it reads",
                    reader.name()
                ));
                continue;
            };
            let names = answer.get(path).map_or("", String::as_str);
            if (names.len() == 2) != *reads {
                wrong.push(format!(
                    "{name}: {}: read {names:?}, expected {reads}",
                    reader.name()
                ));
            }
        }
        wrong.extend(lint(name, *quirk, path));
    }
    for (quirk, _) in PEM_READERS {
        let shown = SHAPES.iter().any(|(_, shape, _)| shape == quirk);
        assert!(shown, "{quirk:?} is asked of nobody");
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
    let says = quirk.read_by();
    let found = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| {
            let message = finding["message"].as_str().unwrap_or_default();
            says.as_ref()
                .is_some_and(|says| message.ends_with(says.as_str()))
        });
    let lost = quirk.is_lost_on(PemReader::OpenSsl);
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
