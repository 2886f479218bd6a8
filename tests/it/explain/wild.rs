//! `mtls explain` measured on texts that people pasted into public threads whose cause was found.
//!
//! The rows lie beside the checkout (`../shared/data/wild`) and are no part of it; where they are
//! not there the tests say that they skip. Each thread is asked about with weights that were
//! counted in other threads only. `MTLS_WILD_OUT=FILE` writes a line of JSON for each row.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use mtls::explain::dictionary::Turned;
use mtls::explain::dictionary::{Dictionary, FILES};
use mtls::explain::life::{About, Life, printed, printed_in};
use mtls::explain::{Area, Explanation, Log, fault, query};
use mtls::facts::Side;
use mtls::finding::Act;
use serde::Deserialize;

/// Parts that the threads are split in.
const PARTS: u64 = 10;

/// A text with its cause; a negative has none.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    #[serde(alias = "log")]
    pub(crate) text: String,
    #[serde(default)]
    stack: String,
    fault: Option<OneOrMore>,
    #[serde(default)]
    also_accept: Vec<String>,
    side_to_act: Option<String>,
    printed_by: Option<String>,
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// What the rows call faults that have another name here, or have one among others.
const NAMES: &[(&str, &[&str])] = &[
    (
        "client-file: certificate without private key",
        &["client-file-nokey"],
    ),
    (
        "PKCS#12 with legacy encryption (RC2-40)",
        &["server-file-p12-legacy", "client-file-p12-legacy"],
    ),
    (
        "server: client-CA file lacks the root (partial chain)",
        &["server-file-ca-no-root"],
    ),
    (
        "client certificate is a CA certificate",
        &["client-ca-cert-as-leaf"],
    ),
    (
        "server: client-CA file contains no CA certificate",
        &["server-file-ca-not-ca"],
    ),
    ("negative serial number", &["server-negative-serial"]),
    (
        "server: negative serial number",
        &["server-negative-serial"],
    ),
    (
        "HTTP 403 after a good mTLS handshake reported as missing certificate",
        &["client-name-refused"],
    ),
    (
        "certificate with explicit EC parameters",
        &["server-explicit-curve", "client-explicit-curve"],
    ),
    (
        "certificate on an unsupported curve",
        &["server-unknown-curve"],
    ),
    (
        "server: client verification asked without a CA file",
        &["server-file-ca-nofile"],
    ),
    ("ca-missing-key-usage", &["server-ca-key-usage"]),
    ("root-not-ca", &["server-root-not-ca"]),
    ("pem-missing-newline-between-certs", &["server-file-glued"]),
    ("schannel-ephemeral-key", &["server-file-ephemeral-key"]),
    ("plaintext-to-tls-port", &["plain-http-to-https-port"]),
    ("server-checks-name-of-client-cert", &["client-host-check"]),
    (
        "client-library-cannot-match-ip-san",
        &["server-ip-not-in-san"],
    ),
    ("server-key-readable-by-others", &["server-file-key-mode"]),
    ("server-cert-without-private-key", &["server-file-nokey"]),
    (
        "path-given-where-pem-expected",
        &["server-file-path-as-pem"],
    ),
    ("client-cert-not-activated", &["client-not-registered"]),
    ("peer-client-cert-san-mismatch", &["client-host-check"]),
    (
        "server-key-curve-not-allowed",
        &["no-common-sigalg-client-rsa-only"],
    ),
    (
        "server-without-secure-renegotiation",
        &["peer-server-no-secure-renegotiation"],
    ),
    (
        "security-level-forbids-old-tls",
        &["security-level-forbids"],
    ),
];

impl Row {
    /// The faults that an answer may name.
    pub(crate) fn accepted(&self) -> BTreeSet<&str> {
        let own = match &self.fault {
            None => Vec::new(),
            Some(OneOrMore::One(id)) => vec![id.as_str()],
            Some(OneOrMore::More(ids)) => ids.iter().map(String::as_str).collect(),
        };
        own.into_iter()
            .chain(self.also_accept.iter().map(String::as_str))
            .flat_map(named)
            .collect()
    }

    /// The faults that it is counted for: the true one, as far as it has a name here.
    pub(crate) fn true_faults(&self) -> Vec<&str> {
        match &self.fault {
            None => Vec::new(),
            Some(OneOrMore::One(id)) => named(id),
            Some(OneOrMore::More(ids)) => ids.iter().take(1).flat_map(|id| named(id)).collect(),
        }
    }

    fn is_negative(&self) -> bool {
        self.fault.is_none()
    }

    fn is_log(&self) -> bool {
        self.text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count()
            > 1
    }

    /// The part of its thread.
    fn part(&self) -> u64 {
        // FNV-1a: a hash that stays what it is.
        let hash = self
            .source
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        (hash >> 17) % PARTS
    }
}

fn named(id: &str) -> Vec<&str> {
    let id = id.strip_prefix("other:").unwrap_or(id);
    match NAMES.iter().find(|(name, _)| *name == id) {
        Some((_, ids)) => ids.to_vec(),
        None => vec![id],
    }
}

/// The rows, or nothing where they do not lie beside the checkout.
pub(crate) fn rows() -> Option<Vec<Row>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wild");
    let mut rows = Vec::new();
    for name in ["errors.jsonl", "train.jsonl"] {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        rows.extend(
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect::<Vec<Row>>(),
        );
    }
    Some(rows)
}

/// The dictionary's files as they lie on the disk.
fn files() -> Vec<(&'static str, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/explain/dictionary");
    FILES
        .iter()
        .map(|(name, _)| {
            (
                *name,
                std::fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap(),
            )
        })
        .collect()
}

fn dictionary_of(files: &[(&'static str, String)]) -> Dictionary {
    let files: Vec<(&'static str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    Dictionary::read(&files)
}

fn ask(dictionary: &Dictionary, row: &Row) -> Explanation {
    if row.is_log() {
        let mut log = Log::new(dictionary);
        for line in row.text.lines() {
            log.line(line.as_bytes());
        }
        log.finish()
    } else {
        query(dictionary, &row.text)
    }
}

/// What stands behind messages in these threads: counts, and no text.
fn count<'a>(dictionary: &Dictionary, rows: impl Iterator<Item = &'a Row>) -> Life {
    let mut life = Life::default();
    for row in rows.filter(|row| !row.is_negative()) {
        let answer = ask(dictionary, row);
        let faults: Vec<&str> = row
            .true_faults()
            .into_iter()
            .filter(|id| fault(id).is_some())
            .collect();
        let Some(id) = faults.first() else { continue };
        life.threads += 1;
        *life.faults.entry((*id).to_owned()).or_default() += 1;
        let Some(lead) = answer.matches.first() else {
            continue;
        };
        let local = lead.turned_away == Turned::Local;
        let entry = dictionary.entry(&lead.id);
        let told_in = lead.program.map(|program| printed_in(&lead.id, program));
        let about = About::of(
            lead.turned_away,
            entry.map_or(&[][..], |entry| &entry.faults[..]),
        );
        let by = match (row.printed_by.as_deref(), fault(id).map(|fault| fault.area)) {
            (_, Some(Area::Files(side) | Area::Authorities(side))) if local => Some(side),
            (Some("client" | "proxy"), _) => Some(Side::Client),
            (Some("server"), _) => Some(Side::Server),
            _ => lead.printed_by,
        };
        if let Some(side) = by {
            *life
                .printed
                .entry(printed(side, about).to_owned())
                .or_default() += 1;
        }
        let of = match lead.printed_by {
            Some(Side::Client) => &mut life.client,
            Some(Side::Server) => &mut life.server,
            None => &mut life.unknown,
        };
        for key in [Some(lead.id.clone()), told_in].into_iter().flatten() {
            *of.entry(key)
                .or_default()
                .entry((*id).to_owned())
                .or_default() += 1;
        }
    }
    life
}

/// The counts that are part of the program are those of the threads. `UPDATE_LIFE=1` writes them.
#[test]
fn the_counts_from_life_are_those_of_the_threads() {
    let Some(rows) = rows() else {
        println!(
            "skipped the_counts_from_life_are_those_of_the_threads: ../shared/data/wild is not there"
        );
        return;
    };
    let life = count(&dictionary_of(&files()), rows.iter());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/explain/life.toml");
    if std::env::var_os("UPDATE_LIFE").is_some() {
        let text = format!("{HEAD}{}", toml::to_string(&life).unwrap());
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept: Life = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        kept, life,
        "run UPDATE_LIFE=1 cargo test --test it explain::wild"
    );
}

const HEAD: &str = "# How often which fault stood behind which message in public threads whose cause was found: counts, and no text of a thread.\n\
# Written by `UPDATE_LIFE=1 cargo test --test it explain::wild`, which says where the threads are.\n\n";

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    rows: u32,
    known: u32,
    cause: u32,
    side: u32,
}

impl Score {
    fn share(self, of: fn(&Self) -> u32) -> f64 {
        f64::from(of(&self)) / f64::from(self.rows.max(1))
    }
}

/// Whether the side that an answer names is the one that acted. Where either could, or whoever
/// holds the file, each is right.
fn side_fits(row: &Row, act: Act) -> bool {
    match row.side_to_act.as_deref() {
        Some("client") => act == Act::Client,
        Some("server") => act == Act::Server,
        _ => true,
    }
}

#[test]
fn the_cause_of_what_people_paste_is_named() {
    let Some(rows) = rows() else {
        println!(
            "skipped the_cause_of_what_people_paste_is_named: ../shared/data/wild is not there"
        );
        return;
    };
    let files = files();
    let mut total = Score::default();
    let mut by_fault: BTreeMap<String, Score> = BTreeMap::new();
    let mut negatives = Vec::new();
    let mut out = String::new();
    for part in 0..PARTS {
        let bare = dictionary_of(&files);
        let life = count(&bare, rows.iter().filter(|row| row.part() != part));
        let dictionary = bare.with_life(life);
        for row in rows.iter().filter(|row| row.part() == part) {
            let answer = ask(&dictionary, row);
            if row.is_negative() {
                if answer.known {
                    negatives.push(format!("{}: {}", row.id, answer.matches[0].id));
                }
                continue;
            }
            let accepted = row.accepted();
            let first = answer.matches.first();
            let named: Vec<&str> = if row.is_log() {
                answer.root_cause.iter().map(|root| root.fault).collect()
            } else {
                first
                    .iter()
                    .flat_map(|found| found.causes.iter().take(2))
                    .map(|cause| cause.fault)
                    .collect()
            };
            let cause = named.iter().any(|id| accepted.contains(id));
            let act = named
                .first()
                .and_then(|id| fault(id))
                .map(|fault| fault.act);
            let side = act.is_some_and(|act| side_fits(row, act));
            let of_fault = by_fault
                .entry(row.true_faults().first().unwrap_or(&"").to_string())
                .or_default();
            for score in [&mut total, of_fault] {
                score.rows += 1;
                score.known += u32::from(answer.known);
                score.cause += u32::from(cause);
                score.side += u32::from(side);
            }
            writeln!(out, "{}", serde_json::json!({
                "id": row.id, "stack": row.stack, "known": answer.known, "cause": cause, "side": side, "log": row.is_log(),
                "want": accepted, "want_side": row.side_to_act, "named": named, "act": act.map(|act| format!("{act:?}")),
                "printed_by": first.and_then(|found| found.printed_by).map(|side| format!("{side:?}")),
                "entries": answer.matches.iter().take(6).map(|found| format!("{} [{:?}]", found.id, found.printed_by)).collect::<Vec<_>>(),
                "causes": first.map(|found| found.causes.iter().take(6).map(|cause| cause.fault).collect::<Vec<_>>()),
                "text": row.text.chars().take(1500).collect::<String>(),
            })).unwrap();
        }
    }
    if let Some(path) = std::env::var_os("MTLS_WILD_OUT") {
        std::fs::write(path, out).unwrap();
    }
    println!(
        "threads {}: known {:.3}, cause {:.3}, side {:.3}; negatives explained {negatives:?}",
        total.rows,
        total.share(|s| s.known),
        total.share(|s| s.cause),
        total.share(|s| s.side)
    );
    let mut worst: Vec<_> = by_fault.iter().collect();
    worst.sort_by_key(|(_, score)| std::cmp::Reverse(score.rows - score.cause));
    for (id, score) in worst
        .iter()
        .take(12)
        .filter(|(_, score)| score.cause < score.rows)
    {
        println!("  {id}: {} of {} named", score.cause, score.rows);
    }
    assert!(negatives.is_empty(), "{negatives:?}");
    assert!(total.share(|s| s.known) >= 0.97);
    assert!(total.share(|s| s.cause) >= 0.94);
    assert!(total.share(|s| s.side) >= 0.89);
}
