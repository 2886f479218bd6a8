//! Findings that are one thing to their reader: the same rule about the same certificate, or with
//! the same remedy.
//!
//! For: every renderer for people. Must not: drop a finding; machines get each of them.

use std::collections::{HashMap, hash_map::Entry};

use crate::{
    facts::Place,
    finding::{About, Act, Finding, Severity},
};

/// A finding and those that are said with it.
#[derive(Clone, Debug)]
pub(super) struct Gathered<'a> {
    /// The one that is printed.
    pub(super) first: &'a Finding,
    /// The others, in their order.
    pub(super) more: Vec<&'a Finding>,
}

impl Gathered<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.more.len() + 1
    }
}

/// The findings of one case in groups, in the order of the first of each.
pub(super) fn within<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Gathered<'a>> {
    gathered(findings, true)
}

/// The same across cases, where only a remedy can be the same.
pub(super) fn across<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Gathered<'a>> {
    gathered(findings, false)
}

/// What the findings of a group share.
#[derive(PartialEq, Eq, Hash)]
enum Shared<'a> {
    Remedy(&'a str, &'a [String]),
    Certificate(About, &'a Place),
}

fn gathered<'a>(findings: impl IntoIterator<Item = &'a Finding>, one: bool) -> Vec<Gathered<'a>> {
    let mut groups: Vec<Gathered<'a>> = Vec::new();
    let mut known: HashMap<(&str, Severity, Act, Shared<'a>), usize> = HashMap::new();
    for finding in findings {
        let remedy = &finding.hit.remedy;
        let by_remedy = Shared::Remedy(&remedy.text, &remedy.commands);
        let certificate = matches!(finding.about, About::Link(..) | About::Chain(_));
        let by_certificate =
            (one && certificate).then_some(Shared::Certificate(finding.about, &finding.hit.place));
        let key = |shared| (finding.rule.code, finding.severity, finding.act, shared);
        let keys: Vec<_> = [Some(by_remedy), by_certificate]
            .into_iter()
            .flatten()
            .map(key)
            .collect();
        let place = keys.iter().find_map(|key| known.get(key).copied());
        let place = place.unwrap_or(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.more.push(finding),
            None => groups.push(Gathered {
                first: finding,
                more: Vec::new(),
            }),
        }
        for key in keys {
            if let Entry::Vacant(vacant) = known.entry(key) {
                vacant.insert(place);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn finding() -> Finding {
        let (case, context) = Fixture::good().leaf_expired().done();
        judge(case, &context).findings.swap_remove(0)
    }

    #[test]
    fn the_same_certificate_and_the_same_remedy_are_one() {
        let first = finding();
        let mut remedied = finding();
        remedied.hit.remedy.text.push_str(", or not");
        let mut elsewhere = remedied.clone();
        elsewhere.about = About::Link(0, 7);
        let mut worse = finding();
        worse.severity = Severity::Note;
        let all = [first, remedied, elsewhere, worse];
        let counts: Vec<usize> = within(&all).iter().map(Gathered::count).collect();
        // The third has the second's remedy, the second the first's certificate.
        assert_eq!(counts, [3, 1]);
        let counts: Vec<usize> = across(&all).iter().map(Gathered::count).collect();
        assert_eq!(counts, [1, 2, 1]);
    }
}
