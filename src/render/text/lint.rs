//! What `lint` prints: the verdict, the one thing to do, the findings drawn at their lines, the chain, the trust.

use std::io::{self, Write};

use colored::{Color, Colorize};
use jiff::Timestamp;

use super::{
    Detail,
    page::Page,
    words::{amount, day, span, verdict_word},
};
use crate::{
    engine::Judged,
    facts::{
        Bundle, Certificate, Chain, FileFacts, Holds, Part, Place, Readiness, TrustFacts,
        TrustStatus,
    },
    finding::{Finding, Severity},
    parse::escape,
    render::snippet,
    report::{self, Run, Sink},
};

/// Findings of one rule that are drawn; the rest is counted.
const DRAWN: usize = 3;
/// Certificates of a chain that are listed.
const LISTED: usize = 12;
/// Names of a certificate that are listed.
const NAMES: usize = 4;

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
            self.sentence(judged)
        );
        self.verdict(word, color, &sentence);
        let worst = worst(judged);
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
            for bundle in &judged.case.bundles {
                self.bundle(bundle, judged);
            }
            // What is missing is told by a finding.
            for readiness in judged.readiness.iter().filter(|one| one.add.is_empty()) {
                self.outlook(readiness);
            }
        }
    }

    /// What there is to say in one sentence.
    fn sentence(&self, judged: &Judged) -> String {
        if let Some(finding) = worst(judged) {
            return escape::text(&finding.hit.message);
        }
        if let [readiness] = judged.readiness.as_slice() {
            return escape::text(&readiness.sentence);
        }
        let mut parts = Vec::new();
        for bundle in &judged.case.bundles {
            let chain = &bundle.chain;
            let count = chain.certificates.len() as u64;
            match chain.holds {
                Holds::Anchors => parts.push(amount(count, "anchor")),
                Holds::Identity => {
                    parts.push(amount(count, "certificate"));
                    if bundle
                        .key
                        .as_ref()
                        .is_some_and(|key| key.matches.contains(&chain.leaf))
                    {
                        parts.push("the key fits".to_owned());
                    }
                    if let Some(trust) = &chain.trust {
                        parts.push(match (trust.status, &trust.anchor) {
                            (TrustStatus::Trusted, Some(anchor)) => {
                                format!("trusted by {}", escape::text(anchor))
                            }
                            (TrustStatus::Unknown, _) => "no anchor to judge it by".to_owned(),
                            _ => "not trusted".to_owned(),
                        });
                    }
                    if let Some(first) = ending_first(chain) {
                        let left = first.not_after.duration_since(self.now);
                        parts.push(format!("{} left", span(left)));
                    }
                }
            }
        }
        if judged.case.bundles.is_empty() {
            for (_, key) in judged.case.files.iter().flat_map(FileFacts::private_keys) {
                parts.push(match &key.key {
                    Some(key) => format!("a private key, {} {} bits", key.algorithm, key.bits),
                    None => "a private key".to_owned(),
                });
            }
        }
        if parts.is_empty() {
            "no certificate and no private key in it".to_owned()
        } else {
            parts.join(", ")
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

    fn bundle(&mut self, bundle: &Bundle, judged: &Judged) {
        let chain = &bundle.chain;
        let name = match chain.holds {
            Holds::Identity => "chain",
            Holds::Anchors => "anchors",
        };
        self.row(name, &whose(chain));
        for index in 0..chain.certificates.len().min(LISTED) {
            self.certificate_of(chain, index);
        }
        if chain.certificates.len() > LISTED {
            self.row(
                "",
                &format!("and {} more", chain.certificates.len() - LISTED),
            );
        }
        if let Some(key) = &bundle.key {
            let kind = key.key.as_ref().map_or("unknown".to_owned(), |key| {
                format!("{} {} bits", key.algorithm, key.bits)
            });
            let fits = match (key.matches.as_slice(), &key.problem) {
                (_, Some(problem)) => problem.clone(),
                ([], None) => "fits no certificate of the chain".to_owned(),
                (matches, None) if matches.contains(&chain.leaf) => "fits the leaf".to_owned(),
                (matches, None) => format!("fits certificate {}", matches[0] + 1),
            };
            self.row("key", &format!("{kind}, {fits}"));
        }
        if let Some(trust) = &chain.trust {
            self.trust_of(trust, chain, judged);
        }
    }

    fn certificate_of(&mut self, chain: &Chain, index: usize) {
        let certificate = &chain.certificates[index];
        let part = match (chain.holds, chain.part(index)) {
            (Holds::Anchors, _) => "anchor",
            (_, Part::Leaf) => "leaf",
            (_, Part::Intermediate) => "intermediate",
            (_, Part::Root) => "root",
        };
        let label = escape::text(&certificate.label());
        if let Some(unreadable) = &certificate.unreadable {
            self.row(
                "",
                &format!(
                    "{}. unreadable: {}",
                    index + 1,
                    escape::text(&unreadable.reason)
                ),
            );
            return;
        }
        self.row("", &format!("{}. {part}: {label}", index + 1));
        let left = certificate.not_after.duration_since(self.now);
        let until = if left.is_negative() {
            format!("ended {} ago", span(left))
        } else {
            format!("{} left", span(left))
        };
        self.row(
            "",
            &format!(
                "   {} to {}, {until}; {} {}; sha256 {}…",
                day(certificate.not_before),
                day(certificate.not_after),
                certificate
                    .key
                    .curve
                    .as_deref()
                    .unwrap_or(&certificate.key.algorithm),
                certificate.key.bits,
                &certificate.sha256[..certificate.sha256.len().min(16)]
            ),
        );
        if chain.part(index) == Part::Leaf && !certificate.sans.is_empty() {
            let mut names: Vec<String> = certificate
                .sans
                .iter()
                .take(NAMES)
                .map(|name| escape::text(name))
                .collect();
            if certificate.sans.len() > NAMES {
                names.push(format!("{} more", certificate.sans.len() - NAMES));
            }
            self.row("", &format!("   {}", names.join(", ")));
        }
    }

    fn trust_of(&mut self, trust: &TrustFacts, chain: &Chain, judged: &Judged) {
        let (word, color) = match trust.status {
            TrustStatus::Trusted => ("trusted", Color::Green),
            TrustStatus::Untrusted => ("untrusted", Color::Red),
            TrustStatus::Unknown => ("unknown", Color::Yellow),
        };
        let by = match (&trust.anchor, trust.anchor_public) {
            (Some(anchor), Some(true)) => format!("by the public root {}", escape::text(anchor)),
            (Some(anchor), _) => format!("by {}", escape::text(anchor)),
            (None, _) if trust.status == TrustStatus::Unknown => {
                "no anchor to judge it by: name one with --cacert".to_owned()
            }
            (None, _) => "no path to an anchor".to_owned(),
        };
        let reasons = report::chain_reasons(judged, chain);
        let reasons = if reasons.is_empty() || trust.status != TrustStatus::Untrusted {
            String::new()
        } else {
            format!(" ({})", reasons.join(", "))
        };
        self.row(
            "trust",
            &format!("{}, {by}{reasons}", word.color(color).bold()),
        );
        for (index, candidate) in trust.candidates.iter().enumerate() {
            if trust.candidates.len() == 1 && candidate.problems.is_empty() {
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
        for differs in [&trust.openssl_differs, &trust.webpki_differs]
            .into_iter()
            .flatten()
        {
            self.row("", &escape::text(differs));
        }
    }
}

/// What the page begins with: of the worst findings the one about the sender, when it is among them, else the first.
fn worst(judged: &Judged) -> Option<&Finding> {
    let first = judged
        .findings
        .first()
        .filter(|finding| finding.severity > Severity::Note)?;
    let about_the_sender = judged
        .findings
        .iter()
        .take_while(|finding| finding.severity == first.severity)
        .find(|finding| {
            let said = |readiness: &Readiness| readiness.sentence == finding.hit.message;
            judged.readiness.iter().any(said)
        });
    Some(about_the_sender.unwrap_or(first))
}

fn whose(chain: &Chain) -> String {
    let count = amount(chain.certificates.len() as u64, "certificate");
    let side = match chain.role {
        crate::facts::Side::Client => "client",
        crate::facts::Side::Server => "server",
    };
    match chain.holds {
        Holds::Identity => format!("{count}, to be presented as a TLS {side}"),
        Holds::Anchors => format!("{count} that {side} chains are judged by"),
    }
}

/// The certificate of the chain that ends first, a root sent along left out.
fn ending_first(chain: &Chain) -> Option<&Certificate> {
    (0..chain.certificates.len())
        .filter(|&index| chain.part(index) != Part::Root)
        .map(|index| &chain.certificates[index])
        .filter(|certificate| certificate.unreadable.is_none())
        .min_by_key(|certificate| certificate.not_after)
}
