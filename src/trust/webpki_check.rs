//! rustls' verifier asked for its verdict, to be able to say where it differs from OpenSSL's.

use std::time::Duration;

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    TrustAnchor, UnixTime,
};
use webpki::{EndEntityCert, Error, KeyUsage};

use crate::facts::{Certificate, Purpose, TrustStatus};

use super::{
    Anchors, Options,
    memory::{By, Memory},
};

/// More intermediates than any server takes; webpki bounds its own work too.
const MAX_INTERMEDIATES: usize = 32;

/// webpki's form of an anchor; `None` for one that it cannot read.
pub(super) fn anchor(certificate: &Certificate) -> Option<TrustAnchor<'static>> {
    let der = CertificateDer::from(certificate.der.as_slice());
    let anchor = webpki::anchor_from_trusted_cert(&der).ok()?;
    Some(anchor.to_owned())
}

/// One sentence where webpki disagrees with `status`.
pub(super) fn differs(
    presented: &[Certificate],
    anchors: &Anchors,
    options: &Options,
    status: TrustStatus,
) -> Option<String> {
    if status == TrustStatus::Unknown {
        return None;
    }
    match (status, ask(presented, anchors, options)) {
        (TrustStatus::Trusted, Err(error)) => {
            Some(format!("rustls refuses it: {}", in_words(&error)))
        }
        (TrustStatus::Untrusted, Ok(())) => {
            Some("rustls accepts it: webpki finds a path to an anchor".to_owned())
        }
        _ => None,
    }
}

fn ask(presented: &[Certificate], anchors: &Anchors, options: &Options) -> Result<(), Error> {
    let (leaf, others) = presented.split_first().ok_or(Error::UnknownIssuer)?;
    let leaf = CertificateDer::from(leaf.der.as_slice());
    let intermediates: Vec<CertificateDer<'_>> = others
        .iter()
        .take(MAX_INTERMEDIATES)
        .map(|certificate| CertificateDer::from(certificate.der.as_slice()))
        .collect();
    let seconds = u64::try_from(options.now.as_second()).unwrap_or(0);
    let usage = match options.purpose {
        Purpose::ClientAuth => KeyUsage::client_auth(),
        Purpose::ServerAuth => KeyUsage::server_auth(),
    };
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
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(
            &algorithms,
            &anchors.inner.webpki,
            &intermediates,
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            usage,
            None,
            None,
        )
        .map(|_| ())
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
    let name = format!("{error:?}");
    let name = name.split([' ', '(', '{']).next().unwrap_or_default();
    let meaning = match error {
        Error::UnsupportedCertVersion => "it takes X.509 v3 only",
        Error::CaUsedAsEndEntity => "the leaf is a CA",
        Error::UnknownIssuer => "it finds no path",
        Error::UnsupportedCriticalExtension => "it processes fewer extensions than OpenSSL",
        Error::NameConstraintViolation => {
            "it does not know every kind of name constraint, and refuses what it does not know"
        }
        Error::InvalidSignatureForPublicKey => "a signature does not match the key that it tried",
        Error::MaximumSignatureChecksExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => "it gave up searching",
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => "it counts the last second in",
        _ if name.starts_with("UnsupportedSignatureAlgorithm") => {
            "its algorithms do not include this one"
        }
        _ if name.starts_with("RequiredEkuNotFound") => "extendedKeyUsage does not fit",
        _ => return name.to_owned(),
    };
    format!("{name} ({meaning})")
}
