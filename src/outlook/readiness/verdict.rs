//! From what is known of each certificate to the answer, in a word and in a sentence.

use jiff::civil::Date;

use crate::{
    facts::{Basis, IdentityOutlook, Outlook, Readiness, WantedAnchor},
    profiles::{Anchor, Certainty, Profile},
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
    pub(super) grounds: Basis,
    /// The lasting certificate is refused after the handshake: whether the sender then falls back
    /// is not known.
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
        identity.until.is_some_and(|until| until.latest() < day) && identity.accepted == Some(true)
    });
    let count = |wanted: Option<bool>| {
        lasting
            .iter()
            .filter(|identity| identity.accepted == wanted)
            .count()
    };
    let (yes, no) = (count(Some(true)), count(Some(false)));
    let seen_only = !matches!(grounds, Basis::ClientCa { .. } | Basis::CaNames { .. });
    let used = || identities.iter().filter(|identity| identity.in_use);
    let all =
        |wanted: bool| used().next().is_some() && used().all(|one| one.accepted == Some(wanted));
    let surely = used().all(|one| !perhaps_over(one, day));
    let (outlook, works_today) = if lasting.is_empty() && all(false) {
        (Outlook::Broken, Some(false))
    } else if lasting.is_empty() && all(true) && surely {
        // It works on this day; what follows nobody has announced.
        (Outlook::Ready, Some(true))
    } else if lasting.is_empty() {
        (
            Outlook::Uncertain,
            ending.filter(|one| !perhaps_over(one, day)).map(|_| true),
        )
    } else if yes == lasting.len() {
        (Outlook::Ready, Some(true))
    } else if ending.is_some() && yes == 0 && (no > 0 || seen_only) {
        // The sender turns to the ending one only when the other was refused.
        let sure = !late && ending.is_some_and(|one| !perhaps_over(one, day));
        (Outlook::Breaks, sure.then_some(true))
    } else if no == lasting.len() {
        (Outlook::Broken, Some(false))
    } else if yes > 0 && no == 0 && seen_only {
        (Outlook::Ready, Some(true))
    } else {
        (Outlook::Uncertain, None)
    };
    let breaks_on = match outlook {
        // Of a month the first day is the safe one.
        Outlook::Breaks => ending.and_then(|identity| Some(identity.until?.earliest())),
        _ => None,
    };
    let sentence = sentence(evidence, &lasting, (ending, ended), outlook);
    let add = needed(profile, lacking, day, lasting.is_empty())
        .into_iter()
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
        certainty: if unsure || matches!(grounds, Basis::CaNames { .. }) {
            "inferred"
        } else {
            "sourced"
        },
    }
}

/// The roots that are missing, each once: of what it goes on presenting, or of what it presents on
/// that day where all of that ends.
fn needed<'a>(profile: &'a Profile, lacking: &[&str], day: Date, all_end: bool) -> Vec<&'a Anchor> {
    let mut roots: Vec<&Anchor> = Vec::new();
    for identity in &profile.identity {
        let counts = identity.lasting(day) || (all_end && identity.used_on(day));
        if !counts || !lacking.contains(&identity.name.as_str()) {
            continue;
        }
        // Of several roots, where it is not known which one it is, all are needed.
        let most = match identity.anchor_unsettled {
            true => identity.roots.len(),
            false => 1,
        };
        for root in identity.roots.iter().take(most) {
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
    }
    roots
}

/// The sentences of one answer.
struct Words<'a> {
    evidence: &'a Evidence<'a>,
    /// An identity that is used from now on and accepted.
    accepted: Option<&'a IdentityOutlook>,
    /// One that is refused.
    refused: Option<&'a IdentityOutlook>,
    /// Why the refused one is; empty where none is.
    because: String,
}

fn sentence(
    evidence: &Evidence<'_>,
    lasting: &[&IdentityOutlook],
    (ending, ended): (Option<&IdentityOutlook>, Option<&IdentityOutlook>),
    outlook: Outlook,
) -> String {
    let with = |accepted: bool| {
        let mut lasting = lasting.iter().copied();
        lasting.find(|identity| identity.accepted == Some(accepted))
    };
    let refused = with(false).or_else(|| {
        let mut used = evidence.identities.iter().filter(|one| one.in_use);
        used.find(|one| lasting.is_empty() && one.accepted == Some(false))
    });
    let because = refused.map_or(String::new(), |identity| {
        format!(
            "{} does not accept the {} of {}: {}",
            evidence.who,
            called(identity),
            evidence.profile.title,
            identity.why
        )
    });
    let words = Words {
        evidence,
        accepted: with(true),
        refused,
        because,
    };
    match outlook {
        Outlook::Ready => words.ready(),
        Outlook::Breaks => words.breaks(ending),
        Outlook::Broken => words.broken(ended),
        Outlook::Uncertain => words.uncertain(),
    }
}

/// The day from which a certificate with this last day is no longer presented.
fn after(last: Date) -> Date {
    last.tomorrow().unwrap_or(last)
}

/// Whether its last day, of which only the month is known, may have passed.
fn perhaps_over(identity: &IdentityOutlook, day: Date) -> bool {
    identity.until.is_some_and(|until| until.earliest() < day)
}

/// An identity's certificate in a sentence.
fn called(identity: &IdentityOutlook) -> String {
    format!("{} certificate ({})", identity.identity, identity.leaf)
}

impl Words<'_> {
    fn ready(&self) -> String {
        let Evidence {
            profile,
            identities,
            day,
            who,
            ..
        } = self.evidence;
        if self.accepted.is_none()
            && let Some(opens) = self.opens()
        {
            return format!("works today: {opens}");
        }
        let title = &profile.title;
        let known: Vec<String> = identities
            .iter()
            .filter_map(|identity| Some((identity, identity.until?)))
            .map(|(identity, until)| {
                let when = match (until.is_exact(), until.latest() < *day) {
                    (true, true) => format!("was {until}"),
                    (true, false) => format!("is {until}"),
                    (false, true) => format!("was in {}", until.words()),
                    (false, false) => format!("is in {}, day unknown", until.words()),
                };
                format!("last day of its {} {when}", called(identity))
            })
            .collect();
        let which = self
            .accepted
            .map_or_else(|| "certificates".to_owned(), called);
        if known.is_empty() {
            return format!("works: {who} accepts the {which} of {title}");
        }
        let after = identities
            .iter()
            .filter_map(|identity| Some(identity.until?.latest()))
            .max();
        let lead = match after {
            Some(until) if until >= *day => format!("works today and after {until}"),
            _ => "works".to_owned(),
        };
        format!(
            "{lead}: {who} accepts the {which} of {title}; {}",
            known.join("; ")
        )
    }

    fn breaks(&self, ending: Option<&IdentityOutlook>) -> String {
        let Evidence {
            profile, day, late, ..
        } = self.evidence;
        let until = ending
            .and_then(|identity| identity.until)
            .unwrap_or_else(|| (*day).into());
        let legacy = ending.map_or(String::new(), called);
        let unsure = ending.is_some_and(|identity| perhaps_over(identity, *day));
        let today = if *late || unsure {
            "may work today"
        } else {
            "works today"
        };
        let because = if self.because.is_empty() {
            format!(
                "{} presented its {legacy}, as it does when the other one is rejected",
                profile.title
            )
        } else {
            format!(
                "{}; until then the sender falls back to its {legacy}",
                self.because
            )
        };
        format!(
            "{today}; {}, {}: {because}",
            until.as_last_day(),
            until.refused_from()
        )
    }

    fn broken(&self, ended: Option<&IdentityOutlook>) -> String {
        let because = &self.because;
        if let Some(identity) = ended
            && let Some(until) = identity.until
        {
            return format!(
                "broken since {}: {because}; the {}, which is accepted, is no longer used ({})",
                after(until.latest()),
                called(identity),
                until.as_last_day_on(self.evidence.day)
            );
        }
        let other: Vec<String> = self
            .evidence
            .identities
            .iter()
            .filter_map(|identity| Some((called(identity), identity.in_use, identity.until?)))
            .map(|(which, in_use, until)| {
                if in_use {
                    format!(", nor the {which}, {}", until.as_last_day())
                } else {
                    let was = if until.is_exact() { "was" } else { "was in" };
                    format!("; last day of its {which} {was} {}", until.words())
                }
            })
            .collect();
        format!("does not work: {because}{}", other.join(""))
    }

    /// Why nothing is known of the certificate that counts on that day.
    fn opens(&self) -> Option<String> {
        let Evidence {
            profile,
            identities,
            who,
            ..
        } = self.evidence;
        let title = &profile.title;
        let used = || identities.iter().filter(|identity| identity.in_use);
        if let Some(ending) = used().find(|one| one.until.is_some() && one.accepted == Some(true))
            && used().all(|one| one.until.is_some())
        {
            let until = ending.until?;
            return Some(format!(
                "{who} accepts the {} of {title}, {}; what it presents afterwards is not known",
                called(ending),
                until.as_last_day()
            ));
        }
        if used().next().is_none() {
            let last = identities.iter().max_by_key(|identity| identity.until)?;
            let until = last.until?;
            let was = if until.is_exact() { "was" } else { "was in" };
            return Some(format!(
                "what {title} presents on that day is not known: the last day of its {} {was} {}",
                called(last),
                until.words()
            ));
        }
        let open = used().find(|identity| identity.accepted.is_none())?;
        Some(format!(
            "whether {who} accepts the {} is not known: {}",
            called(open),
            open.why
        ))
    }

    fn uncertain(&self) -> String {
        match (self.accepted, self.refused) {
            (Some(yes), Some(_)) => format!(
                "may work: {} accepts the {}, but {}; it is not certain which one the sender presents",
                self.evidence.who,
                called(yes),
                self.because
            ),
            _ if matches!(self.evidence.grounds, Basis::Rehearsal { .. }) => {
                let first = self.evidence.identities.first();
                let why = first.map_or("", |one| &one.why);
                format!(
                    "the webhook rejected every test certificate ({why}), which are of a throwaway CA: that shows nothing about the certificates of {}; let the webhook trust that CA (mtls pki, --pki), or lint its client-CA file",
                    self.evidence.profile.title
                )
            }
            (None, None) if self.opens().is_some() => self.opens().unwrap_or_default(),
            _ => format!(
                "which certificates of {} are accepted is not known",
                self.evidence.profile.title
            ),
        }
    }
}
