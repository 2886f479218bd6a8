//! What servers ask of clients beyond a CA, compared: who may lose access where more is asked, and
//! who may gain it where less is.

use std::collections::HashSet;

use super::{AccessChange, Snapshot, State, access::of_states};
use crate::parse::ids;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// At most so many intermediates.
    Intermediates(u32),
    /// One of these TLS versions, wire numbers.
    Versions(Vec<u16>),
    /// A condition on the certificate, or a certificate, as it is written.
    Condition(String),
    /// Not to be on this revocation list, by the SHA-256 of its bytes.
    List(String),
    /// A certificate of one of the CAs, where the client presents one.
    Checked,
}

/// Something that a server asks of its clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The server's name.
    pub door: String,
    /// What it asks.
    pub asks: Limited,
}

/// Versions that are offered where a configuration names none.
const USUAL: [u16; 2] = [0x0303, 0x0304];

/// Who is excluded by what one state asks and the other does not, and why.
fn excluded(by: &[&Limited], without: &[&Limited]) -> Vec<(String, String)> {
    let versions = |all: &[&Limited]| {
        let mut named = all.iter().filter_map(|one| match one {
            Limited::Versions(versions) => Some(versions.clone()),
            _ => None,
        });
        named.next().unwrap_or_else(|| USUAL.to_vec())
    };
    let intermediates = |all: &[&Limited]| {
        all.iter().find_map(|one| match one {
            Limited::Intermediates(most) => Some(*most),
            _ => None,
        })
    };
    let mut found = Vec::new();
    for asked in by.iter().filter(|asked| !without.contains(*asked)) {
        match asked {
            Limited::Intermediates(most) => {
                // Where certificates are not verified at all, that is said already.
                let verified = without.contains(&&Limited::Checked);
                if verified && intermediates(without).is_none_or(|other| other > *most) {
                    let unit = if *most == 1 {
                        "intermediate"
                    } else {
                        "intermediates"
                    };
                    found.push((
                        format!("clients with more than {most} {unit}"),
                        "by the depth of verification".to_owned(),
                    ));
                }
            }
            Limited::Condition(text) => found.push((
                format!("clients that do not fulfil `{text}`"),
                "by a condition of the configuration".to_owned(),
            )),
            Limited::List(_) => found.push((
                "clients on the revocation list".to_owned(),
                "whose certificates are on it is not compared; to ask about a client: --would-accept CLIENT.pem"
                    .to_owned(),
            )),
            Limited::Checked => found.push((
                "clients with a certificate of another CA".to_owned(),
                "their certificates are verified by the client-CA file".to_owned(),
            )),
            Limited::Versions(_) => {}
        }
    }
    let offered = versions(by);
    for version in versions(without) {
        if !offered.contains(&version) {
            found.push((
                format!("clients that support only {}", ids::version_name(version)),
                "the version is not offered".to_owned(),
            ));
        }
    }
    found
}

/// Who may lose access, and who may gain it, by what the servers of both states ask.
pub(super) fn lost(old: &Snapshot, new: &Snapshot, single: bool) -> Vec<AccessChange> {
    // What is not a server asks nothing, and says nothing of what one asks.
    let ([name, ..], [other, ..]) = (old.sites.as_slice(), new.sites.as_slice()) else {
        return Vec::new();
    };
    let at = |state: &Snapshot, door: &str| -> bool {
        single || state.access.iter().any(|one| one.door == door)
    };
    let mut doors: Vec<&str> = Vec::new();
    for limit in old.limits.iter().chain(&new.limits) {
        // Of a server that one of the two does not have there is nothing to compare.
        if at(old, &limit.door) && at(new, &limit.door) && !doors.contains(&limit.door.as_str()) {
            doors.push(&limit.door);
        }
    }
    if single {
        doors.truncate(1);
    }
    let mut found = Vec::new();
    if single && name != other {
        found.push(AccessChange {
            who: format!("callers of {name}"),
            effect: of_states(State::Accepted, State::Unknown),
            old: Some(State::Accepted),
            new: Some(State::Unknown),
            why: format!("the new configuration has {other} in its place; whether that one answers for the name is not known"),
        });
    }
    let mut known = HashSet::new();
    for door in doors {
        let of = |state: &'_ Snapshot| -> Vec<Limited> {
            let limits = state.limits.iter();
            limits
                .filter(|limit| single || limit.door == door)
                .map(|limit| limit.asks.clone())
                .collect()
        };
        let (before, after) = (of(old), of(new));
        let (before, after): (Vec<&Limited>, Vec<&Limited>) =
            (before.iter().collect(), after.iter().collect());
        let sides = [
            (excluded(&after, &before), State::Accepted),
            (excluded(&before, &after), State::Rejected),
        ];
        for (excluded, was) in sides {
            for (who, why) in excluded {
                let change = AccessChange {
                    who,
                    effect: of_states(was, State::Unknown),
                    old: Some(was),
                    new: Some(State::Unknown),
                    why,
                };
                if known.insert(change.clone()) {
                    found.push(change);
                }
            }
        }
    }
    found
}
