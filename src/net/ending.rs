//! The TLS library's errors to [`Ending`]: one match, one file.

use std::io;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible, PeerMisbehaved};

use crate::{
    facts::{Alert, Ending, EndingKind, Party, Phase},
    failure,
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

/// What an input/output error of the TLS stream means. `written` is the plaintext alert the tap saw
/// us send.
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
        _ => plain(EndingKind::ProtocolError, phase, None, failure::io(error)),
    }
}

fn from_tls(error: &Error, phase: Phase, written: Option<u8>) -> Ending {
    let detail = match error {
        // The alert itself says it.
        Error::AlertReceived(_) => String::new(),
        _ => tls_words(error),
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
        Error::NoApplicationProtocol => (EndingKind::Incompatible, Some(120), Party::Us),
        Error::PeerIncompatible(reason) => (
            EndingKind::Incompatible,
            Some(incompatible_alert(reason)),
            Party::Us,
        ),
        Error::DecryptError => (EndingKind::ProtocolError, Some(20), Party::Us),
        Error::PeerSentOversizedRecord => (EndingKind::ProtocolError, Some(22), Party::Us),
        Error::InvalidMessage(_) => (EndingKind::ProtocolError, Some(50), Party::Us),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            (EndingKind::ProtocolError, Some(10), Party::Us)
        }
        // `verifier` says so of a signature by a scheme that may not be used.
        Error::PeerMisbehaved(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme) => {
            (EndingKind::Refused, Some(47), Party::Us)
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

/// An error of the TLS library in words.
pub(super) fn tls_words(error: &Error) -> String {
    let fault = match error {
        Error::AlertReceived(description) => {
            return format!(
                "the peer sent the alert {}",
                alert(u8::from(*description)).name
            );
        }
        Error::PeerIncompatible(reason) => {
            return incompatible_words(reason).map_or_else(|| error.to_string(), str::to_owned);
        }
        Error::InvalidCertificate(fault) => fault,
        _ => return error.to_string(),
    };
    use CertificateError as Fault;
    let why = match fault {
        Fault::UnknownIssuer => "no path to a trusted root",
        Fault::Expired | Fault::ExpiredContext { .. } => "it has expired",
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => "it is not yet valid",
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
            "it does not cover the host name"
        }
        Fault::Revoked => "it is revoked",
        Fault::BadEncoding => "it cannot be read",
        Fault::BadSignature => "its signature does not verify",
        Fault::InvalidPurpose | Fault::InvalidPurposeContext { .. } => {
            "its extended key usage does not allow this purpose"
        }
        _ => return error.to_string(),
    };
    format!("the peer's certificate is not trusted: {why}")
}

/// The alert rustls 0.23 sends for an incompatibility (its `hs.rs`, `tls12.rs`, `tls13.rs`); only
/// used when it went out encrypted.
fn incompatible_alert(reason: &PeerIncompatible) -> u8 {
    match reason {
        PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::Tls13RequiredForQuic
        | PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired => 70,
        _ => 40,
    }
}

/// What was missing, in plain words; `None` for what the library's own words say as well.
fn incompatible_words(reason: &PeerIncompatible) -> Option<&'static str> {
    Some(match reason {
        PeerIncompatible::ServerDoesNotSupportTls12Or13 => {
            "it answered with a version older than TLS 1.2, and nothing older is spoken here"
        }
        PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => {
            "it answered with a TLS version that was not offered, because a flag excludes it"
        }
        PeerIncompatible::Tls12NotOffered | PeerIncompatible::Tls12NotOfferedOrEnabled => {
            "no TLS version in common"
        }
        PeerIncompatible::SupportedVersionsExtensionRequired => {
            "TLS 1.3 is required here, and it was not offered"
        }
        PeerIncompatible::NoCipherSuitesInCommon => "no cipher suite in common",
        PeerIncompatible::NoKxGroupsInCommon => "no key exchange group in common",
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "no signature algorithm in common"
        }
        PeerIncompatible::SignatureAlgorithmsExtensionRequired => {
            "no signature algorithms were offered, and SHA-1 is not spoken here"
        }
        PeerIncompatible::ExtendedMasterSecretExtensionRequired => {
            "no extended master secret (RFC 7627), which is required here"
        }
        PeerIncompatible::UncompressedEcPointsRequired
        | PeerIncompatible::NoEcPointFormatsInCommon => "no uncompressed points were offered",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rustls::InvalidMessage;

    use super::*;

    /// What the library calls errors, by who ended it and why.
    #[test]
    fn an_ending_says_who_ended_it_and_why_by_its_type() {
        let of = |error: Error| {
            let error = io::Error::new(io::ErrorKind::InvalidData, error);
            let ending = from_io(&error, Phase::Handshake, None);
            let alert = ending.alert.map(|alert| alert.code);
            (ending.kind, ending.sent_by, alert)
        };
        let (us, peer) = (Some(Party::Us), Some(Party::Peer));
        for (error, wanted) in [
            (
                Error::InvalidCertificate(CertificateError::Expired),
                (EndingKind::Refused, us, Some(45)),
            ),
            (
                Error::NoCertificatesPresented,
                (EndingKind::Refused, us, Some(116)),
            ),
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                (EndingKind::PeerAlert, peer, Some(70)),
            ),
            (
                PeerIncompatible::ServerDoesNotSupportTls12Or13.into(),
                (EndingKind::Incompatible, us, Some(70)),
            ),
            (
                PeerIncompatible::NoCipherSuitesInCommon.into(),
                (EndingKind::Incompatible, us, Some(40)),
            ),
            (
                Error::NoApplicationProtocol,
                (EndingKind::Incompatible, us, Some(120)),
            ),
            (
                Error::InvalidMessage(InvalidMessage::MessageTooShort),
                (EndingKind::ProtocolError, us, Some(50)),
            ),
            (
                PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into(),
                (EndingKind::Refused, us, Some(47)),
            ),
            (
                PeerMisbehaved::SelectedUnofferedCipherSuite.into(),
                (EndingKind::ProtocolError, us, Some(47)),
            ),
        ] {
            assert_eq!(of(error.clone()), wanted, "{error:?}");
        }
    }
}
