//! Every number and every variant that the standards and libraries list has an entry, with its
//! causes where it can have one.

use std::time::Duration;

use mtls::explain::{Explanation, dictionary, dictionary::Turned, query};
use mtls::verify::x509_error;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{
    CertRevocationListError, CertificateError, Error, InvalidMessage, PeerIncompatible,
    PeerMisbehaved,
};

fn known(text: &str) -> Explanation {
    let answer = query(dictionary(), text);
    assert!(answer.known, "`{text}` is not known");
    answer
}

/// The ids of what was found.
fn ids(answer: &Explanation) -> Vec<&str> {
    answer
        .matches
        .iter()
        .map(|found| found.id.as_str())
        .collect()
}

#[test]
fn every_alert_has_an_entry_by_number_and_by_name() {
    for number in 0..=120_u8 {
        let answer = known(&format!("alert {number}"));
        assert_eq!(ids(&answer), [format!("alert {number}")]);
        let name = mtls::parse::ids::alert_name(number);
        if dictionary().entry(&format!("alert {number}")).is_some() {
            assert!(
                answer.matches[0].meaning.starts_with(&name),
                "{number}: {name}"
            );
            assert_eq!(ids(&known(&name))[0], format!("alert {number}"));
            assert_eq!(
                ids(&known(&format!("SSL alert number {number}"))),
                [format!("alert {number}")]
            );
        }
    }
}

/// The alerts that say that one side refused the other's certificate have the refused side's faults
/// as causes.
#[test]
fn alerts_about_certificates_have_causes() {
    for number in [40, 42, 43, 44, 45, 46, 48, 49, 51, 116] {
        let answer = known(&format!("alert {number}"));
        let found = &answer.matches[0];
        assert_eq!(found.turned_away, Turned::Printer, "{number}");
        assert!(!found.causes.is_empty(), "{number}");
    }
}

/// Numbers of x509_vfy.h: 1 to 94 in OpenSSL 3.0.
#[test]
fn every_verification_error_has_an_entry_by_number_text_and_name() {
    for number in 1..=94 {
        let id = format!("verify {number}");
        let text = x509_error(number).text;
        assert!(ids(&known(&format!("X509_V_ERR {number}"))).contains(&id.as_str()));
        assert!(
            ids(&known(&format!("verify error:num={number}:{text}"))).contains(&id.as_str()),
            "{number} {text}"
        );
        assert!(
            ids(&known(&format!("Verify return code: {number} ({text})"))).contains(&id.as_str())
        );
        let name = dictionary().entry(&id).unwrap().name.clone().unwrap();
        assert_eq!(ids(&known(&name))[0], id.as_str(), "{name}");
        // Two texts say nothing of certificates by themselves.
        if ![1, 17].contains(&number) {
            assert_eq!(ids(&known(text))[0], id, "{text}");
        }
    }
}

fn display_and_debug(error: &(impl std::fmt::Display + std::fmt::Debug)) {
    known(&error.to_string());
    known(&format!("{error:?}"));
}

#[test]
fn every_error_of_rustls_has_an_entry() {
    let other = || rustls::OtherError(std::sync::Arc::new(std::io::Error::other("x")));
    let errors = [
        Error::InappropriateMessage {
            expect_types: vec![],
            got_type: rustls::ContentType::Alert,
        },
        Error::InappropriateHandshakeMessage {
            expect_types: vec![],
            got_type: rustls::HandshakeType::Finished,
        },
        Error::InvalidEncryptedClientHello(rustls::EncryptedClientHelloError::NoCompatibleConfig),
        Error::InvalidMessage(InvalidMessage::InvalidContentType),
        Error::NoCertificatesPresented,
        Error::UnsupportedNameType,
        Error::DecryptError,
        Error::EncryptError,
        Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
        Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered),
        Error::PeerMisbehaved(PeerMisbehaved::TooManyKeyUpdateRequests),
        Error::AlertReceived(rustls::AlertDescription::UnknownCA),
        Error::InvalidCertificate(CertificateError::Expired),
        Error::InvalidCertRevocationList(CertRevocationListError::ParseError),
        Error::General("something".to_owned()),
        Error::FailedToGetCurrentTime,
        Error::FailedToGetRandomBytes,
        Error::HandshakeNotComplete,
        Error::PeerSentOversizedRecord,
        Error::NoApplicationProtocol,
        Error::BadMaxFragmentSize,
        Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch),
        Error::Other(other()),
    ];
    for error in &errors {
        known(&error.to_string());
        known(&format!("rustls::Error::{error:?}"));
    }
}

#[test]
fn every_certificate_error_of_rustls_has_an_entry_that_names_its_faults() {
    let time = UnixTime::since_unix_epoch(Duration::from_secs(1));
    let errors = [
        CertificateError::BadEncoding,
        CertificateError::Expired,
        CertificateError::ExpiredContext {
            time,
            not_after: time,
        },
        CertificateError::NotValidYet,
        CertificateError::NotValidYetContext {
            time,
            not_before: time,
        },
        CertificateError::Revoked,
        CertificateError::UnhandledCriticalExtension,
        CertificateError::UnknownIssuer,
        CertificateError::UnknownRevocationStatus,
        CertificateError::ExpiredRevocationList,
        CertificateError::ExpiredRevocationListContext {
            time,
            next_update: time,
        },
        CertificateError::BadSignature,
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: vec![],
            supported_algorithms: vec![],
        },
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: vec![],
            public_key_algorithm_id: vec![],
        },
        CertificateError::NotValidForName,
        CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("a.example").unwrap(),
            presented: vec!["b.example".to_owned()],
        },
        CertificateError::InvalidPurpose,
        CertificateError::InvalidPurposeContext {
            required: rustls::ExtendedKeyPurpose::ClientAuth,
            presented: vec![],
        },
        CertificateError::InvalidOcspResponse,
        CertificateError::ApplicationVerificationFailure,
        CertificateError::Other(rustls::OtherError(std::sync::Arc::new(
            std::io::Error::other("x"),
        ))),
    ];
    for error in errors {
        let text = Error::InvalidCertificate(error.clone()).to_string();
        let answer = known(&text);
        let generic =
            ["rustls: invalid peer certificate", "rustls: other error:"].contains(&ids(&answer)[0]);
        assert!(
            matches!(error, CertificateError::Other(_)) || !generic,
            "{text}: {:?}",
            ids(&answer)
        );
        known(&format!("InvalidCertificate({error:?})"));
    }
    known("UnsupportedSignatureAlgorithm");
}

#[test]
fn every_error_of_webpki_has_an_entry() {
    use webpki::Error as E;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(1));
    let errors = [
        E::BadDer,
        E::BadDerTime,
        E::CaUsedAsEndEntity,
        E::CertDistrusted,
        E::CertExpired {
            time,
            not_after: time,
        },
        E::CertNotValidYet {
            time,
            not_before: time,
        },
        E::CertRevoked,
        E::CrlExpired {
            time,
            next_update: time,
        },
        E::EmptyEkuExtension,
        E::EndEntityUsedAsCa,
        E::ExtensionValueInvalid,
        E::InvalidCertValidity,
        E::InvalidCrlNumber,
        E::InvalidNetworkMaskConstraint,
        E::InvalidSerialNumber,
        E::InvalidCrlSignatureForPublicKey,
        E::InvalidSignatureForPublicKey,
        E::IssuerNotCrlSigner,
        E::MalformedDnsIdentifier,
        E::MalformedExtensions,
        E::MalformedNameConstraint,
        E::MaximumNameConstraintComparisonsExceeded,
        E::MaximumPathBuildCallsExceeded,
        E::MaximumPathDepthExceeded,
        E::MaximumSignatureChecksExceeded,
        E::NameConstraintViolation,
        E::PathLenConstraintViolated,
        E::SignatureAlgorithmMismatch,
        E::UnknownIssuer,
        E::UnknownRevocationStatus,
        E::UnsupportedCertVersion,
        E::UnsupportedCriticalExtension,
        E::UnsupportedCrlIssuingDistributionPoint,
        E::UnsupportedCrlVersion,
        E::UnsupportedDeltaCrl,
        E::UnsupportedIndirectCrl,
        E::UnsupportedNameType,
        E::UnsupportedRevocationReason,
        E::UnsupportedRevocationReasonsPartitioning,
    ];
    for error in errors {
        display_and_debug(&error);
    }
    // Those that carry what only the library can make, and those that are kept for old callers.
    for name in [
        "CertNotValidForName",
        "RequiredEkuNotFound",
        "RequiredEkuNotFoundContext",
        "TrailingData",
        "UnsupportedCrlSignatureAlgorithm",
        "UnsupportedCrlSignatureAlgorithmContext",
        "UnsupportedSignatureAlgorithm",
        "UnsupportedSignatureAlgorithmContext",
        "UnsupportedCrlSignatureAlgorithmForPublicKey",
        "UnsupportedCrlSignatureAlgorithmForPublicKeyContext",
        "UnsupportedSignatureAlgorithmForPublicKey",
        "UnsupportedSignatureAlgorithmForPublicKeyContext",
    ] {
        known(&format!("{name}(Context {{ x: 1 }})"));
    }
}

#[test]
fn codes_of_openssl_and_boringssl_are_unpacked() {
    for (code, entry) in [
        ("0A000086", "openssl: certificate verify failed"),
        (
            "error:0A000086:SSL routines::certificate verify failed",
            "openssl: certificate verify failed",
        ),
        ("error:14094418", "alert 48"),
        ("error:1416F086", "openssl: certificate verify failed"),
        ("error:0906D06C", "openssl: no start line"),
        ("error:0480006C", "openssl: no start line"),
        (
            "error:0A0000C7",
            "openssl: peer did not return a certificate",
        ),
        ("268435581", "openssl: certificate verify failed"),
        ("268436504", "alert 48"),
    ] {
        let answer = known(code);
        assert!(ids(&answer).contains(&entry), "{code}: {:?}", ids(&answer));
    }
}

#[test]
fn every_rule_and_every_exit_code_of_curl_that_concerns_tls_is_known() {
    for rule in mtls::rules::ALL {
        for asked in [rule.code, rule.name] {
            let answer = known(asked);
            assert_eq!(answer.matches[0].id, rule.code);
            assert!(!answer.matches[0].meaning.is_empty(), "{asked}");
        }
    }
    for code in [
        7, 16, 28, 35, 51, 52, 53, 54, 55, 56, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91, 98,
    ] {
        assert_eq!(
            ids(&known(&format!("curl {code}"))),
            [format!("curl {code}")]
        );
        assert!(
            ids(&known(&format!("curl: ({code}) something else")))
                .contains(&format!("curl {code}").as_str())
        );
    }
}

/// A bare number is all that it can be.
#[test]
fn a_bare_number_is_looked_up_in_every_list() {
    assert_eq!(ids(&known("60")), ["alert 60", "curl 60", "verify 60"]);
    assert!(!query(dictionary(), "4711").known);
    assert!(!query(dictionary(), "").known);
    assert!(!query(dictionary(), "hello world").known);
}

/// Every fault of a cause is one of the vocabulary, and every entry says where it comes from.
#[test]
fn the_dictionary_speaks_the_common_vocabulary() {
    for entry in &dictionary().entries {
        assert!(!entry.meaning.is_empty(), "{}", entry.id);
        assert!(
            !entry.source.is_empty() && !entry.versions.is_empty(),
            "{}",
            entry.id
        );
        for template in &entry.faults {
            let named = ["client", "server"].iter().any(|own| {
                let other = if *own == "client" { "server" } else { "client" };
                let id = template.replace("{self}", own).replace("{peer}", other);
                match id.strip_suffix('*') {
                    Some(start) => mtls::explain::faults()
                        .iter()
                        .any(|fault| fault.id.starts_with(start)),
                    None => mtls::explain::fault(&id).is_some(),
                }
            });
            assert!(named, "{}: {template}", entry.id);
        }
    }
}
