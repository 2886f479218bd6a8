//! Name constraints along a path (RFC 5280 sections 4.2.1.10 and 6.1.4 (g)).
//!
//! The comparison of a name with a subtree is the one that OpenSSL makes too (`verify::names`).
//! Added here: subtrees that RFC 5280 has no meaning for are refused, and a wildcard name that
//! could stand for an excluded host is an excluded one. OpenSSL and Go take a leading period in a
//! DNS subtree as "subdomains only"; webpki does too; RFC 5280 defines it for URIs and mail only.

use super::{Link, breach, problem, search::Found};
use crate::{
    facts::{NameKind, Problem, Requirement},
    verify::{
        details::{GeneralName, NameConstraints},
        names,
        openssl::bracketed,
    },
};

const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const IP: u8 = 0x87;

/// OpenSSL's X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX.
const SYNTAX: u32 = 52;
const EXCLUDED: u32 = 48;

/// Adds what does not hold.
pub(super) fn check(found: &Found<'_>, budget: &mut usize, problems: &mut Vec<Problem>) {
    for above in (1..found.links.len()).rev() {
        let constraining = found.links[above];
        let Some(constraints) = &constraining.details.extensions.name_constraints else {
            continue;
        };
        for (requirement, why) in malformed(constraints) {
            problems.push(breach(above, constraining, requirement, Some(SYNTAX), why));
        }
        for depth in (0..above).rev() {
            let link = found.links[depth];
            // Section 6.1.3 (b): self-issued certificates are left out unless they are the last.
            if depth != 0 && link.details.self_issued {
                continue;
            }
            let outcome = names::check(
                link.certificate,
                link.details,
                constraints,
                depth == 0 && !names_hosts(link),
                budget,
            )
            .and_then(|()| wildcards(link, constraints));
            if let Err((num, name)) = outcome {
                let why = format!(
                    "{name} is not allowed by the name constraints of {}",
                    bracketed(&constraining.certificate.subject)
                );
                problems.push(problem(depth, link, num, why));
            }
        }
    }
}

/// Whether its alternative names have a host in them: a DNS name or an address. Then its common
/// name is none, and DNS constraints do not reach it (RFC 9525 section 2). OpenSSL and GnuTLS ask
/// for a DNS name there.
fn names_hosts(link: Link<'_>) -> bool {
    let form = &link.certificate.form;
    [NameKind::Dns, NameKind::Ip]
        .iter()
        .any(|&kind| form.names_of(kind).next().is_some())
}

/// Subtrees without a meaning.
fn malformed(constraints: &NameConstraints) -> Vec<(Requirement, String)> {
    let mut found = Vec::new();
    let mut add = |requirement, why: String| found.push((requirement, why));
    if constraints.permitted.is_empty() && constraints.excluded.is_empty() {
        add(
            Requirement::SubtreeMeaning,
            "its nameConstraints has no subtree".to_owned(),
        );
    }
    let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    for subtree in subtrees {
        if !subtree.plain {
            add(
                Requirement::SubtreeMeaning,
                "a subtree has a minimum or a maximum, which RFC 5280 forbids".to_owned(),
            );
        }
        if let Some((requirement, why)) = meaningless(&subtree.base) {
            let name = crate::parse::cert::general_name(subtree.base.tag, &subtree.base.content);
            add(requirement, format!("the subtree {name} {why}"));
        }
    }
    found
}

fn meaningless(base: &GeneralName) -> Option<(Requirement, &'static str)> {
    let content = base.content.as_slice();
    let form = |why| Some((Requirement::SubtreeForm, why));
    let meaning = |why| Some((Requirement::SubtreeMeaning, why));
    match base.tag {
        DNS if content.starts_with(b".") => {
            form("begins with a period; in RFC 5280 the bare domain covers its subdomains")
        }
        DNS | EMAIL | URI if content.contains(&b'*') => {
            form("has a wildcard; in RFC 5280 the bare domain covers its subdomains")
        }
        DNS | EMAIL | URI if !content.is_ascii() => meaning("is not ASCII"),
        IP => {
            let (_, mask) = content.split_at(content.len() / 2);
            if !matches!(content.len(), 8 | 32) {
                return meaning("is not an address and a mask");
            }
            let ones = mask.iter().map(|octet| octet.leading_ones()).sum::<u32>();
            let set = mask.iter().map(|octet| octet.count_ones()).sum::<u32>();
            let first_gap = mask.iter().position(|&octet| octet != 0xff);
            let contiguous = ones == set
                && first_gap.is_none_or(|gap| mask[gap + 1..].iter().all(|&octet| octet == 0));
            if contiguous {
                return None;
            }
            meaning("has a mask that is not a prefix (RFC 4632)")
        }
        _ => None,
    }
}

/// A wildcard that covers a host within an excluded subtree: `*.example.com` where `a.example.com`
/// is excluded.
fn wildcards(link: Link<'_>, constraints: &NameConstraints) -> Result<(), (u32, String)> {
    for name in link.certificate.form.names_of(NameKind::Dns) {
        let Some(domain) = name.strip_prefix(b"*.") else {
            continue;
        };
        let covered = constraints.excluded.iter().any(|subtree| {
            let base = subtree.base.content.as_slice();
            subtree.base.tag == DNS
                && base.len() > domain.len() + 1
                && base
                    .to_ascii_lowercase()
                    .ends_with(&domain.to_ascii_lowercase())
                && base[..base.len() - domain.len()].ends_with(b".")
                && !base[..base.len() - domain.len() - 1].contains(&b'.')
        });
        if covered {
            let name = crate::parse::cert::general_name(DNS, name);
            return Err((EXCLUDED, name));
        }
    }
    Ok(())
}
