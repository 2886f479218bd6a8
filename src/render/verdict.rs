//! The one sentence at the top of a report, and the finding to begin with.
//!
//! For: every renderer for people. Must not: judge, or know how it is printed: what is given is one
//! line, with nothing hostile in it.

use jiff::Timestamp;

use super::words::{self, amount, ending_words, span};
use crate::{
    engine::Judged,
    facts::{
        AuthMode, Call, Certificate, Chain, ChainUse, ClientAuth, EndingKind, FileFacts,
        FirstBytes, Handshake, Inspected, Outcome, Part, Phase, Readiness, TrustFacts, TrustStatus,
    },
    finding::{Finding, Severity},
    parse::escape,
};

/// What there is to say of a case in one sentence.
pub(super) fn sentence(judged: &Judged, now: Timestamp) -> String {
    let case = &judged.case;
    if let Some(handshake) = &case.handshake {
        // What came of the connection is news in any case; findings follow.
        return escape::text(&of_connection(handshake));
    }
    if let Some(finding) = worst(judged) {
        return escape::text(&finding.hit.message);
    }
    let said = match (&case.call, &case.inspected) {
        (Some(call), _) => of_call(call),
        (None, Some(inspected)) => of_inspected(judged, inspected),
        (None, None) => of_files(judged, now),
    };
    escape::text(&said)
}

/// Errors and warnings.
pub(super) fn loud(judged: &Judged) -> impl Iterator<Item = &Finding> {
    judged
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
}

/// What the page begins with: of the worst findings the one about the sender, when it is among
/// them, else the first.
pub(super) fn worst(judged: &Judged) -> Option<&Finding> {
    let first = judged
        .findings
        .first()
        .filter(|finding| finding.severity > Severity::Note)?;
    let about_the_sender = judged
        .findings
        .iter()
        .take_while(|finding| finding.severity == first.severity)
        .find(|finding| {
            let said =
                |readiness: &Readiness| finding.hit.readiness.as_ref() == Some(&readiness.id());
            judged.readiness.iter().any(said)
        });
    Some(about_the_sender.unwrap_or(first))
}

fn of_connection(handshake: &Handshake) -> String {
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
        .and_then(|chain| chain.certificate(0))
        .map(Certificate::label);
    let completed = handshake.ending.phase >= Phase::Http;
    let trust = chain.and_then(|chain| chain.trust.as_ref());
    match (completed, leaf, trust.map(|trust| trust.status)) {
        (true, Some(leaf), Some(TrustStatus::Trusted)) => {
            format!("mutual TLS: {leaf} proved who it is and is trusted")
        }
        (true, Some(leaf), Some(TrustStatus::Untrusted)) => {
            format!("the client certificate of {leaf} would be refused by a strict server")
        }
        (true, Some(leaf), _) if trust.is_some_and(TrustFacts::unanswered) => {
            format!("{leaf} presented a certificate that could not be judged")
        }
        (true, Some(leaf), _) => {
            format!("{leaf} presented a certificate; there is no anchor to judge it by")
        }
        (true, None, _) if handshake.client_auth == ClientAuth::None => {
            "TLS without a client certificate: none was asked for".to_owned()
        }
        (true, None, _) => "one-sided TLS: the client sent no certificate".to_owned(),
        (false, Some(leaf), _) if handshake.ending.kind == EndingKind::Refused => {
            format!("handshake refused by us; the client had presented {leaf}")
        }
        (false, Some(leaf), _) => format!("handshake broken off; the client had presented {leaf}"),
        (false, None, _) => format!("no handshake: {}", ending_words(handshake)),
    }
}

fn of_call(call: &Call) -> String {
    let client = &call.client;
    let total = call.visit.timings.total.unwrap_or_default();
    match call.outcome() {
        Outcome::Accepted => format!(
            "the webhook let `{client}` in and answered {} after {total:.0} ms",
            call.how().trim_start_matches("HTTP ")
        ),
        Outcome::Rejected => format!(
            "the webhook refused `{client}`, as it should: {}",
            call.how()
        ),
        Outcome::Unreachable => format!("the webhook could not be asked: {}", call.how()),
    }
}

fn of_inspected(judged: &Judged, inspected: &Inspected) -> String {
    let anchors = judged
        .case
        .chains()
        .map(|chain| chain.links.len())
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
            TrustStatus::Disputed => "some verifiers accept its chain, others refuse it",
            TrustStatus::Unknown if trust.unanswered() => "its chain could not be judged",
            TrustStatus::Unknown => "its chain leads to no root known here",
        });
    match &inspected.probe {
        Some(probe) => format!("{}; {trust}", mode_words(probe.client_auth().0)),
        None => trust.to_owned(),
    }
}

fn mode_words(mode: AuthMode) -> &'static str {
    match mode {
        AuthMode::None => "asks for no client certificate",
        AuthMode::Requested => "asks for a client certificate, and serves who has none",
        AuthMode::Required => "requires a client certificate",
        AuthMode::Unknown => "whether it asks for a client certificate did not show",
    }
}

fn of_files(judged: &Judged, now: Timestamp) -> String {
    if let [readiness] = judged.readiness.as_slice() {
        return readiness.sentence.clone();
    }
    let mut parts = Vec::new();
    for bundle in &judged.case.bundles {
        let chain = &bundle.chain;
        let count = chain.links.len() as u64;
        match chain.holds {
            ChainUse::Anchors => parts.push(amount(count, "anchor")),
            ChainUse::Identity => {
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
                            format!("trusted by {}", anchor)
                        }
                        (TrustStatus::Unknown, _) => format!("trust {}", words::unknown(trust)),
                        _ => "not trusted".to_owned(),
                    });
                }
                if let Some(first) = ending_first(chain) {
                    let left = first.not_after.duration_since(now);
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
    for list in judged.case.files.iter().flat_map(FileFacts::revocation_lists) {
        parts.push(match list.next_update {
            Some(next) => format!("revocation list of {}, good until {next}", list.issuer),
            None => format!("revocation list of {}, without an end", list.issuer),
        });
    }
    if parts.is_empty() {
        "no certificate and no private key in it".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The certificate of the chain that ends first, a root sent along left out.
fn ending_first(chain: &Chain) -> Option<&Certificate> {
    chain
        .certificates()
        .enumerate()
        .filter(|&(index, _)| chain.part(index) != Part::Root)
        .map(|(_, certificate)| certificate)
        .filter(|certificate| certificate.unreadable.is_none())
        .min_by_key(|certificate| certificate.not_after)
}
