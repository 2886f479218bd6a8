//! keyUsage and extKeyUsage.

use super::{Exam, oid};
use crate::{
    facts::{Part, Requirement as R},
    profiles::calendar::calendar,
};

pub(super) fn check(exam: &mut Exam<'_>) {
    key_usage(exam);
    extended(exam);
}

fn key_usage(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let Some(usages) = &certificate.key_usage else {
        let why = "it is an authority without keyUsage";
        match exam.part {
            _ if exam.has(oid::KEY_USAGE) => {}
            Part::Leaf => {}
            Part::Intermediate => exam.refuse(R::AuthorityKeyUsage, 92, why),
            Part::Root => exam.advise(R::AuthorityKeyUsage, why),
        }
        return;
    };
    let has = |name: &str| usages.iter().any(|usage| usage == name);
    if usages.is_empty() {
        exam.refuse(R::KeyUsageBits, None, "its keyUsage names no usage");
        return;
    }
    if has("keyCertSign") && !certificate.is_ca {
        exam.refuse(
            R::CertSign,
            82,
            "its keyUsage has keyCertSign, but basicConstraints do not say cA:TRUE",
        );
    } else if exam.is_leaf() && (has("keyCertSign") || has("cRLSign")) {
        exam.advise(
            R::LeafKeyUsage,
            "it is a leaf whose keyUsage has keyCertSign or cRLSign",
        );
    }
    if !exam.is_leaf() && !has("keyCertSign") {
        exam.refuse(
            R::CertSign,
            32,
            "it is an authority whose keyUsage lacks keyCertSign",
        );
    }
    if exam.is_leaf() && !certificate.is_ca {
        let unfit: &[&str] = match certificate.key.algorithm.as_str() {
            "RSA" => &[
                "keyAgreement",
                "encipherOnly",
                "decipherOnly",
                "keyCertSign",
                "cRLSign",
            ],
            "EC" => &["keyEncipherment", "dataEncipherment"],
            "Ed25519" | "Ed448" | "RSA-PSS" => {
                &["keyEncipherment", "dataEncipherment", "keyAgreement"]
            }
            _ => &[],
        };
        let unfit: Vec<&str> = unfit.iter().copied().filter(|usage| has(usage)).collect();
        if !unfit.is_empty() {
            let why = format!(
                "its {} key cannot serve the keyUsage {}",
                certificate.key.algorithm,
                unfit.join(", ")
            );
            exam.advise(R::KeyUsageFitsKey, why);
        }
    }
    if let Some(purposes) = certificate.eku.as_ref().filter(|list| !list.is_empty()) {
        fits_purposes(exam, usages, purposes);
    }
}

/// RFC 5280 section 4.2.1.12: a purpose has to be consistent with both extensions. Nothing is said where a purpose is not known.
fn fits_purposes(exam: &mut Exam<'_>, usages: &[String], purposes: &[String]) {
    let has = |name: &&str| usages.iter().any(|usage| usage == name);
    let mut known: Vec<&str> = Vec::new();
    for purpose in purposes {
        let Some(fitting) = fitting(purpose) else {
            return;
        };
        if !fitting.iter().any(&has) {
            let why = format!(
                "its keyUsage {} allows nothing that the purpose {purpose} needs ({})",
                usages.join(", "),
                fitting.join(" or ")
            );
            exam.advise(R::KeyUsageFitsPurpose, why);
        }
        known.extend(fitting);
    }
    let signs = ["keyCertSign", "cRLSign"];
    let idle: Vec<&str> = usages
        .iter()
        .map(String::as_str)
        .filter(|usage| !known.contains(usage) && !signs.contains(usage))
        .collect();
    if !idle.is_empty() {
        let why = format!(
            "its keyUsage has {}, which none of its purposes ({}) uses",
            idle.join(", "),
            purposes.join(", ")
        );
        exam.advise(R::KeyUsageFitsPurpose, why);
    }
}

/// Key usages that go with a purpose (RFC 5280 section 4.2.1.12).
fn fitting(purpose: &str) -> Option<&'static [&'static str]> {
    Some(match purpose {
        "serverAuth" => &["digitalSignature", "keyEncipherment", "keyAgreement"],
        "clientAuth" => &["digitalSignature", "keyAgreement"],
        "codeSigning" => &["digitalSignature"],
        "emailProtection" => &[
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "keyAgreement",
        ],
        "timeStamping" | "OCSPSigning" => &["digitalSignature", "nonRepudiation"],
        _ => return None,
    })
}

fn extended(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let Some(purposes) = &certificate.eku else {
        if exam.is_leaf() && !exam.has(oid::EXTENDED_USAGE) {
            exam.advise(
                R::ExtendedKeyUsage,
                "it has no extKeyUsage, so nothing says what it is for",
            );
        }
        return;
    };
    if purposes.is_empty() {
        // Told as an extension that cannot be read.
        return;
    }
    let has = |name: &str| purposes.iter().any(|purpose| purpose == name);
    // A self-signed leaf that is trusted by itself is no root.
    if exam.part == Part::Root && certificate.is_ca {
        let why = format!("it is a root with extKeyUsage ({})", purposes.join(", "));
        exam.advise(R::RootUsage, why);
    }
    if !exam.is_leaf() {
        let wanted = match exam.serves() {
            true => "serverAuth",
            false => "clientAuth",
        };
        if certificate.is_ca && has("anyExtendedKeyUsage") && !has(wanted) {
            exam.advise(
                R::AnyUsage,
                format!(
                    "its extKeyUsage lists anyExtendedKeyUsage, which many verifiers do not take for {wanted} in an authority"
                ),
            );
        }
        return;
    }
    if has("anyExtendedKeyUsage") {
        let why = format!(
            "its extKeyUsage has anyExtendedKeyUsage ({})",
            purposes.join(", ")
        );
        // RFC 5280 section 4.2.1.12 lets an authority list it; the web's rules, which bind servers, do not.
        exam.add(R::AnyUsage, None, exam.serves(), why);
    }
    if !exam.serves() {
        return;
    }
    if !has("serverAuth") {
        let why = format!(
            "its extKeyUsage is {}, wanted serverAuth",
            purposes.join(", ")
        );
        exam.refuse(R::ServerUsages, 26, why);
    }
    let others: Vec<&str> = purposes
        .iter()
        .map(String::as_str)
        .filter(|purpose| {
            !matches!(
                *purpose,
                "serverAuth" | "clientAuth" | "anyExtendedKeyUsage"
            )
        })
        .collect();
    if !others.is_empty() {
        let why = format!(
            "its extKeyUsage has {} beside serverAuth",
            others.join(", ")
        );
        exam.advise(R::ServerUsages, why);
    }
    let program = calendar().root_program();
    if let Some((end, last)) = program.and_then(|end| Some((end, end.last_day?)))
        && exam.issued_from(&format!("{last}T00:00:00Z"))
        && has("serverAuth")
        && has("clientAuth")
    {
        let why = format!(
            "its extKeyUsage has clientAuth beside serverAuth, which the {} takes in none issued from {last} on",
            end.authority
        );
        exam.advise(R::ClientUsageInServer, why);
    }
}
