//! What the rules about client-CA files share: which files those are, and what the senders'
//! profiles say about their anchors.
//!
//! Must not: know a sender by name. Anchors are compared by public key: authorities reissue and
//! cross-sign their roots.

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    context::Context,
    facts::{Basis, Case, Certificate, Chain, Outlook, Place, Readiness, When},
    finding::{Hit, Verdict},
    outlook::readiness::{Standing, standing},
    profiles::{self, Identity, Profile},
    rules::help::{fixed, on_disk, path, place, shell, whole},
};

/// Certificates that a finding lists at the most.
const LISTED: usize = 8;

/// A set of anchors that client certificates are judged by.
#[derive(Clone, Copy)]
pub(in crate::rules) struct ClientCa<'a> {
    /// The anchors.
    pub(in crate::rules) chain: &'a Chain,
    /// Whether it was called so (`--client-ca`); a file given by its path may be meant for
    /// something else.
    pub(in crate::rules) named: bool,
}

impl<'a> ClientCa<'a> {
    /// Its certificates that could be read, with their indices.
    pub(in crate::rules) fn anchors(self) -> impl Iterator<Item = (usize, &'a Certificate)> {
        self.chain
            .certificates()
            .enumerate()
            .filter(|(_, certificate)| certificate.unreadable.is_none())
    }

    /// What to call it: its file.
    pub(in crate::rules) fn name(self) -> &'a str {
        path(self.chain).unwrap_or("the client-CA file")
    }
}

/// The client-CA files of a case.
pub(in crate::rules) fn client_cas(case: &Case) -> impl Iterator<Item = ClientCa<'_>> {
    case.client_cas()
        .map(|(chain, named)| ClientCa { chain, named })
}

/// Asks `check` about each client-CA file.
pub(in crate::rules) fn each<'a>(
    case: &'a Case,
    check: impl Fn(ClientCa<'a>) -> Verdict,
) -> Verdict {
    asked(client_cas(case), check)
}

/// Asks `check` about each set of trust anchors, one that was given by its path alone included:
/// what is wrong with a CA certificate is wrong whatever it is for.
pub(in crate::rules) fn each_set<'a>(
    case: &'a Case,
    check: impl Fn(ClientCa<'a>) -> Verdict,
) -> Verdict {
    let sets = case.anchor_sets();
    asked(sets.map(|(chain, named)| ClientCa { chain, named }), check)
}

fn asked<'a>(
    files: impl Iterator<Item = ClientCa<'a>>,
    check: impl Fn(ClientCa<'a>) -> Verdict,
) -> Verdict {
    let mut hits = Vec::new();
    let mut reason = None;
    let mut looked = false;
    for file in files {
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
pub(in crate::rules) fn together(
    file: ClientCa<'_>,
    found: &[(usize, &Certificate, String)],
    fault: &str,
    remedy: &str,
) -> Option<Hit> {
    let (index, certificate, why) = found.first()?;
    let more = match found.len() {
        1 => String::new(),
        count => format!("; and {} more", count - 1),
    };
    let hit = Hit::new(
        format!(
            "the trust anchor \"{}\" {fault}: {why}{more}",
            certificate.label()
        ),
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

/// The command that writes the file without these certificates; `None` where none would be left,
/// where there is no file to name, or where they share lines with others.
pub(in crate::rules) fn without(
    file: ClientCa<'_>,
    found: &[(usize, &Certificate, String)],
) -> Option<String> {
    let path = path(file.chain).filter(|path| on_disk(path))?;
    let all = file.chain.links.len();
    if found.len() >= all || found.len() > LISTED {
        return None;
    }
    let lines = |index: usize| match place(file.chain, index) {
        // A block of one line is not a block of PEM.
        Place::File {
            first_line,
            last_line,
            ..
        } if last_line > first_line => Some((first_line, last_line)),
        _ => None,
    };
    let mut script = String::new();
    for (index, ..) in found {
        let (first, last) = lines(*index)?;
        let shared = (0..all)
            .filter(|other| other != index)
            .any(|other| lines(other).is_none_or(|(from, to)| from <= last && first <= to));
        if shared {
            return None;
        }
        script += &format!(" -e '{first},{last}d'");
    }
    Some(format!("sed{script} {} > {}", shell(path), fixed(path)))
}

/// The day of the judgement, UTC.
pub(in crate::rules) fn today(context: &Context) -> Date {
    context.now.to_zoned_datetime(TimeZone::UTC).date()
}

/// Whether the sender presents this identity on `day` and on from there, as far as known.
pub(in crate::rules) fn kept(identity: &Identity, day: Date) -> bool {
    identity.lasting(day)
}

/// Whether it has a last day.
pub(in crate::rules) fn ending(identity: &Identity) -> Option<Date> {
    identity.until.map(When::latest)
}

/// The profile that an outlook is about: the one that was named, else one of the program's.
pub(in crate::rules) fn profile_of(
    readiness: &Readiness,
    context: &Context,
) -> Option<&'static Profile> {
    context
        .profile
        .filter(|profile| profile.name == readiness.profile)
        .or_else(|| profiles::find(&readiness.profile))
}

/// Whether a file lacks what a sender needs: a root to add, or one that is a download.
pub(in crate::rules) fn lacks(readiness: &Readiness, context: &Context) -> bool {
    let lost = matches!(readiness.outlook, Outlook::Breaks | Outlook::Broken);
    let download =
        || profile_of(readiness, context).is_some_and(|profile| !profile.wanted().is_empty());
    !readiness.add.is_empty() || (lost && download())
}

/// The finding about an outlook that is not good: what it is, the roots to add, the lines to
/// change.
pub(in crate::rules) fn outlook(
    case: &Case,
    context: &Context,
    readiness: &Readiness,
    remedy: &str,
) -> Hit {
    let path = match &readiness.grounds {
        Basis::ClientCa { path } => path.as_str(),
        _ => "",
    };
    let file = case
        .client_cas()
        .map(|(chain, _)| chain)
        .find(|chain| self::path(chain) == Some(path));
    let profile = profile_of(readiness, context);
    // The one certificate that was taken for the right one, when there is one.
    let near = profile.zip(file).and_then(|(profile, chain)| {
        profile
            .identity
            .iter()
            .filter(|identity| kept(identity, today(context)))
            .find_map(
                |identity| match standing(identity, &chain.shared(), context.now, false) {
                    Standing::Near(index, _) => Some(index),
                    _ => None,
                },
            )
    });
    let at = match (file, near) {
        (Some(chain), Some(index)) => place(chain, index),
        (Some(chain), None) => whole(chain),
        (None, _) => Place::lines(path, 1, 1),
    };
    let mut hit = Hit::new(
        readiness.sentence.clone(),
        readiness.title.clone(),
        at,
        remedy,
    )
    .readiness(readiness.id());
    if let Some(site) = case.site() {
        for setting in &site.client_ca {
            hit = hit.evidence("configured at", located(&setting.place, &setting.text));
        }
    }
    for identity in &readiness.identities {
        let accepted = match identity.accepted {
            Some(true) => "accepted",
            Some(false) => "rejected",
            None => "unknown",
        };
        let until = identity.until.map_or_else(String::new, |until| {
            format!(", {}", until.as_last_day_on(today(context)))
        });
        hit = hit.evidence(
            identity.identity.clone(),
            format!("{}{until}: {accepted}, {}", identity.leaf, identity.why),
        );
    }
    let known = file.and_then(self::path).filter(|path| on_disk(path));
    for anchor in &readiness.add {
        hit = hit.evidence(
            "root to trust",
            format!("{}, sha256 {}", anchor.subject, anchor.sha256),
        );
    }
    // More than a few are all that the sender needs: its profile prints them together.
    let sets: Vec<&str> = match readiness.add.len() {
        0..=2 => readiness.add.iter().map(|one| one.id.as_str()).collect(),
        _ => vec![readiness.profile.as_str()],
    };
    for set in sets {
        hit = match known {
            Some(path) => hit.fix(format!("mtls profiles pem {set} >> {}", shell(path))),
            None => hit.step(format!("mtls profiles pem {set} >> clients.pem")),
        };
    }
    let sources = profile
        .iter()
        .flat_map(|profile| &profile.identity)
        .filter(|identity| kept(identity, today(context)));
    for identity in sources {
        for source in &identity.sources {
            hit = hit.evidence("source", format!("{source}, read {}", identity.seen));
        }
    }
    hit
}

/// A place in words: `nginx.conf:12: ssl_client_certificate clients.pem`.
pub(in crate::rules) fn located(place: &Place, text: &str) -> String {
    match place {
        Place::File {
            path, first_line, ..
        } => format!("{path}:{first_line}: {text}"),
        _ => text.to_owned(),
    }
}
