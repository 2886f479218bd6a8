//! One connection of ours to a server, and how far it came: what a rehearsed call and an inspected
//! endpoint have in common.

use serde::Serialize;

use super::{Alert, Connection, EndingKind, Party, Phase, Side};

/// When things happened, in milliseconds since the call began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
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

/// A connection of ours to a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialled {
    /// What both ends see of it.
    pub tls: Connection,
    /// What was called: a URL.
    pub url: String,
    /// How far it has to come to be in good order: a call to its end, an inspection past the handshake.
    pub wanted: Phase,
    /// The name that was asked for (SNI); `None` for an address.
    pub server_name: Option<String>,
    /// The address that was connected to.
    pub address: Option<String>,
    /// Whether the server asked for a client certificate; `None` when the handshake did not come that far.
    pub asked: Option<bool>,
    /// How many certificates were sent.
    pub presented: usize,
    /// Whether the server showed its certificate, in this call.
    pub server_shown: bool,
    /// When things happened.
    pub timings: CallTimings,
}

impl Dialled {
    /// A connection of which nothing is known yet.
    pub fn new(url: &str, wanted: Phase) -> Self {
        Self {
            tls: Connection::new(Side::Client),
            url: url.to_owned(),
            wanted,
            server_name: None,
            address: None,
            asked: None,
            presented: 0,
            server_shown: false,
            timings: CallTimings::default(),
        }
    }

    /// Whether the server broke off after it had asked for a client certificate: a refusal of what it was given. One that broke off
    /// before it had shown who it is was given nothing yet.
    pub fn turned_away(&self) -> bool {
        let broke_off = matches!(
            self.tls.ending.kind,
            EndingKind::PeerAlert | EndingKind::Closed | EndingKind::Reset
        );
        let shown = self.tls.handshaken() || self.server_shown;
        broke_off && shown && self.asked == Some(true)
    }

    /// Whether the server completed the handshake and then said nothing, neither an answer nor an alert, until the time was over: as
    /// `openssl s_server` does, which waits for somebody to type.
    pub fn left_waiting(&self) -> bool {
        self.tls.ending.kind == EndingKind::TimedOut && self.tls.handshaken()
    }

    /// The alert that the server sent.
    pub fn alert(&self) -> Option<&Alert> {
        let sent = self.tls.ending.sent_by == Some(Party::Peer);
        self.tls.ending.alert.as_ref().filter(|_| sent)
    }

    /// How it ended, in a few words: `alert 116 certificate_required`, `closed without a word`.
    pub fn how(&self) -> String {
        if let Some(alert) = self.alert() {
            return format!("alert {} {}", alert.code, alert.name);
        }
        if self.left_waiting() {
            return "no HTTP answer in time".to_owned();
        }
        self.tls.ending.kind.words().to_owned()
    }
}
