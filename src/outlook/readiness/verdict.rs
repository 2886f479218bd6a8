//! From what is known of each certificate to the answer, in a word and in a sentence.

use jiff::civil::Date;

use crate::{
    facts::{Grounds, IdentityOutlook, Outlook, Readiness, WantedAnchor},
    profiles::{Certainty, Profile},
};

/// What the answer is made of.
pub(super) struct Evidence<'a> {
    pub(super) profile: &'a Profile,
    pub(super) identities: Vec<IdentityOutlook>,
    /// The identities for which a root is missing.
    pub(super) lacking: Vec<&'a str>,
    pub(super) day: Date,
    /// What does not accept: a file, the webhook.
    pub(super) who: &'a str,
    pub(super) grounds: Grounds,
    /// The lasting certificate is refused after the handshake: whether the sender then falls back is not known.
    pub(super) late: bool,
}

/// The answer.
pub(super) fn conclude(evidence: &Evidence<'_>) -> Readiness {
    let Evidence {
        profile,
        identities,
        lacking,
        day,
        grounds,
        late,
        ..
    } = evidence;
    let (day, late) = (*day, *late);
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
    let seen_only = !matches!(grounds, Grounds::ClientCa { .. } | Grounds::CaNames { .. });
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
    let sentence = sentence(evidence, &lasting, (ending, ended), outlook);
    let add = profile
        .identity
        .iter()
        .filter(|identity| identity.lasting(day) && lacking.contains(&identity.name.as_str()))
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
        grounds: grounds.clone(),
        identities: identities.clone(),
        add,
        certainty: if unsure || matches!(grounds, Grounds::CaNames { .. }) {
            "inferred"
        } else {
            "sourced"
        },
    }
}

fn sentence(
    evidence: &Evidence<'_>,
    lasting: &[&IdentityOutlook],
    (ending, ended): (Option<&IdentityOutlook>, Option<&IdentityOutlook>),
    outlook: Outlook,
) -> String {
    let Evidence {
        profile,
        identities,
        day,
        who,
        late,
        ..
    } = evidence;
    let (day, late) = (*day, *late);
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
