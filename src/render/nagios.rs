//! A monitoring plugin's output (Monitoring Plugins Development Guidelines, section 2): a line with
//! status and performance data, then detail.
//!
//! For: Nagios, Icinga and what speaks like them. Must not: let `|` or a line break of a peer's
//! into the first line, where they have a meaning; or print more than such systems keep.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use jiff::Timestamp;

use crate::{
    engine::Judged,
    facts::Probe,
    finding::Severity,
    parse::escape,
    report::{self, OverallVerdict, Run, Sink},
};

/// Targets with performance data of their own; a service with more is a graph nobody draws.
const DRAWN: usize = 50;
/// Lines of detail.
const LINES: usize = 100;

/// The exit status of a plugin that could not do its job, or answer.
pub const UNKNOWN: u8 = 3;

/// The exit status that goes with a verdict.
pub fn status(verdict: OverallVerdict) -> u8 {
    match verdict {
        OverallVerdict::Pass => 0,
        OverallVerdict::Warn => 1,
        OverallVerdict::Fail => 2,
        OverallVerdict::Unknown => UNKNOWN,
    }
}

/// The line of a plugin that could not do its job.
pub fn unknown(why: &str) -> String {
    format!("MTLS UNKNOWN - {}", plain(why))
}

/// The sink.
pub struct Nagios<W> {
    out: W,
    now: Timestamp,
    targets: u64,
    /// What is said first: of the worst target, and of the one target where there is no other.
    first: Option<(OverallVerdict, String)>,
    detail: Vec<String>,
    data: Vec<String>,
}

impl<W: Write> Nagios<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W, now: Timestamp) -> Self {
        Self {
            out,
            now,
            targets: 0,
            first: None,
            detail: Vec::new(),
            data: Vec::new(),
        }
    }

    fn said(&self, judged: &Judged, probe: Option<&Probe>) -> String {
        if let Some(worst) = judged
            .findings
            .iter()
            .find(|finding| finding.severity > Severity::Note)
        {
            return format!("{} {}", worst.rule.code, worst.hit.message);
        }
        let mode = probe.map_or(String::new(), |probe| {
            format!("client certificate {}, ", probe.client_auth().0.word())
        });
        let until = report::first_end(judged).map_or_else(
            || "no certificate seen".to_owned(),
            |certificate| {
                let days = certificate.not_after.duration_since(self.now).as_hours() / 24;
                format!("{days} days left")
            },
        );
        format!("{mode}{until}")
    }
}

impl<W: Write> Sink for Nagios<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let Some(inspected) = judged.case.inspected() else {
            return Ok(());
        };
        self.targets += 1;
        let verdict = report::verdict(judged);
        let probe = inspected.probe.as_ref();
        let said = format!("{}: {}", inspected.target, self.said(judged, probe));
        if self
            .first
            .as_ref()
            .is_none_or(|(worst, _)| verdict > *worst)
        {
            self.first = Some((verdict, said.clone()));
        }
        if self.detail.len() < LINES {
            self.detail
                .push(plain(&format!("{} {said}", word(verdict))));
        }
        if self.data.len() < DRAWN {
            let label = |what: &str| quoted(&format!("{} {what}", inspected.target));
            let mut data = Vec::new();
            if let Some(certificate) = report::first_end(judged) {
                let seconds = certificate.not_after.duration_since(self.now).as_secs();
                data.push(format!("{}={seconds}s", label("left")));
            }
            if let Some(total) = probe.and_then(|probe| probe.dialled.timings.total) {
                data.push(format!("{}={:.6}s;;;0", label("time"), total / 1e3));
            }
            self.data.push(data.join(" "));
        }
        self.detail.extend(
            judged
                .readiness
                .iter()
                .filter(|one| report::concerns(judged, one))
                .map(|one| plain(&one.sentence))
                .take(LINES.saturating_sub(self.detail.len())),
        );
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let malformed = run.fleet.as_ref().map_or(0, |fleet| fleet.malformed);
        let mut line = match &self.first {
            Some((_, said)) if malformed == 0 => {
                format!("MTLS {} - {}", word(run.verdict), plain(said))
            }
            _ => unknown(&format!(
                "{malformed} targets could not be used; standard error says why"
            )),
        };
        if self.targets > 1 {
            let _ = write!(line, " ({} targets)", self.targets);
        }
        if !self.data.is_empty() {
            let _ = write!(line, " | {}", self.data.join(" "));
        }
        writeln!(self.out, "{line}")?;
        if self.targets > 1 || self.detail.len() > 1 {
            for line in &self.detail {
                writeln!(self.out, "{line}")?;
            }
        }
        self.out.flush()
    }
}

fn word(verdict: OverallVerdict) -> &'static str {
    match verdict {
        OverallVerdict::Pass => "OK",
        OverallVerdict::Warn => "WARNING",
        OverallVerdict::Fail => "CRITICAL",
        OverallVerdict::Unknown => "UNKNOWN",
    }
}

/// Text without what has a meaning here: the bar begins performance data.
fn plain(text: &str) -> String {
    escape::text(text).replace('|', "\u{a6}")
}

/// A label of performance data in its quotes; a quote in it is doubled, and `=` is not allowed.
fn quoted(text: &str) -> String {
    format!("'{}'", plain(text).replace('\'', "''").replace('=', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_of_a_peers_has_a_meaning(text in ".*") {
            let said = plain(&text);
            prop_assert!(!said.contains(['|', '\n', '\r', '\x1b']));
            let label = quoted(&text);
            let inner = &label[1..label.len() - 1];
            prop_assert!(!inner.contains('='));
            prop_assert_eq!(inner.replace("''", "").matches('\'').count(), 0);
        }
    }
}
