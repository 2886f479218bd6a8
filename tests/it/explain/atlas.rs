//! The open part of the atlas: runs, their lines, and which of them carry a meaning.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Read as _;

use mtls::explain::fault;
use mtls::facts::Side;
use serde::Deserialize;

/// One run.
#[derive(Debug, Deserialize)]
pub(crate) struct Run {
    pub(crate) fault: String,
    pub(crate) server: String,
    pub(crate) client: String,
    pub(crate) server_lines: Vec<String>,
    pub(crate) client_lines: Vec<String>,
}

impl Run {
    /// What each side printed.
    pub(crate) fn prints(&self) -> [(Side, &str, &[String]); 2] {
        [
            (Side::Server, &self.server, &self.server_lines),
            (Side::Client, &self.client, &self.client_lines),
        ]
    }

    /// Whether the run has a fault of the vocabulary.
    pub(crate) fn has_fault(&self) -> bool {
        fault(&self.fault).is_some()
    }
}

/// All runs.
pub(crate) fn runs() -> Vec<Run> {
    let packed = include_bytes!("../../../testdata/atlas/runs.jsonl.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A line without what differs from run to run: numbers, times, ports, paths, ids in hexadecimal.
pub(crate) fn shape(line: &str) -> String {
    let mut shape = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && !"/._-".contains(c)) {
        let end =
            word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && !"/._-".contains(c));
        let id = end.len() >= 6 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = end.contains('/')
            && [".crt", ".key", ".pem", ".p12", ".py", ".cfg"]
                .iter()
                .any(|ending| end.ends_with(ending));
        if id && !end.starts_with("0A0") {
            shape.push('#');
        } else if path {
            shape.push_str("FILE");
        } else {
            for c in end.chars() {
                if !(c.is_ascii_digit() && shape.ends_with('0')) {
                    shape.push(if c.is_ascii_digit() { '0' } else { c });
                }
            }
        }
        shape.push_str(&word[end.len()..]);
    }
    shape
}

/// Lines that carry a meaning: not printed in a run that went well, not behind so many faults that
/// they tell none, and with a word in them that speaks of something going wrong. Judged without
/// asking the dictionary.
pub(crate) struct Meaning {
    well: HashSet<String>,
    faults: BTreeMap<String, BTreeSet<String>>,
}

/// More faults than this behind one line, and it tells nothing.
const TELLS_NOTHING: usize = 10;

/// A line that has none of these does not say that something went wrong.
const WRONG: &[&str] = &[
    "error",
    "fail",
    "alert",
    "refus",
    "reject",
    "invalid",
    "expired",
    "unknown",
    "unable",
    "cannot",
    "could not",
    "not trusted",
    "not valid",
    "not match",
    "not find",
    "not return",
    "not allow",
    "no shared",
    "no common",
    "no cert",
    "no private",
    "no start",
    "no cipher",
    "no suitable",
    "no such",
    "mismatch",
    "reset by",
    "was closed",
    "closed connection",
    "connection closed",
    "timed out",
    "eof",
    "broken pipe",
    "bad ",
    "bad_",
    "denied",
    "wrong",
    "exception",
    "unsupported",
    "missing",
    "revoked",
    "weak",
    "violat",
    "exceeded",
    "incompatible",
    "err_",
    "hang up",
    "unrecogni",
    "terminated",
    "disallowed",
    "too small",
    "too long",
    "too many",
    "don't",
    "doesn't",
    "didn't",
    "untrusted",
    "corrupt",
];

/// Parts of traces, dumps and configurations: lines around a message, without one of their own.
const AROUND: &[&str] = &[
    "  File \"",
    "Traceback",
    "\tat ",
    "    at ",
    "self.",
    "return self",
    "---",
    "depth=",
    "subject=",
    "issuer=",
    "* Trying",
    "Server certificate",
    "Signature Algorithms",
    "Shared",
    "clarifyTimeoutError",
    "isAxiosError",
    "Exception occurred during",
    "File \"",
    "raw_requestline",
    "LOG5[",
    "LOG6[",
    "Compiled with",
    "More details here",
    "how to fix it",
    "establish a secure",
    "Giving up",
    "curl failed to verify",
    "WARNING: Could not save SSL session",
    "opensslErrorStack",
    "Supported groups",
    "* FFDHE",
    "|<1>| FFDHE",
    "AH01964",
    "AH01998",
    "* Accepted connection",
    "errno: (*__errno",
];

/// Words of lines that speak of something else: stapling that is not set up, an orderly close, the
/// name of a file or of a test's certificate.
const ELSE: &[&str] = &[
    "no OCSP stapling",
    "close_notify alert",
    "unixd:alert",
    "CN=client-revoked",
    "Loading private key from file",
    "Certificate loaded from file",
    "Unhandled error library",
    "no errors",
    "downstream_transport_failure_reason=- ",
    "SSL routines::system lib",
    "BIO routines::system lib",
];

impl Meaning {
    pub(crate) fn of(runs: &[Run]) -> Self {
        let mut well = HashSet::new();
        let mut faults: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for run in runs {
            for line in run.prints().iter().flat_map(|(_, _, lines)| lines.iter()) {
                if run.fault.ends_with("_ok") || run.fault.ends_with("_control") {
                    well.insert(shape(line));
                } else {
                    faults
                        .entry(shape(line))
                        .or_default()
                        .insert(run.fault.clone());
                }
            }
        }
        Self { well, faults }
    }

    pub(crate) fn has(&self, line: &str) -> bool {
        let shape = shape(line);
        let lower = line.to_lowercase();
        !ELSE.iter().any(|word| line.contains(word))
            && !self.well.contains(&shape)
            && self
                .faults
                .get(&shape)
                .is_none_or(|faults| faults.len() <= TELLS_NOTHING)
            && WRONG.iter().any(|word| lower.contains(word))
            && !AROUND
                .iter()
                .any(|word| line.trim_start().starts_with(word.trim_start()))
            && !AROUND[..2].iter().any(|word| line.contains(word))
    }
}
