//! A chain as it was sent, against the path that was verified: a tree from the leaf down to the
//! anchor, with each fault where it is.

use std::collections::HashMap;

use crate::{
    engine::Judged,
    facts::{Basis, Certificate, Chain, ChainUse, Part, Place, TrustFacts, TrustStatus},
    finding::{Finding, Severity, Symptom},
    report::is_about,
};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Kind {
    /// The end entity.
    Leaf,
    /// An authority in between.
    Intermediate,
    /// A self-issued authority that is no anchor here.
    Root,
    /// What the path rests on.
    Anchor,
    /// Sent, and on no path that was verified.
    Aside,
    /// Sent before.
    Again,
    /// Wanted by the certificate before it, and found nowhere.
    Missing,
}

impl Kind {
    /// What it is, in a word or two.
    pub(in crate::render) fn words(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
            Self::Root => "root",
            Self::Anchor => "trust anchor",
            Self::Aside => "not on the verified path",
            Self::Again => "sent again",
            Self::Missing => "missing",
        }
    }
}

/// Something wrong with a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Fault {
    /// How bad.
    pub(in crate::render) severity: Severity,
    /// The rule's code and name; `None` where only path validation said it.
    pub(in crate::render) rule: Option<(&'static str, &'static str)>,
    /// Path validation's words, where no rule speaks.
    pub(in crate::render) why: String,
}

/// A certificate in its place.
#[derive(Clone, Debug)]
pub(in crate::render) struct Node<'a> {
    /// How far below the leaf it hangs.
    pub(in crate::render) depth: usize,
    /// What it stands for.
    pub(in crate::render) kind: Kind,
    /// Its place among those sent, from 1.
    pub(in crate::render) sent: Option<usize>,
    /// Its place on the verified path, from 1.
    pub(in crate::render) path: Option<usize>,
    /// What to call it; not escaped.
    pub(in crate::render) label: String,
    /// It; `None` where only its name is known.
    pub(in crate::render) certificate: Option<&'a Certificate>,
    /// What is wrong with it.
    pub(in crate::render) faults: Vec<Fault>,
}

/// The tree of a chain; `added` are certificates of the verified path that were not sent.
pub(in crate::render) fn tree<'a>(judged: &'a Judged, place: usize) -> Vec<Node<'a>> {
    let Some(chain) = judged.case.chain(place) else {
        return Vec::new();
    };
    let trust = chain.trust.as_ref();
    let mut nodes: Vec<Node<'a>> = match trust {
        Some(trust) if !trust.path.is_empty() => trust
            .path
            .iter()
            .enumerate()
            .map(|(depth, sha256)| on_path(judged, chain, trust, depth, sha256))
            .collect(),
        _ => by_issuer(chain),
    };
    let verified = trust.is_some_and(|trust| !trust.path.is_empty());
    if chain.holds == ChainUse::Identity
        && trust.is_some_and(|trust| trust.status != TrustStatus::Trusted && trust.anchor.is_none())
        && let Some(last) = nodes.last()
        && let Some(certificate) = last.certificate
        && !certificate.self_issued
        && certificate.unreadable.is_none()
    {
        let depth = last.depth + 1;
        nodes.push(Node {
            depth,
            kind: Kind::Missing,
            sent: None,
            path: None,
            label: certificate.issuer.clone(),
            certificate: None,
            faults: Vec::new(),
        });
    }
    for (index, certificate) in chain.certificates().enumerate() {
        if nodes.iter().any(|node| node.sent == Some(index + 1)) {
            continue;
        }
        let again = chain
            .certificates()
            .take(index)
            .any(|before| before.sha256 == certificate.sha256);
        let kind = match (again, verified) {
            (true, _) => Kind::Again,
            (false, true) => Kind::Aside,
            (false, false) => part(chain, index),
        };
        nodes.push(Node {
            depth: 0,
            kind,
            sent: Some(index + 1),
            path: None,
            label: certificate.label(),
            certificate: Some(certificate),
            faults: Vec::new(),
        });
    }
    blame(judged, place, chain, &mut nodes);
    nodes
}

/// The certificates of a set of anchors, and those that a sender would need in it: nothing hangs on
/// anything.
pub(in crate::render) fn anchors(judged: &Judged, place: usize) -> Vec<Node<'_>> {
    let Some(chain) = judged.case.chain(place) else {
        return Vec::new();
    };
    let mut nodes: Vec<Node<'_>> = chain
        .certificates()
        .enumerate()
        .map(|(index, certificate)| Node {
            depth: 0,
            kind: Kind::Anchor,
            sent: Some(index + 1),
            path: None,
            label: certificate.label(),
            certificate: Some(certificate),
            faults: Vec::new(),
        })
        .collect();
    blame(judged, place, chain, &mut nodes);
    // What a sender's certificates rest on and the file has not got: the fault of the file, not of
    // a certificate that is in it.
    for readiness in &judged.readiness {
        let here = match &readiness.grounds {
            Basis::ClientCa { path } => chain.is_in(path),
            _ => false,
        };
        if !here || readiness.add.is_empty() {
            continue;
        }
        let about = |finding: &&Finding| finding.hit.readiness.as_ref() == Some(&readiness.id());
        let mut faults = Vec::new();
        for finding in judged.findings.iter().filter(about) {
            push(&mut faults, finding);
            for node in &mut nodes {
                node.faults
                    .retain(|fault| fault.rule.is_none_or(|(code, _)| code != finding.rule.code));
            }
        }
        nodes.extend(readiness.add.iter().map(|wanted| Node {
            depth: 0,
            kind: Kind::Missing,
            sent: None,
            path: None,
            label: wanted.subject.clone(),
            certificate: None,
            faults: faults.clone(),
        }));
    }
    nodes
}

fn part(chain: &Chain, index: usize) -> Kind {
    match chain.part(index) {
        Part::Leaf => Kind::Leaf,
        Part::Intermediate => Kind::Intermediate,
        Part::Root => Kind::Root,
    }
}

fn on_path<'a>(
    judged: &'a Judged,
    chain: &'a Chain,
    trust: &TrustFacts,
    depth: usize,
    sha256: &str,
) -> Node<'a> {
    let is_it = |certificate: &&Certificate| certificate.sha256 == *sha256;
    let sent = chain
        .certificates()
        .position(|certificate| is_it(&certificate));
    let certificate = sent
        .and_then(|index| chain.certificate(index))
        .or_else(|| chain.added().find(is_it))
        .or_else(|| {
            // Anchors that were given as a file are at hand too.
            let mut given = judged.case.bundles.iter().map(|bundle| &bundle.chain);
            given.find_map(|chain| chain.certificates().find(is_it))
        });
    let last = depth + 1 == trust.path.len();
    let kind = match sent {
        _ if last && trust.anchor.is_some() => Kind::Anchor,
        _ if depth == 0 => Kind::Leaf,
        Some(index) if chain.part(index) == Part::Root => Kind::Root,
        _ => Kind::Intermediate,
    };
    // Of those that are not at hand the names are known: from the path that was tried, or from
    // OpenSSL's callbacks.
    let named = || {
        let candidate = trust.candidates.iter().find(|one| one.path == trust.path);
        candidate
            .and_then(|candidate| candidate.subjects.get(depth).cloned())
            .or_else(|| {
                let mut events = trust.events.iter();
                let event = events.find(|event| event.depth == depth);
                event.map(|event| event.subject.clone())
            })
            .or_else(|| trust.anchor.clone().filter(|_| last))
            .unwrap_or_else(|| format!("sha256:{}", sha256.get(..16).unwrap_or(sha256)))
    };
    Node {
        depth,
        kind,
        sent: sent.map(|index| index + 1),
        path: Some(depth + 1),
        label: certificate.map_or_else(named, Certificate::label),
        certificate,
        faults: Vec::new(),
    }
}

/// Without a verified path: from the leaf to whoever has its issuer's name, and on.
fn by_issuer(chain: &Chain) -> Vec<Node<'_>> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut next = (chain.leaf < chain.links.len()).then_some(chain.leaf);
    while let Some(index) = next {
        let certificate = &chain.links[index].certificate;
        nodes.push(Node {
            depth: nodes.len(),
            kind: part(chain, index),
            sent: Some(index + 1),
            path: None,
            label: certificate.label(),
            certificate: Some(certificate),
            faults: Vec::new(),
        });
        next = (0..chain.links.len()).find(|&other| {
            let issuer = &chain.links[other].certificate;
            !certificate.self_issued
                && certificate.unreadable.is_none()
                && issuer.unreadable.is_none()
                && issuer.subject_der() == certificate.issuer_der()
                && nodes.iter().all(|node| node.sent != Some(other + 1))
        });
    }
    nodes
}

/// Hangs what was found where it belongs.
fn blame(judged: &Judged, place: usize, chain: &Chain, nodes: &mut [Node<'_>]) {
    let loud = || {
        judged
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
    };
    // A file may have as many findings as certificates, and of both there may be many thousands.
    let mut at: HashMap<&Place, Vec<&Finding>> = HashMap::new();
    for finding in loud() {
        at.entry(&finding.hit.place).or_default().push(finding);
    }
    for node in nodes.iter_mut() {
        let Some(index) = node.sent.map(|sent| sent - 1) else {
            continue;
        };
        for finding in at.get(&chain.place(index)).into_iter().flatten() {
            push(&mut node.faults, finding);
        }
    }
    // What is said of an issuer that is not there belongs to its own node, not to the certificate
    // that wants it.
    if let Some(missing) = nodes.iter().position(|node| node.kind == Kind::Missing) {
        let (there, rest) = nodes.split_at_mut(missing);
        let Some(node) = rest.first_mut() else { return };
        for finding in loud()
            .filter(|finding| about_a_missing_issuer(finding) && is_about(judged, finding, place))
        {
            push(&mut node.faults, finding);
            for other in there.iter_mut() {
                other
                    .faults
                    .retain(|fault| fault.rule.is_none_or(|(code, _)| code != finding.rule.code));
            }
        }
    }
    let Some(trust) = &chain.trust else { return };
    for problem in &trust.problems {
        // What the anchors are not asked for is nobody's fault.
        let asked = trust.status == TrustStatus::Untrusted;
        let node = nodes
            .iter_mut()
            .find(|node| node.path == Some(problem.depth + 1));
        if let (Some(node), true) = (node, asked)
            && node.faults.is_empty()
        {
            let of_a_rule = loud().any(|finding| {
                finding
                    .rule
                    .symptoms
                    .contains(&Symptom::Verify(problem.error.num))
                    && is_about(judged, finding, place)
            });
            if !of_a_rule {
                node.faults.push(Fault {
                    severity: Severity::Error,
                    rule: None,
                    why: problem.why.clone(),
                });
            }
        }
    }
}

fn push(faults: &mut Vec<Fault>, finding: &Finding) {
    let rule = Some((finding.rule.code, finding.rule.name));
    if faults.iter().all(|fault| fault.rule != rule) {
        faults.push(Fault {
            severity: finding.severity,
            rule,
            why: String::new(),
        });
    }
}

/// Whether a finding says that an issuer was not found: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
/// .._LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE.
fn about_a_missing_issuer(finding: &Finding) -> bool {
    let mut symptoms = finding.rule.symptoms.iter();
    symptoms.any(|symptom| matches!(symptom, Symptom::Verify(2 | 20 | 21)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn drawn(fixture: Fixture) -> Vec<String> {
        let (case, context) = fixture.done();
        let judged = judge(case, &context);
        tree(&judged, 0)
            .iter()
            .map(|node| {
                let codes: Vec<&str> = node
                    .faults
                    .iter()
                    .map(|fault| fault.rule.map_or(fault.why.as_str(), |(code, _)| code))
                    .collect();
                format!(
                    "{} {} sent {} path {} [{}]",
                    node.depth,
                    node.kind.words(),
                    node.sent.map_or("-".to_owned(), |sent| sent.to_string()),
                    node.path.map_or("-".to_owned(), |path| path.to_string()),
                    codes.join(" ")
                )
            })
            .collect()
    }

    #[test]
    fn a_good_chain_is_a_line_from_leaf_to_authority() {
        let good = drawn(Fixture::good());
        assert!(good[0].starts_with("0 leaf sent 1"), "{good:?}");
        assert!(good[1].starts_with("1 "), "{good:?}");
        assert!(good.iter().all(|line| line.ends_with("[]")), "{good:?}");
    }

    #[test]
    fn a_fault_stands_at_its_certificate() {
        let expired = drawn(Fixture::good().leaf_expired());
        assert!(expired[0].ends_with("[MT201]"), "{expired:?}");
    }

    #[test]
    fn an_issuer_that_is_not_there_has_a_place_of_its_own() {
        let missing = drawn(Fixture::good().leaf_only().problem(0, 20).problem(0, 21));
        assert_eq!(
            missing.last().unwrap(),
            "1 missing sent - path - [MT203]",
            "{missing:?}"
        );
    }
}
