//! The client-certificate verifier that takes note first and decides second.
//!
//! For: recording the presented chain and the CertificateVerify signature even when the connection
//! is then refused. Must not: accept a handshake whose signature was not really checked against the
//! presented key; an observer must not be fooled by a stolen certificate.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, PeerMisbehaved,
    SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

use super::{
    identity::provider,
    known::{Known, Said},
    plan::Plan,
};
use crate::{
    facts::{
        Certificate, ClientAuth, ClientHello, PeerSignature, ProfileMatch, Purpose, Refusal,
        Shared, TrustFacts, TrustStatus,
    },
    parse::ids,
    verify::{
        self,
        signature::{self, SignatureError},
    },
};

/// What was noted about one client.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// The chain presented, as sent.
    pub(super) chain: Vec<Arc<Certificate>>,
    /// What path validation said of it.
    pub(super) trust: Option<TrustFacts>,
    /// The sender that it proves.
    pub(super) sender: Option<ProfileMatch>,
    /// The handshake signature.
    pub(super) signature: Option<PeerSignature>,
    /// Why we refused, and in words.
    pub(super) refusal: Option<(Refusal, String)>,
}

/// The shared end of a recorder.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder(Arc<Mutex<Recorded>>);

impl Recorder {
    pub(super) fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The signature schemes we ask clients to choose from, ours to check. Wider than rustls' own list,
/// so that odd clients come far enough to be shown: P-521, Ed448 and RSA-PSS keys sign only when
/// their scheme is listed (facts of 2026-11-23: with the stock list they send no certificate at
/// all).
pub(super) const SCHEMES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401,
    0x0501, 0x0601,
];

/// What of a hello's lists this server has too.
pub(super) fn shared(hello: &ClientHello) -> Shared {
    let provider = provider();
    let keep = |offered: &[u16], ours: &dyn Fn(u16) -> bool| -> Vec<u16> {
        offered
            .iter()
            .copied()
            .filter(|&value| ours(value))
            .collect()
    };
    Shared {
        cipher_suites: keep(&hello.cipher_suites, &|value| {
            let mut ours = provider.cipher_suites.iter();
            ours.any(|suite| u16::from(suite.suite()) == value)
        }),
        signature_algorithms: keep(
            hello.signature_algorithms.as_deref().unwrap_or_default(),
            &|value| SCHEMES.contains(&value),
        ),
        groups: keep(hello.groups.as_deref().unwrap_or_default(), &|value| {
            let mut ours = provider.kx_groups.iter();
            ours.any(|group| u16::from(group.name()) == value)
        }),
    }
}

/// The verifier of one connection.
pub(super) struct Verifier {
    plan: Arc<Plan>,
    hints: Vec<DistinguishedName>,
    recorder: Recorder,
    known: Arc<Known>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    pub(super) fn new(plan: Arc<Plan>, recorder: Recorder, known: Arc<Known>) -> Self {
        let hints = plan
            .ca_names
            .iter()
            .map(|name| DistinguishedName::from(name.clone()))
            .collect();
        Self {
            plan,
            hints,
            recorder,
            known,
        }
    }

    fn check_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        tls12: bool,
    ) -> Result<HandshakeSignatureValid, Error> {
        let scheme = u16::from(signed.scheme);
        let mut recorded = self.recorder.lock();
        let leaf = recorded.chain.first();
        let result = verify_handshake(
            leaf.map(|leaf| &**leaf),
            certificate,
            message,
            signed,
            tls12,
        );
        recorded.signature = Some(peer_signature(scheme, &result));
        match result {
            Ok(()) => Ok(HandshakeSignatureValid::assertion()),
            Err(problem) => {
                let why = format!("the client's handshake signature: {problem}");
                recorded.refusal = Some((Refusal::Signature, why));
                Err(signature_error(&problem))
            }
        }
    }
}

/// The error that makes rustls send the alert for a signature that is not taken: illegal_parameter
/// for a scheme that may not be used (RFC 8446 section 4.2.3), decrypt_error for all else.
pub(super) fn signature_error(problem: &SignatureError) -> Error {
    match problem {
        SignatureError::Forbidden(_) => {
            PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into()
        }
        _ => Error::InvalidCertificate(CertificateError::BadSignature),
    }
}

/// Whether a handshake may be signed by this scheme: one of those that were offered (RFC 5246
/// sections 7.4.3 and 7.4.8), in TLS 1.3 without RSASSA-PKCS1-v1_5, which is offered for certificates
/// alone there (RFC 8446 section 4.2.3).
fn allowed(scheme: u16, tls12: bool) -> Result<(), SignatureError> {
    let name = || ids::signature_scheme_name(scheme);
    if !SCHEMES.contains(&scheme) {
        return Err(SignatureError::Forbidden(format!(
            "{} is not among the signature schemes that were offered",
            name()
        )));
    }
    if !tls12 && matches!(scheme, 0x0401 | 0x0501 | 0x0601) {
        return Err(SignatureError::Forbidden(format!(
            "TLS 1.3 does not allow {} in a handshake",
            name()
        )));
    }
    Ok(())
}

/// Checks a peer's signature over the handshake by the key of `leaf`, the certificate it presented.
pub(super) fn verify_handshake(
    leaf: Option<&Certificate>,
    certificate: &CertificateDer<'_>,
    message: &[u8],
    signed: &DigitallySignedStruct,
    tls12: bool,
) -> Result<(), SignatureError> {
    allowed(u16::from(signed.scheme), tls12)?;
    match leaf {
        Some(leaf) if leaf.der == certificate.as_ref() && leaf.unreadable.is_none() => {
            signature::verify_tls(
                leaf.spki_der(),
                u16::from(signed.scheme),
                message,
                signed.signature(),
                tls12,
            )
        }
        _ => Err(SignatureError::Mismatch(
            "the certificate cannot be read, so its key is not known".to_owned(),
        )),
    }
}

/// What is kept of a signature over the handshake and its check.
pub(super) fn peer_signature(scheme: u16, result: &Result<(), SignatureError>) -> PeerSignature {
    PeerSignature {
        scheme,
        checked: !matches!(result, Err(SignatureError::Unsupported(_))),
        verified: result.is_ok(),
        problem: result.as_ref().err().map(ToString::to_string),
    }
}

/// The error that makes rustls send the alert OpenSSL would send for this verification error
/// (`ssl_x509err2alert`).
fn alert_error(reason: &Refusal, why: String) -> CertificateError {
    let number = match reason {
        Refusal::Chain(problem) => problem.error.num,
        Refusal::Verifiers(reason) => reason.error.map_or(0, |error| error.num),
        // OpenSSL would not find an issuer.
        Refusal::NoAnchor => 20,
        Refusal::Signature => 7,
    };
    match number {
        // bad_certificate
        9 | 11 | 13 | 66 | 67 | 68 => CertificateError::BadEncoding,
        // certificate_expired
        10 | 12 | 14 => CertificateError::Expired,
        // certificate_revoked
        23 => CertificateError::Revoked,
        // decrypt_error
        7 | 8 => CertificateError::BadSignature,
        // unsupported_certificate
        26 => CertificateError::InvalidPurpose,
        // unknown_ca
        2 | 3 | 18 | 19 | 20 | 21 | 22 | 25 | 27 | 33 | 79 => CertificateError::UnknownIssuer,
        // certificate_unknown
        _ => CertificateError::Other(OtherError(Arc::new(std::io::Error::other(why)))),
    }
}

impl ClientCertVerifier for Verifier {
    fn offer_client_auth(&self) -> bool {
        self.plan.client_auth != ClientAuth::None
    }

    fn client_auth_mandatory(&self) -> bool {
        self.plan.client_auth == ClientAuth::Require
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let chain: Vec<Arc<Certificate>> = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|der| self.known.certificate(der))
            .collect();
        let now = (self.plan.judge_at)();
        let Said { trust, sender } = self.known.said(&chain, &self.plan, now, || Said {
            trust: verify::openssl::judge(
                &chain,
                &self.plan.anchors,
                &verify::Options {
                    now,
                    purpose: Purpose::ClientAuth,
                    max_depth: self.plan.max_depth,
                    partial_chain: self.plan.partial_chain,
                    issuers: verify::IssuerChoice::default(),
                    lists: self.plan.lists.clone(),
                    looked_up: crate::facts::RevocationCheck::Chain,
                },
            ),
            sender: (self.plan.recognise)(&chain, now),
        });
        let mut recorded = self.recorder.lock();
        recorded.chain = chain;
        let verdict = self.decide(&trust);
        recorded.trust = Some(trust);
        recorded.sender = sender;
        match verdict {
            None => Ok(ClientCertVerified::assertion()),
            Some((reason, why)) => {
                let alert = alert_error(&reason, why.clone());
                recorded.refusal = Some((reason, why));
                Err(Error::InvalidCertificate(alert))
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, certificate, signed, true)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, certificate, signed, false)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        SCHEMES.iter().copied().map(SignatureScheme::from).collect()
    }
}

impl Verifier {
    /// Why to refuse, and in words; `None` to go on.
    fn decide(&self, trust: &TrustFacts) -> Option<(Refusal, String)> {
        if self.plan.enforce {
            // A strict server trusts nobody it has no anchor for.
            if self.plan.anchors.is_empty() {
                let why = "there is no trust anchor to check the client against";
                return Some((Refusal::NoAnchor, why.to_owned()));
            }
            return match trust.problems.first() {
                Some(problem) => Some((Refusal::Chain(problem.clone()), problem.why.clone())),
                None if trust.status != TrustStatus::Trusted => {
                    let why = "no path to a trust anchor was found";
                    Some((Refusal::NoAnchor, why.to_owned()))
                }
                None => None,
            };
        }
        let limit = self.plan.verify_depth? as usize;
        let deep = trust
            .problems
            .iter()
            .find(|problem| problem.depth > limit)?;
        Some((
            Refusal::Chain(deep.clone()),
            format!(
                "verify depth is {limit}, and the error at depth {} ({}) is deeper: OpenSSL's -verify {limit} rejects this",
                deep.depth, deep.error.text
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client that signs by another scheme holds the key, and breaks the protocol all the same:
    /// OpenSSL answers illegal_parameter.
    #[test]
    fn a_handshake_is_signed_by_a_scheme_that_was_offered() {
        for (scheme, tls12, tls13) in [
            (0x0403, true, true),
            (0x0804, true, true),
            // RSASSA-PKCS1-v1_5: in TLS 1.3 for certificates alone.
            (0x0401, true, false),
            (0x0501, true, false),
            (0x0601, true, false),
            // SHA-1 and SHA-224 were not offered.
            (0x0201, false, false),
            (0x0203, false, false),
            (0x0301, false, false),
            (0x0303, false, false),
        ] {
            assert_eq!(allowed(scheme, true).is_ok(), tls12, "{scheme:04x}");
            assert_eq!(allowed(scheme, false).is_ok(), tls13, "{scheme:04x}");
        }
        for problem in [allowed(0x0201, true), allowed(0x0401, false)] {
            let error = signature_error(&problem.unwrap_err());
            assert!(matches!(error, Error::PeerMisbehaved(_)), "{error}");
        }
    }
}
