//! What `inspect` prints: the verdict, what to do, what is asked of clients, the chain as sent beside the one verified; of many a line each.

use std::io::{self, Write};

use base64::Engine as _;
use colored::{Color, Colorize};
use jiff::Timestamp;

use super::{
    Detail,
    page::Page,
    words::{amount, day, verdict_word},
};
use crate::{
    engine::Judged,
    facts::{
        AuthMode, BundleKey, CallTimings, Certificate, Chain, ChainView, EndingKind, FileFacts,
        Holds, Inspected, Phase, Place, Probe, Purpose, Staple, StapleStatus, TrustFacts,
        TrustStatus, Visit,
    },
    finding::{Finding, Severity},
    parse::{escape, ids, pem},
    report::{self, Run, Sink},
};

/// CA names that are listed.
const NAMES: usize = 12;
/// Columns of a target in the line of a fleet.
const TARGET: usize = 34;

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
            self.inspected_in_a_sentence(judged, inspected)
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
        let chains = judged
            .case
            .chains()
            .filter(|chain| chain.holds == Holds::Identity);
        for (chain, view) in chains.zip(&inspected.views) {
            if chain.certificates.is_empty() {
                continue;
            }
            self.line("");
            self.both_chains(chain, view);
            self.judged_by(view);
        }
        for anchors in judged
            .case
            .chains()
            .filter(|chain| chain.holds == Holds::Anchors)
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
        if inspected.pem {
            self.as_pem(judged);
        }
    }

    fn inspected_in_a_sentence(&self, judged: &Judged, inspected: &Inspected) -> String {
        if let Some(finding) = loud(judged).next() {
            return escape::text(&finding.hit.message);
        }
        let anchors = judged
            .case
            .chains()
            .map(|chain| chain.certificates.len())
            .sum::<usize>();
        let keys = judged
            .case
            .files
            .iter()
            .flat_map(FileFacts::private_keys)
            .count();
        let nothing = match (anchors, keys) {
            (0, 0) => "no certificate was seen",
            (0, _) => "a private key, and no certificate",
            _ => "certificates to judge others by",
        };
        let trust = judged
            .case
            .chains()
            .find_map(|chain| chain.trust.as_ref())
            .map_or(nothing, |trust| match trust.status {
                TrustStatus::Trusted => "its chain is trusted",
                TrustStatus::Untrusted => "its chain is not trusted",
                TrustStatus::Unknown => "its chain leads to no root known here",
            });
        match &inspected.probe {
            Some(probe) => format!("{}; {trust}", mode_words(probe.client_auth().0)),
            None => trust.to_owned(),
        }
    }

    fn connection_rows(&mut self, visit: &Visit) {
        if let Some(address) = &visit.address {
            let name = match (&visit.server_name, visit.timings.tcp) {
                (Some(name), _) => format!(", asked for {}", escape::text(name)),
                (None, Some(_)) => ", asked for no name (SNI)".to_owned(),
                (None, None) => String::new(),
            };
            self.row("address", &format!("{address}{name}"));
        }
        if let Some(negotiated) = &visit.negotiated {
            let group = negotiated.group.map_or_else(String::new, |group| {
                let quantum = if ids::is_post_quantum(group) {
                    " (post-quantum)"
                } else {
                    ""
                };
                format!(", {}{quantum}", ids::group_name(group))
            });
            let alpn = negotiated.alpn.as_deref().unwrap_or("no ALPN");
            self.row(
                "TLS",
                &format!(
                    "{}, {}{group}, {}",
                    negotiated.protocol,
                    ids::cipher_name(negotiated.cipher),
                    escape::text(alpn)
                ),
            );
        }
        if visit.ending.kind != EndingKind::Completed {
            self.row("ended", &ended(visit));
        }
    }

    fn asked_of_clients(&mut self, probe: &Probe) {
        let (mode, why) = probe.client_auth();
        let color = match mode {
            AuthMode::Required => Color::Green,
            AuthMode::Requested | AuthMode::Unknown => Color::Yellow,
            AuthMode::None => Color::White,
        };
        let word = mode.word().color(color).bold();
        self.row("client auth", &format!("{word}: {}", escape::text(&why)));
        if let Some(request) = &probe.request {
            match request.ca_names.len() {
                0 => self.row(
                    "CA names",
                    "none: the server does not say whose certificates it takes",
                ),
                count => {
                    let mut margin = "CA names";
                    for name in request.ca_names.iter().take(NAMES) {
                        self.row(margin, &escape::text(&name.name));
                        margin = "";
                    }
                    if count > NAMES {
                        self.row("", &format!("and {} more", count - NAMES));
                    }
                }
            }
            let schemes: Vec<String> = request
                .signature_algorithms
                .iter()
                .map(|&scheme| ids::signature_scheme_name(scheme))
                .collect();
            self.row("signatures", &schemes.join(" "));
        }
        if let Some(shown) = &probe.shown {
            let color = match shown.outcome {
                crate::facts::Outcome::Accepted => Color::Green,
                _ => Color::Red,
            };
            let outcome = format!("{:?}", shown.outcome).to_lowercase();
            self.row(
                "as client",
                &format!(
                    "{}: {}, {} ({} sent)",
                    escape::text(&shown.client),
                    outcome.color(color).bold(),
                    shown.how(),
                    amount(shown.visit.presented as u64, "certificate")
                ),
            );
        }
    }

    /// The chain as sent beside the one verified: where each certificate stands in both.
    fn both_chains(&mut self, chain: &Chain, view: &ChainView) {
        let path: &[String] = chain.trust.as_ref().map_or(&[], |trust| &trust.path);
        let on_path = |certificate: &Certificate| {
            path.iter()
                .position(|sha256| *sha256 == certificate.sha256)
                .map_or_else(|| "-".to_owned(), |place| (place + 1).to_string())
        };
        self.line(&"  sent path  certificate".bold().to_string());
        for (index, certificate) in chain.certificates.iter().enumerate() {
            let place = on_path(certificate);
            if chain.certificates[..index]
                .iter()
                .any(|before| before.sha256 == certificate.sha256)
            {
                let label = escape::text(&certificate.label());
                self.line(&format!("  {:<4} {place:<4}  {label} (again)", index + 1));
                continue;
            }
            let remark = if place == "-" && !path.is_empty() {
                " (not on the verified path)"
            } else {
                ""
            };
            self.certificate_rows(&(index + 1).to_string(), &place, certificate, remark);
        }
        let anchored = chain
            .trust
            .as_ref()
            .is_some_and(|trust| trust.anchor.is_some());
        for certificate in &view.added {
            let place = on_path(certificate);
            let last = anchored && place == path.len().to_string();
            let remark = if last {
                " (anchor, not sent)"
            } else {
                " (not sent)"
            };
            self.certificate_rows("-", &place, certificate, remark);
        }
    }

    fn certificate_rows(
        &mut self,
        sent: &str,
        place: &str,
        certificate: &Certificate,
        remark: &str,
    ) {
        let mut lead = format!("  {sent:<4} {place:<4}  ");
        let mut row = |text: &str, page: &mut Self| {
            for line in super::words::wrap(text, super::page::WIDTH - 13) {
                page.line(&format!("{lead}{line}"));
                lead = " ".repeat(13);
            }
        };
        if let Some(unreadable) = &certificate.unreadable {
            row(
                &format!("unreadable: {}", escape::text(&unreadable.reason)),
                self,
            );
            return;
        }
        row(
            &format!("{}{remark}", escape::text(&certificate.label())),
            self,
        );
        let left = self.left(certificate);
        row(
            &format!(
                "{} to {}, {left}; {}, {}",
                day(certificate.not_before),
                day(certificate.not_after),
                key_words(certificate),
                certificate.signature_algorithm
            ),
            self,
        );
        if !certificate.sans.is_empty() {
            let shown: Vec<String> = certificate
                .sans
                .iter()
                .take(4)
                .map(|san| escape::text(san))
                .collect();
            let more = match certificate.sans.len() {
                count if count > 4 => format!(" and {} more", count - 4),
                _ => String::new(),
            };
            row(&format!("{}{more}", shown.join(", ")), self);
        }
        let usage = match (&certificate.eku, certificate.is_ca) {
            (Some(eku), _) => format!("for {}; ", escape::text(&eku.join(", "))),
            (None, _) => String::new(),
        };
        row(
            &format!("{usage}serial {}", escape::text(&certificate.serial)),
            self,
        );
        // As curl's --pinnedpubkey takes it.
        row(&format!("pin sha256//{}", pin(certificate)), self);
        self.line(&format!("         sha256 {}", certificate.sha256));
    }

    fn judged_by(&mut self, view: &ChainView) {
        self.line("");
        for trust in &view.purposes {
            let name = match trust.purpose {
                Purpose::ServerAuth => "as a server",
                Purpose::ClientAuth => "as a client",
            };
            self.row(name, &trust_words(trust));
        }
        for store in &view.stores {
            let trust = &store.trust;
            let anchor = trust.anchor.as_deref().map(common_name);
            let told = match (trust.status, anchor) {
                (TrustStatus::Trusted, Some(anchor)) => {
                    format!("{} by {}", "trusted".green(), escape::text(anchor))
                }
                (TrustStatus::Trusted, None) => "trusted".green().to_string(),
                (_, Some(anchor)) => format!(
                    "leads to {}, but is {}",
                    escape::text(anchor),
                    "not trusted".red()
                ),
                (_, None) => "leads to nothing in it".to_owned(),
            };
            self.row("store", &format!("{}: {told}", escape::text(&store.store)));
        }
        if !view.stamps.is_empty() {
            let days: Vec<String> = view
                .stamps
                .iter()
                .map(|stamp| day(stamp.timestamp))
                .collect();
            self.row(
                "SCTs",
                &format!(
                    "{} in the leaf, of {}; signatures not checked",
                    view.stamps.len(),
                    days.join(", ")
                ),
            );
        }
    }

    fn anchors_row(&mut self, anchors: &Chain) {
        self.row(
            "anchors",
            &amount(anchors.certificates.len() as u64, "certificate"),
        );
        for certificate in &anchors.certificates {
            let left = self.left(certificate);
            self.row(
                "",
                &format!("{}, {left}", escape::text(&certificate.label())),
            );
        }
    }

    fn key_row(&mut self, key: &BundleKey) {
        let kind = key.key.as_ref().map_or_else(
            || "of a kind that could not be told".to_owned(),
            |key| match &key.curve {
                Some(curve) => format!("{} {curve}", key.algorithm),
                None => format!("{} {}", key.algorithm, key.bits),
            },
        );
        let fits = match (key.matches.first(), &key.problem) {
            (Some(index), _) => format!("; belongs to certificate {}", index + 1),
            (None, Some(problem)) => format!("; {}", escape::text(problem)),
            (None, None) => String::new(),
        };
        let at = match &key.place {
            Place::File { path, .. } => format!("{}: ", escape::text(path)),
            _ => String::new(),
        };
        self.row("private key", &format!("{at}{kind}{fits}"));
    }

    fn rest(&mut self, probe: &Probe) {
        if probe.judged() {
            self.row("OCSP", &staple_words(probe.staple.as_ref()));
        }
        if let Some(resumption) = probe.resumption {
            let resumed = match resumption.resumed {
                Some(true) => "; a second handshake was resumed",
                Some(false) => "; a second handshake was not resumed",
                None => "",
            };
            let tickets = match resumption.tickets {
                0 => "no ticket came".to_owned(),
                count => amount(count as u64, "ticket"),
            };
            self.row("resumption", &format!("{tickets}{resumed}"));
        }
        if let Some(http) = &probe.http {
            let header = |name: &str| {
                let mut fields = http.headers.iter();
                fields
                    .find(|field| field.name == name)
                    .map(|field| escape::text(&field.value))
            };
            let server = header("server").map_or_else(String::new, |name| format!(", {name}"));
            let led = header("location").map_or_else(String::new, |to| format!(", to {to}"));
            self.row(
                "answer",
                &format!("{} {}{server}{led}", http.version, http.status),
            );
        }
        self.row("timings", &timings(&probe.visit.timings));
    }

    fn as_pem(&mut self, judged: &Judged) {
        for certificate in judged.case.chains().flat_map(|chain| &chain.certificates) {
            self.line("");
            self.line(&format!("# {}", escape::text(&certificate.label())));
            self.text
                .push_str(&pem::encode("CERTIFICATE", &certificate.der));
        }
    }

    /// Two lines a certificate.
    fn brief(&mut self, judged: &Judged) {
        let Some(inspected) = judged.case.inspected.as_deref() else {
            return;
        };
        if let Some(probe) = &inspected.probe
            && !probe.judged()
        {
            self.line(&format!(
                "{}: {}",
                escape::text(&inspected.target),
                ended(&probe.visit)
            ));
        }
        for chain in judged.case.chains() {
            for certificate in &chain.certificates {
                let left = self.left(certificate);
                let names = match certificate.sans.first() {
                    Some(first) if chain.holds == Holds::Identity => {
                        format!("{}; ", escape::text(first))
                    }
                    _ => String::new(),
                };
                self.line(&escape::text(&certificate.label()));
                self.line(&format!(
                    "  {names}{}; until {}, {left}; by {}",
                    key_words(certificate),
                    day(certificate.not_after),
                    escape::text(common_name(&certificate.issuer))
                ));
                if inspected.pem {
                    self.text
                        .push_str(&pem::encode("CERTIFICATE", &certificate.der));
                }
            }
        }
    }

    /// One target among many.
    fn one_line(&mut self, judged: &Judged) {
        let Some(inspected) = judged.case.inspected.as_deref() else {
            return;
        };
        let (word, color) = verdict_word(report::verdict(judged));
        let told = match &inspected.probe {
            // Where there is more to say, a finding says it.
            Some(probe) if !probe.judged() => probe.visit.how(),
            probe => {
                let mode = probe.as_ref().map_or(String::new(), |probe| {
                    format!("{:<9} ", probe.client_auth().0.word())
                });
                let until = report::first_end(judged).map_or_else(String::new, |certificate| {
                    format!(
                        "until {}, {}",
                        day(certificate.not_after),
                        self.left(certificate)
                    )
                });
                format!("{mode}{until}")
            }
        };
        let target = escape::text(&inspected.target);
        self.line(&format!(
            "{} {target:<TARGET$} {told}",
            word.color(color).bold()
        ));
        for finding in loud(judged) {
            let lines = super::words::wrap(
                &format!(
                    "{} {}: {}",
                    finding.rule.code,
                    finding.rule.name,
                    escape::text(&finding.hit.message)
                ),
                super::page::WIDTH - 5,
            );
            for line in lines {
                self.line(&format!("     {line}"));
            }
        }
    }
}

/// Errors and warnings.
fn loud(judged: &Judged) -> impl Iterator<Item = &Finding> {
    judged
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
}

/// The SHA-256 of the key in base64.
fn pin(certificate: &Certificate) -> String {
    let digits = certificate.spki_sha256.as_bytes();
    let octets: Vec<u8> = digits
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    base64::engine::general_purpose::STANDARD.encode(octets)
}

fn common_name(name: &str) -> &str {
    crate::facts::common_name(name).unwrap_or(name)
}

fn mode_words(mode: AuthMode) -> &'static str {
    match mode {
        AuthMode::None => "asks for no client certificate",
        AuthMode::Requested => "asks for a client certificate, and serves who has none",
        AuthMode::Required => "requires a client certificate",
        AuthMode::Unknown => "whether it asks for a client certificate did not show",
    }
}

fn key_words(certificate: &Certificate) -> String {
    let key = &certificate.key;
    match &key.curve {
        Some(curve) => format!("{} {}", key.algorithm, escape::text(curve)),
        None if key.bits > 0 => format!("{} {}", key.algorithm, key.bits),
        None => key.algorithm.clone(),
    }
}

fn trust_words(trust: &TrustFacts) -> String {
    let anchor = trust.anchor.as_deref().map_or_else(String::new, |anchor| {
        format!(" up to {}", escape::text(anchor))
    });
    let why = trust.problems.first().map_or_else(String::new, |problem| {
        format!(", {}", escape::text(&problem.why))
    });
    match trust.status {
        TrustStatus::Trusted => format!("{}{anchor}", "trusted".green()),
        TrustStatus::Untrusted => format!("{}{why}", "not trusted".red()),
        TrustStatus::Unknown => format!("{}: no anchor to judge by", "not known".yellow()),
    }
}

fn staple_words(staple: Option<&Staple>) -> String {
    let Some(staple) = staple else {
        return "no response stapled".to_owned();
    };
    let status = match staple.status {
        StapleStatus::Good => "good",
        StapleStatus::Revoked => "REVOKED",
        StapleStatus::Unknown => "unknown to its responder",
        StapleStatus::Unusable => "of no use",
    };
    let until = staple
        .next_update
        .map_or_else(String::new, |next| format!(", until {next}"));
    let problem = staple
        .problem
        .as_deref()
        .map_or_else(String::new, |why| format!("; {}", escape::text(why)));
    format!("stapled: {status}{until}{problem}")
}

/// How it ended, and when: never a bare "connection reset".
fn ended(visit: &Visit) -> String {
    let ending = &visit.ending;
    let when = match (ending.kind, ending.phase) {
        (EndingKind::Unresolved, _) => "in the name lookup",
        (EndingKind::Unreachable, _) => "in the TCP connection",
        (_, Phase::Connected) => "before the handshake",
        (_, Phase::ClientHello | Phase::Handshake) => "in the TLS handshake",
        (_, Phase::Http) => "after the TLS handshake",
        (_, Phase::Done) => "after an answer",
    };
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", escape::text(&ending.detail))
    };
    format!("{when}, {}{detail}", visit.how())
}

/// Each phase by itself; the facts count from the beginning.
fn timings(timings: &CallTimings) -> String {
    let mut before = 0.0;
    let mut parts = Vec::new();
    for (name, at) in [
        ("name", timings.dns),
        ("TCP", timings.tcp),
        ("TLS", timings.tls),
        ("answer", timings.http),
    ] {
        if let Some(at) = at {
            parts.push(format!("{name} {:.1}", at - before));
            before = at;
        }
    }
    if let Some(total) = timings.total {
        parts.push(format!("in all {total:.1} ms"));
    }
    parts.join(", ")
}
