//! `mtls lint` against a corpus that others made and measured, where it lies beside the project.
//!
//! For: the measures that the design promises, on chains that were not made here.
//! Must not: pass where nothing was compared.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::{
    stacks::{
        OPEN,
        agreement::Agreement,
        chain::Role,
        corpus::{Case, Cases},
        judged::{self, Judged, Parts},
    },
    support::{clean, run, skipped},
};

const ARCHIVE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/data/stacks/chains.tar.xz"
);

const PARTS: Parts = Parts {
    chain: "chain.pem",
    anchors: "roots.pem",
    lists: "crls.pem",
};

/// Columns of the matrix, and the stack of `mtls` for each.
const COLUMNS: &[(&str, &str)] = &[
    ("ossl30", "openssl"),
    ("ossl30-strict-partial", "openssl-strict"),
    ("go127", "go"),
    ("rustls", "rustls"),
    ("java25", "java"),
    ("pyca50", "pyca"),
];

/// BoringSSL's column for a role: it was asked as Envoy, and as curl.
fn boringssl(role: Role) -> &'static str {
    match role {
        Role::Server => "live-curl-boringssl",
        Role::Client => "live-envoy",
    }
}

/// One column a family; BoringSSL is the tenth.
const FAMILIES: &[&str] = &[
    "ossl30", "go127", "rustls", "pyca50", "java25", "gnutls37", "nss387", "mbed228", "wolf55",
];

#[derive(Deserialize)]
struct Listed {
    id: String,
    role: String,
    host: Option<String>,
    time: i64,
    depth: Option<u32>,
    crl: bool,
}

#[derive(Deserialize)]
struct Matrix {
    stacks: Vec<String>,
    rows: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
struct Row {
    v: String,
}

impl Matrix {
    /// `A` or `R`; `None` where the stack was not asked.
    fn letter(&self, case: &str, column: &str) -> Option<char> {
        let at = self
            .stacks
            .iter()
            .position(|stack| stack == column)
            .unwrap();
        let letter = self.rows[case].v.chars().nth(at).unwrap();
        matches!(letter, 'A' | 'R').then_some(letter)
    }

    /// The letter that all families agree on.
    fn unanimous(&self, case: &Case) -> Option<char> {
        let columns = FAMILIES.iter().copied().chain([boringssl(case.role)]);
        let letters: Vec<_> = columns
            .filter_map(|column| self.letter(&case.name, column))
            .collect();
        let first = *letters.first()?;
        letters
            .iter()
            .all(|letter| *letter == first)
            .then_some(first)
    }
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> T {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The cases of a folder, each with its chain as one file.
fn cases(folder: &Path) -> Cases {
    let listed: Vec<Listed> = read(&folder.join("cases.json"));
    let case = |listed: Listed| {
        assert_eq!(
            listed.depth, None,
            "{}: depths are not asked for",
            listed.id
        );
        let at = folder.join(&listed.id);
        let mut chain = fs::read_to_string(at.join("leaf.pem")).unwrap();
        chain += &fs::read_to_string(at.join("intermediates.pem")).unwrap_or_default();
        fs::write(at.join("chain.pem"), chain).unwrap();
        Case {
            variation: listed.id.clone(),
            name: listed.id,
            role: if listed.role == "server" {
                Role::Server
            } else {
                Role::Client
            },
            host: listed.host.unwrap_or_default(),
            moment: listed.time,
            lists: listed.crl,
        }
    };
    Cases {
        folder: folder.to_owned(),
        list: listed.into_iter().map(case).collect(),
    }
}

/// Every stack's verdict is that of the verifier, in nearly all cells; and the status where all
/// families agree.
#[test]
fn verdicts_agree_with_the_shared_corpus() {
    if !Path::new(ARCHIVE).exists() {
        skipped("the shared corpus of chains is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run(
        clean("tar")
            .arg("-C")
            .arg(folder.path())
            .args(["-xJf", ARCHIVE]),
        60,
    )
    .ok();
    let mut agreement = Agreement::default();
    let mut unanimous = 0;
    let mut wrong = Vec::new();
    for part in ["own", "combinations"] {
        let cases = cases(&folder.path().join(part));
        let matrix: Matrix = read(&folder.path().join(part).join("matrix.json"));
        let judged = judged::all(&cases, &PARTS, &[]);
        for case in &cases.list {
            let judged = &judged[&case.name];
            let boring = [(boringssl(case.role), "boringssl")];
            for (column, stack) in COLUMNS.iter().chain(&boring) {
                if let Some(letter) = matrix.letter(&case.name, column) {
                    agreement.cell(
                        column,
                        &format!("{part}/{}", case.name),
                        letter,
                        judged,
                        stack,
                    );
                }
            }
            if let Some(letter) = matrix.unanimous(case) {
                unanimous += 1;
                if !says(judged, letter) {
                    wrong.push(format!(
                        "{part}/{}: all say {letter}, lint {}",
                        case.name, judged.status
                    ));
                }
            }
        }
    }
    println!(
        "of {unanimous} cases that all families agree on, the status differs in {}",
        wrong.len()
    );
    for line in &wrong {
        println!("status: {line}");
    }
    agreement.settle("the shared corpus", OPEN);
    assert!(
        wrong.len() * 100 <= unanimous,
        "the status differs in {} of {unanimous}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn says(judged: &Judged, letter: char) -> bool {
    judged.status
        == if letter == 'A' {
            "trusted"
        } else {
            "untrusted"
        }
}
