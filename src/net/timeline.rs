//! Records that went by, and what the TLS library said it handled, to the steps of a connection.
//!
//! For: `observed` and `dial`, which know how far a connection came. Must not: name a message that
//! neither was read in the clear nor handled. In TLS 1.3 everything behind the ServerHello is
//! encrypted: which messages a flight held is then told by what the library did with them, in the
//! order that RFC 8446 section 2 gives them.

use super::tap::Noted;
use crate::{
    facts::{Ending, EndingKind, Party, Side, Stage, Step},
    parse::{ids, records::Content},
};

/// The certificate message, whose types of TLS 1.2 and 1.3 are the same (RFC 8446 section 4).
const CERTIFICATE: u8 = 11;
const CERTIFICATE_VERIFY: u8 = 15;
/// The longest record that may be an alert of TLS 1.3: header, two bytes, the content type, the tag
/// (RFC 8446 sections 5.2 and 6).
const ALERT: u64 = 24;
/// What stands for an alert of TLS 1.2 that cannot be read.
const HIDDEN_ALERT: &str = "an alert";

/// An HTTP message, and when it was known to be there.
pub(super) struct Exchanged {
    /// In a few words.
    pub(super) what: String,
    /// A request of ours: when the last of it can have gone out. One that came: when the whole of
    /// it was there. An answer that came: when its header section was there; ours: when we began to
    /// give it.
    pub(super) at_ms: f64,
}

/// What is known of a connection besides its records.
pub(super) struct Told<'a> {
    /// The end that we are.
    pub(super) us: Side,
    /// When the handshake was over, as far as we can tell.
    pub(super) handshake_ms: Option<f64>,
    /// Whether the server asked for a certificate; `None` when that did not show.
    pub(super) asked: Option<bool>,
    /// Certificates of the server that went by; `None` when none was seen.
    pub(super) server_certificates: Option<usize>,
    /// Certificates of the client that went by; `Some(0)` for the empty list.
    pub(super) client_certificates: Option<usize>,
    /// The first request; `None` when none is known to have gone out or come.
    pub(super) request: Option<Exchanged>,
    /// Its answer.
    pub(super) answer: Option<Exchanged>,
    /// How it ended; `None` while it goes on.
    pub(super) ending: Option<&'a Ending>,
    /// When it ended.
    pub(super) end_ms: Option<f64>,
}

/// What an encrypted record belongs to, as far as that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// It has a name of its own.
    Named,
    /// A flight of the handshake.
    Flight,
    /// The request.
    Request,
    /// The answer.
    Answer,
    /// Neither: tickets, settings of HTTP/2, later exchanges, a close.
    Other,
}

/// The steps, in their order.
pub(super) fn steps(records: &[Noted], told: &Told<'_>) -> Vec<Step> {
    // TLS 1.2 shows a certificate, or at least a Finished of its own type.
    let tls12 = records.iter().any(|record| {
        matches!(
            record.content,
            Content::Handshake(CERTIFICATE..=CERTIFICATE_VERIFY) | Content::EncryptedHandshake
        )
    });
    let answered_ms = answered(records, told);
    let mut steps: Vec<(Part, Step)> = Vec::new();
    let mut finished: Vec<bool> = Vec::new();
    for record in records {
        let stage = match told.handshake_ms {
            Some(over) if record.at_ms > over => Stage::Http,
            _ => Stage::Tls,
        };
        let mut part = Part::Named;
        let (name, encrypted) = match record.content {
            Content::Handshake(kind) => (Some(ids::message_name(kind)), false),
            Content::HelloRetryRequest => (Some("HelloRetryRequest".to_owned()), false),
            // Behind the change of cipher comes one Finished; what else comes so is a
            // renegotiation.
            Content::EncryptedHandshake if !finished.contains(&record.read) => {
                finished.push(record.read);
                (Some("Finished".to_owned()), true)
            }
            Content::EncryptedHandshake => (Some("a handshake message".to_owned()), true),
            Content::ChangeCipherSpec if tls12 => (Some("ChangeCipherSpec".to_owned()), false),
            // In TLS 1.3 it means nothing.
            Content::ChangeCipherSpec => continue,
            Content::Alert(description) => (Some(alert(description)), false),
            Content::EncryptedAlert => (Some(HIDDEN_ALERT.to_owned()), true),
            Content::Data => {
                part = match stage {
                    // The handshake of TLS 1.2 has messages of a type of their own.
                    Stage::Tls if tls12 => Part::Other,
                    Stage::Tls => Part::Flight,
                    _ => exchanged(record, told, answered_ms),
                };
                (None, true)
            }
        };
        let from = sender(record.read, told.us);
        let goes_on = steps.last_mut().filter(|(own, last)| {
            *own == part
                && last.from == Some(from)
                && last.encrypted == encrypted
                && last.stage == stage
        });
        let step = match goes_on {
            Some((_, last)) => last,
            None => {
                let step = Step {
                    at_ms: record.at_ms,
                    stage,
                    from: Some(from),
                    messages: Vec::new(),
                    bytes: 0,
                    encrypted,
                    fault: false,
                };
                steps.push((part, step));
                let last = steps.len() - 1;
                &mut steps[last].1
            }
        };
        step.bytes += record.bytes;
        step.messages.extend(name);
    }
    name_parts(&mut steps, told, tls12);
    let mut steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    if let Some(ending) = told.ending {
        end(&mut steps, told, ending);
    }
    steps
}

/// When the record with the beginning of the answer went by: the last one read before the answer
/// was known, or the first one written after it was given.
fn answered(records: &[Noted], told: &Told<'_>) -> Option<f64> {
    let answer = told.answer.as_ref()?;
    let mut from_server = records.iter().filter(|record| {
        record.content == Content::Data && sender(record.read, told.us) == Side::Server
    });
    let found = match told.us {
        Side::Client => from_server.rfind(|record| record.at_ms <= answer.at_ms),
        Side::Server => from_server.find(|record| record.at_ms >= answer.at_ms),
    };
    found.map(|record| record.at_ms)
}

/// Which part of the exchange a record of data belongs to.
fn exchanged(record: &Noted, told: &Told<'_>, answered_ms: Option<f64>) -> Part {
    let from = sender(record.read, told.us);
    let asked = |request: &Exchanged| record.at_ms <= request.at_ms;
    match from {
        Side::Server if answered_ms.is_some_and(|at| record.at_ms >= at) => Part::Answer,
        Side::Client if told.request.as_ref().is_some_and(asked) => Part::Request,
        _ => Part::Other,
    }
}

fn sender(read: bool, us: Side) -> Side {
    match (read, us) {
        (true, Side::Server) | (false, Side::Client) => Side::Client,
        _ => Side::Server,
    }
}

/// Gives the encrypted steps their names.
fn name_parts(steps: &mut [(Part, Step)], told: &Told<'_>, tls12: bool) {
    let named = |message: &Option<Exchanged>| -> Vec<String> {
        message.iter().map(|message| message.what.clone()).collect()
    };
    // A request that was read in one go with the client's Finished stands in that flight.
    let came_along =
        told.us == Side::Server && !steps.iter().any(|(part, _)| *part == Part::Request);
    let request = request_at(steps, told.us);
    let mut done: Vec<(Part, Option<Side>)> = Vec::new();
    let unnamed = steps
        .iter_mut()
        .enumerate()
        .filter(|(_, (_, step))| step.messages.is_empty());
    for (place, (part, step)) in unnamed {
        let first = !done.contains(&(*part, step.from));
        done.push((*part, step.from));
        step.messages = match (*part, step.from) {
            (Part::Flight, Some(Side::Server)) if first => server_flight(told),
            (Part::Flight, Some(Side::Client)) if first => {
                let mut flight = client_flight(told);
                if came_along && told.handshake_ms.is_some() {
                    flight.extend(named(&told.request));
                }
                flight
            }
            (Part::Request, _) if request == Some(place) => named(&told.request),
            (Part::Answer, _) if first => named(&told.answer),
            (Part::Request | Part::Answer | Part::Other, _) if !tls12 && step.bytes <= ALERT => {
                vec!["an alert, by its length".to_owned()]
            }
            _ => Vec::new(),
        };
    }
}

/// Which step has the request: of those that came, the last before it was whole; of ours, the only
/// one that can have it. HTTP/2 sends frames of its own before and after.
fn request_at(steps: &[(Part, Step)], us: Side) -> Option<usize> {
    let mut candidates = (0..steps.len())
        .filter(|&place| steps[place].0 == Part::Request && steps[place].1.bytes > ALERT);
    match us {
        Side::Server => candidates.next_back(),
        Side::Client => {
            let first = candidates.next();
            first.filter(|_| candidates.next().is_none())
        }
    }
}

fn certificates(count: usize) -> String {
    match count {
        0 => "Certificate (empty)".to_owned(),
        1 => "Certificate (1)".to_owned(),
        count => format!("Certificate ({count})"),
    }
}

/// What an encrypted flight of a TLS 1.3 server held.
fn server_flight(told: &Told<'_>) -> Vec<String> {
    let whole = told.handshake_ms.is_some() || told.us == Side::Server;
    let mut messages = Vec::new();
    if whole || told.server_certificates.is_some() {
        messages.push("EncryptedExtensions".to_owned());
    }
    if told.asked == Some(true) {
        messages.push("CertificateRequest".to_owned());
    }
    messages.extend(told.server_certificates.map(certificates));
    if whole {
        messages.push("CertificateVerify".to_owned());
        messages.push("Finished".to_owned());
    }
    messages
}

/// What an encrypted flight of a TLS 1.3 client held.
fn client_flight(told: &Told<'_>) -> Vec<String> {
    let mut messages = Vec::new();
    if told.asked == Some(true) {
        messages.extend(told.client_certificates.map(certificates));
    }
    let signed = told.client_certificates.is_some_and(|count| count > 0);
    match told.handshake_ms {
        Some(_) => {
            if signed {
                messages.push("CertificateVerify".to_owned());
            }
            messages.push("Finished".to_owned());
        }
        // Refused before the rest was looked at.
        None if !messages.is_empty() => messages.push("what follows it".to_owned()),
        None => {}
    }
    messages
}

fn alert(description: u8) -> String {
    format!("alert {description} {}", ids::alert_name(description))
}

/// Marks the step in which it broke, or adds it.
fn end(steps: &mut Vec<Step>, told: &Told<'_>, ending: &Ending) {
    if matches!(ending.kind, EndingKind::Completed | EndingKind::Interrupted) {
        return;
    }
    let from = ending
        .sent_by
        .map(|party| sender(party == Party::Peer, told.us));
    if let (Some(sent), Some(from)) = (&ending.alert, from) {
        let name = alert(sent.code);
        // In the clear it has its name already; encrypted it is the last thing that its sender
        // said.
        let last = steps.iter_mut().rev().find(|step| step.from == Some(from));
        if let Some(step) = last.filter(|step| step.encrypted || step.messages.contains(&name)) {
            if let Some(hidden) = step.messages.iter_mut().rfind(|one| *one == HIDDEN_ALERT) {
                *hidden = name;
            } else if !step.messages.contains(&name) {
                // The only thing it said under encryption: then what was taken for its flight is
                // this alert.
                if from != told.us && told.handshake_ms.is_none() || step.bytes <= ALERT {
                    step.messages.clear();
                }
                step.messages.push(name);
            }
            step.fault = true;
            return;
        }
    }
    let stage = match (ending.kind, told.handshake_ms) {
        (EndingKind::Unresolved, _) => Stage::Name,
        (EndingKind::Unreachable, _) => Stage::Tcp,
        (_, Some(_)) => Stage::Http,
        (_, None) => Stage::Tls,
    };
    let what = ending
        .alert
        .as_ref()
        .map_or_else(|| ending.kind.words().to_owned(), |sent| alert(sent.code));
    steps.push(Step {
        at_ms: told
            .end_ms
            .or(steps.last().map(|step| step.at_ms))
            .unwrap_or_default(),
        stage,
        from,
        messages: vec![what],
        bytes: 0,
        encrypted: false,
        fault: true,
    });
}

/// A step that nobody sent.
pub(super) fn plain(stage: Stage, at_ms: f64, what: &str) -> Step {
    Step {
        at_ms,
        stage,
        from: None,
        messages: vec![what.to_owned()],
        bytes: 0,
        encrypted: false,
        fault: false,
    }
}

#[cfg(test)]
mod tests;
