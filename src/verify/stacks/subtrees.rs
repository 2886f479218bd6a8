//! The features of name constraints along a path. Verifiers agree on what a subtree covers and
//! differ on the kinds of names that they can compare at all.
//!
//! For: `stacks`. Must not: know a stack.

use crate::{
    facts::{ChainFeature as F, NameKind},
    parse::name,
    verify::{
        Link,
        details::{GeneralName, NameConstraints},
        names,
    },
};

const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const DIRECTORY: u8 = 0xa4;
const URI: u8 = 0x86;
const IP: u8 = 0x87;

/// Adds what there is to say.
pub(super) fn check(links: &[Link<'_>], add: &mut impl FnMut(F, usize)) {
    let mut budget = names::BUDGET;
    for above in (1..links.len()).rev() {
        let Some(constraints) = &links[above].details.extensions.name_constraints else {
            continue;
        };
        let by_anchor = above + 1 == links.len();
        itself(constraints, above, add);
        for (depth, &link) in links.iter().enumerate().take(above) {
            if depth > 0 && link.details.self_issued {
                continue;
            }
            let names = names_of(link);
            let subtrees = constraints.permitted.len() + constraints.excluded.len();
            budget = budget.saturating_sub(names.len().saturating_mul(subtrees));
            if budget == 0 {
                add(F::ConstraintMalformed, above);
                return;
            }
            for name in &names {
                one(name, constraints, by_anchor, depth, add);
            }
            if depth == 0 {
                leaf(link, &names, constraints, by_anchor, add);
            }
        }
    }
}

/// Subject, its e-mail addresses, and the alternative names.
fn names_of(link: Link<'_>) -> Vec<GeneralName> {
    let subject = link.certificate.subject_der();
    let mut names = Vec::new();
    if !name::is_empty(subject) {
        names.push(GeneralName::new(DIRECTORY, subject));
    }
    let alternatives = link.details.extensions.alternative_names.as_deref();
    names.extend(alternatives.unwrap_or_default().iter().cloned());
    names
}

/// What there is to say about a certificate that is on no path.
pub(super) fn beside(link: Link<'_>, add: &mut impl FnMut(F, usize)) {
    if let Some(constraints) = &link.details.extensions.name_constraints {
        itself(constraints, 0, add);
    }
}

/// What the extension is, whatever the names are.
fn itself(constraints: &NameConstraints, above: usize, add: &mut impl FnMut(F, usize)) {
    let subtrees = || constraints.permitted.iter().chain(&constraints.excluded);
    if subtrees().next().is_none() {
        add(F::ConstraintEmpty, above);
    }
    for subtree in subtrees() {
        let base = &subtree.base;
        if !subtree.plain || (base.tag == IP && !matches!(base.content.len(), 8 | 32)) {
            add(F::ConstraintMalformed, above);
        }
        match base.tag {
            IP if has_holes(base) => add(F::ConstraintMask, above),
            EMAIL | URI | IP | DIRECTORY => {}
            DNS => {
                if base.content.starts_with(b".") {
                    add(F::ConstraintWithDot, above);
                }
            }
            _ => add(F::ConstraintKind, above),
        }
    }
}

fn one(
    name: &GeneralName,
    constraints: &NameConstraints,
    by_anchor: bool,
    depth: usize,
    add: &mut impl FnMut(F, usize),
) {
    let concerned = constraints
        .permitted
        .iter()
        .chain(&constraints.excluded)
        .any(|subtree| subtree.base.tag == name.tag);
    if !concerned {
        return;
    }
    let used = match name.tag {
        IP => Some(F::ConstrainedAddress),
        EMAIL => Some(F::ConstrainedEmail),
        URI => Some(F::ConstrainedUri),
        DIRECTORY => Some(F::ConstrainedDirectory),
        _ => None,
    };
    if let Some(used) = used {
        add(used, depth);
    }
    let mut bases = constraints.permitted.iter().chain(&constraints.excluded);
    if name.tag == IP && bases.any(|subtree| subtree.base.tag == IP && has_holes(&subtree.base)) {
        add(F::ConstrainedByMask, depth);
    }
    if names::matched(name, constraints).is_err() {
        add(
            match name.tag {
                _ if by_anchor => F::ConstrainedOutsideByAnchor,
                DNS => F::ConstrainedDnsOutside,
                EMAIL => F::ConstrainedEmailOutside,
                URI => F::ConstrainedUriOutside,
                IP => F::ConstrainedAddressOutside,
                DIRECTORY => F::ConstrainedDirectoryOutside,
                _ => F::ConstrainedOtherOutside,
            },
            depth,
        );
    }
}

/// Whether the mask of an address subtree is not ones and then zeros.
fn has_holes(base: &GeneralName) -> bool {
    let (_, mask) = base.content.split_at(base.content.len() / 2);
    let mut rest = mask.iter().skip_while(|&&octet| octet == 0xff);
    let edge = rest.next().copied().unwrap_or_default();
    edge.count_ones() != edge.leading_ones() || rest.any(|&octet| octet != 0)
}

/// What is asked of the leaf alone.
fn leaf(
    link: Link<'_>,
    names: &[GeneralName],
    constraints: &NameConstraints,
    by_anchor: bool,
    add: &mut impl FnMut(F, usize),
) {
    let dns = |subtree: &&crate::verify::details::Subtree| subtree.base.tag == DNS;
    let has_names = link.details.extensions.alternative_names.is_some();
    if !has_names && constraints.permitted.iter().any(|subtree| dns(&subtree)) {
        add(F::ConstrainedNoName, 0);
        let outside = |common: &String| {
            let name = GeneralName::new(DNS, common.as_bytes());
            names::matched(&name, constraints).is_err()
        };
        if link
            .certificate
            .form
            .common_names
            .last()
            .is_some_and(outside)
            // Java, whom this is about, does not read an anchor's constraints.
            && !by_anchor
        {
            add(F::ConstrainedNoNameOutside, 0);
        }
    }
    if !names.iter().any(|name| name.tag == DNS)
        && names::common_names(link.certificate)
            .any(|name| names::matched(&name, constraints).is_err())
    {
        add(F::ConstrainedCommonName, 0);
    }
    for name in link.certificate.form.names_of(NameKind::Dns) {
        let Some(domain) = name.strip_prefix(b"*.") else {
            continue;
        };
        let covered = constraints.excluded.iter().filter(dns).any(|subtree| {
            let base = subtree.base.content.to_ascii_lowercase();
            base.strip_suffix(domain.to_ascii_lowercase().as_slice())
                .is_some_and(|label| label.len() > 1 && label.ends_with(b"."))
        });
        if covered {
            add(F::ConstrainedWildcard, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_ones_and_then_zeros() {
        let holes = |mask: [u8; 4]| {
            has_holes(&GeneralName::new(
                IP,
                &[&[192, 0, 2, 0], &mask[..]].concat(),
            ))
        };
        for mask in [
            [255, 0, 255, 0],
            [255, 15, 0, 0],
            [1, 0, 0, 0],
            [255, 255, 0, 1],
        ] {
            assert!(holes(mask), "{mask:?}");
        }
        for mask in [
            [0; 4],
            [255; 4],
            [255, 240, 0, 0],
            [255, 255, 255, 254],
            [128, 0, 0, 0],
        ] {
            assert!(!holes(mask), "{mask:?}");
        }
    }
}
