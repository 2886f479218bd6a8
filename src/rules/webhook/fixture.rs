//! A call of a webhook for rule tests: good until told otherwise.

use std::time::Duration;

use crate::{
    context::Context,
    facts::{
        Alert, AnswerFacts, BodyShape, Call, CallTimings, Case, ClientKind, Dialled, EndingKind,
        Expected, Header, Party, PeerSignature, Phase, Refusal, Reply, SenderKind,
    },
};

/// A call under construction.
pub(crate) struct CallFixture(Call);

impl CallFixture {
    /// The valid client, let in and answered in good order.
    pub(crate) fn good() -> Self {
        Self(Call {
            dialled: Dialled {
                server_name: Some("webhook.example".to_owned()),
                address: Some("192.0.2.1:443".to_owned()),
                asked: Some(true),
                presented: 2,
                server_shown: true,
                timings: CallTimings {
                    total: Some(12.0),
                    ..CallTimings::default()
                },
                ..Dialled::new("https://webhook.example/hook", Phase::Done)
            },
            sender: "Dialogflow ES".to_owned(),
            sender_kind: SenderKind::Schema,
            client: "valid".to_owned(),
            client_kind: ClientKind::Recipe,
            expected: Expected::Accept,
            differs: None,
            expected_by: None,
            unmet: Vec::new(),
            wanted_status: None,
            reply: Some(Reply {
                status: 200,
                version: "HTTP/1.1".to_owned(),
                headers: vec![Header {
                    name: "content-type".to_owned(),
                    value: "application/json".to_owned(),
                }],
                body: "{}".to_owned(),
                body_bytes: 2,
                problem: None,
                cut: false,
                answer: AnswerFacts {
                    shape: BodyShape::Json,
                    read_fields: 1,
                    ..AnswerFacts::default()
                },
            }),
            time_limit: Some(Duration::from_secs(5)),
            size_limit: 65536,
        })
    }

    /// Changes the call.
    pub(crate) fn call(mut self, change: impl FnOnce(&mut Call)) -> Self {
        change(&mut self.0);
        self
    }

    /// Changes the answer.
    pub(crate) fn reply(self, change: impl FnOnce(&mut Reply)) -> Self {
        self.call(|call| {
            if let Some(reply) = &mut call.reply {
                change(reply);
            }
        })
    }

    /// A client that is to be refused.
    pub(crate) fn bad(self, client: &str) -> Self {
        self.call(|call| {
            call.client = client.to_owned();
            call.expected = Expected::Reject;
        })
    }

    /// No answer; it ended like this.
    pub(crate) fn ended(self, kind: EndingKind, phase: Phase, by: Option<Party>) -> Self {
        self.call(|call| {
            call.reply = None;
            call.dialled.tls.ending.kind = kind;
            call.dialled.tls.ending.phase = phase;
            call.dialled.tls.ending.sent_by = by;
        })
    }

    /// We refused the webhook's signature over the handshake: false, or impossible to check.
    pub(crate) fn signature_refused(self, checked: bool) -> Self {
        self.ended(EndingKind::Refused, Phase::Handshake, Some(Party::Us))
            .call(|call| {
                call.dialled.tls.refusal = Some(Refusal::Signature);
                call.dialled.tls.signature = Some(PeerSignature {
                    scheme: 0x0808,
                    checked,
                    verified: false,
                    problem: Some("reason".to_owned()),
                });
            })
    }

    /// With this alert from the webhook.
    pub(crate) fn alert(self, code: u8, name: &str) -> Self {
        self.ended(EndingKind::PeerAlert, Phase::Http, Some(Party::Peer))
            .call(|call| {
                call.dialled.tls.ending.alert = Some(Alert {
                    code,
                    name: name.to_owned(),
                });
            })
    }

    /// The case and its context.
    pub(crate) fn done(self) -> (Case, Context) {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let title = self.0.client.clone();
        (Case::new(title, now, self.0), Context::at(now))
    }
}
