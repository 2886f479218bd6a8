//! What `inspect` prints: the verdict, what to do, what is asked of clients, the chain as sent
//! beside the one verified; of many a line each.

mod brief;
mod chain;
mod endpoint;

use std::io::{self, Write};

use jiff::Timestamp;

use super::{
    Detail,
    chain::{Depth, Numbered},
    page::Page,
    words::{amount, verdict_word},
};
use crate::{
    engine::Judged,
    facts::ChainUse,
    finding::Severity,
    parse::{escape, pem},
    render::{
        picture::tree::tree,
        verdict::{self, loud},
    },
    report::{self, Run, Sink},
};

/// How much is printed of each target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectionDetail {
    /// All of it.
    Full,
    /// Two lines a certificate.
    Short,
    /// A line a target, and its errors and warnings.
    Line,
}

/// The text sink of `inspect`.
pub struct Inspection<W> {
    out: W,
    now: Timestamp,
    detail: InspectionDetail,
}

impl<W: Write> Inspection<W> {
    /// A sink that writes to `out`; `now` is what "days left" is counted from.
    pub fn new(out: W, now: Timestamp, detail: InspectionDetail) -> Self {
        Self { out, now, detail }
    }
}

impl<W: Write> Sink for Inspection<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let mut page = Page::new(self.now, Detail::Full);
        match self.detail {
            InspectionDetail::Full => page.inspection(judged),
            InspectionDetail::Short => page.brief(judged),
            InspectionDetail::Line => page.one_line(judged),
        }
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        if self.detail != InspectionDetail::Line {
            return Ok(());
        }
        let mut line = format!(
            "{}, {}, {}, {}",
            amount(run.cases, "target"),
            amount(run.summary.error, "error"),
            amount(run.summary.warning, "warning"),
            amount(run.summary.note, "note")
        );
        if let Some(fleet) = &run.fleet {
            if fleet.unreachable > 0 {
                line.push_str(&format!(", {} unreachable", fleet.unreachable));
            }
            if fleet.resumed > 0 {
                line.push_str(&format!(", {} left out as done before", fleet.resumed));
            }
            if let Some(shard) = &fleet.shard {
                line.push_str(&format!(", part {shard}"));
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())?;
        self.out.flush()
    }
}

impl Page {
    fn inspection(&mut self, judged: &Judged) {
        let Some(inspected) = judged.case.inspected.as_deref() else {
            return;
        };
        let (word, color) = verdict_word(report::verdict(judged));
        let sentence = format!(
            "{}: {}",
            escape::text(&inspected.target),
            verdict::sentence(judged, self.now)
        );
        self.verdict(word, color, &sentence);
        for finding in loud(judged) {
            self.line("");
            self.finding(finding);
        }
        if let Some(probe) = &inspected.probe {
            self.line("");
            self.connection_rows(&probe.visit);
            self.asked_of_clients(probe);
            for readiness in &judged.readiness {
                if report::concerns(judged, readiness) {
                    self.outlook(readiness);
                } else {
                    let name = escape::text(&readiness.profile);
                    self.row(
                        "sender",
                        &format!("none of the CAs of {name} is named; with --profile {name} that is a fault"),
                    );
                }
            }
        }
        for (place, chain) in judged.case.chains().enumerate() {
            let Some(view) = chain.view.as_ref().filter(|_| !chain.links.is_empty()) else {
                continue;
            };
            self.line("");
            self.tree(
                &tree(judged, place),
                Numbered::of(chain),
                Depth::Full,
                usize::MAX,
            );
            self.judged_by(view);
        }
        for anchors in judged
            .case
            .chains()
            .filter(|chain| chain.holds == ChainUse::Anchors)
        {
            self.line("");
            self.anchors_row(anchors);
        }
        for bundle in &judged.case.bundles {
            if let Some(key) = &bundle.key {
                self.key_row(key);
            }
        }
        if let Some(probe) = &inspected.probe {
            self.rest(probe);
        }
        let quiet: Vec<String> = judged
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Note)
            .map(|finding| format!("{} {}", finding.rule.code, finding.rule.name))
            .fold(Vec::new(), |mut named, one| {
                if !named.contains(&one) {
                    named.push(one);
                }
                named
            });
        if !quiet.is_empty() {
            self.row("notes", &quiet.join(", "));
        }
        self.known(judged);
        if inspected.pem {
            self.as_pem(judged);
        }
    }

    fn as_pem(&mut self, judged: &Judged) {
        for certificate in judged.case.chains().flat_map(|chain| chain.certificates()) {
            self.line("");
            self.line(&format!("# {}", escape::text(&certificate.label())));
            self.text
                .push_str(&pem::encode("CERTIFICATE", &certificate.der));
        }
    }
}
