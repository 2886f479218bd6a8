//! rustls' verifier, asked itself.

use std::time::Duration;

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, ServerName,
    SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error, KeyUsage,
    RevocationCheckDepth, RevocationOptionsBuilder,
};

use crate::{
    facts::{Certificate, Purpose, Requirement},
    parse::{cert::der, crl::RevocationList},
};

use super::{
    memory::{By, Memory},
    rfc5280::Question,
};

/// More intermediates than any server takes; webpki bounds its own work too.
const MAX_INTERMEDIATES: usize = 32;

/// webpki's form of an anchor; `None` for one that it cannot read.
pub(super) fn anchor(certificate: &Certificate) -> Option<TrustAnchor<'static>> {
    let der = CertificateDer::from(certificate.der.as_slice());
    let anchor = webpki::anchor_from_trusted_cert(&der).ok()?;
    Some(anchor.to_owned())
}

/// webpki's refusal.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// By one of its errors.
    By(Error),
    /// Before it was asked: rustls takes no such host name.
    NotAHost,
}

impl Refusal {
    /// OpenSSL's number for the same, where it has one.
    pub(super) fn number(&self) -> Option<u32> {
        let error = match self {
            Self::By(error) => error,
            Self::NotAHost => return Some(62),
        };
        Some(match error {
            Error::CertExpired { .. } => 10,
            Error::CertNotValidYet { .. } => 9,
            Error::CertRevoked => 23,
            Error::UnknownRevocationStatus => 3,
            Error::CertNotValidForName(_) => 62,
            Error::RequiredEkuNotFoundContext(_) => 26,
            Error::EndEntityUsedAsCa => 79,
            Error::PathLenConstraintViolated => 25,
            Error::NameConstraintViolation => 47,
            Error::UnsupportedCriticalExtension => 34,
            Error::UnknownIssuer => 20,
            Error::InvalidSignatureForPublicKey => 7,
            Error::MaximumPathDepthExceeded => 22,
            _ => return None,
        })
    }

    /// The requirement of the certificate profile that it is about, where it is one.
    pub(super) fn requirement(&self) -> Option<Requirement> {
        let Self::By(error) = self else {
            return None;
        };
        match error {
            Error::CaUsedAsEndEntity => Some(Requirement::LeafNoAuthority),
            Error::UnsupportedCertVersion => Some(Requirement::VersionThree),
            Error::UnsupportedSignatureAlgorithmContext(_)
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
                Some(Requirement::SignatureCommon)
            }
            _ => None,
        }
    }

    /// webpki's name for the error, which is what people search for, and what it means.
    pub(super) fn words(&self) -> String {
        match self {
            Self::By(error) => in_words(error),
            Self::NotAHost => "it does not accept this host".to_owned(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::By(error)
    }
}

/// webpki's answer, as rustls asks for it: with the host of a server, and the lists for the leaf
/// when there are any.
pub(super) fn ask(question: &Question<'_>) -> Result<(), Refusal> {
    let mut presented = question.presented.iter().chain(question.untrusted);
    let leaf = presented.next().ok_or(Error::UnknownIssuer)?;
    let leaf = CertificateDer::from(leaf.der.as_slice());
    let intermediates: Vec<CertificateDer<'_>> = presented
        .take(MAX_INTERMEDIATES)
        .map(|certificate| CertificateDer::from(certificate.der.as_slice()))
        .collect();
    let seconds = u64::try_from(question.now.as_second()).unwrap_or(0);
    let usage = match question.purpose {
        Purpose::ClientAuth => KeyUsage::client_auth(),
        Purpose::ServerAuth => KeyUsage::server_auth(),
    };
    let anchors = question.anchors;
    let remembering: Vec<Remembering<'_>> = webpki::ALL_VERIFICATION_ALGS
        .iter()
        .map(|&algorithm| Remembering {
            algorithm,
            memory: anchors.memory(),
        })
        .collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm> = remembering
        .iter()
        .map(|algorithm| algorithm as &dyn SignatureVerificationAlgorithm)
        .collect();
    let lists: Vec<Vec<u8>> = question.lists.iter().map(list).collect();
    // rustls keeps a list by its serial numbers; of one question, reading it once is less.
    let lists = lists
        .iter()
        .map(|list| BorrowedCertRevocationList::from_der(list).map(Into::into))
        .collect::<Result<Vec<CertRevocationList<'_>>, Error>>()?;
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    // The depth is this program's choice; that an unknown status is refused and a stale list taken
    // is rustls' own.
    let revocation = RevocationOptionsBuilder::new(&lists)
        .ok()
        .map(|options| options.with_depth(RevocationCheckDepth::EndEntity).build());
    let leaf = EndEntityCert::try_from(&leaf)?;
    leaf.verify_for_usage(
        &algorithms,
        &anchors.inner.webpki,
        &intermediates,
        UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        usage,
        revocation,
        None,
    )?;
    if question.purpose == Purpose::ServerAuth {
        for host in question.hosts {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            let name = ServerName::try_from(host).map_err(|_| Refusal::NotAHost)?;
            leaf.verify_is_valid_for_subject_name(&name)?;
        }
    }
    Ok(())
}

/// A list's DER.
fn list(list: &RevocationList) -> Vec<u8> {
    let signature = der::encode(der::BIT_STRING, &[&[0], &list.signature]);
    der::encode(der::SEQUENCE, &[&list.signed, &list.algorithm, &signature])
}

/// One of webpki's algorithms that does not check a good signature twice.
#[derive(Debug)]
struct Remembering<'a> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    memory: &'a Memory,
}

impl SignatureVerificationAlgorithm for Remembering<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.memory
            .recall(By::Webpki, public_key, message, signature, || {
                self.algorithm
                    .verify_signature(public_key, message, signature)
            })
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}

/// webpki's name for the error, which is what people search for, and what it means.
fn in_words(error: &Error) -> String {
    // The variant's name, which is what rustls logs; nothing is decided by it.
    let name = format!("{error:?}");
    let name = name.split([' ', '(', '{']).next().unwrap_or_default();
    let meaning = match error {
        Error::UnsupportedCertVersion => "it accepts X.509 v3 only",
        Error::CaUsedAsEndEntity => "the leaf is a CA",
        Error::UnknownIssuer => "it finds no path",
        Error::UnsupportedCriticalExtension => "it processes fewer extensions than OpenSSL",
        Error::NameConstraintViolation => {
            "it does not know every kind of name constraint, and rejects unknown ones"
        }
        Error::InvalidSignatureForPublicKey => "a signature does not match the key that it tried",
        Error::MaximumSignatureChecksExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => "it gave up searching",
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => "it includes the last second",
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "its algorithms do not include this one"
        }
        Error::RequiredEkuNotFoundContext(_) => "extendedKeyUsage does not match",
        Error::CertNotValidForName(_) => "none of its names matches the host",
        _ => return name.to_owned(),
    };
    format!("{name} ({meaning})")
}
