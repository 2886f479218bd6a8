//! What `inspect` finds out about an endpoint or a file besides its chain's own facts.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{Certificate, Dialled, EndingKind, Header, Outcome, TrustFacts};

/// What a server asks of its clients in the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// No CertificateRequest came.
    None,
    /// A certificate is asked for, and a client without one is served.
    Requested,
    /// A client without a certificate is turned away.
    Required,
    /// The handshake ended before it showed.
    Unknown,
}

impl AuthMode {
    /// As machines see it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Requested => "requested",
            Self::Required => "required",
            Self::Unknown => "unknown",
        }
    }
}

/// A name among the certificate authorities of a CertificateRequest (RFC 8446 section 4.2.4, RFC 5246 section 7.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaName {
    /// As OpenSSL prints it.
    pub name: String,
    /// In the form that names are compared in (RFC 5280 section 7.1); empty when it is no distinguished name.
    pub canonical: Vec<u8>,
    /// Length of its DER in bytes.
    pub bytes: usize,
}

/// What a server asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateRequest {
    /// The authorities it names, in its order; none = any will do.
    pub ca_names: Vec<CaName>,
    /// SignatureScheme numbers it takes, in its order. In TLS 1.3 the library passes on only those that TLS 1.3 can use.
    pub signature_algorithms: Vec<u16>,
}

/// What a stapled OCSP response says (RFC 6960 section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StapleStatus {
    /// The certificate is not revoked.
    Good,
    /// It is revoked.
    Revoked,
    /// The responder does not know it.
    Unknown,
    /// The response says nothing of this certificate, or cannot be read.
    Unusable,
}

/// A stapled OCSP response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Staple {
    /// What it says.
    pub status: StapleStatus,
    /// When the certificate was revoked.
    #[schemars(with = "Option<String>")]
    pub revoked_at: Option<Timestamp>,
    /// When the response was signed.
    #[schemars(with = "Option<String>")]
    pub produced_at: Option<Timestamp>,
    /// From when on it is true.
    #[schemars(with = "Option<String>")]
    pub this_update: Option<Timestamp>,
    /// Until when it is to be used; `None` = newer information is always at hand.
    #[schemars(with = "Option<String>")]
    pub next_update: Option<Timestamp>,
    /// Why it is not to be relied on: signature, dates, another certificate; `None` when it holds.
    pub problem: Option<String>,
    /// Its length in bytes.
    pub bytes: usize,
}

/// A signed certificate timestamp (RFC 6962 section 3.2). Its signature is not checked: that takes the log's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Stamp {
    /// The log's id, lower-case hexadecimal.
    pub log_id: String,
    /// When the log saw the certificate.
    #[schemars(with = "String")]
    pub timestamp: Timestamp,
}

/// Whether sessions are resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Resumption {
    /// Tickets (TLS 1.3) or sessions (TLS 1.2) that the server handed out.
    pub tickets: usize,
    /// Whether a second handshake resumed one; `None` when that was not tried.
    pub resumed: Option<bool>,
}

/// A verdict by one trust store.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreVerdict {
    /// Which, in words: `Mozilla's list`, `profile dialogflow`.
    pub store: String,
    /// What path validation said.
    pub trust: TrustFacts,
}

/// A chain seen from several sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChainView {
    /// The verdicts for both purposes by the store that decides, the chain's own purpose first.
    pub purposes: Vec<TrustFacts>,
    /// The verdicts of the stores, for the chain's own purpose, the one that decides first.
    pub stores: Vec<StoreVerdict>,
    /// The certificates of the verified path that were not presented, the anchor among them.
    pub added: Vec<Arc<Certificate>>,
    /// The timestamps in its leaf.
    pub stamps: Vec<Stamp>,
}

/// An HTTP answer, as far as an inspection looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSeen {
    /// The status code.
    pub status: u16,
    /// `HTTP/1.1` or `HTTP/2`.
    pub version: String,
    /// Its header fields, in order, secrets taken out.
    pub headers: Vec<Header>,
    /// Whether its text speaks of a certificate, as nginx' does where one is missing.
    pub about_certificate: bool,
}

impl HttpSeen {
    /// Whether it turns a client without a certificate away: nginx' own statuses, or a refusal that says so.
    pub fn turns_away(&self) -> bool {
        matches!(self.status, 495 | 496) || (self.refuses() && self.about_certificate)
    }

    /// Whether its status may be a refusal of the client.
    fn refuses(&self) -> bool {
        matches!(self.status, 400 | 401 | 403)
    }
}

/// A second handshake, with a client certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Whose: `own`, or a fault's id.
    pub client: String,
    /// The connection.
    pub dialled: Dialled,
    /// The status of the answer.
    pub status: Option<u16>,
    /// What the server did with it.
    pub outcome: Outcome,
}

impl Shown {
    /// How it came to its outcome, in a few words.
    pub fn how(&self) -> String {
        match self.status {
            Some(status) => format!("HTTP {status}"),
            None if self.outcome == Outcome::Accepted => "the handshake was completed".to_owned(),
            None => self.dialled.how(),
        }
    }
}

/// An endpoint that was inspected.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The connection without a client certificate.
    pub dialled: Dialled,
    /// What was asked of the client; `None` when nothing was.
    pub request: Option<CertificateRequest>,
    /// The answer to a GET.
    pub http: Option<HttpSeen>,
    /// The stapled OCSP response.
    pub staple: Option<Staple>,
    /// Whether sessions are resumed; `None` before the handshake's end.
    pub resumption: Option<Resumption>,
    /// The handshake with a client certificate, when one was asked for.
    pub shown: Option<Shown>,
}

/// What `inspect` looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// As the user wrote it.
    pub target: String,
    /// The name to ask for that its line in a list gives it.
    pub asked_for: Option<String>,
    /// The endpoint; `None` for files.
    pub probe: Option<Probe>,
    /// Whether the certificates are to be printed as PEM too.
    pub pem: bool,
}

impl Probe {
    /// What is asked of clients, and how that is known.
    ///
    /// | seen without a certificate | mode |
    /// |---|---|
    /// | the handshake ended before the server could ask | unknown |
    /// | no CertificateRequest | none |
    /// | an alert after it | required |
    /// | a close or a reset after it, before the server had shown that it goes on | required |
    /// | HTTP 495, 496; 400, 401 or 403 with words about a certificate | required |
    /// | HTTP 400, 401 or 403, and another status with a certificate | required |
    /// | anything else | requested |
    ///
    /// A server shows that it goes on by finishing a TLS 1.2 handshake, or by tickets in TLS 1.3: both come after it has judged what
    /// the client sent (RFC 5246 section 7.3, RFC 8446 section 4.6.1).
    pub fn client_auth(&self) -> (AuthMode, String) {
        let dialled = &self.dialled;
        let went_on = self
            .resumption
            .is_some_and(|resumption| resumption.tickets > 0)
            || (dialled.tls.handshaken() && self.tls12());
        let answered = |http: &HttpSeen| format!("HTTP {}", http.status);
        match (dialled.asked, &self.http) {
            (None, _) => (
                AuthMode::Unknown,
                format!("the handshake ended too early to know: {}", dialled.how()),
            ),
            (Some(false), _) => (
                AuthMode::None,
                "the handshake was completed without a CertificateRequest".to_owned(),
            ),
            (Some(true), Some(http)) if http.turns_away() => (
                AuthMode::Required,
                format!(
                    "after a handshake without a certificate it answered {}",
                    answered(http)
                ),
            ),
            (Some(true), Some(http)) if http.refuses() && self.let_in() => (
                AuthMode::Required,
                format!(
                    "without a certificate it answered {}, with one it let the client in",
                    answered(http)
                ),
            ),
            (Some(true), Some(http)) if http.refuses() => (
                AuthMode::Requested,
                format!(
                    "a handshake without a certificate was completed, and answered with {}; --cert and --key show whether that is about the certificate",
                    answered(http)
                ),
            ),
            (Some(true), Some(http)) => (
                AuthMode::Requested,
                format!("without a certificate it answered {}", answered(http)),
            ),
            (Some(true), None) => {
                let silent = matches!(
                    dialled.tls.ending.kind,
                    EndingKind::Closed | EndingKind::Reset
                );
                if dialled.turned_away() && !(silent && went_on) {
                    let how = dialled.how();
                    (
                        AuthMode::Required,
                        format!("a client without a certificate was rejected: {how}"),
                    )
                } else if went_on {
                    (
                        AuthMode::Requested,
                        "it continued without a certificate".to_owned(),
                    )
                } else if dialled.tls.ending.kind == EndingKind::Refused
                    || !dialled.tls.handshaken()
                {
                    (
                        AuthMode::Unknown,
                        format!("the connection ended too early to know: {}", dialled.how()),
                    )
                } else {
                    (
                        AuthMode::Requested,
                        "a client without a certificate was not rejected".to_owned(),
                    )
                }
            }
        }
    }

    /// Whether the client with a certificate was let in.
    fn let_in(&self) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| shown.outcome == Outcome::Accepted)
    }

    fn tls12(&self) -> bool {
        self.dialled
            .tls
            .negotiated
            .as_ref()
            .is_some_and(|negotiated| negotiated.protocol == "TLSv1.2")
    }

    /// Whether a TCP connection could be made.
    pub fn reachable(&self) -> bool {
        self.dialled.timings.tcp.is_some()
    }

    /// Whether it came far enough to be judged: its chain was seen, or the handshake finished.
    pub fn judged(&self) -> bool {
        self.dialled.tls.server_chain.is_some() || self.dialled.tls.handshaken()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Ending, Negotiated, Party, Phase};

    fn probe(asked: Option<bool>, kind: EndingKind, tickets: usize, protocol: &str) -> Probe {
        let mut dialled = Dialled::new("https://hook.example/", Phase::Http);
        dialled.asked = asked;
        dialled.tls.negotiated = Some(Negotiated {
            protocol: protocol.to_owned(),
            cipher: 0x1301,
            group: None,
            alpn: None,
        });
        dialled.tls.ending = Ending {
            kind,
            alert: None,
            sent_by: Some(Party::Peer),
            phase: Phase::Http,
            detail: String::new(),
        };
        Probe {
            dialled,
            request: None,
            http: None,
            staple: None,
            resumption: Some(Resumption {
                tickets,
                resumed: None,
            }),
            shown: None,
        }
    }

    fn answered(status: u16, about_certificate: bool) -> Probe {
        let mut probe = probe(Some(true), EndingKind::Completed, 2, "TLSv1.3");
        probe.http = Some(HttpSeen {
            status,
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            about_certificate,
        });
        probe
    }

    #[test]
    fn every_line_of_the_table_decides() {
        use EndingKind::{Closed, Completed, PeerAlert, Reset, TimedOut};
        let (v12, v13) = ("TLSv1.2", "TLSv1.3");
        for (probe, mode) in [
            (probe(None, Reset, 0, v13), AuthMode::Unknown),
            (probe(Some(false), Completed, 2, v13), AuthMode::None),
            (probe(Some(true), PeerAlert, 0, v13), AuthMode::Required),
            (probe(Some(true), PeerAlert, 2, v13), AuthMode::Required),
            (probe(Some(true), Closed, 0, v13), AuthMode::Required),
            (probe(Some(true), Reset, 0, v13), AuthMode::Required),
            (probe(Some(true), Closed, 2, v13), AuthMode::Requested),
            (probe(Some(true), Closed, 0, v12), AuthMode::Requested),
            (probe(Some(true), TimedOut, 0, v13), AuthMode::Requested),
            (answered(200, false), AuthMode::Requested),
            (answered(403, false), AuthMode::Requested),
            (answered(403, true), AuthMode::Required),
            (answered(400, true), AuthMode::Required),
            (answered(404, true), AuthMode::Requested),
            (answered(496, false), AuthMode::Required),
        ] {
            assert_eq!(
                probe.client_auth().0,
                mode,
                "{:?}",
                probe.dialled.tls.ending
            );
        }
    }
}
