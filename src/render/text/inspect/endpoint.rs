//! What an endpoint is asked and answers: the rows around its chain.

use colored::{Color, Colorize};

use super::super::{page::Page, words::amount};
use crate::{
    facts::{AuthMode, Dialled, EndingKind, Outcome, Phase, Probe, Staple, StapleStatus},
    parse::{escape, ids},
    render::picture::phases,
};

/// CA names that are listed.
const NAMES: usize = 12;

impl Page {
    pub(super) fn connection_rows(&mut self, dialled: &Dialled) {
        if let Some(address) = &dialled.address {
            let name = match (&dialled.server_name, dialled.timings.tcp) {
                (Some(name), _) => format!(", SNI {}", escape::text(name)),
                (None, Some(_)) => ", no SNI sent".to_owned(),
                (None, None) => String::new(),
            };
            self.row("address", &format!("{address}{name}"));
        }
        if let Some(negotiated) = &dialled.tls.negotiated {
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
        // A refusal is told with what is asked of clients.
        if dialled.tls.ending.kind != EndingKind::Completed && !dialled.turned_away() {
            self.row("ended", &ended(dialled));
        }
    }

    /// Whether a client certificate is required, and what became of the one that was shown.
    pub(super) fn auth_rows(&mut self, probe: &Probe) {
        let (mode, why) = probe.client_auth();
        let color = match mode {
            AuthMode::Required => Color::Green,
            AuthMode::Requested | AuthMode::Unknown => Color::Yellow,
            AuthMode::None => Color::White,
        };
        let word = mode.word().color(color).bold();
        self.row("client auth", &format!("{word}: {}", escape::text(&why)));
        if let Some(shown) = &probe.shown {
            let color = match shown.outcome {
                Outcome::Accepted => Color::Green,
                _ => Color::Red,
            };
            self.row(
                "as client",
                &format!(
                    "{}: {}, {} ({} sent)",
                    escape::text(&shown.client),
                    shown.outcome.to_string().color(color).bold(),
                    shown.how(),
                    amount(shown.dialled.presented as u64, "certificate")
                ),
            );
        }
    }

    pub(super) fn asked_of_clients(&mut self, probe: &Probe) {
        self.auth_rows(probe);
        if let Some(request) = &probe.request {
            match request.ca_names.len() {
                0 => self.row(
                    "CA names",
                    "none: the server does not say which CAs it accepts",
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
    }

    pub(super) fn rest(&mut self, probe: &Probe) {
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
                0 => "no ticket received".to_owned(),
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
        self.line("");
        self.phases(&phases::of_call(&probe.dialled.timings));
        // Turning away who has no certificate is what is found out here.
        self.steps(&probe.dialled.tls.timeline, probe.dialled.turned_away());
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
        StapleStatus::Unusable => "unusable",
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
pub(super) fn ended(dialled: &Dialled) -> String {
    let ending = &dialled.tls.ending;
    let when = match (ending.kind, ending.phase) {
        (EndingKind::Unresolved, _) => "during the DNS lookup",
        (EndingKind::Unreachable, _) => "before TCP connected",
        (_, Phase::Connected) => "before the handshake",
        (_, Phase::ClientHello | Phase::Handshake) => "during the TLS handshake",
        (_, Phase::Http) => "after the TLS handshake",
        (_, Phase::Done) => "after an answer",
    };
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", escape::text(&ending.detail))
    };
    format!("{when}, {}{detail}", dialled.how())
}
