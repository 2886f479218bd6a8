//! Name constraints along a path (RFC 5280 sections 4.2.1.10 and 6.1.4 (g)).
//!
//! The comparison of a name with a subtree is the one that OpenSSL makes too (`trust::names`). Added here: subtrees that RFC 5280
//! has no meaning for are refused, and a wildcard name that could stand for an excluded host is an excluded one. OpenSSL and Go
//! take a leading period in a DNS subtree as "subdomains only"; webpki does too; RFC 5280 defines it for URIs and mail only.

use super::{Link, problem, search::Found};
use crate::{
    facts::{NameKind, Problem},
    trust::{
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
        for why in malformed(constraints) {
            problems.push(problem(above, constraining, SYNTAX, why));
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
                depth == 0,
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

/// Subtrees without a meaning.
fn malformed(constraints: &NameConstraints) -> Vec<String> {
    let mut found = Vec::new();
    if constraints.permitted.is_empty() && constraints.excluded.is_empty() {
        found.push("its nameConstraints name no subtree".to_owned());
    }
    let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    for subtree in subtrees {
        if !subtree.plain {
            found.push("a subtree has a minimum or a maximum, which RFC 5280 forbids".to_owned());
        }
        if let Some(why) = meaningless(&subtree.base) {
            let name = crate::parse::cert::general_name(subtree.base.tag, &subtree.base.content);
            found.push(format!("the subtree {name} {why}"));
        }
    }
    found
}

fn meaningless(base: &GeneralName) -> Option<&'static str> {
    let content = base.content.as_slice();
    match base.tag {
        DNS if content.starts_with(b".") => Some(
            "begins with a period: RFC 5280 wants the bare domain, which covers its subdomains",
        ),
        DNS | EMAIL | URI if content.contains(&b'*') => {
            Some("has a wildcard in it: a bare domain covers its subdomains")
        }
        DNS | EMAIL | URI if !content.is_ascii() => Some("is not ASCII"),
        IP => {
            let (address, mask) = content.split_at(content.len() / 2);
            if !matches!(content.len(), 8 | 32) {
                return Some("is not an address and a mask");
            }
            let ones = mask.iter().map(|octet| octet.leading_ones()).sum::<u32>();
            let set = mask.iter().map(|octet| octet.count_ones()).sum::<u32>();
            let first_gap = mask.iter().position(|&octet| octet != 0xff);
            let contiguous = ones == set
                && first_gap.is_none_or(|gap| mask[gap + 1..].iter().all(|&octet| octet == 0));
            let _ = address;
            (!contiguous).then_some("has a mask that is no prefix (RFC 4632)")
        }
        _ => None,
    }
}

/// A wildcard that covers a host within an excluded subtree: `*.example.com` where `a.example.com` is excluded.
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
