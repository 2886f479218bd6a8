//! The TLS library's errors to [`Ending`]: one match, one file.

use std::io;

use rustls::{AlertDescription, Error, PeerIncompatible};

use crate::{
    facts::{Alert, Ending, EndingKind, Party, Phase},
    parse::ids,
};

/// An alert by number.
pub(super) fn alert(code: u8) -> Alert {
    Alert {
        code,
        name: ids::alert_name(code),
    }
}

/// An ending without an alert.
pub(super) fn plain(
    kind: EndingKind,
    phase: Phase,
    sent_by: Option<Party>,
    detail: impl Into<String>,
) -> Ending {
    Ending {
        kind,
        alert: None,
        sent_by,
        phase,
        detail: detail.into(),
    }
}

/// What an input/output error of the TLS stream means. `written` is the plaintext alert the tap saw us send.
pub(super) fn from_io(error: &io::Error, phase: Phase, written: Option<u8>) -> Ending {
    if let Some(error) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>())
    {
        return from_tls(error, phase, written);
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => plain(EndingKind::Closed, phase, Some(Party::Peer), ""),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted => {
            plain(EndingKind::Reset, phase, Some(Party::Peer), "")
        }
        _ => plain(EndingKind::ProtocolError, phase, None, error.to_string()),
    }
}

fn from_tls(error: &Error, phase: Phase, written: Option<u8>) -> Ending {
    let detail = match error {
        // The alert itself says it.
        Error::AlertReceived(_) => String::new(),
        _ => error.to_string(),
    };
    let (kind, code, by) = match error {
        Error::AlertReceived(description) => (
            EndingKind::PeerAlert,
            Some(u8::from(*description)),
            Party::Peer,
        ),
        Error::InvalidCertificate(certificate) => (
            EndingKind::Refused,
            Some(u8::from(AlertDescription::from(certificate.clone()))),
            Party::Us,
        ),
        Error::NoCertificatesPresented => (EndingKind::Refused, Some(116), Party::Us),
        Error::NoApplicationProtocol => (EndingKind::Refused, Some(120), Party::Us),
        Error::PeerIncompatible(reason) => (
            EndingKind::Refused,
            Some(incompatible_alert(reason)),
            Party::Us,
        ),
        Error::DecryptError => (EndingKind::ProtocolError, Some(20), Party::Us),
        Error::PeerSentOversizedRecord => (EndingKind::ProtocolError, Some(22), Party::Us),
        Error::InvalidMessage(_) => (EndingKind::ProtocolError, Some(50), Party::Us),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            (EndingKind::ProtocolError, Some(10), Party::Us)
        }
        Error::PeerMisbehaved(_) => (EndingKind::ProtocolError, Some(47), Party::Us),
        _ => (EndingKind::ProtocolError, None, Party::Us),
    };
    // What the tap saw on the wire beats what the library's source makes likely.
    let code = if by == Party::Us {
        written.or(code)
    } else {
        code
    };
    Ending {
        kind,
        alert: code.map(alert),
        sent_by: Some(by),
        phase,
        detail,
    }
}

/// The alert rustls 0.23 sends for an incompatibility (its `hs.rs`, `tls12.rs`, `tls13.rs`); only used when it went out encrypted.
fn incompatible_alert(reason: &PeerIncompatible) -> u8 {
    match reason {
        PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::Tls13RequiredForQuic
        | PeerIncompatible::SupportedVersionsExtensionRequired => 70,
        _ => 40,
    }
}
