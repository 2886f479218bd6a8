//! The TLS side of a call: the server's chain noted before it is judged, the client's presented
//! whatever it is.
//!
//! For: `dial`. Must not: take a handshake whose signature was not checked against the key that was
//! presented.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
    version,
};

use super::{Asked, Connector, HttpVersion, Session};
use crate::{
    facts::{
        Chain, ChainUse, Link, PeerSignature, Refusal, Side, StackAnswer, TrustFacts, TrustStatus,
    },
    net::{
        identity::{ClientIdentity, post_quantum_first, provider},
        plan::Versions,
        verifier::{SCHEMES, peer_signature, signature_error, verify_handshake},
    },
    parse::cert,
    verify::conformance,
};

/// What was noted about one handshake.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// What the server asked for.
    pub(super) request: Option<Asked>,
    /// How many certificates it was given.
    pub(super) presented: usize,
    /// The server's chain, judged.
    pub(super) chain: Option<Chain>,
    /// The stapled OCSP response, DER.
    pub(super) staple: Vec<u8>,
    /// The server's signature over the handshake.
    pub(super) signature: Option<PeerSignature>,
    /// Why we refused it, and in words.
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

/// The configuration of one call, and what it can resume where that is wanted.
pub(super) fn config(
    dialler: &Arc<Connector>,
    client: Option<&ClientIdentity>,
    recorder: &Recorder,
) -> Result<(Arc<ClientConfig>, Option<Session>), Error> {
    let versions: &[&rustls::SupportedProtocolVersion] = match dialler.versions {
        Versions::Both => &[&version::TLS13, &version::TLS12],
        Versions::Only12 => &[&version::TLS12],
        Versions::Only13 => &[&version::TLS13],
    };
    let mut config = ClientConfig::builder_with_provider(if dialler.post_quantum {
        post_quantum_first()
    } else {
        provider()
    })
    .with_protocol_versions(versions)?
    .dangerous()
    .with_custom_certificate_verifier(Arc::new(Verifier {
        dialler: dialler.clone(),
        recorder: recorder.clone(),
    }))
    .with_client_cert_resolver(Arc::new(Present {
        identity: client.map(ClientIdentity::certified),
        issuers: match client {
            Some(client) if dialler.only_if_named => Some(
                client
                    .certificates()
                    .iter()
                    .map(|one| one.issuer_der().to_vec())
                    .collect(),
            ),
            _ => None,
        },
        recorder: recorder.clone(),
    }));
    config.alpn_protocols = match dialler.http {
        HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
        HttpVersion::Http2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        HttpVersion::NoAlpn => Vec::new(),
    };
    if dialler.keep_sessions {
        let (config, session) = Session::kept_by(config);
        return Ok((config, Some(session)));
    }
    // A resumed connection presents no chain: every call is to be a whole handshake.
    config.resumption = Resumption::disabled();
    Ok((Arc::new(config), None))
}

struct Verifier {
    dialler: Arc<Connector>,
    recorder: Recorder,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    /// The chain as facts, judged; the last one is remembered, since a run of many calls meets the
    /// same one every time.
    fn chain(&self, presented: &[&CertificateDer<'_>]) -> Chain {
        let mut known = self
            .dialler
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(chain) = known.as_ref() {
            let ders = chain.certificates().map(|known| known.der.as_slice());
            if ders.eq(presented.iter().map(|der| der.as_ref())) {
                return chain.clone();
            }
        }
        let certificates: Vec<_> = presented
            .iter()
            .map(|der| Arc::new(cert::certificate(der.as_ref())))
            .collect();
        let mut chain = Chain {
            role: Side::Server,
            holds: ChainUse::Identity,
            trust: Some((self.dialler.judge)(&certificates)),
            links: certificates.into_iter().map(Link::new).collect(),
            leaf: 0,
            profile: None,
            view: None,
            fetched: None,
            revocation: Vec::new(),
            key_path: None,
        };
        conformance::note(&mut chain);
        *known = Some(chain.clone());
        chain
    }

    fn check_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        tls12: bool,
    ) -> Result<HandshakeSignatureValid, Error> {
        let mut recorded = self.recorder.lock();
        let leaf = recorded
            .chain
            .as_ref()
            .and_then(|chain| chain.certificate(0));
        let result = verify_handshake(leaf, certificate, message, signed, tls12);
        recorded.signature = Some(peer_signature(u16::from(signed.scheme), &result));
        match result {
            Ok(()) => Ok(HandshakeSignatureValid::assertion()),
            Err(problem) => {
                let why = format!("the server's handshake signature: {problem}");
                recorded.refusal = Some((Refusal::Signature, why));
                Err(signature_error(&problem))
            }
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        staple: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let presented: Vec<&CertificateDer<'_>> =
            std::iter::once(end_entity).chain(intermediates).collect();
        let chain = self.chain(&presented);
        let trust = chain.trust.clone();
        {
            let mut recorded = self.recorder.lock();
            recorded.chain = Some(chain);
            recorded.staple = staple.to_vec();
        }
        // Where verifiers differ the call goes on, and the rules say who would refuse it.
        let taken = trust.as_ref().is_some_and(|trust| {
            matches!(trust.status, TrustStatus::Trusted | TrustStatus::Disputed)
        });
        if taken || self.dialler.insecure {
            return Ok(ServerCertVerified::assertion());
        }
        let why = |trust: &TrustFacts| {
            let of_problems = trust
                .problems
                .iter()
                .map(|problem| (Refusal::Chain(problem.clone()), problem.why.clone()));
            // Where the rules have nothing against it, the verifiers do.
            let of_stacks = trust
                .stacks
                .iter()
                .filter(|verdict| verdict.decides && verdict.answer == StackAnswer::Refuses)
                .flat_map(|verdict| &verdict.reasons)
                .map(|reason| (Refusal::Verifiers(reason.clone()), reason.why.clone()));
            of_problems.chain(of_stacks).next()
        };
        let (reason, why) = trust.as_ref().and_then(why).unwrap_or_else(|| {
            let why = "it leads to no root that is trusted here";
            (Refusal::NoAnchor, why.to_owned())
        });
        self.recorder.lock().refusal = Some((reason, why.clone()));
        Err(Error::InvalidCertificate(CertificateError::Other(
            OtherError(Arc::new(std::io::Error::other(why))),
        )))
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

/// Presents one chain whatever the server asks for. rustls' own way reads the leaf with webpki
/// first and checks that the key is its key; certificates that are bad on purpose, or stolen, must
/// go out all the same.
#[derive(Debug)]
struct Present {
    identity: Option<Arc<CertifiedKey>>,
    /// The names of which the server has to give one, DER; `None`: it presents whatever is named.
    issuers: Option<Vec<Vec<u8>>>,
    recorder: Recorder,
}

impl ResolvesClientCert for Present {
    fn resolve(&self, names: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let mut recorded = self.recorder.lock();
        recorded.request = Some(Asked {
            names: names.iter().map(|name| name.to_vec()).collect(),
            schemes: schemes.iter().map(|&scheme| scheme.into()).collect(),
        });
        let unnamed = self.issuers.as_ref().is_some_and(|issuers| {
            !names
                .iter()
                .any(|name| issuers.iter().any(|one| one == name))
        });
        if unnamed {
            return None;
        }
        // Without a scheme in common the library sends an empty list.
        let identity = self
            .identity
            .as_ref()
            .filter(|identity| identity.key.choose_scheme(schemes).is_some())?;
        recorded.presented = identity.cert.len();
        Some(identity.clone())
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}
