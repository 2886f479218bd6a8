//! Whether a webhook accepts its sender, on a day and after the days on which the sender changes: from a client-CA file (and the
//! configuration that names it), from connections that came, from rehearsals.
//!
//! For: rules, `engine` and `report`. Must not: know a sender by name, or call settled what a profile calls inferred.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::admission::{self, Caller};
use crate::{
    context::Context,
    facts::{
        Admitted, Case, Certificate, Chain, Grounds, IdentityOutlook, Outlook, Place, Readiness,
        Site, TurnedAway, WantedAnchor,
    },
    profiles::{self, Certainty, Identity, Profile},
};

/// `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY`.
const NO_ISSUER: u32 = 20;

/// The day of a moment, UTC.
pub fn day(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}

/// What an identity finds among a webhook's anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its root, at this index.
    Root(usize),
    /// Another certificate that leads to its root's key and is an anchor for this software: a cross-signed copy, or the intermediate.
    Other(usize),
    /// Something that looks like it and is no anchor for it: where, and why not.
    Near(usize, String),
    /// Nothing.
    Missing,
}

impl Standing {
    /// Whether the identity's chain finds an anchor.
    pub fn accepts(&self) -> bool {
        matches!(self, Self::Root(_) | Self::Other(_))
    }
}

/// Looks for an identity's anchors among these certificates, by key. `any_anchor`: the software takes every certificate in the file for
/// an anchor, and not self-signed ones alone.
pub fn standing(
    identity: &Identity,
    anchors: &[Certificate],
    now: Timestamp,
    any_anchor: bool,
) -> Standing {
    let mut near: Option<(usize, String)> = None;
    let mut other: Option<usize> = None;
    let in_time =
        |certificate: &Certificate| certificate.not_before <= now && now <= certificate.not_after;
    let readable = || {
        anchors
            .iter()
            .enumerate()
            .filter(|(_, certificate)| certificate.unreadable.is_none())
    };
    for (index, certificate) in readable() {
        let its_key = identity
            .roots
            .iter()
            .any(|root| root.spki_sha256 == certificate.spki_sha256);
        let its_intermediate = !certificate.self_issued
            && certificate
                .common_name()
                .is_some_and(|name| identity.intermediates.iter().any(|known| known == name));
        if !its_key && !its_intermediate {
            continue;
        }
        let what = match (its_key, certificate.self_issued) {
            (true, true) => "its root is there",
            (true, false) => "a copy of its root signed by another authority is there",
            _ => "its intermediate is there",
        };
        if !in_time(certificate) {
            let end = if now > certificate.not_after {
                format!("{what}, but ended on {}", day(certificate.not_after))
            } else {
                format!("{what}, but begins on {} only", day(certificate.not_before))
            };
            near.get_or_insert((index, end));
            continue;
        }
        if its_key && certificate.self_issued {
            return Standing::Root(index);
        }
        let leads_on = readable().any(|(_, issuer)| {
            issuer.self_issued && in_time(issuer) && issuer.subject == certificate.issuer
        });
        if any_anchor || (its_key && leads_on) {
            other.get_or_insert(index);
        } else {
            near.get_or_insert((
                index,
                format!("{what}, which OpenSSL, nginx and Apache do not take for the root"),
            ));
        }
    }
    if let Some(index) = other {
        return Standing::Other(index);
    }
    // The same organization's other roots are taken for the right one.
    let wanted: BTreeSet<&str> = identity
        .roots
        .iter()
        .filter_map(|root| organization(&root.subject))
        .collect();
    let kin = readable().find(|(_, certificate)| {
        organization(&certificate.subject).is_some_and(|name| wanted.contains(name))
    });
    match (near, kin) {
        (Some((index, why)), _) => Standing::Near(index, why),
        (None, Some((index, certificate))) => Standing::Near(
            index,
            format!(
                "{} is of the same organization and another root",
                certificate.common_name().unwrap_or("what is there")
            ),
        ),
        (None, None) => Standing::Missing,
    }
}

/// The organization in a subject as OpenSSL prints it.
fn organization(subject: &str) -> Option<&str> {
    subject
        .split(", ")
        .find_map(|part| part.strip_prefix("O = "))
}

/// The outlook of each client-CA file of a case on the sender that was named, else on the known senders whose anchors are in it and of
/// which a change is announced.
pub fn of(case: &Case, context: &Context) -> Vec<Readiness> {
    let site = case.site.as_deref();
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
        let anchors: Vec<Certificate> = group
            .iter()
            .flat_map(|chain| chain.certificates.iter().cloned())
            .collect();
        let path = path_of(group[0]);
        match context.profile {
            Some(profile) if profile.identity.is_empty() => {}
            Some(profile) => all.push(of_anchors(profile, &anchors, site, path, context.now)),
            None => all.extend(
                profiles::all()
                    .iter()
                    .filter(|profile| {
                        announced(profile) && concerns(profile, &anchors, context.now)
                    })
                    .map(|profile| of_anchors(profile, &anchors, site, path, context.now)),
            ),
        }
    }
    all
}

/// Whether a change of its certificates is announced.
fn announced(profile: &Profile) -> bool {
    profile
        .identity
        .iter()
        .any(|identity| identity.until.is_some())
}

/// Whether an anchor of the profile's, or one of its intermediates, is among these: nobody else is known to need them for clients.
fn concerns(profile: &Profile, anchors: &[Certificate], now: Timestamp) -> bool {
    profile
        .identity
        .iter()
        .any(|identity| match standing(identity, anchors, now, true) {
            Standing::Root(_) | Standing::Other(_) => true,
            Standing::Near(index, _) => identity
                .roots
                .iter()
                .any(|root| root.spki_sha256 == anchors[index].spki_sha256),
            Standing::Missing => false,
        })
}

fn path_of(chain: &Chain) -> &str {
    match chain.places.first() {
        Some(Place::File { path, .. }) => path,
        _ => "the client-CA file",
    }
}

/// The outlook on one sender from a set of anchors, and from the configuration that names it where one was read.
pub fn of_anchors(
    profile: &Profile,
    anchors: &[Certificate],
    site: Option<&Site>,
    path: &str,
    now: Timestamp,
) -> Readiness {
    let day = day(now);
    let any_anchor = site.is_some_and(|site| site.software.takes_any_anchor());
    let mut late = false;
    let identities = profile
        .identity
        .iter()
        .map(|identity| {
            let standing = standing(identity, anchors, now, any_anchor);
            let (mut accepted, mut why) = match &standing {
                Standing::Root(_) => (Some(true), "its root is there".to_owned()),
                Standing::Other(index) => (
                    Some(true),
                    format!("by {}, which is not its root", anchors[*index].label()),
                ),
                Standing::Near(_, why) => (Some(false), why.clone()),
                Standing::Missing => (Some(false), "its root is not there".to_owned()),
            };
            if let Some(site) = site {
                let admission = admission::admit(site, &caller(identity, standing.accepts()));
                accepted = match admission.outcome {
                    Admitted::Accepted => Some(true),
                    Admitted::Rejected => Some(false),
                    Admitted::Unknown => None,
                };
                late |= admission.rejected_by == Some(TurnedAway::HttpStatus)
                    && standing.accepts()
                    && identity.lasting(day);
                // The anchor says more than "its chain does not hold".
                if standing.accepts() || accepted != Some(false) {
                    why = admission.why;
                }
            }
            outlook_of(identity, accepted, why, day)
        })
        .collect();
    conclude(
        profile,
        identities,
        day,
        path,
        Grounds::ClientCa {
            path: path.to_owned(),
        },
        late,
    )
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
        common_name: Some(identity.leaf_common_name.clone()),
        subject: None,
        alternative_names: None,
    }
}

/// The outlook from what was seen of a sender's identities, by name: accepted or refused.
pub fn of_seen(
    profile: &Profile,
    seen: &[(String, bool)],
    grounds: Grounds,
    now: Timestamp,
) -> Readiness {
    let day = day(now);
    let named = |identity: &Identity| -> Option<bool> {
        let mut own = seen
            .iter()
            .filter(|(name, _)| *name == identity.name)
            .map(|(_, accepted)| *accepted);
        let first = own.next()?;
        Some(first && own.all(|accepted| accepted))
    };
    let identities: Vec<IdentityOutlook> = profile
        .identity
        .iter()
        .map(|identity| {
            let accepted = named(identity);
            let why = match accepted {
                Some(true) => "it came, and was accepted",
                Some(false) => "it came, and was refused",
                None => "it did not come",
            };
            outlook_of(identity, accepted, why.to_owned(), day)
        })
        .collect();
    conclude(profile, identities, day, "the webhook", grounds, false)
}

fn outlook_of(
    identity: &Identity,
    accepted: Option<bool>,
    why: String,
    day: Date,
) -> IdentityOutlook {
    IdentityOutlook {
        identity: identity.name.clone(),
        common_name: identity.leaf_common_name.clone(),
        accepted,
        why,
        in_use: identity.used_on(day),
        until: identity.until,
    }
}

/// The verdict. `late` says that the lasting certificate is refused after the handshake: whether the sender then falls back is not known.
fn conclude(
    profile: &Profile,
    identities: Vec<IdentityOutlook>,
    day: Date,
    who: &str,
    grounds: Grounds,
    late: bool,
) -> Readiness {
    let lasting: Vec<&IdentityOutlook> = identities
        .iter()
        .filter(|identity| identity.in_use && identity.until.is_none())
        .collect();
    let ending = identities.iter().find(|identity| {
        identity.until.is_some() && identity.in_use && identity.accepted == Some(true)
    });
    let ended = identities.iter().find(|identity| {
        identity.until.is_some_and(|until| until < day) && identity.accepted == Some(true)
    });
    let count = |wanted: Option<bool>| {
        lasting
            .iter()
            .filter(|identity| identity.accepted == wanted)
            .count()
    };
    let (yes, no) = (count(Some(true)), count(Some(false)));
    let seen_only = !matches!(grounds, Grounds::ClientCa { .. });
    let (outlook, works_today) = if lasting.is_empty() {
        (Outlook::Uncertain, ending.map(|_| true))
    } else if yes == lasting.len() {
        (Outlook::Ready, Some(true))
    } else if ending.is_some() && yes == 0 && (no > 0 || seen_only) {
        // The sender turns to the ending one only when the other was refused.
        (Outlook::Breaks, if late { None } else { Some(true) })
    } else if no == lasting.len() {
        (Outlook::Broken, Some(false))
    } else if yes > 0 && no == 0 && seen_only {
        (Outlook::Ready, Some(true))
    } else {
        (Outlook::Uncertain, None)
    };
    let breaks_on = match outlook {
        Outlook::Breaks => ending.and_then(|identity| identity.until),
        _ => None,
    };
    let sentence = sentence(
        profile,
        &identities,
        &lasting,
        (ending, ended),
        outlook,
        day,
        who,
        late,
    );
    let add = profile
        .identity
        .iter()
        .filter(|identity| {
            identity.lasting(day)
                && identities
                    .iter()
                    .any(|own| own.identity == identity.name && own.accepted == Some(false))
        })
        .filter_map(|identity| identity.roots.first())
        .map(|root| WantedAnchor {
            id: root.id.clone(),
            subject: root.subject.clone(),
            sha256: root.sha256.clone(),
        })
        .collect();
    let unsure = profile
        .identity
        .iter()
        .any(|identity| identity.lasting(day) && identity.certainty == Certainty::Inferred);
    Readiness {
        profile: profile.name.clone(),
        title: profile.title.clone(),
        outlook,
        works_today,
        breaks_on,
        sentence,
        grounds,
        identities,
        add,
        certainty: if unsure { "inferred" } else { "sourced" },
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one sentence of everything that was concluded"
)]
fn sentence(
    profile: &Profile,
    identities: &[IdentityOutlook],
    lasting: &[&IdentityOutlook],
    (ending, ended): (Option<&IdentityOutlook>, Option<&IdentityOutlook>),
    outlook: Outlook,
    day: Date,
    who: &str,
    late: bool,
) -> String {
    let title = &profile.title;
    let called = |identity: &IdentityOutlook| {
        format!(
            "{} certificate (CN = {})",
            identity.identity, identity.common_name
        )
    };
    let refused = lasting
        .iter()
        .find(|identity| identity.accepted == Some(false));
    let accepted = lasting
        .iter()
        .find(|identity| identity.accepted == Some(true));
    let because = refused.map_or(String::new(), |identity| {
        format!(
            "{who} does not accept the {} of {title}: {}",
            called(identity),
            identity.why
        )
    });
    match outlook {
        Outlook::Ready => {
            let known: Vec<String> = identities
                .iter()
                .filter_map(|identity| Some((identity, identity.until?)))
                .map(|(identity, until)| {
                    if until < day {
                        format!("its {} ended on {until}", called(identity))
                    } else {
                        format!("its {} ends on {until}", called(identity))
                    }
                })
                .collect();
            let which =
                accepted.map_or_else(|| "certificates".to_owned(), |identity| called(identity));
            if known.is_empty() {
                format!("works: {who} accepts the {which} of {title}")
            } else {
                let after = identities
                    .iter()
                    .filter_map(|identity| identity.until)
                    .max();
                let lead = match after {
                    Some(until) if until >= day => format!("works today and after {until}"),
                    _ => "works".to_owned(),
                };
                format!(
                    "{lead}: {who} accepts the {which} of {title}; {}",
                    known.join("; ")
                )
            }
        }
        Outlook::Breaks => {
            let until = ending.and_then(|identity| identity.until).unwrap_or(day);
            let legacy = ending.map_or(String::new(), called);
            let today = if late {
                "may work today"
            } else {
                "works today"
            };
            let because = if because.is_empty() {
                format!("{title} presented its {legacy}, which it does when the other was refused")
            } else {
                format!("{because}; until then the sender falls back to its {legacy}")
            };
            format!("{today}, breaks on {until}: {because}")
        }
        Outlook::Broken => match (ended, ended.and_then(|identity| identity.until)) {
            (Some(identity), Some(until)) => format!(
                "broken since {until}: {because}; the {}, which is accepted, is used no more",
                called(identity)
            ),
            _ => {
                let other: Vec<String> = identities
                    .iter()
                    .filter_map(|identity| {
                        Some((called(identity), identity.in_use, identity.until?))
                    })
                    .map(|(which, in_use, until)| {
                        if in_use {
                            format!(", nor the {which}, used until {until}")
                        } else {
                            format!("; its {which} ended on {until}")
                        }
                    })
                    .collect();
                format!("does not work: {because}{}", other.join(""))
            }
        },
        Outlook::Uncertain => match (accepted, refused) {
            (Some(yes), Some(_)) => format!(
                "may work: {who} accepts the {}, but {because}; which of them is presented is not known for sure",
                called(yes)
            ),
            _ => format!(
                "cannot be told: what decides about the certificates of {title} was not seen"
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::cert;

    fn sender() -> &'static Profile {
        profiles::all()
            .iter()
            .find(|profile| announced(profile))
            .unwrap()
    }

    fn told(anchors: &[Certificate], now: &str) -> Readiness {
        of_anchors(sender(), anchors, None, "clients.pem", now.parse().unwrap())
    }

    fn roots(identity: usize) -> Vec<Certificate> {
        let roots = &sender().identity[identity].roots;
        roots
            .iter()
            .map(|root| cert::certificate(&root.der))
            .collect()
    }

    const BEFORE: &str = "2026-11-25T12:00:00Z";
    const AFTER: &str = "2026-12-02T00:00:00Z";
    const LATER: &str = "2027-06-01T00:00:00Z";

    #[test]
    fn every_file_on_every_day() {
        let both: Vec<Certificate> = roots(0).into_iter().chain(roots(1)).collect();
        use Outlook::{Breaks, Broken, Ready};
        for (anchors, wanted) in [
            (roots(1), [Breaks, Broken, Broken]),
            (roots(0), [Ready; 3]),
            (both, [Ready; 3]),
            (Vec::new(), [Broken; 3]),
        ] {
            let found = [BEFORE, AFTER, LATER].map(|now| told(&anchors, now).outlook);
            assert_eq!(found, wanted, "{:?}", anchors.len());
        }
    }

    #[test]
    fn the_day_is_named_whatever_the_verdict() {
        let until = sender()
            .identity
            .iter()
            .find_map(|identity| identity.until)
            .unwrap();
        for anchors in [roots(0), roots(1), Vec::new()] {
            let said = told(&anchors, BEFORE).sentence;
            assert!(said.contains(&until.to_string()), "{said}");
        }
        let since = told(&roots(1), LATER).sentence;
        assert!(since.contains(&format!("broken since {until}")), "{since}");
    }

    #[test]
    fn a_cross_signed_copy_counts_while_it_lasts_and_leads_to_a_root() {
        let root = roots(0).remove(0);
        let copy = |ends: &str| Certificate {
            self_issued: false,
            issuer: "O = Another".into(),
            not_after: ends.parse().unwrap(),
            ..root.clone()
        };
        let issuer = Certificate {
            subject: "O = Another".into(),
            ..roots(1).remove(0)
        };
        let identity = &sender().identity[0];
        let now: Timestamp = AFTER.parse().unwrap();
        let of = |anchors: &[Certificate], any| standing(identity, anchors, now, any);
        let ended = of(&[copy("2026-11-30T00:00:00Z")], true);
        assert!(
            matches!(&ended, Standing::Near(0, why) if why.contains("2026-11-30")),
            "{ended:?}"
        );
        assert!(matches!(
            of(&[copy("2030-01-01T00:00:00Z")], false),
            Standing::Near(..)
        ));
        assert_eq!(
            of(&[copy("2030-01-01T00:00:00Z")], true),
            Standing::Other(0)
        );
        assert_eq!(
            of(&[copy("2030-01-01T00:00:00Z"), issuer], false),
            Standing::Other(0)
        );
    }

    #[test]
    fn the_fallback_seen_alone_breaks() {
        let profile = sender();
        let legacy = &profile.identity[1].name;
        let grounds = || Grounds::Connections { count: 1 };
        let now = BEFORE.parse().unwrap();
        let only = of_seen(profile, &[(legacy.clone(), true)], grounds(), now);
        assert_eq!(
            (only.outlook, only.works_today),
            (Outlook::Breaks, Some(true))
        );
        let current = of_seen(
            profile,
            &[(profile.identity[0].name.clone(), true)],
            grounds(),
            now,
        );
        assert_eq!(current.outlook, Outlook::Ready);
    }
}
