//! A line a finding, as compilers print them: `file:line: severity[code] message`.
//!
//! For: editors, and `grep`. Must not: wrap or colour a line, or print one that is no finding.

use std::io::{self, Write};

use super::{answer::message, words::severity};
use crate::{
    engine::Judged,
    facts::Place,
    parse::escape,
    report::{Run, Sink},
};

/// The sink.
pub struct Concise<W> {
    out: W,
}

impl<W: Write> Concise<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Sink for Concise<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        for finding in &judged.findings {
            let (path, message) = message(finding);
            let place = match (path, &finding.hit.place) {
                (Some(path), Place::File { first_line, .. }) => {
                    format!("{}:{first_line}", escape::text(path))
                }
                // What came over a wire is named by its case: a connection, a target, a call.
                _ => escape::text(&judged.case.title),
            };
            writeln!(
                self.out,
                "{place}: {}[{}] {}",
                severity(finding.severity),
                finding.rule.code,
                escape::text(message)
            )?;
        }
        self.out.flush()
    }

    fn finish(&mut self, _: &Run) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    #[test]
    fn a_finding_is_a_line() {
        let (case, context) = Fixture::good().leaf_expired().no_sni().done();
        let mut judged = judge(case, &context);
        judged.findings[0].hit.place = Place::lines("a\u{1b}b.pem", 3, 9);
        judged.findings[0].hit.message = "a\u{1b}b.pem has expired".to_owned();
        let mut out = Vec::new();
        Concise::new(&mut out).case(&judged).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), judged.findings.len());
        assert!(
            lines[0].ends_with("b.pem:3: error[MT201] has expired"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
        assert!(lines[1].starts_with("#1 "), "{text}");
    }
}
