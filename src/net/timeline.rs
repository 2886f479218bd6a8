//! Records that went by, and what the TLS library said it handled, to the steps of a connection.
//!
//! For: `observed` and `dial`, which know how far a connection came. Must not: name a message that neither was read in the clear nor
//! handled. In TLS 1.3 everything behind the ServerHello is encrypted: which messages a flight held is then told by what the library
//! did with them, in the order that RFC 8446 section 2 gives them.

use super::tap::Noted;
use crate::{
    facts::{Ending, EndingKind, Party, Side, Stage, Step},
    parse::{ids, records::Content},
};

/// The certificate message, whose types of TLS 1.2 and 1.3 are the same (RFC 8446 section 4).
const CERTIFICATE: u8 = 11;
const CERTIFICATE_VERIFY: u8 = 15;

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
    /// The request, in a few words.
    pub(super) request: Option<String>,
    /// The answer, in a few words.
    pub(super) answer: Option<String>,
    /// How it ended; `None` while it goes on.
    pub(super) ending: Option<&'a Ending>,
    /// When it ended.
    pub(super) end_ms: Option<f64>,
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
    let mut steps: Vec<Step> = Vec::new();
    for record in records {
        let stage = match told.handshake_ms {
            Some(over) if record.at_ms > over => Stage::Http,
            _ => Stage::Tls,
        };
        let (name, encrypted) = match record.content {
            Content::Handshake(kind) => (Some(ids::message_name(kind)), false),
            Content::HelloRetryRequest => (Some("HelloRetryRequest".to_owned()), false),
            Content::EncryptedHandshake => (Some("Finished".to_owned()), true),
            Content::ChangeCipherSpec if tls12 => (Some("ChangeCipherSpec".to_owned()), false),
            // In TLS 1.3 it means nothing.
            Content::ChangeCipherSpec => continue,
            Content::Alert(description) => (Some(alert(description)), false),
            Content::EncryptedAlert => (Some("close_notify".to_owned()), true),
            Content::Data => (None, true),
        };
        let from = sender(record.read, told.us);
        let goes_on = steps.last_mut().filter(|last| {
            last.from == Some(from) && last.encrypted == encrypted && last.stage == stage
        });
        let step = match goes_on {
            Some(last) => last,
            None => {
                steps.push(Step {
                    at_ms: record.at_ms,
                    stage,
                    from: Some(from),
                    messages: Vec::new(),
                    bytes: 0,
                    encrypted,
                    fault: false,
                });
                let last = steps.len() - 1;
                &mut steps[last]
            }
        };
        step.bytes += record.bytes;
        step.messages.extend(name);
    }
    name_flights(&mut steps, told);
    if let Some(ending) = told.ending {
        end(&mut steps, told, ending);
    }
    steps
}

fn sender(read: bool, us: Side) -> Side {
    match (read, us) {
        (true, Side::Server) | (false, Side::Client) => Side::Client,
        _ => Side::Server,
    }
}

/// The longest record that may be an alert of TLS 1.3: header, two bytes, the content type, the tag (RFC 8446 sections 5.2 and 6).
const ALERT: u64 = 24;

/// Gives the encrypted steps their names.
fn name_flights(steps: &mut [Step], told: &Told<'_>) {
    let answered = |step: &Step| step.stage == Stage::Http && step.from == Some(Side::Server);
    let first_answer = steps
        .iter()
        .position(|step| answered(step) && step.messages.is_empty());
    // A request that was read in one go with the client's Finished stands in that flight.
    let asked = steps.iter().position(|step| {
        step.stage == Stage::Http && step.from == Some(Side::Client) && step.messages.is_empty()
    });
    let asked_apart = match (asked, first_answer) {
        (Some(asked), Some(answer)) => asked < answer,
        (asked, None) => asked.is_some(),
        (None, Some(_)) => false,
    };
    let mut flown: Vec<(Side, Stage)> = Vec::new();
    for step in steps.iter_mut().filter(|step| step.messages.is_empty()) {
        let Some(from) = step.from else { continue };
        let first = !flown.contains(&(from, step.stage));
        flown.push((from, step.stage));
        let request = told.request.iter().cloned();
        step.messages = match (step.stage, from, first) {
            (Stage::Tls, Side::Server, true) => server_flight(told),
            (Stage::Tls, Side::Client, true) if asked_apart => client_flight(told),
            (Stage::Tls, Side::Client, true) => {
                client_flight(told).into_iter().chain(request).collect()
            }
            (Stage::Http, Side::Client, true) if asked_apart => request.collect(),
            (Stage::Http, Side::Server, true) => told.answer.iter().cloned().collect(),
            (Stage::Http, ..) if step.bytes <= ALERT => vec!["an alert, by its length".to_owned()],
            _ => Vec::new(),
        };
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
    if told.handshake_ms.is_some() {
        if told.client_certificates.is_some_and(|count| count > 0) {
            messages.push("CertificateVerify".to_owned());
        }
        messages.push("Finished".to_owned());
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
        // In the clear it has its name already; encrypted it is the last thing that its sender said.
        let last = steps.iter_mut().rev().find(|step| step.from == Some(from));
        if let Some(step) = last.filter(|step| step.encrypted || step.messages.contains(&name)) {
            if !step.messages.contains(&name) {
                // The only thing it said under encryption: then what was taken for its flight is this alert.
                if from != told.us && told.handshake_ms.is_none() || step.bytes < 32 {
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
mod tests {
    use super::*;
    use crate::{facts::Phase, net::ending};

    fn noted(at_ms: f64, read: bool, content: Content, bytes: u64) -> Noted {
        Noted {
            at_ms,
            read,
            content,
            bytes,
        }
    }

    fn told(us: Side) -> Told<'static> {
        Told {
            us,
            handshake_ms: Some(5.0),
            asked: Some(true),
            server_certificates: Some(2),
            client_certificates: Some(2),
            request: Some("POST /hook".to_owned()),
            answer: Some("HTTP/1.1 200".to_owned()),
            ending: None,
            end_ms: Some(9.0),
        }
    }

    fn line(step: &Step) -> String {
        let from = step.from.map_or("-", |from| match from {
            Side::Client => ">",
            Side::Server => "<",
        });
        let fault = if step.fault { " !" } else { "" };
        format!("{from} {}{fault}", step.messages.join(" "))
    }

    fn lines(records: &[Noted], told: &Told<'_>) -> Vec<String> {
        steps(records, told).iter().map(line).collect()
    }

    fn tls13() -> Vec<Noted> {
        vec![
            noted(1.0, false, Content::Handshake(1), 300),
            noted(2.0, true, Content::Handshake(2), 122),
            noted(2.0, true, Content::ChangeCipherSpec, 6),
            noted(2.0, true, Content::Data, 40),
            noted(2.0, true, Content::Data, 2000),
            noted(4.9, false, Content::ChangeCipherSpec, 6),
            noted(4.9, false, Content::Data, 1900),
            noted(5.2, false, Content::Data, 900),
            noted(7.0, true, Content::Data, 24),
        ]
    }

    #[test]
    fn encrypted_flights_are_named_by_what_was_handled() {
        let wanted = [
            "> ClientHello",
            "< ServerHello",
            "< EncryptedExtensions CertificateRequest Certificate (2) CertificateVerify Finished",
            "> Certificate (2) CertificateVerify Finished",
            "> POST /hook",
            "< HTTP/1.1 200",
        ];
        assert_eq!(lines(&tls13(), &told(Side::Client)), wanted);
        let bytes: Vec<u64> = steps(&tls13(), &told(Side::Client))
            .iter()
            .map(|step| step.bytes)
            .collect();
        assert_eq!(bytes, [300, 122, 2040, 1900, 900, 24]);
    }

    #[test]
    fn a_request_that_came_with_the_finished_is_told_with_it() {
        let records = [
            noted(1.0, true, Content::Handshake(1), 300),
            noted(2.0, false, Content::Handshake(2), 122),
            noted(2.0, false, Content::Data, 2000),
            noted(4.0, true, Content::Data, 1900),
            noted(4.0, true, Content::Data, 900),
            noted(6.0, false, Content::Data, 450),
            noted(7.0, true, Content::Data, 24),
        ];
        let wanted = [
            "> Certificate (2) CertificateVerify Finished POST /hook",
            "< HTTP/1.1 200",
            "> an alert, by its length",
        ];
        assert_eq!(lines(&records, &told(Side::Server))[3..], wanted);
    }

    #[test]
    fn a_late_alert_stands_where_an_answer_would() {
        let late = Ending {
            alert: Some(ending::alert(116)),
            ..ending::plain(EndingKind::PeerAlert, Phase::Http, Some(Party::Peer), "")
        };
        let told = Told {
            client_certificates: Some(0),
            answer: None,
            ending: Some(&late),
            ..told(Side::Client)
        };
        let lines = lines(&tls13(), &told);
        assert_eq!(lines[3], "> Certificate (empty) Finished");
        assert_eq!(lines[5], "< alert 116 certificate_required !");
    }

    #[test]
    fn what_did_not_come_is_not_named() {
        let closed = ending::plain(EndingKind::Closed, Phase::Handshake, Some(Party::Peer), "");
        let told = Told {
            handshake_ms: None,
            asked: None,
            server_certificates: None,
            client_certificates: None,
            request: None,
            answer: None,
            ending: Some(&closed),
            ..told(Side::Client)
        };
        let wanted = [
            "> ClientHello",
            "< ServerHello",
            "< ",
            "< closed without a word !",
        ];
        assert_eq!(lines(&tls13()[..4], &told), wanted);
        assert_eq!(
            lines(&tls13()[..1], &told),
            ["> ClientHello", "< closed without a word !"]
        );
    }

    #[test]
    fn tls_1_2_needs_no_telling() {
        let records = [
            noted(1.0, true, Content::Handshake(1), 200),
            noted(2.0, false, Content::Handshake(2), 80),
            noted(2.0, false, Content::Handshake(11), 1500),
            noted(2.0, false, Content::Handshake(14), 4),
            noted(3.0, true, Content::Handshake(11), 7),
            noted(3.0, true, Content::ChangeCipherSpec, 6),
            noted(3.0, true, Content::EncryptedHandshake, 45),
            noted(3.1, false, Content::Alert(42), 7),
        ];
        let refused = Ending {
            alert: Some(ending::alert(42)),
            ..ending::plain(EndingKind::Refused, Phase::Handshake, Some(Party::Us), "")
        };
        let told = Told {
            handshake_ms: None,
            ending: Some(&refused),
            ..told(Side::Server)
        };
        let wanted = [
            "> ClientHello",
            "< ServerHello Certificate ServerHelloDone",
            "> Certificate ChangeCipherSpec",
            "> Finished",
            "< alert 42 bad_certificate !",
        ];
        assert_eq!(lines(&records, &told), wanted);
    }

    #[test]
    fn a_client_that_refuses_us_says_nothing_but_its_alert() {
        let records = [
            noted(1.0, true, Content::Handshake(1), 200),
            noted(2.0, false, Content::Handshake(2), 80),
            noted(2.0, false, Content::Data, 2000),
            noted(3.0, true, Content::Data, 24),
        ];
        let refused = Ending {
            alert: Some(ending::alert(48)),
            ..ending::plain(
                EndingKind::PeerAlert,
                Phase::Handshake,
                Some(Party::Peer),
                "",
            )
        };
        let told = Told {
            handshake_ms: None,
            client_certificates: None,
            ending: Some(&refused),
            ..told(Side::Server)
        };
        assert_eq!(lines(&records, &told)[3], "> alert 48 unknown_ca !");
    }
}
