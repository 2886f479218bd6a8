//! The profile checks against test certificates of others: zlint's, with the verdicts its own tests
//! assert.
//!
//! The corpora are not part of this project: MTLS_CORPORA names the folder they were unpacked in;
//! without it the test is skipped, with a printed line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mtls::context::Context;
use mtls::engine::judge;
use mtls::facts::{
    Bundle, Case, Certificate, Chain, ChainUse, Link, Part, Place, Purpose, Requirement as R, Side,
    Violation,
};
use mtls::finding::{Severity, Symptom};
use mtls::parse::{cert, pem};
use mtls::verify::conformance::{self, violations};
use mtls::verify::{Anchors, rfc5280};

use crate::support::skipped;

/// Which requirement stands behind a lint.
const LINTS: &[(&str, R)] = &[
    ("e_ext_san_missing", R::AlternativeNames),
    ("e_subject_common_name_not_from_san", R::CommonNameListed),
    (
        "e_ext_san_not_critical_without_subject",
        R::AlternativeNamesCritical,
    ),
    ("e_ext_san_contains_reserved_ip", R::InternalName),
    ("e_subject_contains_reserved_ip", R::InternalName),
    ("e_dnsname_not_valid_tld", R::TopLevelDomain),
    (
        "e_ext_san_uniform_resource_identifier_present",
        R::AlternativeNameKinds,
    ),
    ("e_ext_san_rfc822_name_present", R::AlternativeNameKinds),
    ("n_san_dns_name_duplicate", R::AlternativeNamesOnce),
    ("w_extra_subject_common_names", R::OneCommonName),
    ("e_dnsname_wildcard_only_in_left_label", R::WildcardPlace),
    ("e_dnsname_left_label_wildcard_correct", R::WildcardPlace),
    ("e_san_bare_wildcard", R::WildcardPlace),
    ("e_san_wildcard_not_first", R::WildcardPlace),
    (
        "n_dnsname_wildcard_left_of_public_suffix",
        R::WildcardSuffix,
    ),
    ("e_underscore_not_permissible_in_dnsname", R::Underscore),
    ("e_dnsname_bad_character_in_label", R::DnsName),
    ("e_dnsname_empty_label", R::DnsName),
    ("e_dnsname_label_too_long", R::DnsName),
    ("e_ext_san_dns_name_too_long", R::DnsName),
    ("e_san_dns_name_includes_null_char", R::DnsName),
    ("e_san_dns_name_starts_with_period", R::DnsName),
    ("e_ext_san_space_dns_name", R::DnsName),
    ("e_sub_cert_or_sub_ca_using_sha1", R::NoSha1),
    ("e_rsa_mod_less_than_2048_bits", R::RsaSize),
    ("e_mp_modulus_must_be_divisible_by_8", R::RsaOctets),
    ("e_rsa_public_exponent_too_small", R::RsaExponent),
    ("e_rsa_public_exponent_not_odd", R::RsaExponent),
    ("e_rsa_fermat_factorization", R::RsaPrimes),
    ("e_ec_improper_curves", R::Curve),
    ("e_public_key_type_not_allowed", R::KeyType),
    ("e_br_prohibit_dsa_usage", R::NoDsa),
    ("e_signature_algorithm_not_supported", R::SignatureAlgorithm),
    ("e_cert_sig_alg_not_match_tbs_sig_alg", R::AlgorithmsAgree),
    (
        "e_sub_cert_valid_time_longer_than_825_days",
        R::ValidityLength,
    ),
    (
        "e_tls_server_cert_valid_time_longer_than_398_days",
        R::ValidityLength,
    ),
    (
        "e_server_cert_valid_time_longer_than_200_days",
        R::ValidityLength,
    ),
    (
        "e_server_cert_valid_time_longer_than_100_days",
        R::ValidityLength,
    ),
    (
        "e_server_cert_valid_time_longer_than_47_days",
        R::ValidityLength,
    ),
    ("e_validity_time_not_positive", R::ValidityPositive),
    ("e_sub_cert_eku_missing", R::ExtendedKeyUsage),
    ("e_sub_cert_eku_check", R::ServerUsages),
    ("e_eku_critical", R::NotCriticalWhereAsked),
    ("e_client_auth_not_allowed", R::ClientUsageInServer),
    (
        "e_key_usage_and_extended_key_usage_inconsistent",
        R::KeyUsageFitsPurpose,
    ),
    ("e_ext_key_usage_cert_sign_without_ca", R::CertSign),
    ("e_ext_key_usage_without_bits", R::KeyUsageBits),
    ("e_sub_cert_key_usage_cert_sign_bit_set", R::LeafKeyUsage),
    ("w_ext_key_usage_not_critical", R::CriticalityAdvice),
    ("e_rsa_allowed_ku_ee", R::KeyUsageFitsKey),
    ("e_ecdsa_allowed_ku", R::KeyUsageFitsKey),
    ("e_sub_cert_not_is_ca", R::LeafNoAuthority),
    (
        "e_ext_authority_key_identifier_no_key_identifier",
        R::AuthorityKeyIdValue,
    ),
    (
        "w_ext_subject_key_identifier_missing_sub_cert",
        R::LeafSubjectKeyId,
    ),
    (
        "e_ext_subject_key_identifier_missing_ca",
        R::AuthoritySubjectKeyId,
    ),
    ("e_basic_constraints_not_critical", R::CriticalWhereAsked),
    ("e_ca_key_cert_sign_not_set", R::CertSign),
    ("e_serial_number_not_positive", R::SerialPositive),
    ("e_serial_number_longer_than_20_octets", R::SerialLength),
    ("e_invalid_certificate_version", R::VersionThree),
];

/// Lints about authorities: the certificate stands above a leaf.
const ABOUT_AUTHORITIES: [&str; 3] = [
    "e_ext_subject_key_identifier_missing_ca",
    "e_basic_constraints_not_critical",
    "e_ca_key_cert_sign_not_set",
];

/// Verdicts that are another on purpose: certificate, lint, why.
const OTHERWISE: &[(&str, &str, &str)] = &[(
    "certs/dsaCorrectOrderInSubgroup.pem",
    "e_br_prohibit_dsa_usage",
    "issued before the Baseline Requirements dropped DSA, but no TLS stack of today takes the key",
)];

/// A lint with two requirements behind it has the second here.
const ALSO: &[(&str, R)] = &[
    ("e_signature_algorithm_not_supported", R::SignatureCommon),
    ("e_sub_cert_key_usage_cert_sign_bit_set", R::CertSign),
    ("e_serial_number_not_positive", R::SerialNotZero),
    ("e_dnsname_bad_character_in_label", R::NameEncoding),
];

/// What tells the one length from the others.
const LENGTHS: &[(&str, &str)] = &[
    (
        "e_sub_cert_valid_time_longer_than_825_days",
        "may be for 825 ",
    ),
    (
        "e_tls_server_cert_valid_time_longer_than_398_days",
        "may be for 398 ",
    ),
    (
        "e_server_cert_valid_time_longer_than_200_days",
        "may be for 200 ",
    ),
    (
        "e_server_cert_valid_time_longer_than_100_days",
        "may be for 100 ",
    ),
    (
        "e_server_cert_valid_time_longer_than_47_days",
        "may be for 47 ",
    ),
];

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("MTLS_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        skipped("MTLS_CORPORA names no folder with test certificates");
    }
    folder
}

fn certificate(path: &Path) -> Certificate {
    let bytes = std::fs::read(path).unwrap();
    let blocks = pem::scan(&bytes);
    cert::certificate(blocks[0].der.as_ref().unwrap())
}

#[test]
fn zlint_verdicts_are_met() {
    let Some(folder) = corpora() else {
        return;
    };
    let index: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("zlint/index.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut met = 0;
    for case in index["cases"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let (lint, file) = (text("lint"), text("cert"));
        let certificate = certificate(&folder.join("zlint").join(file));
        let requirement = LINTS.iter().find(|(name, _)| *name == lint).unwrap().1;
        let part = if ABOUT_AUTHORITIES.contains(&lint) {
            Part::Intermediate
        } else {
            Part::Leaf
        };
        let found: Vec<String> = violations(&certificate, part, Purpose::ServerAuth)
            .into_iter()
            .filter(|violation| {
                violation.requirement == requirement
                    || ALSO.contains(&(lint, violation.requirement))
            })
            .map(|violation| violation.why)
            .filter(|why| {
                LENGTHS
                    .iter()
                    .all(|(name, words)| *name != lint || why.contains(words))
            })
            .collect();
        let otherwise = OTHERWISE
            .iter()
            .any(|(other, of, _)| *other == file && *of == lint);
        if found.is_empty() == case["fires"].as_bool().unwrap() && !otherwise {
            wrong.push(format!(
                "{lint} {file}: expected {}, found {found:?} (issued {}, unreadable {:?})",
                text("expected"),
                certificate.not_before,
                certificate.unreadable
            ));
        } else {
            met += 1;
        }
    }
    assert!(
        wrong.is_empty(),
        "{met} met, but not:\n{}",
        wrong.join("\n")
    );
}

/// The certificate as a file that `lint` reads, and what is said of it.
fn findings(
    certificate: Certificate,
    role: Side,
    holds: ChainUse,
) -> (Vec<Violation>, Vec<mtls::finding::Finding>) {
    let now = certificate.not_before;
    let purpose = match role {
        Side::Client => Purpose::ClientAuth,
        Side::Server => Purpose::ServerAuth,
    };
    let trust = rfc5280::judge(&rfc5280::Question {
        presented: &[Arc::new(certificate.clone())],
        untrusted: &[],
        anchors: &Anchors::default(),
        lists: &[],
        now,
        purpose,
        hosts: &[],
        max_depth: None,
        status_by: &mtls::verify::stacks::StatusBy::Letter,
    });
    let mut chain = Chain {
        role,
        holds,
        leaf: 0,
        trust: (holds == ChainUse::Identity).then_some(trust),
        profile: None,
        links: vec![Link::at(certificate, Place::lines("chain.pem", 1, 20))],
        view: None,
        fetched: None,
        revocation: Vec::new(),
        key_path: None,
    };
    conformance::note(&mut chain);
    let broken = chain.links[0].violations.clone().unwrap_or_default();
    let case = Case {
        bundles: vec![Bundle { chain, key: None }],
        ..Case::new("chain.pem", now, mtls::facts::Deployment::default())
    };
    let judged = judge(case, &Context::at(now));
    (broken, judged.findings)
}

/// What the rules about sets of anchors say by other names: whether it is an authority, and how
/// strong it is. For what a root says of itself nobody looks at its own signature.
const OF_ANCHORS: [R; 9] = [
    R::AuthorityBasicConstraints,
    R::AuthorityKeyUsage,
    R::AuthoritySubjectKeyId,
    R::CertSign,
    R::VersionThree,
    R::AlgorithmsAgree,
    R::RsaSize,
    R::NoSha1,
    R::SignatureAlgorithm,
];

/// No requirement is broken in silence, and none is told as worse than it is.
#[test]
fn what_a_certificate_does_not_keep_is_told() {
    let Some(folder) = corpora() else {
        return;
    };
    let mut silent = Vec::new();
    let mut told = 0;
    let entries = std::fs::read_dir(folder.join("zlint/certs")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let certificate = certificate(&file);
        for (role, holds) in [
            (Side::Server, ChainUse::Identity),
            (Side::Client, ChainUse::Identity),
            (Side::Client, ChainUse::Anchors),
        ] {
            let (broken, findings) = findings(certificate.clone(), role, holds);
            for violation in broken {
                let by = findings.iter().find(|finding| {
                    let symptoms = finding.rule.symptoms;
                    symptoms.contains(&Symptom::Breaks(violation.requirement))
                });
                match by {
                    None if holds == ChainUse::Anchors
                        && OF_ANCHORS.contains(&violation.requirement) => {}
                    None => silent.push(format!(
                        "{} {role:?} {holds:?}: {violation:?}; told: {:?}",
                        file.display(),
                        findings
                            .iter()
                            .map(|finding| finding.rule.code)
                            .collect::<Vec<_>>()
                    )),
                    Some(finding) if !violation.decides && finding.severity > Severity::Note => {
                        silent.push(format!(
                            "{}: {violation:?} as {:?} by {}",
                            file.display(),
                            finding.severity,
                            finding.rule.code
                        ));
                    }
                    Some(_) => told += 1,
                }
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{told} told, but not:\n{}",
        silent.join("\n")
    );
}
