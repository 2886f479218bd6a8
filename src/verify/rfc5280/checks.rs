//! What has to hold along one path (RFC 5280 section 6.1), top down by subject: form, dates,
//! authority, purposes, names.

use jiff::Timestamp;

use super::{Link, Question, breach, constraints, policy, problem, revocation, search::Found};
use crate::{
    facts::{
        Eku, KeyUsage, Part, Problem, Purpose, Requirement, SIGNATURE_NOT_CHECKED, SignatureFamily,
        listed,
    },
    verify::{
        conformance,
        signature::{self, SignatureError},
    },
};

/// Extensions that are read elsewhere but not processed here; a critical one is an unknown one (RFC
/// 5280 section 4.2): ipAddrBlocks, autonomousSysIds (RFC 3779), proxyCertInfo (RFC 3820),
/// Netscape's certificate type.
const UNPROCESSED: [&str; 4] = [
    "1.3.6.1.5.5.7.1.7",
    "1.3.6.1.5.5.7.1.8",
    "1.3.6.1.5.5.7.1.14",
    "2.16.840.1.113730.1.1",
];

/// SHA-256 is good for 128, SHA-1 for less than 80 (NIST SP 800-57 Part 1); OpenSSL's security
/// level 2 asks for 112 too.
const DIGEST_BITS: u32 = 112;

/// Everything that does not hold, leaf first.
pub(super) fn problems(
    found: &Found<'_>,
    question: &Question<'_>,
    budget: &mut usize,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (depth, &link) in found.links.iter().enumerate() {
        form(depth, link, question, &mut problems);
        dates(depth, link, question.now, &mut problems);
        critical(depth, link, &mut problems);
        digest(depth, link, found, &mut problems);
        root_ids(depth, link, &mut problems);
        purpose(depth, link, question, &mut problems);
        if depth > 0 {
            authority(depth, link, found, &mut problems);
        }
    }
    length(found, question, &mut problems);
    constraints::check(found, budget, &mut problems);
    policy::check(found, &mut problems);
    revocation::check(found, question, &mut problems);
    hosts(found, question, &mut problems);
    problems.extend(found.obstacle.clone());
    if found.unchecked {
        problems.extend(unchecked(found));
    }
    problems.sort_by_key(|problem| problem.depth);
    // One number at one depth for one reason is enough: conformance and path may both see a missing
    // cA.
    let mut kept: Vec<Problem> = Vec::new();
    for problem in problems {
        let known = kept.iter().any(|other| {
            other.depth == problem.depth
                && other.error.num == problem.error.num
                && other.error.num != 1
        });
        if !known {
            kept.push(problem);
        }
    }
    kept
}

/// The signatures of the path that this program cannot check; few paths have one, so that the
/// search need not keep them.
fn unchecked(found: &Found<'_>) -> Vec<Problem> {
    let pairs = found.links.windows(2).enumerate();
    pairs
        .filter_map(|(depth, pair)| {
            let (child, issuer) = (pair[0], pair[1]);
            let (der, layout) = (&child.certificate.der, &child.details.layout);
            let checked = signature::verify_certificate(
                &der[layout.tbs.clone()],
                &der[layout.algorithm.clone()],
                &der[layout.signature.clone()],
                issuer.certificate.spki_der(),
            );
            let Err(SignatureError::Unsupported(name)) = checked else {
                return None;
            };
            let why = format!("its signature ({name}) cannot be checked by mtls");
            Some(problem(depth, child, SIGNATURE_NOT_CHECKED, why))
        })
        .collect()
}

/// The certificate profile, as far as it decides.
fn form(depth: usize, link: Link<'_>, question: &Question<'_>, problems: &mut Vec<Problem>) {
    let part = match depth {
        0 => Part::Leaf,
        _ if link.details.self_issued => Part::Root,
        _ => Part::Intermediate,
    };
    let violations = conformance::violations(link.certificate, part, question.purpose);
    problems.extend(
        violations
            .into_iter()
            .filter(|violation| violation.decides)
            .filter(|violation| {
                violation.requirement != Requirement::CommonNameListed
                    || common_name_speaks(link, question.hosts)
            })
            .map(|violation| {
                breach(
                    depth,
                    link,
                    violation.requirement,
                    violation.error,
                    violation.why,
                )
            }),
    );
}

/// Whether the common name is about what was asked for: one that looks like an address says nothing
/// of a host that is a name, and the other way round.
fn common_name_speaks(link: Link<'_>, hosts: &[String]) -> bool {
    let is_address = |text: &str| {
        let text = text.trim_start_matches('[').trim_end_matches(']');
        // Addresses in other notations too: hexadecimal, leading zeros.
        let numeric = |byte: u8| byte.is_ascii_hexdigit() || b".:xX".contains(&byte);
        text.bytes().all(numeric) && text.bytes().any(|byte| byte.is_ascii_digit())
    };
    let common_names = &link.certificate.form.common_names;
    hosts.is_empty()
        || common_names.iter().any(|name| {
            hosts
                .iter()
                .any(|host| is_address(host) == is_address(name))
        })
}

/// The digest within RSA-PSS parameters, which the algorithm's name does not tell. An anchor's own
/// signature is not looked at.
fn digest(depth: usize, link: Link<'_>, found: &Found<'_>, problems: &mut Vec<Problem>) {
    let is_anchor = found.anchored && depth + 1 == found.links.len();
    let Some(algorithm) = link.details.algorithm.as_ref().filter(|_| !is_anchor) else {
        return;
    };
    if algorithm.family == SignatureFamily::RsaPss && algorithm.security_bits() < DIGEST_BITS {
        let bits = algorithm.security_bits();
        let why = format!(
            "signed with RSA-PSS over a digest of {bits} security bits, expected {DIGEST_BITS}"
        );
        problems.push(problem(depth, link, 68, why));
    }
}

/// RFC 5280 section 6.1.3 (a)(2): notBefore and notAfter are both within.
fn dates(depth: usize, link: Link<'_>, now: Timestamp, problems: &mut Vec<Problem>) {
    let certificate = link.certificate;
    if now < certificate.not_before {
        let why = format!("valid from {}, evaluated at {now}", certificate.not_before);
        problems.push(problem(depth, link, 9, why));
    }
    if now > certificate.not_after {
        let why = format!("valid until {}, evaluated at {now}", certificate.not_after);
        problems.push(problem(depth, link, 10, why));
    }
}

/// RFC 5280 section 6.1.4 (o) and 6.1.5 (f).
fn critical(depth: usize, link: Link<'_>, problems: &mut Vec<Problem>) {
    let mut unknown = link.certificate.unknown_critical.clone();
    for oid in UNPROCESSED {
        if link.certificate.form.critical(oid) {
            unknown.push(oid.to_owned());
        }
    }
    if !unknown.is_empty() {
        let why = format!("unknown critical extension {}", unknown.join(", "));
        problems.push(problem(depth, link, 34, why));
    }
}

/// A root that signed itself and points at another key by its authorityKeyIdentifier (BR
/// 7.1.2.1.3). A self-issued certificate that another key signed is no root, and may do so (RFC
/// 5280 section 3.2).
fn root_ids(depth: usize, link: Link<'_>, problems: &mut Vec<Problem>) {
    let certificate = link.certificate;
    let differ = match (&certificate.authority_key_id, &certificate.subject_key_id) {
        (Some(authority), Some(subject)) => authority != subject,
        _ => false,
    };
    if depth == 0 || !link.details.self_issued || !differ {
        return;
    }
    let layout = &link.details.layout;
    let der = &certificate.der;
    let by_itself = signature::verify_certificate(
        &der[layout.tbs.clone()],
        &der[layout.algorithm.clone()],
        &der[layout.signature.clone()],
        certificate.spki_der(),
    );
    if by_itself.is_ok() {
        let why =
            "self-signed, but its authorityKeyIdentifier differs from its subjectKeyIdentifier";
        problems.push(breach(
            depth,
            link,
            Requirement::RootKeyIds,
            None,
            why.to_owned(),
        ));
    }
}

/// Extended key usage all along the path, key usage of the leaf.
fn purpose(depth: usize, link: Link<'_>, question: &Question<'_>, problems: &mut Vec<Problem>) {
    let (wanted, usages): (Eku, &[KeyUsage]) = match question.purpose {
        Purpose::ServerAuth => (
            Eku::ServerAuth,
            &[
                KeyUsage::DigitalSignature,
                KeyUsage::KeyEncipherment,
                KeyUsage::KeyAgreement,
            ],
        ),
        Purpose::ClientAuth => (
            Eku::ClientAuth,
            &[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement],
        ),
    };
    if let Some(purposes) = &link.certificate.eku {
        let fits = purposes
            .iter()
            .any(|usage| *usage == wanted || (depth > 0 && *usage == Eku::Any));
        if !fits {
            let why = format!(
                "expected extendedKeyUsage {wanted}, found {}",
                listed(purposes, ", ")
            );
            problems.push(problem(depth, link, 26, why));
        }
    }
    if depth == 0
        && let Some(own) = &link.certificate.key_usage
        && !own.iter().any(|usage| usages.contains(usage))
    {
        let why = format!(
            "expected keyUsage {}, found {}",
            listed(usages, " or "),
            listed(own, ", ")
        );
        problems.push(problem(depth, link, 26, why));
    }
}

/// RFC 5280 section 6.1.4 (k) to (n): who issued another is an authority, and has no more
/// authorities below it than it allows.
fn authority(depth: usize, link: Link<'_>, found: &Found<'_>, problems: &mut Vec<Problem>) {
    let certificate = link.certificate;
    let is_anchor = found.anchored && depth + 1 == found.links.len();
    // An anchor of version 1 has no extension to say so with (RFC 5280 section 6.1.4 (k) allows
    // other means).
    let told_otherwise = is_anchor && certificate.version < 3;
    if !certificate.is_ca && !told_otherwise {
        let why = "it issued another certificate, but its basicConstraints is not CA:TRUE";
        problems.push(problem(depth, link, 79, why));
    }
    if let Some(usages) = &certificate.key_usage
        && !usages.contains(&KeyUsage::KeyCertSign)
    {
        let why = "it issued another certificate, but its keyUsage lacks keyCertSign";
        problems.push(problem(depth, link, 32, why));
    }
    if let Some(limit) = certificate.path_len {
        let below = found.links[1..depth]
            .iter()
            .filter(|link| !link.details.self_issued)
            .count();
        if below > usize::try_from(limit).unwrap_or(usize::MAX) {
            let why = format!("it allows {limit} intermediates below it, the path has {below}");
            problems.push(problem(depth, link, 25, why));
        }
    }
}

fn length(found: &Found<'_>, question: &Question<'_>, problems: &mut Vec<Problem>) {
    let ends = 1 + usize::from(found.anchored);
    let between = found.links.len().saturating_sub(ends);
    if let Some(limit) = question.max_depth
        && between > limit
    {
        let why = format!("{between} certificates between leaf and trust anchor, {limit} allowed");
        problems.push(problem(found.links.len() - 1, found.top(), 22, why));
    }
}

fn hosts(found: &Found<'_>, question: &Question<'_>, problems: &mut Vec<Problem>) {
    let leaf = found.links[0];
    for host in question.hosts {
        if let Err(mismatch) = crate::verify::hosts::check(host, leaf.certificate) {
            let num = if host.parse::<std::net::IpAddr>().is_ok() {
                64
            } else {
                62
            };
            problems.push(problem(0, leaf, num, mismatch));
        }
    }
}
