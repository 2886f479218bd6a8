//! The shape of a chain as it stands: who issued whom by name and key identifier, what belongs to
//! it, in which order.
//!
//! For: the rules about files with chains. Must not: check signatures (path validation does), or
//! take more than linear time.

use std::collections::{HashMap, HashSet};

use crate::facts::{Certificate, Chain};

/// What a chain's certificates are to each other, by index.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct Shape {
    /// The leaf, its issuers, theirs, and so on: what belongs to the chain, each certificate once,
    /// in the order wanted.
    pub(in crate::rules) order: Vec<usize>,
    /// A certificate that stood before, and where.
    pub(in crate::rules) twice: Vec<(usize, usize)>,
    /// Authorities on no path from the leaf.
    pub(in crate::rules) strangers: Vec<usize>,
    /// End entities besides the leaf.
    pub(in crate::rules) other_leafs: Vec<usize>,
    /// A certificate and its issuer, which stands before it.
    pub(in crate::rules) inverted: Option<(usize, usize)>,
}

/// Certificates by subject, and by subject and key identifier.
struct Index<'a> {
    named: HashMap<&'a str, Vec<usize>>,
    identified: HashMap<(&'a str, Option<&'a str>), Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(chain: &'a Chain, members: &[usize]) -> Self {
        let mut index = Self {
            named: HashMap::new(),
            identified: HashMap::new(),
        };
        for &member in members {
            let certificate = &chain.links[member].certificate;
            if certificate.subject.is_empty() {
                continue;
            }
            let subject = certificate.subject.as_str();
            index.named.entry(subject).or_default().push(member);
            index
                .identified
                .entry((subject, certificate.subject_key_id.as_deref()))
                .or_default()
                .push(member);
        }
        index
    }

    /// The lists of those who may have issued `child`, each with what stands for it, so that none
    /// is walked twice.
    fn issuers(&self, child: &'a Certificate) -> Vec<(Asked<'a>, &[usize])> {
        let issuer = child.issuer.as_str();
        let list = |key: (&'a str, Option<&'a str>)| self.identified.get(&key).map(Vec::as_slice);
        match child.authority_key_id.as_deref() {
            Some(id) => [
                (
                    Asked::Identified(issuer, Some(id)),
                    list((issuer, Some(id))),
                ),
                (Asked::Identified(issuer, None), list((issuer, None))),
            ]
            .into_iter()
            .filter_map(|(asked, list)| Some((asked, list?)))
            .collect(),
            None => self
                .named
                .get(issuer)
                .map(|list| (Asked::Named(issuer), list.as_slice()))
                .into_iter()
                .collect(),
        }
    }
}

/// A question that was put to the index.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Asked<'a> {
    Named(&'a str),
    Identified(&'a str, Option<&'a str>),
}

impl Shape {
    /// Looks at `chain`; a certificate that could not be read has no place in it.
    pub(in crate::rules) fn of(chain: &Chain) -> Self {
        if is_straight(chain) {
            let order = (0..chain.links.len()).collect();
            return Self {
                order,
                ..Self::default()
            };
        }
        Self::looked_into(chain)
    }

    fn looked_into(chain: &Chain) -> Self {
        let mut shape = Self::default();
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut members = Vec::new();
        // The leaf is what its index says, even where the same certificate stands before it.
        for (index, certificate) in chain.certificates().enumerate() {
            if certificate.unreadable.is_some() {
                continue;
            }
            match first.get(certificate.sha256.as_str()) {
                Some(&before) => shape.twice.push((index, before)),
                None => {
                    first.insert(&certificate.sha256, index);
                    members.push(index);
                }
            }
        }
        let leaf = chain
            .certificate(chain.leaf)
            .and_then(|leaf| first.get(leaf.sha256.as_str()))
            .copied();
        let Some(leaf) = leaf else {
            return shape;
        };
        let index = Index::of(chain, &members);
        shape.order = climb(chain, leaf, &index);
        shape.inverted = inverted(chain, &shape.order, &index);
        let belongs: HashSet<usize> = shape.order.iter().copied().collect();
        let issuers: HashSet<&str> = members
            .iter()
            .map(|&member| &chain.links[member].certificate)
            .filter(|certificate| !certificate.self_issued)
            .map(|certificate| certificate.issuer.as_str())
            .collect();
        for member in members {
            if belongs.contains(&member) {
                continue;
            }
            let certificate = &chain.links[member].certificate;
            // An authority without cA:TRUE is still none of the leafs: it issued another one, or is
            // a root of version 1.
            let authority = certificate.is_ca
                || issuers.contains(certificate.subject.as_str())
                || (certificate.version < 3 && certificate.self_issued);
            if authority {
                shape.strangers.push(member);
            } else {
                shape.other_leafs.push(member);
            }
        }
        shape
    }
}

/// Chains up to this length are first looked at for being straight.
const SHORT: usize = 8;

/// Whether each certificate is issued by the next and nothing else is there: nearly every chain that
/// a listener sees, and told without an index.
fn is_straight(chain: &Chain) -> bool {
    let links = &chain.links;
    let subject = |at: usize| links[at].certificate.subject.as_str();
    (1..=SHORT).contains(&links.len())
        && chain.leaf == 0
        && links.iter().enumerate().all(|(at, link)| {
            let one = &link.certificate;
            let issuers = (0..links.len()).filter(|&other| subject(other) == one.issuer);
            let wanted = (at + 1 < links.len()).then_some(at + 1);
            let identified = |issuer: usize| match &one.authority_key_id {
                None => true,
                Some(id) => match &links[issuer].certificate.subject_key_id {
                    None => true,
                    Some(own) => own == id,
                },
            };
            one.unreadable.is_none()
                && !one.subject.is_empty()
                && (0..at).all(|other| subject(other) != one.subject)
                && match wanted {
                    None if one.self_issued => true,
                    None => issuers.count() == 0,
                    Some(next) => !one.self_issued && issuers.eq([next]) && identified(next),
                }
        })
}

/// Tells by index what belongs to a chain. In a file whatever is on no path from the leaf has a
/// rule of its own and harms nobody by its dates; on the wire everything that was sent counts.
pub(in crate::rules) fn belongs(chain: &Chain) -> impl Fn(usize) -> bool {
    let members: Option<HashSet<usize>> = chain
        .in_file()
        .then(|| Shape::of(chain).order.into_iter().collect());
    move |index| {
        members
            .as_ref()
            .is_none_or(|members| members.contains(&index))
    }
}

/// The leaf and everything above it, the nearer first.
fn climb<'a>(chain: &'a Chain, leaf: usize, index: &Index<'a>) -> Vec<usize> {
    let mut order = vec![leaf];
    let mut known = HashSet::from([leaf]);
    let mut asked: HashSet<Asked<'a>> = HashSet::new();
    let mut next = 0;
    while let Some(&at) = order.get(next) {
        next += 1;
        let child = &chain.links[at].certificate;
        if child.self_issued {
            continue;
        }
        for (question, list) in index.issuers(child) {
            if !asked.insert(question) {
                continue;
            }
            for &issuer in list {
                if known.insert(issuer) {
                    order.push(issuer);
                }
            }
        }
    }
    order
}

/// A certificate that stands after its issuer.
fn inverted<'a>(chain: &'a Chain, order: &[usize], index: &Index<'a>) -> Option<(usize, usize)> {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted.into_iter().find_map(|at| {
        let child = &chain.links[at].certificate;
        if child.self_issued {
            return None;
        }
        index.issuers(child).into_iter().find_map(|(_, list)| {
            // Lists are in the chain's order: the first says all.
            let issuer = *list.first()?;
            // Two authorities that signed each other have no order.
            let mutual = chain.links[issuer].certificate.issuer == child.subject;
            (issuer < at && !mutual).then_some((at, issuer))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::{Certificate, Link},
        rules::chain::fixture::linked,
    };

    /// Every order of `count` things.
    fn permutations(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for shorter in permutations(count - 1) {
            for at in 0..=shorter.len() {
                let mut longer = shorter.clone();
                longer.insert(at, count - 1);
                all.push(longer);
            }
        }
        all
    }

    fn shuffled(count: usize, order: &[usize]) -> Chain {
        let straight = linked(count);
        Chain {
            links: order.iter().map(|&at| straight.links[at].clone()).collect(),
            leaf: order.iter().position(|&at| at == 0).unwrap(),
            ..straight
        }
    }

    #[test]
    fn a_straight_chain_has_the_shape_that_looking_into_it_finds() {
        for count in 1..5 {
            for order in permutations(count) {
                let chain = shuffled(count, &order);
                assert_eq!(Shape::of(&chain), Shape::looked_into(&chain));
                let sorted = order.is_sorted();
                assert_eq!(is_straight(&chain), sorted, "{order:?}");
            }
        }
        let mut strange = linked(3);
        let issuer = Certificate::clone(&strange.links[1].certificate);
        let other = Certificate {
            subject_key_id: Some("another key".to_owned()),
            ..issuer
        };
        strange.links[1] = Link::new(std::sync::Arc::new(other));
        assert_eq!(Shape::of(&strange), Shape::looked_into(&strange));
    }

    #[test]
    fn the_order_is_found_in_every_permutation() {
        for count in 1..=5 {
            for order in permutations(count) {
                let chain = shuffled(count, &order);
                let shape = Shape::of(&chain);
                let found: Vec<usize> = shape.order.iter().map(|&at| order[at]).collect();
                assert_eq!(found, (0..count).collect::<Vec<_>>(), "{order:?}");
                let straight = order.windows(2).all(|pair| pair[0] < pair[1]);
                assert_eq!(shape.inverted.is_none(), straight, "{order:?}");
                assert!(shape.strangers.is_empty() && shape.twice.is_empty());
            }
        }
    }

    #[test]
    fn key_identifiers_tell_namesakes_apart() {
        let mut chain = linked(2);
        let mut namesake = Certificate::clone(&chain.links[1].certificate);
        namesake.sha256 = "another".into();
        namesake.subject_key_id = Some("bb".into());
        chain.certificate_mut(0).authority_key_id = Some("aa".into());
        chain.certificate_mut(1).subject_key_id = Some("aa".into());
        chain.links.push(Link::new(namesake));
        let shape = Shape::of(&chain);
        assert_eq!((shape.order, shape.strangers), (vec![0, 1], vec![2]));
    }

    #[test]
    fn cross_signs_belong_to_the_chain_in_either_order() {
        let mut chain = linked(3);
        let mut cross = Certificate::clone(&chain.links[2].certificate);
        cross.sha256 = "cross".into();
        cross.issuer = "CN = Another".into();
        cross.self_issued = false;
        chain.links.push(Link::new(cross));
        for _ in 0..2 {
            let shape = Shape::of(&chain);
            assert_eq!(shape.inverted, None);
            assert_eq!(shape.order.len(), 4);
            chain.links.swap(2, 3);
        }
    }

    #[test]
    fn a_thousand_namesakes_are_no_burden() {
        let mut chain = linked(2);
        for number in 0..20_000_usize {
            let mut more = Certificate::clone(&chain.links[1].certificate);
            more.sha256 = format!("{number}");
            more.issuer.clone_from(&more.subject);
            more.self_issued = false;
            more.authority_key_id = (number % 2 == 0).then(|| format!("{number}"));
            more.subject_key_id = (number % 3 == 0).then(|| format!("{number}"));
            chain.links.push(Link::new(more));
        }
        let shape = Shape::of(&chain);
        assert_eq!(shape.order.len(), 20_002);
    }
}
