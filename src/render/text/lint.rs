//! What `lint` prints: the answer, the findings, what was judged; of many files a table.

use std::io::{self, Write};

use colored::{Color, Colorize};

use super::{
    Detail, Look,
    chain::{Depth, Numbered},
    page::{Page, Worst},
    table::Table,
    words::amount,
};
use crate::{
    engine::Judged,
    facts::{Bundle, Chain, ChainUse, Place, Side, TrustFacts, TrustStatus},
    finding::Finding,
    parse::escape,
    render::{picture::tree, verifiers},
    report::{self, Run, Sink},
};

/// Findings of one rule that are drawn; the rest is counted.
const DRAWN: usize = 3;
/// Certificates of a chain that are listed.
const LISTED: usize = 12;
/// Certificates that are listed where less is printed.
const NAMED: usize = 4;

/// The text sink of `lint`.
pub struct Lint<W> {
    out: W,
    look: Look,
    many: bool,
    worst: Worst,
    table: Table,
}

impl<W: Write> Lint<W> {
    /// A sink that writes to `out`; `many` says that there is more than one deployment, which are
    /// told in a table.
    pub fn new(out: W, look: Look, many: bool) -> Self {
        Self {
            out,
            look,
            many,
            worst: Worst::default(),
            table: Table::default(),
        }
    }

    fn write(&mut self, page: &Page) -> io::Result<()> {
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Lint<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.worst.add(judged);
        let mut page = Page::of(self.look);
        match (self.many, self.look.detail) {
            (true, detail) => {
                self.table.add(judged, self.look);
                if detail != Detail::Full {
                    return Ok(());
                }
                page.drawn_findings(judged);
            }
            (false, _) => page.deployment(judged),
        }
        self.write(&page)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let mut page = Page::of(self.look);
        match (self.many, self.look.detail) {
            (false, _) => {}
            // Each was printed as it was judged.
            (true, Detail::Full) => page.all_of(&self.table, run),
            (true, _) => page.table(&self.table, run),
        }
        if self.look.detail != Detail::Verdict && run.cases > 0 {
            let what = match self.many {
                true => format!("{}, ", amount(run.cases, "file")),
                false => String::new(),
            };
            page.summary(&what, &run.summary, self.worst.code());
        }
        self.write(&page)
    }
}

impl Page {
    fn deployment(&mut self, judged: &Judged) {
        match self.detail {
            Detail::Verdict => self.answer(judged, Some(&judged.case.title)),
            Detail::Usual => {
                self.answer(judged, Some(&judged.case.title));
                self.then_and_now(judged);
                self.findings(judged);
                self.fetched(judged);
                self.named(judged);
                self.requests(judged);
            }
            Detail::Full => {
                self.drawn_findings(judged);
                self.then_and_now(judged);
                self.line("");
                if let Some(site) = judged.case.site() {
                    self.site(site);
                }
                for (place, bundle) in bundles(judged) {
                    self.bundle(place, bundle, judged);
                }
                self.requests(judged);
                self.fetched(judged);
                for readiness in &judged.readiness {
                    self.outlook(readiness);
                }
            }
        }
    }

    /// Of a recorded case: how its client was judged then, and how now.
    fn then_and_now(&mut self, judged: &Judged) {
        let Some(then) = judged.case.then() else {
            return;
        };
        let day = |moment: jiff::Timestamp| moment.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let at = then.judged_at.map_or("at an unknown time".to_owned(), day);
        let by = format!("{} {}", then.by.name, then.by.version);
        let status = match (then.status, &then.ending) {
            (Some(status), _) => trusted(status).to_owned(),
            (None, Some(ending)) => format!("no client certificate was judged ({ending})"),
            (None, None) => "no client certificate was judged".to_owned(),
        };
        let why = then
            .why
            .as_deref()
            .map_or(String::new(), |why| format!(": {why}"));
        let then_line = format!("{at}  {status}{why}, says {by}");
        self.row("then", &escape::text(&then_line));
        let chains = judged.case.chains();
        let mut trust = chains.filter_map(|chain| chain.trust.as_ref());
        let now = match trust.next() {
            Some(trust) => {
                let why = trust.problems.first();
                let why = why.map_or(String::new(), |problem| format!(": {}", problem.why));
                format!("{}{why}", trusted(trust.status))
            }
            None => "nothing to judge".to_owned(),
        };
        self.row("now", &format!("{}  {now}", day(judged.judged_at)));
    }

    /// The chains by the names in them, where nothing is wrong or their order is.
    fn named(&mut self, judged: &Judged) {
        if let Some(site) = judged.case.site() {
            self.asks(site);
        }
        for (place, bundle) in bundles(judged) {
            let chain = &bundle.chain;
            let nodes = tree::tree(judged, place);
            let on_path = nodes.iter().filter_map(|node| node.sent);
            let ordered = on_path.is_sorted();
            let quiet = report::Summary::of(&judged.findings).error == 0;
            if chain.holds == ChainUse::Identity && chain.links.len() > 1 && (quiet || !ordered) {
                self.tree(&nodes, Numbered::InFile, Depth::Names, NAMED);
            }
        }
    }

    /// The answer, and each finding at its lines.
    fn drawn_findings(&mut self, judged: &Judged) {
        self.answer(judged, Some(&judged.case.title));
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
        if !self.drawing(finding, &judged.case.files, label)
            && let Place::File { path, .. } = &finding.hit.place
        {
            self.line(&format!("      in {}", escape::text(path)));
        }
        self.finding_body(finding);
    }

    fn bundle(&mut self, place: usize, bundle: &Bundle, judged: &Judged) {
        let chain = &bundle.chain;
        let name = match chain.holds {
            ChainUse::Identity => "chain",
            ChainUse::Anchors => "trust anchors",
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
                ([], None) => "matches no certificate of the chain".to_owned(),
                (matches, None) if matches.contains(&chain.leaf) => "matches the leaf".to_owned(),
                (matches, None) => format!("matches certificate {}", matches[0] + 1),
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
                    "part of the path to {} could not be checked",
                    escape::text(anchor)
                )
            }
            (Some(anchor), Some(true)) => format!("by the public root {}", escape::text(anchor)),
            (Some(anchor), _) => format!("by {}", escape::text(anchor)),
            (None, _) if trust.unanswered() => "it could not be checked".to_owned(),
            (None, _) if trust.status == TrustStatus::Unknown => {
                "pass the issuing CA with --cacert".to_owned()
            }
            (None, _) => "no path to a trust anchor".to_owned(),
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

/// The bundles with their places: they are the last of the case's chains.
fn bundles(judged: &Judged) -> impl Iterator<Item = (usize, &Bundle)> {
    let first = judged.case.chains().count() - judged.case.bundles.len();
    let bundles = judged.case.bundles.iter().enumerate();
    bundles.map(move |(index, bundle)| (first + index, bundle))
}

fn whose(chain: &Chain) -> String {
    let count = chain.links.len() as u64;
    let side = match chain.role {
        Side::Client => "client",
        Side::Server => "server",
    };
    match chain.holds {
        ChainUse::Identity => format!(
            "{}, to be presented by the TLS {side}",
            amount(count, "certificate")
        ),
        ChainUse::Anchors => format!("for {side} certificates: {count}"),
    }
}

/// What was said of a chain, in a word or two.
fn trusted(status: TrustStatus) -> &'static str {
    match status {
        TrustStatus::Trusted => "trusted",
        TrustStatus::Untrusted => "not trusted",
        TrustStatus::Disputed => "trusted by some verifiers only",
        TrustStatus::Unknown => "not known whether it is trusted",
    }
}
