//! What `simulate` prints: the verdict, what to do, then the call; of many calls a table.

mod matrix;

use std::io::{self, Write};

use jiff::Timestamp;

use super::{
    Detail,
    page::Page,
    words::{amount, day, verdict_word},
};
use crate::{
    engine::Judged,
    facts::{Call, Chain, Expected, Reply, TrustStatus},
    finding::{Finding, Severity},
    parse::{escape, ids},
    render::{picture::phases, verdict},
    report::{self, Run, Sink, load::Load},
};

/// Columns of the longest bar of a histogram.
const BAR: usize = 40;

/// The text sink of `simulate`.
pub struct Calls<W> {
    out: W,
    now: Timestamp,
    many: bool,
    cases: Vec<Judged>,
}

impl<W: Write> Calls<W> {
    /// A sink that writes to `out`; `many` prints a table at the end in place of a page a call.
    pub fn new(out: W, now: Timestamp, many: bool) -> Self {
        Self {
            out,
            now,
            many,
            cases: Vec::new(),
        }
    }

    fn write(&mut self, page: &Page) -> io::Result<()> {
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Calls<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        if self.many {
            self.cases.push(judged.clone());
            return Ok(());
        }
        let mut page = Page::new(self.now, Detail::Full);
        page.call(judged);
        self.write(&page)
    }

    fn load(&mut self, load: &Load) -> io::Result<()> {
        let mut page = Page::new(self.now, Detail::Full);
        page.load(load);
        self.write(&page)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        if !self.many {
            return Ok(());
        }
        let mut page = Page::new(self.now, Detail::Full);
        page.matrix(&self.cases, run);
        for readiness in &run.readiness {
            page.line("");
            page.outlook(readiness);
        }
        self.write(&page)
    }
}

impl Page {
    fn call(&mut self, judged: &Judged) {
        let Some(call) = judged.case.call.as_deref() else {
            return;
        };
        let (word, color) = verdict_word(report::verdict(judged));
        self.verdict(word, color, &verdict::sentence(judged, self.now));
        for finding in judged
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
        {
            self.line("");
            self.finding(finding);
        }
        self.line("");
        self.row(
            "called",
            &format!("{} as {}", escape::text(&call.visit.url), call.sender),
        );
        self.reached(call);
        self.as_client(call);
        match &call.reply {
            Some(reply) => self.answer(call, reply),
            None => self.row("ended", &ending(call)),
        }
        self.known(judged);
        self.notes(judged.findings.iter());
        self.line("");
        self.phases(&phases::of_call(&call.visit.timings));
        self.steps(&call.visit.timeline, call.as_expected());
    }

    /// The address, what TLS came to, and what the webhook presented.
    fn reached(&mut self, call: &Call) {
        if let Some(address) = &call.visit.address {
            let when = call.visit.timings.tcp.map_or_else(
                || "no connection".to_owned(),
                |ms| format!("connected after {ms:.1} ms"),
            );
            self.row("address", &format!("{address}, {when}"));
        }
        if let Some(negotiated) = &call.visit.negotiated {
            let group = negotiated
                .group
                .map_or_else(String::new, |group| format!(", {}", ids::group_name(group)));
            let alpn = negotiated.alpn.as_deref().unwrap_or("no ALPN");
            let when = call
                .visit
                .timings
                .tls
                .map_or_else(String::new, |ms| format!(", after {ms:.1} ms"));
            self.row(
                "TLS",
                &format!(
                    "{}, {}{group}, {}{when}",
                    negotiated.protocol,
                    ids::cipher_name(negotiated.cipher),
                    escape::text(alpn)
                ),
            );
        }
        if let Some(chain) = &call.visit.server_chain {
            self.row("webhook", &self.chain_words(chain));
        }
    }

    /// The client that was presented, and who does what with it.
    fn as_client(&mut self, call: &Call) {
        let asked = match call.visit.asked {
            Some(true) => "asked for",
            Some(false) => "not asked for",
            None => "not known whether it is asked for",
        };
        self.row(
            "client",
            &format!(
                "{}: {}, {asked}",
                escape::text(&call.client),
                amount(call.visit.presented as u64, "certificate")
            ),
        );
        if let Some(differs) = &call.differs {
            self.row("", &format!("servers differ about this one: {differs}"));
        }
        if let Some(stack) = call.expected_by {
            let does = match call.expected {
                Expected::Accept => "accept it",
                Expected::Reject => "refuse it",
            };
            self.row("", &format!("{} {does}", stack.stands_for().join(", ")));
        }
    }

    /// The answer that came.
    fn answer(&mut self, call: &Call, reply: &Reply) {
        let kind = reply.header("content-type").unwrap_or("no content type");
        let total = call.visit.timings.total.unwrap_or_default();
        self.row(
            "answer",
            &format!(
                "{} {}, {}, {} bytes, {total:.1} ms of {} s",
                reply.version,
                reply.status,
                escape::text(kind),
                reply.body_bytes,
                call.time_limit.as_secs_f64()
            ),
        );
        if let Some(says) = &reply.answer.says {
            self.row("says", &format!("\"{says}\""));
        }
        if !reply.answer.unknown_fields.is_empty() {
            let shown: Vec<&str> = reply
                .answer
                .unknown_fields
                .iter()
                .map(String::as_str)
                .take(8)
                .collect();
            self.row(
                "ignored",
                &format!("fields that the sender does not know: {}", shown.join(" ")),
            );
        }
    }

    /// The webhook's chain in a line or two.
    fn chain_words(&self, chain: &Chain) -> String {
        let Some(leaf) = chain.certificate(0) else {
            return "no certificate".to_owned();
        };
        let trust = match chain
            .trust
            .as_ref()
            .map(|trust| (trust.status, &trust.anchor))
        {
            Some((TrustStatus::Trusted, Some(anchor))) => {
                format!("trusted by {}", escape::text(anchor))
            }
            Some((TrustStatus::Trusted, None)) => "trusted".to_owned(),
            Some((TrustStatus::Untrusted, _)) => "not trusted".to_owned(),
            _ => "leads to no root known here".to_owned(),
        };
        format!(
            "{}, {}, until {}, {trust}",
            escape::text(&leaf.label()),
            amount(chain.links.len() as u64, "certificate"),
            day(leaf.not_after)
        )
    }

    /// Notes break nothing: their codes and names are enough here.
    fn notes<'a>(&mut self, findings: impl Iterator<Item = &'a Finding>) {
        let mut named: Vec<String> = findings
            .filter(|finding| finding.severity == Severity::Note)
            .map(|finding| format!("{} {}", finding.rule.code, finding.rule.name))
            .collect();
        named.sort();
        named.dedup();
        if !named.is_empty() {
            self.row("notes", &named.join(", "));
        }
    }

    fn load(&mut self, load: &Load) {
        self.line("");
        self.row(
            "calls",
            &format!(
                "{} as `{}`, {} at once, in {:.2} s: {:.0} a second",
                load.calls,
                escape::text(&load.client),
                load.jobs,
                load.seconds,
                load.per_second
            ),
        );
        self.row(
            "as expected",
            &format!("{} of {}", load.as_expected, load.calls),
        );
        for row in &load.rows {
            self.row(
                "",
                &format!("{:>8}  {}, {}", row.calls, row.outcome, row.how),
            );
        }
        let latency = &load.latency;
        self.row(
            "latency",
            &format!(
                "p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
                latency.p50, latency.p90, latency.p99, latency.max
            ),
        );
        let most = latency
            .histogram
            .iter()
            .map(|bar| bar.calls)
            .max()
            .unwrap_or(1)
            .max(1);
        for bar in &latency.histogram {
            let length = (bar.calls as f64 / most as f64 * BAR as f64).ceil() as usize;
            self.row(
                "",
                &format!(
                    "{:>9.1} ms {:>8}  {}",
                    bar.up_to_ms,
                    bar.calls,
                    "#".repeat(length)
                ),
            );
        }
    }
}

fn ending(call: &Call) -> String {
    let when = if call.visit.handshaken() {
        "after the handshake"
    } else {
        "before the handshake was over"
    };
    let detail = if call.visit.ending.detail.is_empty() {
        String::new()
    } else {
        format!(" ({})", escape::text(&call.visit.ending.detail))
    };
    let total = call.visit.timings.total.unwrap_or_default();
    format!("{}, {when}{detail}, {total:.1} ms", call.how())
}
