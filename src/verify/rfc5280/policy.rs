//! Certificate policies along a path (RFC 5280 section 6.1, with the graph of RFC 9618 in place of
//! the tree).
//!
//! Any policy is acceptable to us and none is asked for, so only one question is left: a
//! certificate of the path may ask for an explicit policy (policyConstraints), and then one has to
//! survive down to the leaf. Under that question a level of the graph is enough; its nodes are
//! unique by policy, so no path can make it grow beyond what its certificates list.

use std::collections::{BTreeMap, BTreeSet};

use super::{Link, problem, search::Found};
use crate::{
    facts::Problem,
    parse::cert::der::{self, Reader},
};

/// anyPolicy, 2.5.29.32.0, as an OID's contents.
const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];
/// OpenSSL's X509_V_ERR_INVALID_POLICY_EXTENSION and X509_V_ERR_NO_EXPLICIT_POLICY.
const INVALID: u32 = 42;
const NO_EXPLICIT: u32 = 43;

/// One level of the graph: valid policy -> expected policies.
type Level<'a> = BTreeMap<&'a [u8], BTreeSet<&'a [u8]>>;

/// The policy extensions of one certificate.
#[derive(Debug, Default)]
struct Policies<'a> {
    /// certificatePolicies.
    listed: Option<BTreeSet<&'a [u8]>>,
    /// policyMappings: issuer's policy -> subject's policies.
    mapped: BTreeMap<&'a [u8], BTreeSet<&'a [u8]>>,
    /// policyConstraints, requireExplicitPolicy.
    require_explicit: Option<usize>,
    /// policyConstraints, inhibitPolicyMapping.
    inhibit_mapping: Option<usize>,
    /// inhibitAnyPolicy.
    inhibit_any: Option<usize>,
}

/// Adds what does not hold.
pub(super) fn check(found: &Found<'_>, problems: &mut Vec<Problem>) {
    // The anchor's own policies are no part of the path (section 6.1.1 (d)).
    let length = found.links.len() - usize::from(found.anchored && found.links.len() > 1);
    walk(&found.links[..length], problems);
}

/// The same over the certificates below the anchor, leaf first.
pub(super) fn walk(links: &[Link<'_>], problems: &mut Vec<Problem>) {
    let length = links.len();
    let mut level: Level<'_> = Level::from([(ANY, BTreeSet::from([ANY]))]);
    let (mut explicit, mut mapping, mut any) = (length + 1, length + 1, length + 1);
    for depth in (0..length).rev() {
        let link = links[depth];
        let self_issued = link.details.self_issued && depth > 0;
        let policies = match Policies::of(link) {
            Ok(policies) => policies,
            Err(why) => {
                problems.push(problem(depth, link, INVALID, why));
                return;
            }
        };
        level = match &policies.listed {
            Some(listed) => next(&level, listed, any > 0 || self_issued),
            None => Level::new(),
        };
        if explicit == 0 && level.is_empty() {
            let why = "a CA above requires an explicit policy, and none is valid down to here";
            problems.push(problem(depth, link, NO_EXPLICIT, why));
            return;
        }
        if depth == 0 {
            explicit = explicit.saturating_sub(1);
            if policies.require_explicit == Some(0) {
                explicit = 0;
            }
        } else {
            if policies.mapped.contains_key(ANY)
                || policies.mapped.values().any(|to| to.contains(ANY))
            {
                let why =
                    "its policyMappings map anyPolicy, which RFC 5280 section 4.2.1.5 forbids";
                problems.push(problem(depth, link, INVALID, why));
                return;
            }
            map(&mut level, policies.mapped, mapping > 0);
            if !self_issued {
                explicit = explicit.saturating_sub(1);
                mapping = mapping.saturating_sub(1);
                any = any.saturating_sub(1);
            }
            explicit = explicit.min(policies.require_explicit.unwrap_or(explicit));
            mapping = mapping.min(policies.inhibit_mapping.unwrap_or(mapping));
            any = any.min(policies.inhibit_any.unwrap_or(any));
        }
    }
    if explicit == 0 && level.is_empty() {
        let why = "an explicit policy is required, and none is valid for the leaf";
        problems.push(problem(0, links[0], NO_EXPLICIT, why));
    }
}

/// Section 6.1.3 (d): the level below.
fn next<'a>(above: &Level<'a>, listed: &BTreeSet<&'a [u8]>, any_allowed: bool) -> Level<'a> {
    let mut level = Level::new();
    let expected: BTreeSet<&[u8]> = above.values().flatten().copied().collect();
    for &policy in listed.iter().filter(|&&policy| policy != ANY) {
        if expected.contains(policy) || above.contains_key(ANY) {
            level.insert(policy, BTreeSet::from([policy]));
        }
    }
    if any_allowed && listed.contains(ANY) {
        for policy in expected {
            level
                .entry(policy)
                .or_insert_with(|| BTreeSet::from([policy]));
        }
    }
    level
}

/// Section 6.1.4 (b).
fn map<'a>(level: &mut Level<'a>, mapped: BTreeMap<&'a [u8], BTreeSet<&'a [u8]>>, allowed: bool) {
    for (from, to) in mapped {
        if !allowed {
            level.remove(from);
        } else if level.contains_key(from) || level.contains_key(ANY) {
            level.insert(from, to);
        }
    }
}

impl<'a> Policies<'a> {
    fn of(link: Link<'a>) -> Result<Self, &'static str> {
        let mut policies = Self::default();
        let content = &link.certificate.der[link.details.layout.extensions.clone()];
        for extension in der::extensions(content) {
            policies.read(extension)?;
        }
        Ok(policies)
    }

    fn read(&mut self, extension: der::ExtensionTlv<'a>) -> Result<(), &'static str> {
        let sequence = |why| der::only(extension.value, der::SEQUENCE).ok_or(why);
        match extension.oid {
            [0x55, 0x1d, 32] => {
                let mut listed = BTreeSet::new();
                for policy in Reader::new(sequence("its certificatePolicies cannot be read")?) {
                    let oid = Reader::new(policy.content)
                        .tagged(der::OID)
                        .ok_or("its certificatePolicies cannot be read")?;
                    if !listed.insert(oid.content) {
                        return Err("its certificatePolicies list a policy twice");
                    }
                }
                if listed.is_empty() {
                    return Err("its certificatePolicies list none");
                }
                self.listed = Some(listed);
            }
            [0x55, 0x1d, 33] => {
                for pair in Reader::new(sequence("its policyMappings cannot be read")?) {
                    let mut oids = Reader::new(pair.content);
                    let (Some(from), Some(to)) = (oids.tagged(der::OID), oids.tagged(der::OID))
                    else {
                        return Err("its policyMappings cannot be read");
                    };
                    self.mapped
                        .entry(from.content)
                        .or_default()
                        .insert(to.content);
                }
            }
            [0x55, 0x1d, 36] => {
                let mut fields = Reader::new(sequence("its policyConstraints cannot be read")?);
                self.require_explicit = fields.tagged(0x80).map(|skip| small(skip.content));
                self.inhibit_mapping = fields.tagged(0x81).map(|skip| small(skip.content));
                if !fields.is_empty()
                    || (self.require_explicit.is_none() && self.inhibit_mapping.is_none())
                {
                    return Err("its policyConstraints cannot be read");
                }
            }
            [0x55, 0x1d, 54] => {
                let skip = der::only(extension.value, der::INTEGER)
                    .ok_or("its inhibitAnyPolicy cannot be read")?;
                self.inhibit_any = Some(small(skip));
            }
            _ => {}
        }
        Ok(())
    }
}

/// A number of certificates to skip; more than any path has is as good as unbounded.
fn small(content: &[u8]) -> usize {
    match der::trimmed(content) {
        [] => 0,
        [one] => usize::from(*one),
        _ => usize::MAX,
    }
}
