//! Every path from the leaf upward: cross-signs, names with several keys, keys with several
//! certificates, loops, dead ends.
//!
//! A path never holds the same name and key twice (RFC 4158 section 2.4.1): that ends every loop of
//! cross-signs. What a hostile heap of certificates could still ask for is bounded by a number of
//! signature checks and of paths.

use std::collections::HashMap;

use super::{Link, Question, problem};
use crate::{
    facts::{Curve, KeyAlgorithm, Problem},
    parse::key,
    verify::{
        memory::By,
        openssl::bracketed,
        signature::{self, SignatureError},
    },
};

/// The longest path that is followed, leaf and anchor included; OpenSSL's own bound is 102.
const LONGEST: usize = 102;
/// Signatures that are checked at the most; one by a huge RSA key counts as many.
const SIGNATURES: usize = 600;
/// Paths that are kept at the most, dead ends included.
const PATHS: usize = 64;

/// A path, and why it goes no further when it ends at no anchor.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Found<'a> {
    /// Leaf first.
    pub(in crate::verify) links: Vec<Link<'a>>,
    /// Whether the last one is an anchor.
    pub(in crate::verify) anchored: bool,
    /// Why not.
    pub(in crate::verify) obstacle: Option<Problem>,
    /// Whether a signature on it could not be checked for lack of an implementation.
    pub(in crate::verify) unchecked: bool,
}

impl<'a> Found<'a> {
    /// The certificate at its top.
    pub(super) fn top(&self) -> Link<'a> {
        self.links[self.links.len() - 1]
    }
}

/// What a signature between two certificates came to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Edge {
    ChainUse,
    /// No implementation: taken for a link, remembered as unchecked.
    Unchecked(String),
    /// The reason why not.
    Broken(String),
    /// It was not looked at: that would have cost too much.
    Unpaid,
}

/// The search under way.
struct Search<'q, 'a> {
    question: &'q Question<'a>,
    /// Places in `pool` by comparable subject.
    by_subject: HashMap<&'a [u8], Vec<usize>>,
    pool: Vec<Link<'a>>,
    edges: HashMap<(&'a str, &'a str), Edge>,
    signatures: usize,
    /// Whether a bound kept it from looking further.
    bounded: bool,
    found: Vec<Found<'a>>,
}

/// What a search came to.
#[derive(Debug)]
pub(in crate::verify) struct Paths<'a> {
    /// The paths; never empty.
    pub(in crate::verify) found: Vec<Found<'a>>,
    /// Whether a bound ended the search, so that there may be others.
    pub(in crate::verify) bounded: bool,
}

/// All paths from the first of `links`.
pub(super) fn paths<'a>(links: &[Link<'a>], question: &Question<'a>) -> Paths<'a> {
    let mut by_subject: HashMap<&'a [u8], Vec<usize>> = HashMap::new();
    for (place, link) in links.iter().enumerate() {
        by_subject
            .entry(&link.details.subject)
            .or_default()
            .push(place);
    }
    let mut search = Search {
        question,
        by_subject,
        pool: links.to_vec(),
        edges: HashMap::new(),
        signatures: SIGNATURES,
        bounded: false,
        found: Vec::new(),
    };
    search.follow(&mut vec![links[0]], false);
    Paths {
        bounded: search.bounded || search.found.len() >= PATHS,
        found: search.found,
    }
}

impl<'a> Search<'_, 'a> {
    /// Extends `path` in every way.
    fn follow(&mut self, path: &mut Vec<Link<'a>>, unchecked: bool) {
        let top = path[path.len() - 1];
        if self.is_anchor(top) {
            self.keep(path, true, None, unchecked);
            return;
        }
        if path.len() >= LONGEST {
            self.bounded = true;
            let why = format!("the search stops after {LONGEST} certificates");
            self.dead_end(path, problem(path.len() - 1, top, 22, why), unchecked);
            return;
        }
        let mut extended = false;
        let mut broken: Option<(Link<'a>, String)> = None;
        for issuer in self.issuers(path, top) {
            if self.found.len() >= PATHS {
                return;
            }
            match self.edge(top, issuer) {
                Edge::Broken(why) => {
                    // Of several that did not sign it, the one that its key identifier points at
                    // says most.
                    if broken.is_none() {
                        broken = Some((issuer, why));
                    }
                }
                // That something was not looked at says more than what was.
                Edge::Unpaid => {
                    self.bounded = true;
                    broken = Some((issuer, too_costly()));
                }
                edge => {
                    extended = true;
                    path.push(issuer);
                    self.follow(path, unchecked || matches!(edge, Edge::Unchecked(_)));
                    path.pop();
                }
            }
        }
        if !extended {
            let obstacle = self.obstacle(path, top, broken);
            self.dead_end(path, obstacle, unchecked);
        }
    }

    fn is_anchor(&self, link: Link<'a>) -> bool {
        self.question
            .anchors
            .named(&link.details.subject)
            .any(|anchor| anchor.is(&link))
    }

    /// Certificates with the name of the issuer of `top`: anchors first, then those whose key
    /// identifier fits, then those in their dates. None whose name and key stand in the path
    /// already.
    fn issuers(&self, path: &[Link<'a>], top: Link<'a>) -> Vec<Link<'a>> {
        let name = top.details.issuer.as_slice();
        let anchors = self.question.anchors.named(name);
        let pool = self
            .by_subject
            .get(name)
            .into_iter()
            .flatten()
            .map(|&place| self.pool[place]);
        let mut issuers: Vec<(Link<'a>, bool)> = Vec::new();
        for (link, anchor) in anchors
            .map(|link| (link, true))
            .chain(pool.map(|link| (link, false)))
        {
            let walked = path.iter().any(|earlier| {
                earlier.details.subject == link.details.subject
                    && earlier.certificate.spki_der() == link.certificate.spki_der()
            });
            if !walked && !issuers.iter().any(|(known, _)| known.is(&link)) {
                issuers.push((link, anchor));
            }
        }
        issuers.sort_by_key(|(link, anchor)| {
            let certificate = link.certificate;
            let now = self.question.now;
            let valid = certificate.not_before <= now && now <= certificate.not_after;
            (!anchor, !identifies(top, *link), !valid)
        });
        issuers.into_iter().map(|(link, _)| link).collect()
    }

    /// Whether the key of `issuer` signed `child`.
    fn edge(&mut self, child: Link<'a>, issuer: Link<'a>) -> Edge {
        let key = (
            child.certificate.sha256.as_str(),
            issuer.certificate.sha256.as_str(),
        );
        if let Some(edge) = self.edges.get(&key) {
            return edge.clone();
        }
        let edge = match self
            .signatures
            .checked_sub(signature::cost(issuer.certificate.spki_der()))
        {
            None => Edge::Unpaid,
            Some(left) => {
                self.signatures = left;
                self.check(child, issuer)
            }
        };
        self.edges.insert(key, edge.clone());
        edge
    }

    fn check(&self, child: Link<'a>, issuer: Link<'a>) -> Edge {
        let der = &child.certificate.der;
        let layout = &child.details.layout;
        let (signed, signature) = (&der[layout.tbs.clone()], &der[layout.signature.clone()]);
        let algorithm = &der[layout.algorithm.clone()];
        let key = issuer.certificate.spki_der();
        let memory = self.question.anchors.memory();
        // What is remembered rests on the algorithm inside the signed part being the one outside.
        let result = if child.details.algorithms_agree {
            memory.recall(By::Us, key, signed, signature, || {
                signature::verify_certificate(signed, algorithm, signature, key)
            })
        } else {
            signature::verify_certificate(signed, algorithm, signature, key)
        };
        match result {
            Ok(()) => {
                self.tell_webpki(issuer, signed, signature);
                Edge::ChainUse
            }
            Err(SignatureError::Unsupported(name)) => Edge::Unchecked(name),
            Err(error) => Edge::Broken(error.to_string()),
        }
    }

    /// webpki is asked later. Where it would do the same sum, it need not do it again: keys that
    /// both take without conditions.
    fn tell_webpki(&self, issuer: Link<'a>, signed: &[u8], signature: &[u8]) {
        let key = &issuer.certificate.key;
        let same = match key.algorithm {
            KeyAlgorithm::Ec => key.curve.as_ref().is_some_and(Curve::is_usual),
            KeyAlgorithm::Ed25519 => true,
            KeyAlgorithm::Rsa => issuer.certificate.form.rsa.is_some_and(|rsa| {
                (2048..=8192).contains(&rsa.modulus_bits) && rsa.exponent == 65537
            }),
            _ => false,
        };
        if let (true, Some(spki)) = (same, key::spki(issuer.certificate.spki_der())) {
            let memory = self.question.anchors.memory();
            memory.keep(By::Webpki, spki.key, signed, signature);
        }
    }

    /// Why the path ends at `top`.
    fn obstacle(
        &self,
        path: &[Link<'a>],
        top: Link<'a>,
        broken: Option<(Link<'a>, String)>,
    ) -> Problem {
        let depth = path.len() - 1;
        if top.details.self_issued && top.details.looks_self_signed && broken.is_none() {
            let (num, what) = match depth {
                0 => (18, "the leaf is self-signed"),
                _ => (19, "the path ends in a self-signed certificate"),
            };
            let other = self.question.anchors.named(&top.details.subject).count();
            let why = match other {
                0 => format!("{what} that is not among the trust anchors"),
                _ => format!(
                    "{what} that is not among the trust anchors: one has its name, but another key"
                ),
            };
            return problem(depth, top, num, why);
        }
        match broken {
            Some((issuer, why)) if identifies(top, issuer) => problem(
                depth,
                top,
                7,
                format!(
                    "it was not made by the key of its issuer {}: {why}",
                    bracketed(&issuer.certificate.subject)
                ),
            ),
            // OpenSSL's X509_V_ERR_AKID_SKID_MISMATCH: an authority of that name is at hand, so
            // none is missing.
            Some((issuer, _)) => problem(
                depth,
                top,
                30,
                format!(
                    "its issuer has the name {}, but another key (the key identifiers differ)",
                    bracketed(&issuer.certificate.subject)
                ),
            ),
            None => problem(
                depth,
                top,
                20,
                match depth {
                    0 => format!(
                        "its issuer {} is not in the chain and not a trust anchor",
                        bracketed(&top.certificate.issuer)
                    ),
                    _ => format!(
                        "the path ends at {}, whose issuer {} is not in the chain and not a trust anchor",
                        bracketed(&top.certificate.subject),
                        bracketed(&top.certificate.issuer)
                    ),
                },
            ),
        }
    }

    fn dead_end(&mut self, path: &[Link<'a>], obstacle: Problem, unchecked: bool) {
        self.keep(path, false, Some(obstacle), unchecked);
    }

    fn keep(
        &mut self,
        path: &[Link<'a>],
        anchored: bool,
        obstacle: Option<Problem>,
        unchecked: bool,
    ) {
        if self.found.len() < PATHS {
            self.found.push(Found {
                links: path.to_vec(),
                anchored,
                obstacle,
                unchecked,
            });
        }
    }
}

fn too_costly() -> String {
    format!(
        "checking all signatures here would cost more than {SIGNATURES} ordinary ones, and this one was not checked"
    )
}

/// Whether the key identifiers of the two agree, or say nothing.
fn identifies(child: Link<'_>, issuer: Link<'_>) -> bool {
    match (
        &child.certificate.authority_key_id,
        &issuer.certificate.subject_key_id,
    ) {
        (Some(wanted), Some(own)) => wanted == own,
        _ => true,
    }
}
