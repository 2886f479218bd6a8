//! What `simulate` prints: the verdict, what to do, then the call; of many calls a table.

mod matrix;

use std::io::{self, Write};

use super::{
    Detail, Look,
    page::{Page, Worst},
    words::{amount, day},
};
use crate::{
    engine::Judged,
    facts::{Call, Chain, Expected, Reply, TrustStatus, common_name},
    parse::{escape, ids},
    render::picture::phases,
    report::{Run, Sink, load::Load},
};

/// Columns of the longest bar of a histogram.
const BAR: usize = 40;

/// The text sink of `simulate`.
pub struct Calls<W> {
    out: W,
    look: Look,
    many: bool,
    cases: Vec<Judged>,
    worst: Worst,
}

impl<W: Write> Calls<W> {
    /// A sink that writes to `out`; `many` prints a table at the end in place of a page a call.
    pub fn new(out: W, look: Look, many: bool) -> Self {
        Self {
            out,
            look,
            many,
            cases: Vec::new(),
            worst: Worst::default(),
        }
    }

    fn write(&mut self, page: &Page) -> io::Result<()> {
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Calls<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.worst.add(judged);
        if self.many {
            self.cases.push(judged.clone());
            return Ok(());
        }
        let mut page = Page::of(self.look);
        page.call(judged);
        self.write(&page)
    }

    fn load(&mut self, load: &Load) -> io::Result<()> {
        let mut page = Page::of(self.look);
        page.load(load);
        self.write(&page)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let mut page = Page::of(self.look);
        if self.many {
            page.matrix(&self.cases, run);
        }
        if self.look.detail != Detail::Verdict {
            let what = match self.many {
                true => format!("{}, ", amount(run.cases, "call")),
                false => String::new(),
            };
            page.summary(&what, &run.summary, self.worst.code());
        }
        self.write(&page)
    }
}

impl Page {
    fn call(&mut self, judged: &Judged) {
        let Some(call) = judged.case.call() else {
            return;
        };
        self.answer(judged, None);
        match self.detail {
            Detail::Verdict => return,
            Detail::Usual => self.findings(judged),
            Detail::Full => {
                for finding in &judged.findings {
                    self.line("");
                    self.finding(finding);
                }
                self.known(judged);
                self.line("");
            }
        }
        self.row(
            "called",
            &format!("{} as {}", escape::text(&call.dialled.url), call.sender),
        );
        if self.detail == Detail::Full {
            self.reached(call);
        }
        if let Some(chain) = &call.dialled.tls.server_chain {
            self.row("webhook", &self.chain_words(chain));
        }
        self.as_client(call);
        match &call.reply {
            Some(reply) => self.answer_row(call, reply),
            None => {
                let said = judged.findings.iter().any(|finding| {
                    let detail = &call.dialled.tls.ending.detail;
                    !detail.is_empty() && finding.hit.message.contains(detail.as_str())
                });
                self.row("ended", &ending(call, said));
            }
        }
        if self.detail == Detail::Full {
            self.line("");
            self.phases(&phases::of_call(&call.dialled.timings));
            self.steps(&call.dialled.tls.timeline, call.as_expected());
            self.line("");
        }
    }

    /// The address, and what TLS came to.
    fn reached(&mut self, call: &Call) {
        if let Some(address) = &call.dialled.address {
            let when = call.dialled.timings.tcp.map_or_else(
                || "no connection".to_owned(),
                |ms| format!("connected after {ms:.1} ms"),
            );
            self.row("address", &format!("{address}, {when}"));
        }
        if let Some(negotiated) = &call.dialled.tls.negotiated {
            let group = negotiated
                .group
                .map_or_else(String::new, |group| format!(", {}", ids::group_name(group)));
            let alpn = negotiated.alpn.as_deref().unwrap_or("no ALPN");
            let when = call
                .dialled
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
    }

    /// The client that was presented, and who does what with it.
    fn as_client(&mut self, call: &Call) {
        let (sent, client) = (call.dialled.presented, escape::text(&call.client));
        let words = match (call.dialled.asked, sent) {
            (Some(true), 0) => "sent no certificate, though one was requested".to_owned(),
            (Some(true), _) => format!("sent {} on request", amount(sent as u64, "certificate")),
            (Some(false), _) => "the webhook requested no certificate".to_owned(),
            (None, _) if call.dialled.timings.tcp.is_none() => {
                "not tested: there was no connection".to_owned()
            }
            (None, _) => "the handshake ended before the webhook could request one".to_owned(),
        };
        self.row("client", &format!("{client}: {words}"));
        if let Some(differs) = &call.differs {
            self.row("", &format!("servers differ on this client: {differs}"));
        }
        if let Some(stack) = call.expected_by {
            let does = match call.expected {
                Expected::Accept => "accept it",
                Expected::Reject => "reject it",
            };
            self.row("", &format!("{} {does}", stack.stands_for().join(", ")));
        }
    }

    /// The answer that came.
    fn answer_row(&mut self, call: &Call, reply: &Reply) {
        let kind = reply.header("content-type").unwrap_or("no content type");
        let total = call.dialled.timings.total.unwrap_or_default();
        self.row(
            "answer",
            &format!(
                "{} {}, {}, {} bytes, {total:.1} ms{}",
                reply.version,
                reply.status,
                escape::text(kind),
                reply.body_bytes,
                call.time_limit.map_or_else(String::new, |limit| format!(
                    " of {} s",
                    limit.as_secs_f64()
                ))
            ),
        );
        if let Some(says) = &reply.answer.says {
            self.row("reply", &format!("\"{says}\""));
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
                &format!("fields unknown to the sender: {}", shown.join(" ")),
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
                format!(
                    "trusted by {}",
                    escape::text(common_name(anchor).unwrap_or(anchor))
                )
            }
            Some((TrustStatus::Trusted, None)) => "trusted".to_owned(),
            Some((TrustStatus::Untrusted, _)) => "not trusted".to_owned(),
            _ => "trust not checked: pass the issuing CA with --cacert".to_owned(),
        };
        format!(
            "{}, {}, until {}, {trust}",
            escape::text(&leaf.label()),
            amount(chain.links.len() as u64, "certificate"),
            day(leaf.not_after)
        )
    }

    fn load(&mut self, load: &Load) {
        self.line("");
        self.row(
            "calls",
            &format!(
                "{} as `{}`, {} in parallel, in {:.2} s: {:.0} per second",
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
                "p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
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

/// How the call ended; why, where no finding has `said` it.
fn ending(call: &Call, said: bool) -> String {
    let when = if call.dialled.tls.handshaken() {
        ", after the handshake"
    } else if call.dialled.timings.tcp.is_none() {
        ""
    } else {
        ", before the handshake was complete"
    };
    let detail = if said || call.dialled.tls.ending.detail.is_empty() {
        String::new()
    } else {
        format!(" ({})", escape::text(&call.dialled.tls.ending.detail))
    };
    let total = call.dialled.timings.total.unwrap_or_default();
    format!("{}{when}{detail}, {total:.1} ms", call.how())
}
