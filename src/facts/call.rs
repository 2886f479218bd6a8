//! One call of a webhook, as the sender's side saw it: a rehearsal.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::{Alert, AnswerFacts, Dialled, EndingKind, Header, Stack};

/// What a webhook that enforces mutual TLS does with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// Lets it in.
    Accept,
    /// Refuses it.
    Reject,
}

/// What the webhook did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It answered the request.
    Accepted,
    /// It refused the client.
    Rejected,
    /// It could not be asked, or what came back tells neither.
    Unreachable,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
        })
    }
}

impl Outcome {
    /// What a server did with the client of a dialled, by the table of [`Call::outcome`].
    pub fn of(dialled: &Dialled, status: Option<u16>) -> Self {
        match status {
            Some(400 | 401 | 403 | 495 | 496) => Self::Rejected,
            Some(_) => Self::Accepted,
            None if dialled.turned_away() => Self::Rejected,
            None if dialled.left_waiting() => Self::Accepted,
            None => Self::Unreachable,
        }
    }
}

/// How a webhook refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RejectedBy {
    /// A TLS alert.
    Alert,
    /// An HTTP status after a handshake that looked good.
    HttpStatus,
    /// A close or a reset without a word.
    Close,
}

/// What a sender makes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SenderKind {
    /// It reads a message of its own form.
    Schema,
    /// Method, request and answer are the affair of the webhook's owner.
    Flexible,
}

/// Where a client certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClientKind {
    /// The caller's own files.
    Own,
    /// A recipe: a good one, or one with a fault.
    Recipe,
    /// Made to look like a sender's; the identity's name in the sender's profile.
    Sender(String),
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
    /// The connection that it took.
    pub dialled: Dialled,
    /// The sender that was imitated, in words: `Dialogflow ES`.
    pub sender: String,
    /// What that sender makes of the answer.
    pub sender_kind: SenderKind,
    /// What the client is called: a recipe's name, or `own`, behind the name of its scenario.
    pub client: String,
    /// Where its certificate comes from.
    pub client_kind: ClientKind,
    /// What an enforcing webhook does with it.
    pub expected: Expected,
    /// Which stacks take this client and which do not, where they differ: then neither outcome is a fault.
    pub differs: Option<String>,
    /// The programs whose answer is the expectation; `None` where the recipe's is.
    pub expected_by: Option<Stack>,
    /// Expectations of a scenario that were not met, in words.
    pub unmet: Vec<String>,
    /// The status that is wanted, where one is: that of a recorded answer, or of a scenario.
    pub wanted_status: Option<u16>,
    /// The answer.
    pub reply: Option<Reply>,
    /// How long the sender waits for an answer; `None` where that is not known.
    pub time_limit: Option<Duration>,
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
    /// | silence after the handshake, for as long as the sender waits | accepted: TLS was completed and no alert came, and nobody answered |
    /// | refused by us, no connection, no TLS, silence before the handshake was completed | unreachable |
    pub fn outcome(&self) -> Outcome {
        Outcome::of(&self.dialled, self.reply.as_ref().map(|reply| reply.status))
    }

    /// Whether nothing was sent since we rejected the webhook's own certificate.
    pub fn distrusted(&self) -> bool {
        self.outcome() == Outcome::Unreachable && self.dialled.tls.refusal.is_some()
    }

    /// How it refused; `None` when it did not.
    pub fn rejected_by(&self) -> Option<RejectedBy> {
        let by = match (&self.reply, self.dialled.tls.ending.kind) {
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
        self.dialled.alert()
    }

    /// How it came to its outcome, in a few words: `200`, `alert 116 certificate_required`, `closed without a word`.
    pub fn how(&self) -> String {
        match &self.reply {
            Some(reply) => format!("HTTP {}", reply.status),
            None => self.dialled.how(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Connection, Ending, Party, Phase, Side};

    fn call(kind: EndingKind, asked: Option<bool>, status: Option<u16>) -> Call {
        Call {
            dialled: Dialled {
                asked,
                presented: 2,
                tls: Connection {
                    ending: Ending {
                        kind,
                        alert: None,
                        sent_by: Some(Party::Peer),
                        phase: Phase::Http,
                        detail: String::new(),
                    },
                    ..Connection::new(Side::Client)
                },
                ..Dialled::new("", Phase::Done)
            },
            sender: String::new(),
            sender_kind: SenderKind::Schema,
            client: "client-expired".to_owned(),
            client_kind: ClientKind::Recipe,
            expected: Expected::Reject,
            differs: None,
            expected_by: None,
            unmet: Vec::new(),
            wanted_status: None,
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
            time_limit: Some(Duration::from_secs(5)),
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
            // `openssl s_server` lets a client in and waits for somebody to type.
            (TimedOut, Some(true), None, Outcome::Accepted, None),
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
        tolerated.dialled.tls.ending.kind = EndingKind::TimedOut;
        tolerated.dialled.tls.ending.phase = Phase::Handshake;
        assert_eq!(tolerated.outcome(), Outcome::Unreachable);
        assert!(!tolerated.as_expected());
    }
}
