//! The formats of code hosts and continuous integration: SARIF, JUnit, GitHub annotations, GitLab Code Quality, Markdown.
//!
//! For: machines that gather findings of many tools. Must not: change a finding; each says the same as the text does, escaped for its
//! reader, with a fingerprint that outlives edits around it.

mod github;
mod gitlab;
mod junit;
mod markdown;
mod sarif;

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::{Component, Path, PathBuf},
};

use aws_lc_rs::digest::{SHA256, digest};

pub use self::{github::Github, gitlab::Gitlab, junit::Junit, markdown::Markdown, sarif::Sarif};
use crate::{engine::Judged, facts::Place, finding::Finding};

/// A finding where it was found, as these formats need it.
#[derive(Clone, Debug)]
struct Located {
    finding: Finding,
    /// What it is about: a file as written, or a target.
    subject: String,
    /// The file's path, relative to the base where it lies below it; `None` for what is in no file.
    path: Option<String>,
    /// First and last line, from 1.
    lines: Option<(usize, usize)>,
    fingerprint: String,
    /// Why it is known, when it is.
    known: Option<String>,
}

/// Collects findings with their fingerprints.
#[derive(Debug)]
struct Collector {
    base: PathBuf,
    seen: HashMap<String, u32>,
}

impl Collector {
    /// `base` is the directory that paths are made relative to.
    fn new(base: PathBuf) -> Self {
        Self {
            base,
            seen: HashMap::new(),
        }
    }

    fn of(&mut self, judged: &Judged) -> Vec<Located> {
        let title = &judged.case.title;
        judged
            .findings
            .iter()
            .map(|finding| self.locate(finding, title))
            .collect()
    }

    /// Those that are known to their owner.
    fn known(&mut self, judged: &Judged) -> Vec<Located> {
        let title = &judged.case.title;
        judged
            .suppressed
            .iter()
            .map(|known| Located {
                known: Some(known.reason.clone()),
                ..self.locate(&known.finding, title)
            })
            .collect()
    }

    fn locate(&mut self, finding: &Finding, title: &str) -> Located {
        let (subject, path, lines) = match &finding.hit.place {
            Place::File {
                path,
                first_line,
                last_line,
            } => (
                path.clone(),
                Some(relative(&self.base, path)),
                // A file that is no text has no lines to point at; 1 is taken by all readers.
                Some(((*first_line).max(1), (*last_line).max(1))),
            ),
            Place::Wire { .. } | Place::Http { .. } => (title.to_owned(), None, None),
        };
        // Neither lines nor days left: both change while the finding stays.
        let at = path.as_deref().unwrap_or(&subject);
        let what = [finding.rule.code, at, &finding.hit.subject].join("\0");
        let again = self.seen.entry(what.clone()).or_default();
        *again += 1;
        let print = digest(&SHA256, format!("{what}\0{again}").as_bytes());
        let fingerprint = print.as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Located {
            finding: finding.clone(),
            subject,
            path,
            lines,
            fingerprint,
            known: None,
        }
    }
}

/// A path as the checkout has it: without what leads to the base, and without `./`.
fn relative(base: &Path, path: &str) -> String {
    if path == "-" {
        return "stdin".to_owned();
    }
    let whole = Path::new(path);
    let below = whole.strip_prefix(base).unwrap_or(whole);
    let parts: PathBuf = below
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect();
    parts.to_string_lossy().replace('\\', "/")
}

/// A path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(encoded).collect();
    let joined = parts.join("/");
    if joined.starts_with('/') {
        format!("file://{joined}")
    } else {
        joined
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// What is said of a finding in one text: what was seen, and what to do.
fn said(finding: &Finding) -> String {
    format!("{}. {}", finding.hit.message, finding.hit.remedy.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        let base = Path::new("/work/repo");
        for (path, wanted) in [
            ("certs/full chain.pem", "certs/full%20chain.pem"),
            ("./certs/a.pem", "certs/a.pem"),
            ("/work/repo/certs/a.pem", "certs/a.pem"),
            ("/etc/ssl/a.pem", "file:///etc/ssl/a.pem"),
            ("../a.pem", "../a.pem"),
            ("secret.json#tls.crt", "secret.json%23tls.crt"),
            ("-", "stdin"),
        ] {
            assert_eq!(uri(&relative(base, path)), wanted);
        }
    }
}
