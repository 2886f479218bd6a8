//! keyUsage and extKeyUsage.

use super::{Exam, oid};
use crate::{
    facts::{Eku, KeyAlgorithm, KeyUsage as U, Part, Requirement as R, listed},
    profiles::calendar::calendar,
};

pub(super) fn check(exam: &mut Exam<'_>) {
    key_usage(exam);
    extended(exam);
}

fn key_usage(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let Some(usages) = &certificate.key_usage else {
        let why = "a CA certificate without keyUsage";
        match exam.part {
            _ if exam.has(oid::KEY_USAGE) => {}
            Part::Leaf => {}
            Part::Intermediate => exam.refuse(R::AuthorityKeyUsage, 92, why),
            Part::Root => exam.advise(R::AuthorityKeyUsage, why),
        }
        return;
    };
    let has = |usage: U| usages.contains(&usage);
    if usages.is_empty() {
        exam.refuse(R::KeyUsageBits, None, "its keyUsage lists no usage");
        return;
    }
    if has(U::KeyCertSign) && !certificate.is_ca {
        exam.refuse(
            R::CertSign,
            82,
            "its keyUsage has keyCertSign, but its basicConstraints is not CA:TRUE",
        );
    } else if exam.is_leaf() && (has(U::KeyCertSign) || has(U::CrlSign)) {
        exam.advise(
            R::LeafKeyUsage,
            "its keyUsage has keyCertSign or cRLSign, which are for CAs",
        );
    }
    if !exam.is_leaf() && !has(U::KeyCertSign) {
        exam.refuse(
            R::CertSign,
            32,
            "a CA certificate whose keyUsage lacks keyCertSign",
        );
    }
    if exam.is_leaf() && !certificate.is_ca {
        let unfit: &[U] = match certificate.key.algorithm {
            KeyAlgorithm::Rsa => &[
                U::KeyAgreement,
                U::EncipherOnly,
                U::DecipherOnly,
                U::KeyCertSign,
                U::CrlSign,
            ],
            KeyAlgorithm::Ec => &[U::KeyEncipherment, U::DataEncipherment],
            KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 | KeyAlgorithm::RsaPss => {
                &[U::KeyEncipherment, U::DataEncipherment, U::KeyAgreement]
            }
            _ => &[],
        };
        let unfit: Vec<U> = unfit.iter().copied().filter(|usage| has(*usage)).collect();
        if !unfit.is_empty() {
            let why = format!(
                "its {} key does not support the keyUsage {}",
                certificate.key.algorithm,
                listed(&unfit, ", ")
            );
            exam.advise(R::KeyUsageFitsKey, why);
        }
    }
    if let Some(purposes) = certificate.eku.as_ref().filter(|list| !list.is_empty()) {
        fits_purposes(exam, usages, purposes);
    }
}

/// RFC 5280 section 4.2.1.12: a purpose has to be consistent with both extensions. Nothing is said
/// where a purpose is not known.
fn fits_purposes(exam: &mut Exam<'_>, usages: &[U], purposes: &[Eku]) {
    let mut known: Vec<U> = Vec::new();
    for purpose in purposes {
        let Some(fitting) = fitting(purpose) else {
            return;
        };
        if !fitting.iter().any(|usage| usages.contains(usage)) {
            let why = format!(
                "its keyUsage {} does not allow its purpose {purpose}, which needs {}",
                listed(usages, ", "),
                listed(fitting, " or ")
            );
            exam.advise(R::KeyUsageFitsPurpose, why);
        }
        known.extend(fitting);
    }
    let signs = [U::KeyCertSign, U::CrlSign];
    let idle: Vec<U> = usages
        .iter()
        .copied()
        .filter(|usage| !known.contains(usage) && !signs.contains(usage))
        .collect();
    if !idle.is_empty() {
        let why = format!(
            "its keyUsage has {}, which none of its purposes ({}) needs",
            listed(&idle, ", "),
            listed(purposes, ", ")
        );
        exam.advise(R::KeyUsageFitsPurpose, why);
    }
}

/// Key usages that go with a purpose (RFC 5280 section 4.2.1.12).
fn fitting(purpose: &Eku) -> Option<&'static [U]> {
    Some(match purpose {
        Eku::ServerAuth => &[U::DigitalSignature, U::KeyEncipherment, U::KeyAgreement],
        Eku::ClientAuth => &[U::DigitalSignature, U::KeyAgreement],
        Eku::CodeSigning => &[U::DigitalSignature],
        Eku::EmailProtection => &[
            U::DigitalSignature,
            U::NonRepudiation,
            U::KeyEncipherment,
            U::KeyAgreement,
        ],
        Eku::TimeStamping | Eku::OcspSigning => &[U::DigitalSignature, U::NonRepudiation],
        Eku::Any | Eku::Other(_) => return None,
    })
}

fn extended(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let Some(purposes) = &certificate.eku else {
        if exam.is_leaf() && !exam.has(oid::EXTENDED_USAGE) {
            exam.advise(R::ExtendedKeyUsage, "it has no extendedKeyUsage");
        }
        return;
    };
    if purposes.is_empty() {
        // Reported as an extension that cannot be read.
        return;
    }
    let has = |purpose: &Eku| purposes.contains(purpose);
    // A self-signed leaf that is trusted by itself is no root.
    if exam.part == Part::Root && certificate.is_ca {
        let why = format!("a root with extendedKeyUsage ({})", listed(purposes, ", "));
        exam.advise(R::RootUsage, why);
    }
    if !exam.is_leaf() {
        let wanted = match exam.serves() {
            true => Eku::ServerAuth,
            false => Eku::ClientAuth,
        };
        if certificate.is_ca && has(&Eku::Any) && !has(&wanted) {
            exam.advise(
                R::AnyUsage,
                format!(
                    "its extendedKeyUsage is anyExtendedKeyUsage, which many verifiers do not accept as {wanted} in a CA certificate"
                ),
            );
        }
        return;
    }
    if has(&Eku::Any) {
        let why = format!(
            "its extendedKeyUsage has anyExtendedKeyUsage ({})",
            listed(purposes, ", ")
        );
        // RFC 5280 section 4.2.1.12 lets an authority list it; the web's rules, which bind servers,
        // do not.
        exam.add(R::AnyUsage, None, exam.serves(), why);
    }
    if !exam.serves() {
        return;
    }
    if !has(&Eku::ServerAuth) {
        let why = format!(
            "expected extendedKeyUsage serverAuth, found {}",
            listed(purposes, ", ")
        );
        exam.refuse(R::ServerUsages, 26, why);
    }
    let others: Vec<&Eku> = purposes
        .iter()
        .filter(|purpose| !matches!(purpose, Eku::ServerAuth | Eku::ClientAuth | Eku::Any))
        .collect();
    if !others.is_empty() {
        let why = format!(
            "its extendedKeyUsage has {} beside serverAuth",
            listed(others, ", ")
        );
        exam.advise(R::ServerUsages, why);
    }
    let program = calendar().root_program();
    if let Some((end, last)) = program.and_then(|end| Some((end, end.last_day?)))
        && exam.issued_from(&format!("{last}T00:00:00Z"))
        && has(&Eku::ServerAuth)
        && has(&Eku::ClientAuth)
    {
        let why = format!(
            "its extendedKeyUsage has clientAuth beside serverAuth, which the {} does not accept if issued from {last} on",
            end.authority
        );
        exam.advise(R::ClientUsageInServer, why);
    }
}
