//! The formats of code hosts and continuous integration: SARIF, JUnit, GitHub annotations, GitLab
//! Code Quality, Markdown.
//!
//! For: machines that gather findings of many tools. Must not: change a finding; each says the same
//! as the text does, escaped for its reader, with a fingerprint that outlives edits around it.

mod github;
mod gitlab;
mod junit;
mod markdown;
mod sarif;

use std::{fmt::Write as _, path::PathBuf};

pub use self::{github::Github, gitlab::Gitlab, junit::Junit, markdown::Markdown, sarif::Sarif};
use crate::{engine::Judged, facts::Place, finding::Finding, report::fingerprint::Fingerprints};

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
struct Collector(Fingerprints);

impl Collector {
    /// `base` is the directory that paths are made relative to.
    fn new(base: PathBuf) -> Self {
        Self(Fingerprints::new(base))
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
            } => match entry(path) {
                // The lines of an entry are not those of the document.
                Some(document) => (path.clone(), Some(self.0.relative(document)), Some((1, 1))),
                None => (
                    path.clone(),
                    Some(self.0.relative(path)),
                    // A file that is no text has no lines to point at; 1 is taken by all readers.
                    Some(((*first_line).max(1), (*last_line).max(1))),
                ),
            },
            Place::Wire { .. } | Place::Http { .. } => (title.to_owned(), None, None),
        };
        Located {
            finding: finding.clone(),
            subject,
            path,
            lines,
            fingerprint: self.0.of(finding, title),
            known: None,
        }
    }
}

/// The document of an entry, `secret.json` of `secret.json#tls.crt`; `None` for a file.
fn entry(path: &str) -> Option<&str> {
    path.split_once('#').map(|(document, _)| document)
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
    fn paths_become_references() {
        for (path, wanted) in [
            ("certs/full chain.pem", "certs/full%20chain.pem"),
            ("/etc/ssl/a.pem", "file:///etc/ssl/a.pem"),
            ("secret.json#tls.crt", "secret.json%23tls.crt"),
        ] {
            assert_eq!(uri(path), wanted);
        }
    }
}
