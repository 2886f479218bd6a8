//! One call of a webhook, as the sender's side saw it: a rehearsal.

use std::time::Duration;

use serde::Serialize;

use super::{Alert, AnswerFacts, Chain, Ending, EndingKind, Header, Negotiated, Party, Phase};

/// What a webhook that enforces mutual TLS does with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// Lets it in.
    Accept,
    /// Refuses it.
    Reject,
}

/// What the webhook did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It answered the request.
    Accepted,
    /// It refused the client.
    Rejected,
    /// It could not be asked, or what came back tells neither.
    Unreachable,
}

/// How a webhook refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RejectedBy {
    /// A TLS alert.
    Alert,
    /// An HTTP status after a handshake that looked good.
    HttpStatus,
    /// A close or a reset without a word.
    Close,
}

/// When things happened, in milliseconds since the call began.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CallTimings {
    /// The name had an address.
    pub dns: Option<f64>,
    /// The TCP connection stood.
    pub tcp: Option<f64>,
    /// The TLS handshake was over, as far as the client can tell.
    pub tls: Option<f64>,
    /// The answer's header section was there.
    pub http: Option<f64>,
    /// The call was over.
    pub total: Option<f64>,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// `HTTP/1.1` or `HTTP/2`.
    pub version: String,
    /// Its header fields, in order, secrets taken out.
    pub headers: Vec<Header>,
    /// The body as text, as far as it was read; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// Length of the body as it came, in bytes; a lower bound when `cut` is set.
    pub body_bytes: usize,
    /// What kept the body from being read whole or unpacked.
    pub problem: Option<String>,
    /// Whether there was more than is read.
    pub cut: bool,
    /// The body against the schema.
    pub answer: AnswerFacts,
}

impl Reply {
    /// The first header field of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        fields
            .find(|field| field.name == name)
            .map(|field| field.value.as_str())
    }
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What was called.
    pub url: String,
    /// The sender that was imitated, in words: `Dialogflow ES`.
    pub sender: String,
    /// The client certificate: a recipe's name, or `own`.
    pub client: String,
    /// What an enforcing webhook does with it.
    pub expected: Expected,
    /// Which stacks take this client and which do not, where they differ: then neither outcome is a fault.
    pub differs: Option<String>,
    /// Expectations of a scenario that were not met, in words.
    pub unmet: Vec<String>,
    /// The address that was connected to.
    pub address: Option<String>,
    /// Whether the server asked for a client certificate; `None` when the handshake did not come that far.
    pub asked: Option<bool>,
    /// How many certificates were sent.
    pub presented: usize,
    /// What was settled.
    pub negotiated: Option<Negotiated>,
    /// The server's chain; `None` as well when an earlier call of the run has it.
    pub server_chain: Option<Chain>,
    /// The answer.
    pub reply: Option<Reply>,
    /// How it ended.
    pub ending: Ending,
    /// When things happened.
    pub timings: CallTimings,
    /// How long the sender waits for an answer.
    pub time_limit: Duration,
    /// The largest answer that the sender takes, in bytes.
    pub size_limit: usize,
}

impl Call {
    /// What the webhook did with the client.
    ///
    /// | seen | outcome |
    /// |---|---|
    /// | an HTTP answer with status 400, 401, 403, 495 or 496 | rejected: nginx says 400, Node's and Apache's examples 401 and 403 |
    /// | any other HTTP answer | accepted, well answered or not |
    /// | an alert, a close or a reset after the server asked for a certificate | rejected |
    /// | the same before it asked, or without asking | unreachable: that was not about the certificate |
    /// | refused by us, no connection, no TLS, silence | unreachable |
    pub fn outcome(&self) -> Outcome {
        if let Some(reply) = &self.reply {
            return if matches!(reply.status, 400 | 401 | 403 | 495 | 496) {
                Outcome::Rejected
            } else {
                Outcome::Accepted
            };
        }
        match self.ending.kind {
            EndingKind::PeerAlert | EndingKind::Closed | EndingKind::Reset
                if self.asked == Some(true) =>
            {
                Outcome::Rejected
            }
            _ => Outcome::Unreachable,
        }
    }

    /// How it refused; `None` when it did not.
    pub fn rejected_by(&self) -> Option<RejectedBy> {
        let by = match (&self.reply, self.ending.kind) {
            (Some(_), _) => RejectedBy::HttpStatus,
            (None, EndingKind::PeerAlert) => RejectedBy::Alert,
            _ => RejectedBy::Close,
        };
        (self.outcome() == Outcome::Rejected).then_some(by)
    }

    /// Whether the webhook did what the client certificate asks for.
    pub fn as_expected(&self) -> bool {
        match (self.outcome(), self.expected) {
            (Outcome::Unreachable, _) => false,
            (_, _) if self.differs.is_some() => true,
            (Outcome::Accepted, expected) => expected == Expected::Accept,
            (Outcome::Rejected, expected) => expected == Expected::Reject,
        }
    }

    /// The alert that the server sent.
    pub fn alert(&self) -> Option<&Alert> {
        let sent = self.ending.sent_by == Some(Party::Peer);
        self.ending.alert.as_ref().filter(|_| sent)
    }

    /// How it came to its outcome, in a few words: `200`, `alert 116 certificate_required`, `closed without a word`.
    pub fn how(&self) -> String {
        if let Some(reply) = &self.reply {
            return format!("HTTP {}", reply.status);
        }
        if let Some(alert) = self.alert() {
            return format!("alert {} {}", alert.code, alert.name);
        }
        let words = match self.ending.kind {
            EndingKind::Unresolved => "the name has no address",
            EndingKind::Unreachable => "no TCP connection",
            EndingKind::Refused => "we refused its certificate",
            EndingKind::Closed => "closed without a word",
            EndingKind::Reset => "connection reset",
            EndingKind::TimedOut => "time ran out",
            EndingKind::NotTls => "the port speaks no TLS",
            EndingKind::Internal => "this program failed",
            _ => "the protocol was broken",
        };
        words.to_owned()
    }

    /// Whether the handshake was finished, as far as the client can tell.
    pub fn handshaken(&self) -> bool {
        self.ending.phase >= Phase::Http
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(kind: EndingKind, asked: Option<bool>, status: Option<u16>) -> Call {
        Call {
            url: String::new(),
            sender: String::new(),
            client: "client-expired".to_owned(),
            expected: Expected::Reject,
            differs: None,
            unmet: Vec::new(),
            address: None,
            asked,
            presented: 2,
            negotiated: None,
            server_chain: None,
            reply: status.map(|status| Reply {
                status,
                version: "HTTP/1.1".to_owned(),
                headers: Vec::new(),
                body: String::new(),
                body_bytes: 0,
                problem: None,
                cut: false,
                answer: AnswerFacts::default(),
            }),
            ending: Ending {
                kind,
                alert: None,
                sent_by: Some(Party::Peer),
                phase: Phase::Http,
                detail: String::new(),
            },
            timings: CallTimings::default(),
            time_limit: Duration::from_secs(5),
            size_limit: 65536,
        }
    }

    #[test]
    fn every_line_of_the_table_decides() {
        use EndingKind::{Closed, Completed, PeerAlert, Refused, Reset, TimedOut};
        for (kind, asked, status, outcome, by) in [
            (Completed, Some(true), Some(200), Outcome::Accepted, None),
            (Completed, Some(true), Some(500), Outcome::Accepted, None),
            (Completed, Some(true), Some(302), Outcome::Accepted, None),
            (
                Completed,
                Some(true),
                Some(400),
                Outcome::Rejected,
                Some(RejectedBy::HttpStatus),
            ),
            (
                Completed,
                Some(false),
                Some(403),
                Outcome::Rejected,
                Some(RejectedBy::HttpStatus),
            ),
            (
                PeerAlert,
                Some(true),
                None,
                Outcome::Rejected,
                Some(RejectedBy::Alert),
            ),
            (PeerAlert, Some(false), None, Outcome::Unreachable, None),
            (PeerAlert, None, None, Outcome::Unreachable, None),
            (
                Closed,
                Some(true),
                None,
                Outcome::Rejected,
                Some(RejectedBy::Close),
            ),
            (
                Reset,
                Some(true),
                None,
                Outcome::Rejected,
                Some(RejectedBy::Close),
            ),
            (Reset, None, None, Outcome::Unreachable, None),
            (Refused, Some(true), None, Outcome::Unreachable, None),
            (TimedOut, Some(true), None, Outcome::Unreachable, None),
        ] {
            let call = call(kind, asked, status);
            assert_eq!(
                (call.outcome(), call.rejected_by()),
                (outcome, by),
                "{kind:?} {asked:?} {status:?}"
            );
        }
    }

    #[test]
    fn what_stacks_differ_on_is_no_fault_but_silence_is() {
        let mut tolerated = call(EndingKind::Completed, Some(true), Some(200));
        assert!(!tolerated.as_expected());
        tolerated.differs = Some("some take it".to_owned());
        assert!(tolerated.as_expected());
        tolerated.reply = None;
        tolerated.ending.kind = EndingKind::TimedOut;
        assert!(!tolerated.as_expected());
    }
}
