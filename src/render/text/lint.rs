//! What `lint` prints: the verdict, the one thing to do, the findings drawn at their lines, the
//! chain, the trust.

use std::io::{self, Write};

use colored::{Color, Colorize};
use jiff::Timestamp;

use super::{
    Detail,
    chain::{Depth, Numbered},
    page::Page,
    words::{amount, verdict_word},
};
use crate::{
    engine::Judged,
    facts::{Bundle, Chain, ChainUse, Place, Side, TrustFacts, TrustStatus},
    finding::Finding,
    parse::escape,
    render::{picture::tree, snippet, verdict, verifiers},
    report::{self, Run, Sink},
};

/// Findings of one rule that are drawn; the rest is counted.
const DRAWN: usize = 3;
/// Certificates of a chain that are listed.
const LISTED: usize = 12;

/// How much of a deployment is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintDetail {
    /// All of it: it is the only one.
    Full,
    /// Verdict and findings: it is one of many.
    Short,
}

/// The text sink of `lint`.
pub struct Lint<W> {
    out: W,
    now: Timestamp,
    detail: LintDetail,
}

impl<W: Write> Lint<W> {
    /// A sink that writes to `out`; `now` is what "days left" is counted from.
    pub fn new(out: W, now: Timestamp, detail: LintDetail) -> Self {
        Self { out, now, detail }
    }
}

impl<W: Write> Sink for Lint<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let mut page = Page::new(self.now, Detail::Full);
        page.deployment(judged, self.detail);
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        if self.detail == LintDetail::Full {
            return Ok(());
        }
        let line = format!(
            "{}, {}, {}, {}\n",
            amount(run.cases, "file"),
            amount(run.summary.error, "error"),
            amount(run.summary.warning, "warning"),
            amount(run.summary.note, "note")
        );
        self.out.write_all(line.as_bytes())?;
        self.out.flush()
    }
}

impl Page {
    fn deployment(&mut self, judged: &Judged, detail: LintDetail) {
        let (word, color) = verdict_word(report::verdict(judged));
        let sentence = format!(
            "{}: {}",
            escape::text(&judged.case.title),
            verdict::sentence(judged, self.now)
        );
        self.verdict(word, color, &sentence);
        let worst = verdict::worst(judged);
        if let (Some(finding), true) = (worst, judged.findings.len() > 1) {
            self.remedy("first:", finding);
        }
        for (index, finding) in judged.findings.iter().enumerate() {
            let before = judged.findings[..index]
                .iter()
                .filter(|other| other.rule.code == finding.rule.code)
                .count();
            match before {
                0..DRAWN => self.drawn(finding, judged),
                DRAWN => {
                    let rest = judged.findings[index..]
                        .iter()
                        .filter(|other| other.rule.code == finding.rule.code)
                        .count();
                    self.line(&format!("\n      and {rest} more of {}", finding.rule.code));
                }
                _ => {}
            }
        }
        self.known(judged);
        if detail == LintDetail::Full {
            self.line("");
            if let Some(site) = &judged.case.site {
                self.site(site);
            }
            // They are the last of the case's chains.
            let first = judged.case.chains().count() - judged.case.bundles.len();
            for (index, bundle) in judged.case.bundles.iter().enumerate() {
                self.bundle(first + index, bundle, judged);
            }
            // What is missing is told by a finding.
            for readiness in judged.readiness.iter().filter(|one| one.add.is_empty()) {
                self.outlook(readiness);
            }
        }
    }

    fn drawn(&mut self, finding: &Finding, judged: &Judged) {
        self.line("");
        self.finding_head(finding);
        let is_key = judged
            .case
            .bundles
            .iter()
            .filter_map(|bundle| bundle.key.as_ref())
            .any(|key| key.place == finding.hit.place);
        let label = match finding.hit.subject.as_str() {
            _ if is_key => "this key",
            "" => "here",
            subject => subject,
        };
        match snippet::draw(&finding.hit.place, &judged.case.files, label, true) {
            Some(drawing) => {
                for line in drawing.lines() {
                    self.line(&format!("    {line}"));
                }
            }
            None => {
                if let Place::File { path, .. } = &finding.hit.place {
                    self.line(&format!("      in {}", escape::text(path)));
                }
            }
        }
        self.finding_body(finding);
        self.line(
            &format!("      more: mtls explain {}", finding.rule.code)
                .dimmed()
                .to_string(),
        );
    }

    fn bundle(&mut self, place: usize, bundle: &Bundle, judged: &Judged) {
        let chain = &bundle.chain;
        let name = match chain.holds {
            ChainUse::Identity => "chain",
            ChainUse::Anchors => "anchors",
        };
        self.row(name, &whose(chain));
        let nodes = match chain.holds {
            ChainUse::Identity => tree::tree(judged, place),
            ChainUse::Anchors => tree::anchors(judged, place),
        };
        self.tree(&nodes, Numbered::InFile, Depth::Brief, LISTED);
        if let Some(key) = &bundle.key {
            let kind = key.key.as_ref().map_or("unknown".to_owned(), |key| {
                format!("{} {} bits", key.algorithm, key.bits)
            });
            let fits = match (key.matches.as_slice(), &key.problem) {
                (_, Some(problem)) => problem.to_string(),
                ([], None) => "fits no certificate of the chain".to_owned(),
                (matches, None) if matches.contains(&chain.leaf) => "fits the leaf".to_owned(),
                (matches, None) => format!("fits certificate {}", matches[0] + 1),
            };
            self.row("key", &format!("{kind}, {fits}"));
        }
        if let Some(trust) = &chain.trust {
            self.trust_of(trust, (place, chain.role), judged);
        }
    }

    fn trust_of(&mut self, trust: &TrustFacts, (place, role): (usize, Side), judged: &Judged) {
        let (mark, color) = match trust.status {
            TrustStatus::Trusted => ("trusted", Color::Green),
            TrustStatus::Untrusted => ("untrusted", Color::Red),
            TrustStatus::Disputed => ("disputed", Color::Yellow),
            TrustStatus::Unknown if trust.unanswered() => ("unknown", Color::Yellow),
            TrustStatus::Unknown => ("not checked", Color::Yellow),
        };
        let by = match (&trust.anchor, trust.anchor_public) {
            (Some(anchor), _) if trust.unanswered() => {
                format!(
                    "a part of it could not be checked, up to {}",
                    escape::text(anchor)
                )
            }
            (Some(anchor), Some(true)) => format!("by the public root {}", escape::text(anchor)),
            (Some(anchor), _) => format!("by {}", escape::text(anchor)),
            (None, _) if trust.unanswered() => "it could not be judged".to_owned(),
            (None, _) if trust.status == TrustStatus::Unknown => {
                "no anchor to judge it by: name one with --cacert".to_owned()
            }
            (None, _) => "no path to an anchor".to_owned(),
        };
        let reasons = report::chain_reasons(judged, place);
        let reasons = if reasons.is_empty()
            || !(trust.status == TrustStatus::Untrusted || trust.unanswered())
        {
            String::new()
        } else {
            format!(" ({})", reasons.join(", "))
        };
        self.row(
            "trust",
            &format!("{}, {by}{reasons}", mark.color(color).bold()),
        );
        for (index, candidate) in trust.candidates.iter().enumerate() {
            let quiet = candidate.problems.is_empty() || trust.status == TrustStatus::Trusted;
            if trust.candidates.len() == 1 && quiet {
                break;
            }
            let names: Vec<String> = candidate
                .subjects
                .iter()
                .map(|subject| escape::text(subject))
                .collect();
            self.row("", &format!("path {}: {}", index + 1, names.join(" < ")));
            for problem in &candidate.problems {
                self.row(
                    "",
                    &format!("   {}: {}", problem.depth, escape::text(&problem.why)),
                );
            }
        }
        for line in verifiers::lines(trust, role) {
            self.row(line.label, &line.text);
        }
    }
}

fn whose(chain: &Chain) -> String {
    let count = amount(chain.links.len() as u64, "certificate");
    let side = match chain.role {
        crate::facts::Side::Client => "client",
        crate::facts::Side::Server => "server",
    };
    match chain.holds {
        ChainUse::Identity => format!("{count}, to be presented as a TLS {side}"),
        ChainUse::Anchors => format!("{count} that {side} chains are judged by"),
    }
}
