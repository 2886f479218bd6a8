//! What the rules about client-CA files share: which files those are, and what the senders' profiles say about their anchors.
//!
//! Must not: know a sender by name. Anchors are compared by public key: authorities reissue and cross-sign their roots.

use std::collections::HashSet;

use jiff::{civil::Date, tz::TimeZone};

use super::help::{path, place};
use crate::{
    context::Context,
    facts::{Case, Certificate, Chain, Holds, MeantAs, Side},
    finding::{Hit, Severity, Verdict},
    profiles::{Certainty, Identity, Profile},
};

/// Certificates that a finding lists at the most.
const LISTED: usize = 8;

/// A set of anchors that client certificates are judged by.
#[derive(Clone, Copy)]
pub(super) struct ClientCa<'a> {
    /// The anchors.
    pub(super) chain: &'a Chain,
    /// Whether it was called so (`--client-ca`); a file given by its path may be meant for something else.
    pub(super) named: bool,
}

impl<'a> ClientCa<'a> {
    /// Its certificates that could be read, with their indices.
    pub(super) fn anchors(self) -> impl Iterator<Item = (usize, &'a Certificate)> {
        self.chain
            .certificates
            .iter()
            .enumerate()
            .filter(|(_, certificate)| certificate.unreadable.is_none())
    }

    /// Whether it has an anchor of this identity.
    pub(super) fn accepts(self, identity: &Identity) -> bool {
        let known: HashSet<&str> = identity
            .anchors()
            .into_iter()
            .map(|anchor| anchor.spki_sha256.as_str())
            .collect();
        self.anchors()
            .any(|(_, certificate)| known.contains(certificate.spki_sha256.as_str()))
    }

    /// An intermediate of this identity that stands in it in the place of the root, told by its name.
    pub(super) fn intermediate_of(self, identity: &Identity) -> Option<(usize, &'a Certificate)> {
        self.anchors().find(|(_, certificate)| {
            let named = |name: &str| identity.intermediates.iter().any(|known| known == name);
            !certificate.self_issued && certificate.common_name().is_some_and(named)
        })
    }

    /// What to call it: its file.
    pub(super) fn name(self) -> &'a str {
        path(self.chain).unwrap_or("the client-CA file")
    }
}

/// The client-CA files of a case.
pub(super) fn client_cas(case: &Case) -> impl Iterator<Item = ClientCa<'_>> {
    case.bundles
        .iter()
        .map(|bundle| &bundle.chain)
        .filter(|chain| {
            chain.holds == Holds::Anchors
                && chain.role == Side::Client
                && !chain.certificates.is_empty()
        })
        .filter_map(|chain| {
            let meant = path(chain).and_then(|path| {
                let file = case.files.iter().find(|file| file.path == path)?;
                Some(file.meant_as)
            });
            let named = match meant {
                None | Some(MeantAs::ClientCa) => true,
                Some(MeantAs::Anything) => false,
                // `--cacert`: anchors to judge the chain by, which nobody deploys.
                Some(_) => return None,
            };
            Some(ClientCa { chain, named })
        })
}

/// Asks `check` about each client-CA file.
pub(super) fn each<'a>(case: &'a Case, check: impl Fn(ClientCa<'a>) -> Verdict) -> Verdict {
    let mut hits = Vec::new();
    let mut reason = None;
    let mut looked = false;
    for file in client_cas(case) {
        match check(file) {
            Verdict::Hit(more) => hits.extend(more),
            Verdict::Pass => looked = true,
            Verdict::NotApplicable(why) => reason = reason.or(Some(why)),
        }
    }
    if !hits.is_empty() {
        Verdict::Hit(hits)
    } else if looked {
        Verdict::Pass
    } else {
        Verdict::NotApplicable(reason.unwrap_or("no client-CA file was given"))
    }
}

/// One hit about all of these certificates, placed at the first; `None` when there are none.
pub(super) fn together(
    file: ClientCa<'_>,
    found: &[(usize, &Certificate, String)],
    fault: &str,
    remedy: &str,
) -> Option<Hit> {
    let (index, certificate, why) = found.first()?;
    let more = match found.len() {
        1 => String::new(),
        count => format!("; and {} more such anchors", count - 1),
    };
    let hit = Hit::new(
        format!("{} has an anchor that {fault}: {why}{more}", file.name()),
        certificate.label(),
        place(file.chain, *index),
        remedy,
    )
    .evidence("sha256", certificate.sha256.clone());
    Some(
        found
            .iter()
            .skip(1)
            .take(LISTED)
            .fold(hit, |hit, (_, other, why)| {
                hit.evidence("also", format!("{}: {why}", other.label()))
            }),
    )
}

/// The day of the judgement, UTC.
pub(super) fn today(context: &Context) -> Date {
    context.now.to_zoned_datetime(TimeZone::UTC).date()
}

/// Whether the sender presents this identity on `day` and on from there, as far as known.
pub(super) fn kept(identity: &Identity, day: Date) -> bool {
    identity.until.is_none() && identity.used_on(day)
}

/// Whether it has a last day.
pub(super) fn ending(identity: &Identity) -> Option<Date> {
    identity.until
}

/// How bad the absence of an identity's anchor is: as certain as the profile is of the identity.
pub(super) fn weight(identity: &Identity) -> (Severity, crate::finding::Certainty) {
    match identity.certainty {
        Certainty::Sourced | Certainty::Verified => {
            (Severity::Error, crate::finding::Certainty::Proven)
        }
        Certainty::Inferred => (Severity::Warning, crate::finding::Certainty::Likely),
    }
}

/// Adds what to trust for this identity, and how we know.
pub(super) fn with_anchors(hit: Hit, profile: &Profile, identity: &Identity, file: &str) -> Hit {
    let mut hit = hit.evidence(
        "sender",
        format!("{}, {} identity", profile.title, identity.name),
    );
    for anchor in identity.anchors() {
        hit = hit.evidence(
            "root to trust",
            format!("{}, sha256 {}", anchor.subject, anchor.sha256),
        );
    }
    for source in &identity.sources {
        hit = hit.evidence("source", format!("{source}, read {}", identity.seen));
    }
    if let Some(first) = identity.anchors().first() {
        hit = hit
            .command(format!(
                "openssl x509 -in {}.pem -noout -fingerprint -sha256",
                first.id
            ))
            .command(format!("cat {}.pem >> {file}", first.id));
    }
    hit
}
