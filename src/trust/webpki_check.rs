//! rustls' verifier asked for its verdict, to be able to say where it differs from OpenSSL's.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, KeyUsage};

use crate::facts::{Certificate, Purpose, TrustStatus};

use super::Options;

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
    anchors: &[TrustAnchor<'static>],
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

fn ask(
    presented: &[Certificate],
    anchors: &[TrustAnchor<'static>],
    options: &Options,
) -> Result<(), Error> {
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
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            anchors,
            &intermediates,
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            usage,
            None,
            None,
        )
        .map(|_| ())
}

/// webpki's name for the error, which is what people search for, and what it means.
fn in_words(error: &Error) -> String {
    let name = format!("{error:?}");
    let name = name.split([' ', '(', '{']).next().unwrap_or_default();
    match error {
        Error::UnsupportedCertVersion => format!("{name} (it takes X.509 v3 only)"),
        Error::CaUsedAsEndEntity => format!("{name} (the leaf is a CA)"),
        Error::UnknownIssuer => {
            format!("{name} (it finds no path, or none whose algorithms it knows)")
        }
        Error::UnsupportedCriticalExtension => {
            format!("{name} (it processes fewer extensions than OpenSSL)")
        }
        _ => format!("{name} ({error})"),
    }
}
