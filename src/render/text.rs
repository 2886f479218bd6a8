//! The dump a tired person reads: the verdict first, what to do next, then the detail.
//!
//! For: a terminal of 80 columns, with or without colour. Must not: let a peer's text reach the terminal unescaped, or say "fine"
//! of something that was not observed.

use std::io::{self, Write};

use colored::{Color, Colorize};
use jiff::{SignedDuration, Timestamp};

use super::shown::Shown;
use crate::{
    engine::Judged,
    facts::{
        Case, Certificate, Chain, ClientAuth, EndingKind, FirstBytes, Handshake, HttpExchange,
        Party, Phase, RequestKind, Token, TokenKind, TrustStatus,
    },
    finding::{Act, Finding, Severity},
    parse::{escape, ids},
    report::{self, OverallVerdict, Run, Sink},
};

/// Columns to fit into.
const WIDTH: usize = 80;
/// Where the values of the detail lines begin.
const COLUMN: usize = 14;
/// Lines of a body that are printed; the rest is counted.
const BODY_LINES: usize = 60;

/// How much of a connection is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All of it.
    Full,
    /// Without the ClientHello's lists, the request's headers and its body: for one that came just like the one before.
    Short,
}

/// The text sink.
pub struct Text<W> {
    out: W,
    shown: Shown,
    now: Timestamp,
    detail: Detail,
}

impl<W: Write> Text<W> {
    /// A sink that writes to `out`; `now` is what "days left" is counted from.
    pub fn new(out: W, now: Timestamp, detail: Detail) -> Self {
        Self {
            out,
            shown: Shown::default(),
            now,
            detail,
        }
    }

    fn print(&mut self, judged: &Judged, closed: bool) -> io::Result<()> {
        let news = self.shown.news(judged, closed);
        let case = &judged.case;
        let mut page = Page::new(self.now, self.detail);
        if news.first {
            page.whole(judged);
        } else {
            if !news.exchanges.is_empty() {
                page.head(&case.title, "again on the same connection", Color::White);
            } else if !news.findings.is_empty() {
                page.head(&case.title, "closed", Color::White);
            }
            for finding in &news.findings {
                page.finding(finding);
            }
            for exchange in case.http.get(news.exchanges.clone()).unwrap_or_default() {
                page.exchange(exchange);
            }
        }
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Text<W> {
    fn progress(&mut self, judged: &Judged) -> io::Result<()> {
        self.print(judged, false)
    }

    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.print(judged, true)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let mut page = Page::new(self.now, self.detail);
        if let Some(expectation) = &run.expectation {
            let (word, color) = if expectation.met {
                ("as expected", Color::Green)
            } else {
                ("not as expected", Color::Red)
            };
            page.line(&format!(
                "{}: {}",
                word.color(color).bold(),
                escape::text(&expectation.why)
            ));
        }
        page.line(&format!(
            "{}, {}, {}, {}",
            amount(run.cases, "connection"),
            amount(run.summary.error, "error"),
            amount(run.summary.warning, "warning"),
            amount(run.summary.note, "note")
        ));
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

struct Page {
    text: String,
    now: Timestamp,
    detail: Detail,
}

impl Page {
    fn new(now: Timestamp, detail: Detail) -> Self {
        Self {
            text: String::new(),
            now,
            detail,
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self, title: &str, note: &str, color: Color) {
        let used = title.chars().count() + note.chars().count() + 8;
        let rule = "-".repeat(WIDTH.saturating_sub(used).max(3));
        self.line(&format!(
            "-- {} {rule} {} --",
            title.bold(),
            note.color(color)
        ));
    }

    /// A detail line: a name in the margin, then the value, wrapped under itself.
    fn row(&mut self, name: &str, value: &str) {
        let margin = format!("  {name:<width$}", width = COLUMN - 2);
        let mut first = true;
        for line in wrap(value, WIDTH - COLUMN) {
            if first {
                self.line(&format!("{}{line}", margin.dimmed()));
            } else {
                self.line(&format!("{}{line}", " ".repeat(COLUMN)));
            }
            first = false;
        }
        if first {
            self.line(&margin.dimmed().to_string());
        }
    }

    fn whole(&mut self, judged: &Judged) {
        let case = &judged.case;
        self.head(
            &case.title,
            &case.started.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            Color::White,
        );
        let (word, color, sentence) = headline(judged);
        let mut lines = wrap(&sentence, WIDTH - 6).into_iter();
        self.line(&format!(
            "{} {}",
            format!("{word:<5}").color(color).bold(),
            lines.next().unwrap_or_default().bold()
        ));
        for line in lines {
            self.line(&format!("      {}", line.bold()));
        }
        for finding in &judged.findings {
            self.finding(finding);
        }
        self.line("");
        if let Some(handshake) = &case.handshake {
            self.handshake(handshake);
        }
        for exchange in &case.http {
            self.exchange(exchange);
        }
        if let Some(handshake) = &case.handshake {
            self.timings(case, handshake);
            self.hello(handshake);
        }
        self.line("");
    }

    fn finding(&mut self, finding: &Finding) {
        let (word, color) = match finding.severity {
            Severity::Error => ("error", Color::Red),
            Severity::Warning => ("warn", Color::Yellow),
            Severity::Note => ("note", Color::Blue),
        };
        let likely = match finding.certainty {
            crate::finding::Certainty::Proven => "",
            crate::finding::Certainty::Likely => " (likely)",
        };
        self.line(&format!(
            "{} {} {}{likely}",
            format!("{word:<5}").color(color).bold(),
            finding.rule.code.bold(),
            finding.rule.name
        ));
        self.indented(&escape::text(&finding.hit.message));
        for evidence in &finding.hit.evidence {
            self.indented(&format!(
                "{}: {}",
                evidence.label,
                escape::text(&evidence.value)
            ));
        }
        let who = match finding.act {
            Act::Client => "the sender must act: ",
            Act::Server => "do: ",
            Act::Either => "either side: ",
        };
        self.indented(&format!("{who}{}", escape::text(&finding.hit.remedy.text)));
        for command in &finding.hit.remedy.commands {
            // A command is never wrapped: it is there to be copied.
            for line in command.lines() {
                self.line(&format!("        {}", escape::text(line).cyan()));
            }
        }
    }

    fn indented(&mut self, text: &str) {
        for line in wrap(text, WIDTH - 6) {
            self.line(&format!("      {line}"));
        }
    }

    fn handshake(&mut self, handshake: &Handshake) {
        if let Some(proxy) = &handshake.proxy {
            let source = proxy
                .source
                .map_or("an address it does not name".to_owned(), |address| {
                    address.to_string()
                });
            self.row(
                "proxy",
                &format!(
                    "PROXY protocol version {}: on behalf of {source}",
                    proxy.version
                ),
            );
        }
        if let Some(settled) = &handshake.negotiated {
            let group = settled.group.map(ids::group_name).unwrap_or_default();
            self.row(
                "tls",
                &format!(
                    "{}  {}  {group}",
                    settled.protocol,
                    ids::cipher_name(settled.cipher)
                ),
            );
        }
        if let Some(hello) = &handshake.hello {
            let sni = hello.sni.as_deref().unwrap_or("none sent");
            let chosen = handshake
                .negotiated
                .as_ref()
                .and_then(|settled| settled.alpn.as_deref());
            let alpn = match (&hello.alpn, chosen) {
                (None, _) => "none offered".to_owned(),
                (Some(offered), chosen) => {
                    format!(
                        "{} (offered {})",
                        chosen.unwrap_or("none chosen"),
                        offered.join(", ")
                    )
                }
            };
            self.row("sni", sni);
            self.row("alpn", &alpn);
        }
        if handshake.negotiated.is_some() {
            self.row(
                "resumed",
                "no (never here: a resumed connection shows no chain)",
            );
        }
        if let Some(signature) = &handshake.signature {
            let state = match &signature.problem {
                None => "checked, made by the certificate's key".to_owned(),
                Some(problem) => format!("NOT good: {}", escape::text(problem)),
            };
            let digest = ids::signature_digest(signature.scheme).unwrap_or("no digest of its own");
            let kind = ids::signature_type(signature.scheme).unwrap_or("unknown type");
            let scheme = ids::signature_scheme_name(signature.scheme);
            self.row(
                "signature",
                &format!("{scheme} ({kind}, {digest}): {state}"),
            );
        }
        if let Some(chain) = &handshake.client_chain {
            self.chain(chain);
        }
    }

    /// The ClientHello, last: what is wanted least often.
    fn hello(&mut self, handshake: &Handshake) {
        if let Some(hello) = &handshake.hello {
            let names = |list: &[u16], name: fn(u16) -> String| {
                list.iter().copied().map(name).collect::<Vec<_>>().join(" ")
            };
            self.row("hello", &hello.ja4);
            if self.detail == Detail::Short {
                return;
            }
            self.row("  versions", &names(&hello.versions(), ids::version_name));
            self.row(
                "  ciphers",
                &names(&hello.cipher_suites, ids::cipher_openssl_name),
            );
            if let Some(groups) = &hello.groups {
                self.row("  groups", &names(groups, ids::group_name));
            }
            if let Some(schemes) = &hello.signature_algorithms {
                self.row("  sigalgs", &names(schemes, ids::signature_scheme_name));
            }
        }
    }

    fn chain(&mut self, chain: &Chain) {
        if chain.certificates.is_empty() {
            return;
        }
        self.row(
            "sent",
            &format!(
                "{}, in this order",
                amount(chain.certificates.len() as u64, "certificate")
            ),
        );
        for (index, certificate) in chain.certificates.iter().enumerate() {
            self.certificate(index, certificate);
        }
        if let Some(profile) = &chain.profile {
            let until = profile
                .until
                .as_ref()
                .map_or(String::new(), |until| format!(", in use until {until}"));
            self.row(
                "sender",
                &format!(
                    "{}, {} certificate{until}",
                    profile.profile, profile.identity
                ),
            );
        } else {
            self.row(
                "sender",
                "matches no sender profile (dialogflow: neither current nor legacy)",
            );
        }
        if let Some(trust) = &chain.trust {
            for step in trust.steps() {
                let result = step.error.map_or("ok".to_owned(), |error| {
                    format!("error {}: {}", error.num, error.text)
                });
                self.row(
                    &format!("depth {}", step.depth),
                    &format!("{result}  {}", step.subject),
                );
            }
            for problem in &trust.problems {
                self.row(
                    "  why",
                    &format!("depth {}: {}", problem.depth, escape::text(&problem.why)),
                );
            }
            if let Some(differs) = &trust.webpki_differs {
                self.row("  rustls", &escape::text(differs));
            }
        }
    }

    fn certificate(&mut self, index: usize, certificate: &Certificate) {
        let name = format!("  {index}");
        if let Some(unreadable) = &certificate.unreadable {
            self.row(
                &name,
                &format!("unreadable: {}", escape::text(&unreadable.reason)),
            );
            self.row("    sha256", &certificate.sha256);
            return;
        }
        self.row(&name, &certificate.label());
        self.row("", &format!("issued by {}", certificate.issuer));
        self.row(
            "",
            &format!(
                "{} to {} ({})",
                day(certificate.not_before),
                day(certificate.not_after),
                self.left(certificate)
            ),
        );
        let curve = certificate
            .key
            .curve
            .as_ref()
            .map_or(String::new(), |curve| format!(" {curve}"));
        self.row(
            "",
            &format!(
                "{}{curve} {} bits, {}{}",
                certificate.key.algorithm,
                certificate.key.bits,
                certificate.signature_algorithm,
                if certificate.is_ca { ", CA" } else { "" }
            ),
        );
        if !certificate.sans.is_empty() {
            self.row("", &format!("SAN {}", certificate.sans.join(", ")));
        }
        let eku = match &certificate.eku {
            None => "EKU absent (any use)".to_owned(),
            Some(usages) => format!("EKU {}", usages.join(", ")),
        };
        let key_usage = certificate
            .key_usage
            .as_ref()
            .map_or(String::new(), |usages| {
                format!("; KU {}", usages.join(", "))
            });
        self.row("", &format!("{eku}{key_usage}"));
        self.row("    serial", &certificate.serial);
        self.row("    sha256", &certificate.sha256);
    }

    fn left(&self, certificate: &Certificate) -> String {
        if self.now < certificate.not_before {
            format!(
                "starts in {}",
                span(certificate.not_before.duration_since(self.now))
            )
        } else if self.now > certificate.not_after {
            format!(
                "EXPIRED {} ago",
                span(self.now.duration_since(certificate.not_after))
            )
        } else {
            format!(
                "{} left",
                span(certificate.not_after.duration_since(self.now))
            )
        }
    }

    fn exchange(&mut self, exchange: &HttpExchange) {
        self.row(
            "request",
            &format!("{} {} {}", exchange.method, exchange.path, exchange.version),
        );
        if self.detail == Detail::Full {
            for header in &exchange.headers {
                self.row("", &format!("{}: {}", header.name, header.value));
            }
        }
        if let Some(token) = &exchange.token {
            self.row("token", &claims(token));
        }
        let kind = match exchange.kind {
            RequestKind::Es => "a Dialogflow ES webhook request",
            RequestKind::Cx => "a Dialogflow CX webhook request",
            RequestKind::Other => "no known webhook request",
        };
        let form = match (exchange.json_ok, &exchange.json_problem) {
            (None, None) => "no body".to_owned(),
            (None, Some(problem)) => format!("no body: {}", escape::text(problem)),
            (Some(true), _) => format!("{} bytes of JSON, {kind}", exchange.body_bytes),
            (Some(false), problem) => format!(
                "{} bytes, not JSON: {}",
                exchange.body_bytes,
                escape::text(problem.as_deref().unwrap_or_default())
            ),
        };
        let decoded = exchange
            .decoded
            .as_ref()
            .map_or(String::new(), |coding| format!(" ({coding} undone)"));
        self.row("body", &format!("{form}{decoded}"));
        if let Some(limit) = &exchange.limit {
            self.row("", &escape::text(limit));
        }
        if self.detail == Detail::Full {
            self.body(&exchange.body);
        }
        if let Some(answer) = &exchange.answer {
            let why = if answer.why.is_empty() {
                String::new()
            } else {
                format!(": {}", escape::text(&answer.why))
            };
            self.row(
                "answered",
                &format!("{}, {} bytes{why}", answer.status, answer.body_bytes),
            );
        }
    }

    fn body(&mut self, body: &str) {
        if body.is_empty() {
            return;
        }
        // Pretty where it is JSON: senders put it on one line.
        let pretty = serde_json::from_str::<serde_json::Value>(body)
            .ok()
            .and_then(|value| serde_json::to_string_pretty(&value).ok());
        let text = pretty.as_deref().unwrap_or(body);
        let total = text.lines().count();
        for line in text.lines().take(BODY_LINES) {
            let shown: String = escape::text(line).chars().take(400).collect();
            self.line(&format!("  {shown}"));
        }
        if total > BODY_LINES {
            self.line(&format!(
                "  ... {} more lines (--format jsonl has them all)",
                total - BODY_LINES
            ));
        }
    }

    fn timings(&mut self, case: &Case, handshake: &Handshake) {
        let times = &handshake.timings;
        let parts: Vec<String> = [
            ("first byte", times.first_byte),
            ("hello", times.client_hello),
            ("handshake", times.handshake),
            ("request", times.request),
            ("answer", times.answer),
        ]
        .into_iter()
        .filter_map(|(name, time)| time.map(|time| format!("{name} {time:.1}")))
        .collect();
        if !parts.is_empty() {
            self.row("ms", &parts.join(", "));
        }
        let ending = &handshake.ending;
        let usual = ending.kind == EndingKind::Completed && !case.http.is_empty();
        // Where the connection came to nothing, the headline has said how it ended.
        let said = handshake.client_chain.is_none() && ending.phase < Phase::Http;
        if !usual && !said {
            self.row("ended", &ending_words(handshake));
        }
    }
}

/// The one line on top: word, colour, sentence.
fn headline(judged: &Judged) -> (&'static str, Color, String) {
    let Some(handshake) = &judged.case.handshake else {
        return ("", Color::White, judged.case.title.clone());
    };
    let (word, color) = match report::verdict(judged) {
        OverallVerdict::Pass => ("PASS", Color::Green),
        OverallVerdict::Warn => ("WARN", Color::Yellow),
        OverallVerdict::Fail => ("FAIL", Color::Red),
    };
    (word, color, sentence(handshake))
}

fn sentence(handshake: &Handshake) -> String {
    match &handshake.first_bytes {
        FirstBytes::Tls => {}
        FirstBytes::PlainHttp { request_line } => {
            return format!("plain HTTP on the TLS port: {request_line}");
        }
        FirstBytes::PlainHttp2 => return "plain HTTP/2 on the TLS port".to_owned(),
        FirstBytes::Ssh { banner } => return format!("an SSH client: {banner}"),
        FirstBytes::Ssl2Hello => {
            return "an SSL 2.0 hello: a client older than any TLS in use".to_owned();
        }
        FirstBytes::Nothing => {
            return "connected and sent nothing: a health check, a port scan, or a stuck peer"
                .to_owned();
        }
        FirstBytes::Unknown { hex } => {
            return format!("neither TLS nor HTTP: the first bytes are {hex}");
        }
    }
    let chain = handshake.client_chain.as_ref();
    let leaf = chain
        .and_then(|chain| chain.certificates.first())
        .map(Certificate::label);
    let completed = handshake.ending.phase >= Phase::Http;
    let status = chain
        .and_then(|chain| chain.trust.as_ref())
        .map(|trust| trust.status);
    match (completed, leaf, status) {
        (true, Some(leaf), Some(TrustStatus::Trusted)) => {
            format!("mutual TLS: {leaf} proved who it is and is trusted")
        }
        (true, Some(leaf), Some(TrustStatus::Untrusted)) => {
            format!("the client certificate of {leaf} would be refused by a strict server")
        }
        (true, Some(leaf), _) => {
            format!("{leaf} presented a certificate; there is no anchor to judge it by")
        }
        (true, None, _) if handshake.client_auth == ClientAuth::None => {
            "TLS without a client certificate: none was asked for".to_owned()
        }
        (true, None, _) => "one-sided TLS: the client sent no certificate".to_owned(),
        (false, Some(leaf), _) => {
            format!("handshake refused or broken off; the client had presented {leaf}")
        }
        (false, None, _) => format!("no handshake: {}", ending_words(handshake)),
    }
}

/// How it ended, in words.
fn ending_words(handshake: &Handshake) -> String {
    let ending = &handshake.ending;
    let who = match ending.sent_by {
        Some(Party::Us) => "we",
        Some(Party::Peer) => "the client",
        None => "nobody",
    };
    let what = match ending.kind {
        EndingKind::Completed => "in good order".to_owned(),
        EndingKind::Refused => "we refused the client".to_owned(),
        EndingKind::PeerAlert => "the client refused us".to_owned(),
        EndingKind::Closed => format!("{who} closed the connection"),
        EndingKind::Reset => format!("{who} reset the connection"),
        EndingKind::TimedOut => "time ran out".to_owned(),
        EndingKind::NotTls => "not TLS, closed".to_owned(),
        EndingKind::ProtocolError => "the protocol was broken".to_owned(),
        EndingKind::Limit => "a limit of this program was hit".to_owned(),
        EndingKind::Interrupted => "interrupted".to_owned(),
    };
    let phase = match ending.phase {
        Phase::Connected => "before any byte",
        Phase::ClientHello => "before a whole ClientHello",
        Phase::Handshake => "within the handshake",
        Phase::Http => "after the handshake",
        Phase::Done => "after an answer",
    };
    let alert = ending.alert.as_ref().map_or(String::new(), |alert| {
        format!(", alert {} {}", alert.code, alert.name)
    });
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", escape::text(&ending.detail))
    };
    format!("{what} {phase}{alert}{detail}")
}

fn claims(token: &Token) -> String {
    let kind = match token.kind {
        TokenKind::Jwt => "JWT, signature not checked",
        TokenKind::Opaque => "opaque bearer token (not a JWT)",
        TokenKind::Basic => "Basic credentials",
        TokenKind::Other => "credentials of another scheme",
    };
    let mut parts = vec![kind.to_owned()];
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            parts.push(format!("{name} {value}"));
        }
    };
    add("iss", token.issuer.as_deref());
    add(
        "aud",
        (!token.audience.is_empty())
            .then(|| token.audience.join(" "))
            .as_deref(),
    );
    add("email", token.email.as_deref());
    add("sub", token.subject.as_deref());
    add("exp", token.expires_at.as_deref());
    parts.join("; ")
}

/// `1 error`, `2 errors`.
fn amount(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// A span in its one fitting unit.
fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().unsigned_abs();
    let (value, unit) = match seconds {
        0..120 => (seconds, "s"),
        120..7200 => (seconds / 60, "min"),
        7200..172_800 => (seconds / 3600, "h"),
        _ => (seconds / 86400, "days"),
    };
    format!("{value} {unit}")
}

/// Breaks text at spaces so that no line is longer than `width`, where its words allow.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_spaces_only() {
        assert_eq!(wrap("aaa bbb ccc", 7), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaaaaaaaaaaa b", 4), ["aaaaaaaaaaaa", "b"]);
    }

    #[test]
    fn spans_use_one_unit() {
        assert_eq!(span(SignedDuration::from_hours(24 * 90)), "90 days");
        assert_eq!(span(SignedDuration::from_secs(-90)), "90 s");
        assert_eq!(span(SignedDuration::from_mins(-90)), "90 min");
    }
}
