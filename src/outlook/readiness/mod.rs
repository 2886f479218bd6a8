//! Whether a webhook accepts its sender, on a day and after the days on which the sender changes:
//! from a client-CA file (and the configuration that names it), from connections that came, from
//! rehearsals.
//!
//! For: rules, `engine` and `report`. Must not: know a sender by name, or call settled what a
//! profile calls inferred.

mod standing;
mod verdict;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use self::standing::{Standing, standing};
use self::verdict::{Evidence, conclude};
use super::admission::{self, Caller};
use crate::{
    context::Context,
    facts::{
        self, Admitted, Basis, CaName, Case, Certificate, Chain, Checks, IdentityOutlook,
        ListInUse, Place, Readiness, Sighting, Site, TurnedAway,
    },
    parse::{cert, name},
    profiles::{self, Identity, Profile},
};

/// `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY`.
const NO_ISSUER: u32 = 20;

/// The day of a moment, UTC.
pub fn day(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}

/// The outlook on senders by what a case shows: CA names that a server sent, else client-CA files.
pub fn of(case: &Case, context: &Context) -> Vec<Readiness> {
    let probe = case.probe();
    let request = probe.and_then(|probe| probe.request.as_ref());
    let sender = context
        .profile
        .filter(|profile| !profile.identity.is_empty());
    match (request, sender) {
        (Some(request), Some(profile)) => vec![of_names(profile, &request.ca_names, context.now)],
        _ => of_files(case, context),
    }
}

/// The outlook of each client-CA file of a case on the sender that was named, else on the known
/// senders whose anchors are in it and of which a change is announced.
pub fn of_files(case: &Case, context: &Context) -> Vec<Readiness> {
    let site = case.site();
    let files: Vec<(&Chain, bool)> = case.client_cas().collect();
    if files.is_empty() {
        return Vec::new();
    }
    // A server takes all the files that its configuration names together.
    let groups: Vec<Vec<&Chain>> = match site {
        Some(_) => vec![files.iter().map(|(chain, _)| *chain).collect()],
        None => files.iter().map(|(chain, _)| vec![*chain]).collect(),
    };
    let mut all = Vec::new();
    for group in groups {
        let anchors: Vec<Arc<Certificate>> =
            group.iter().flat_map(|chain| chain.shared()).collect();
        let path = path_of(group[0]);
        match context.profile {
            Some(profile) if profile.identity.is_empty() => {}
            Some(profile) => all.push(of_anchors(profile, &anchors, site, path, context.now)),
            None => all.extend(
                profiles::all()
                    .iter()
                    .filter(|profile| {
                        announced(profile)
                            && concerns(profile, &anchors, context.now)
                            && !left_to_others(profile, &anchors, context.now)
                    })
                    .map(|profile| of_anchors(profile, &anchors, site, path, context.now)),
            ),
        }
    }
    all
}

/// The outlook on every known sender of which an anchor is in a file.
pub fn known(anchors: &[Arc<Certificate>], path: &str, now: Timestamp) -> Vec<Readiness> {
    profiles::all()
        .iter()
        .filter(|profile| concerns(profile, anchors, now))
        .map(|profile| of_anchors(profile, anchors, None, path, now))
        .collect()
}

/// Whether a change of its certificates is announced.
fn announced(profile: &Profile) -> bool {
    profile
        .identity
        .iter()
        .any(|identity| identity.until.is_some())
}

/// Whether an anchor of the profile's, or one of its intermediates, is among these: nobody else is
/// known to need them for clients.
fn concerns(profile: &Profile, anchors: &[Arc<Certificate>], now: Timestamp) -> bool {
    profile
        .identity
        .iter()
        .any(|identity| match standing(identity, anchors, now, true) {
            Standing::Root(_) | Standing::Other(_) => true,
            Standing::Near(index, _) => identity
                .roots
                .iter()
                .any(|root| root.spki_sha256 == anchors[index].spki_sha256),
            Standing::Missing | Standing::Unknown(_) => false,
        })
}

/// Days after which a root that a sender has left, and another one needs, is taken to be there for
/// the other one.
const LEFT: i64 = 90;

/// Whether all that a file has of a sender are roots that it left long ago and that another known
/// sender needs today.
fn left_to_others(profile: &Profile, anchors: &[Arc<Certificate>], now: Timestamp) -> bool {
    let day = day(now);
    let has = |key: &str| anchors.iter().any(|anchor| anchor.spki_sha256 == key);
    let needed = |key: &str| {
        let others = profiles::all()
            .iter()
            .filter(|other| other.name != profile.name);
        others.flat_map(|other| &other.identity).any(|identity| {
            let mut roots = identity.roots.iter();
            identity.used_on(day) && roots.any(|root| root.spki_sha256 == key)
        })
    };
    profile.identity.iter().all(|identity| {
        let gone = identity
            .until
            .and_then(|until| {
                until
                    .latest()
                    .checked_add(jiff::Span::new().days(LEFT))
                    .ok()
            })
            .is_some_and(|end| end < day);
        let mut roots = identity.roots.iter().filter(|root| has(&root.spki_sha256));
        roots.all(|root| gone && needed(&root.spki_sha256))
    })
}

fn path_of(chain: &Chain) -> &str {
    match chain.links.first().and_then(|link| link.lines.as_ref()) {
        Some(Place::File { path, .. }) => path,
        _ => "the client-CA file",
    }
}

/// The outlook on one sender from a set of anchors, and from the configuration that names it where
/// one was read.
pub fn of_anchors(
    profile: &Profile,
    anchors: &[Arc<Certificate>],
    site: Option<&Site>,
    path: &str,
    now: Timestamp,
) -> Readiness {
    let day = day(now);
    let any_anchor = site.is_some_and(|site| site.software.takes_any_anchor());
    let mut late = false;
    let mut lacking = Vec::new();
    let identities = profile
        .identity
        .iter()
        .map(|identity| {
            let standing = standing(identity, anchors, now, any_anchor);
            let root_expired = matches!(&standing, Standing::Near(index, _) if is_root(identity, &anchors[*index]) && anchors[*index].not_after < now);
            let open = matches!(standing, Standing::Unknown(_));
            if !standing.accepts() && !open && !root_expired {
                lacking.push(identity.name.as_str());
            }
            let (mut accepted, mut why) = match &standing {
                Standing::Root(_) => (Some(true), "its root is in the file".to_owned()),
                Standing::Other(index) => (
                    Some(true),
                    format!("by {}, which is not its root", anchors[*index].label()),
                ),
                Standing::Near(_, why) => (Some(false), why.clone()),
                Standing::Missing => (Some(false), "its root is not in the file".to_owned()),
                Standing::Unknown(why) => (None, why.clone()),
            };
            if let Some(site) = site {
                let mut met = caller(identity, standing.accepts() || open);
                let lists = by_lists(site, identity);
                met.errors.extend(lists.iter().flatten());
                let mut admission = admission::admit(site, &met);
                if lists.is_none() && admission.outcome == Admitted::Accepted {
                    admission.outcome = Admitted::Unknown;
                    admission.why = "its revocation lists decide".to_owned();
                }
                accepted = match admission.outcome {
                    // Whatever its conditions are, the root decides.
                    Admitted::Accepted if open && site.mode().checks == Checks::All => None,
                    Admitted::Accepted => Some(true),
                    Admitted::Rejected => Some(false),
                    Admitted::Unknown => None,
                };
                late |= admission.rejected_by == Some(TurnedAway::HttpStatus)
                    && standing.accepts()
                    && identity.lasting(day);
                // The anchor says more than "its chain does not hold".
                if (standing.accepts() || accepted != Some(false))
                    && !(open && admission.outcome == Admitted::Accepted)
                    || open && accepted == Some(false)
                {
                    why = admission.why;
                }
            }
            IdentityOutlook {
                root_expired,
                ..outlook_of(identity, accepted, why, day)
            }
        })
        .collect();
    let grounds = Basis::ClientCa {
        path: path.to_owned(),
    };
    conclude(&Evidence {
        profile,
        identities,
        lacking,
        day,
        who: path,
        grounds,
        late,
    })
}

/// Whether a certificate is one of an identity's roots by its key, and no copy that another CA
/// signed.
fn is_root(identity: &Identity, certificate: &Certificate) -> bool {
    let mut roots = identity.roots.iter();
    certificate.self_issued && roots.any(|root| root.spki_sha256 == certificate.spki_sha256)
}

/// The outlook on one sender from the CA names in a CertificateRequest. A client takes from them
/// which certificate to send (RFC 8446 section 4.4.2.3): one of its chain's issuers has to be among
/// them. No name at all leaves it open.
pub fn of_names(profile: &Profile, names: &[CaName], now: Timestamp) -> Readiness {
    let day = day(now);
    let identities = profile
        .identity
        .iter()
        .map(|identity| {
            let (accepted, why) = match named(identity, names) {
                _ if names.is_empty() => (None, "the server names no CA".to_owned()),
                Some(name) => (Some(true), format!("it names {}", name.name)),
                None if !identity.wanted.is_empty() => {
                    (None, "the names of its CAs are not known".to_owned())
                }
                None => (Some(false), "none of its issuers is named".to_owned()),
            };
            outlook_of(identity, accepted, why, day)
        })
        .collect::<Vec<_>>();
    let lacking = profile
        .identity
        .iter()
        .zip(&identities)
        .filter(|(_, outlook)| outlook.accepted == Some(false))
        .map(|(identity, _)| identity.name.as_str())
        .collect();
    conclude(&Evidence {
        profile,
        identities,
        lacking,
        day,
        who: "the server, by the CA names that it sends,",
        grounds: Basis::CaNames {
            count: names.len() as u64,
        },
        late: false,
    })
}

/// The first name that an issuer in this identity's chain bears.
fn named<'a>(identity: &Identity, names: &'a [CaName]) -> Option<&'a CaName> {
    let roots: Vec<Vec<u8>> = identity
        .roots
        .iter()
        .map(|root| name::canonical(cert::certificate(&root.der).subject_der()))
        .collect();
    names.iter().find(|one| {
        roots.contains(&one.canonical)
            || facts::common_name(&one.name)
                .is_some_and(|name| identity.intermediates.iter().any(|known| known == name))
    })
}

/// The errors that a server's revocation lists bring for a sender's identity; `None` where that
/// depends on which of its roots it is.
fn by_lists(site: &Site, identity: &Identity) -> Option<Vec<u32>> {
    let between = |list: &ListInUse| {
        facts::common_name(&list.issuer)
            .is_some_and(|name| identity.intermediates.iter().any(|known| known == name))
    };
    let mut found: Option<Vec<u32>> = None;
    for root in &identity.roots {
        let name = name::canonical(cert::certificate(&root.der).subject_der());
        // One that is no anchor here is not what the chain ends at.
        if !site
            .lists
            .iter()
            .any(|list| list.anchor && list.issuer_canonical == name)
        {
            continue;
        }
        let errors = admission::list_errors(site, Some(&name), between)?;
        if found.as_ref().is_some_and(|found| *found != errors) {
            return None;
        }
        found = Some(errors);
    }
    Some(found.unwrap_or_default())
}

/// A sender's identity as a server meets it.
pub fn caller(identity: &Identity, anchored: bool) -> Caller {
    Caller {
        presents: true,
        errors: if anchored {
            Vec::new()
        } else {
            vec![NO_ISSUER]
        },
        intermediates: identity.intermediates_sent,
        common_name: identity.common_name().map(str::to_owned),
        subject: None,
        alternative_names: identity
            .leaf
            .iter()
            .find_map(|leaf| leaf.dns.clone())
            .map(|name| vec![name]),
    }
}

/// The outlook from what was seen of a sender's identities; the last sighting of each counts.
pub fn of_seen(profile: &Profile, seen: &[Sighting], grounds: Basis, now: Timestamp) -> Readiness {
    let day = day(now);
    let last = |identity: &Identity| seen.iter().rev().find(|one| one.identity == identity.name);
    let late = profile
        .identity
        .iter()
        .filter(|identity| identity.lasting(day))
        .filter_map(last)
        .any(|one| one.late);
    // A throwaway CA that is rejected is just not trusted: nobody learns from it what becomes of
    // the sender's own.
    let rehearsal = matches!(grounds, Basis::Rehearsal { .. });
    let in_vain = rehearsal && seen.iter().all(|one| !one.accepted);
    let identities: Vec<IdentityOutlook> = profile
        .identity
        .iter()
        .map(|identity| {
            let one = last(identity);
            let why = one.map_or("unknown", |one| one.how.as_str());
            let accepted = one.map(|one| one.accepted).filter(|_| !in_vain);
            outlook_of(identity, accepted, why.to_owned(), day)
        })
        .collect();
    // A rehearsal has roots of its own, and says nothing of the sender's.
    let lacking = match grounds {
        Basis::Rehearsal { .. } => Vec::new(),
        _ => seen
            .iter()
            .filter(|one| !one.accepted)
            .map(|one| one.identity.as_str())
            .collect(),
    };
    conclude(&Evidence {
        profile,
        identities,
        lacking,
        day,
        who: "the webhook",
        grounds,
        late,
    })
}

fn outlook_of(
    identity: &Identity,
    accepted: Option<bool>,
    why: String,
    day: Date,
) -> IdentityOutlook {
    IdentityOutlook {
        identity: identity.name.clone(),
        common_name: identity.common_name().map(str::to_owned),
        leaf: identity.leaf_words(),
        accepted,
        why,
        root_expired: false,
        in_use: identity.used_on(day),
        until: identity.until,
    }
}

#[cfg(test)]
mod tests;
