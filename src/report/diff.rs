//! Two states of a deployment compared: what changed, and who loses access.
//!
//! For: `diff`. Must not: judge anything anew, or call kept what one of the two states does not
//! show.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use serde::Serialize;

use super::OverallVerdict;
use crate::{
    facts::{Certificate, ChainUse, Side},
    verify::hosts,
};

/// One state of a deployment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What was named: a file, a folder, an endpoint.
    pub name: String,
    /// The certificates in it.
    pub certificates: Vec<Listed>,
    /// What its configurations say.
    pub settings: Vec<Said>,
    /// Who is accepted, and who accepts it.
    pub access: Vec<Access>,
    /// Whether [`Who::Below`] has all CAs of its client-CA files.
    pub lists_cas: bool,
    /// The leaves of its server chains.
    pub leaves: Vec<Arc<Certificate>>,
}

/// What a certificate is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A server's own chain.
    ServerChain,
    /// A client's own chain.
    ClientChain,
    /// What clients are judged by.
    ClientCa,
    /// What servers are judged by.
    TrustAnchors,
}

impl Role {
    /// The role of the certificates of a chain.
    pub fn of(holds: ChainUse, side: Side) -> Self {
        match (holds, side) {
            (ChainUse::Identity, Side::Server) => Self::ServerChain,
            (ChainUse::Identity, Side::Client) => Self::ClientChain,
            (ChainUse::Anchors, Side::Client) => Self::ClientCa,
            (ChainUse::Anchors, Side::Server) => Self::TrustAnchors,
        }
    }

    /// As it is printed.
    pub fn words(self) -> &'static str {
        match self {
            Self::ServerChain => "server chain",
            Self::ClientChain => "client chain",
            Self::ClientCa => "client CA",
            Self::TrustAnchors => "trust anchors",
        }
    }
}

/// A certificate of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is there for.
    pub role: Role,
    /// SHA-256 of its DER.
    pub sha256: String,
    /// Its name, with its last day.
    pub label: String,
}

/// A setting of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of what.
    pub what: String,
    /// What it says.
    pub value: String,
}

/// Whether somebody gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Accepted.
    Accepted,
    /// Accepted until a known day.
    Ends,
    /// Not known.
    Unknown,
    /// Rejected.
    Rejected,
}

/// Who it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// A client, by what to call it.
    Client(String),
    /// Clients with a certificate below this CA, of whom nothing else is known.
    Below(String),
    /// Callers that trust this root.
    TrustsRoot(String),
    /// Callers of this host.
    Calls(String),
}

impl Who {
    /// In words.
    fn words(&self) -> String {
        match self {
            Self::Client(client) => client.clone(),
            Self::Below(ca) => format!("clients with a certificate below {ca}"),
            Self::TrustsRoot(root) => format!("callers that trust {root}"),
            Self::Calls(host) => format!("callers of {host}"),
        }
    }
}

/// Somebody, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where: a server's name, a file.
    pub door: String,
    /// Who.
    pub who: Who,
    /// What becomes of them.
    pub state: State,
    /// Why.
    pub why: String,
}

/// What a change means for somebody.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema, Hash,
)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Accepted before, and not any more.
    Loses,
    /// Accepted before, or it is not known; now it is not known.
    MayLose,
    /// Rejected before, and now it is not known.
    MayGain,
    /// Rejected before, and now accepted.
    Gains,
    /// Accepted before and now.
    Keeps,
    /// Rejected now, and no worse than before.
    Outside,
}

/// Somebody before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema, Hash)]
pub struct AccessChange {
    /// Who.
    pub who: String,
    /// What it means for them.
    pub effect: Effect,
    /// Before; `None` where the old state has nothing to say of them.
    pub old: Option<State>,
    /// After; `None` where the new state has nothing to say of them.
    pub new: Option<State>,
    /// Why, in the new state; in the old one where the new one has no reason.
    pub why: String,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Change {
    /// Of what.
    pub what: String,
    /// Before; `None` where it is new.
    pub old: Option<String>,
    /// After; `None` where it is gone.
    pub new: Option<String>,
}

/// What two states come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Diff {
    /// What the old state is.
    pub old: String,
    /// What the new state is.
    pub new: String,
    /// `fail` when somebody loses access, `unknown` when somebody may.
    pub verdict: OverallVerdict,
    /// Whom it is about, who loses first.
    pub access: Vec<AccessChange>,
    /// What changed.
    pub changes: Vec<Change>,
}

impl Diff {
    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.verdict != OverallVerdict::Pass)
    }

    /// How many of an effect.
    pub fn count(&self, effect: Effect) -> usize {
        self.access
            .iter()
            .filter(|one| one.effect == effect)
            .count()
    }
}

/// Compares them.
pub fn compare(old: &Snapshot, new: &Snapshot) -> Diff {
    let mut access = who(old, new);
    access.sort_by_key(|one| one.effect);
    let worst = access.iter().map(|one| one.effect).min();
    Diff {
        old: old.name.clone(),
        new: new.name.clone(),
        verdict: match worst {
            Some(Effect::Loses) => OverallVerdict::Fail,
            Some(Effect::MayLose) => OverallVerdict::Unknown,
            _ => OverallVerdict::Pass,
        },
        access,
        changes: changes(old, new),
    }
}

/// Whom a state is about, each once, by who and where.
struct ByWho<'a> {
    all: Vec<&'a Access>,
    found: HashMap<(&'a Who, &'a str), &'a Access>,
    single: bool,
}

impl<'a> ByWho<'a> {
    /// With `single`, its doors are one.
    fn new(state: &'a Snapshot, single: bool) -> Self {
        let mut by = Self {
            all: Vec::new(),
            found: HashMap::new(),
            single,
        };
        for one in &state.access {
            if let Entry::Vacant(place) = by.found.entry(Self::key(single, one)) {
                place.insert(one);
                by.all.push(one);
            }
        }
        by
    }

    fn key(single: bool, one: &Access) -> (&Who, &str) {
        (&one.who, if single { "" } else { &one.door })
    }

    fn find(&self, one: &Access) -> Option<&'a Access> {
        self.found.get(&Self::key(self.single, one)).copied()
    }
}

fn who(old: &Snapshot, new: &Snapshot) -> Vec<AccessChange> {
    let doors = |state: &Snapshot| {
        let doors: HashSet<&str> = state.access.iter().map(|one| one.door.as_str()).collect();
        doors.len()
    };
    // Doors are those of the other state by name, or by being the only one of each.
    let single = doors(old) <= 1 && doors(new) <= 1;
    let (before, after) = (ByWho::new(old, single), ByWho::new(new, single));
    let mut found: Vec<(&Who, AccessChange)> = Vec::new();
    for one in &before.all {
        let mut now = after.find(one);
        if let (Who::Calls(host), None) = (&one.who, now)
            && new.leaves.iter().any(|leaf| hosts::matches(host, leaf))
        {
            now = Some(one);
        }
        found.push((&one.who, change(Some(one), now)));
    }
    for one in &after.all {
        if before.find(one).is_none() {
            found.push((&one.who, change(None, Some(one))));
        }
    }
    // A name that is still covered helps nobody where the chain leads to no root any more.
    let root = |(who, _): &&(&Who, AccessChange)| matches!(who, Who::TrustsRoot(_));
    let leads = |(_, one): &(&Who, AccessChange)| one.effect == Effect::Keeps;
    let lost = found.iter().any(|one| root(&one)) && !found.iter().filter(root).any(leads);
    found.retain(|(who, one)| {
        !(lost && matches!(who, Who::Calls(_)) && one.effect == Effect::Keeps)
    });
    let mut known = HashSet::new();
    found
        .into_iter()
        .map(|(_, one)| one)
        .filter(|one| known.insert(one.clone()))
        .collect()
}

fn change(old: Option<&Access>, new: Option<&Access>) -> AccessChange {
    let about = new.or(old);
    let state = |one: Option<&Access>| one.map(|one| one.state);
    let effect = effect(about.map(|one| &one.who), state(old), state(new));
    let why = match (new, old) {
        (Some(new), _) => new.why.clone(),
        (None, Some(old)) => match &old.who {
            Who::Below(_) => {
                "their CA is removed; to ask about one of them: --would-accept CLIENT.pem"
                    .to_owned()
            }
            Who::Client(_) => "nothing in the new state decides it".to_owned(),
            Who::TrustsRoot(_) => "the new chain does not lead there".to_owned(),
            Who::Calls(_) => "the new certificate does not cover the name".to_owned(),
        },
        (None, None) => String::new(),
    };
    AccessChange {
        who: about.map_or_else(String::new, |one| one.who.words()),
        effect,
        old: state(old),
        new: state(new),
        why,
    }
}

fn effect(who: Option<&Who>, old: Option<State>, new: Option<State>) -> Effect {
    use State::{Accepted, Ends, Rejected, Unknown};
    // A client that was never let in, as far as is known, loses and gains nothing.
    if let (Some(Who::Client(_)), (None, Some(Rejected)) | (Some(Rejected), None)) =
        (who, (old, new))
    {
        return Effect::Outside;
    }
    // A chain leads to a root or it does not: nothing said of it is a no. Of a client it is not
    // known.
    let (before, after) = match who {
        Some(Who::Client(_)) | None => (Unknown, Unknown),
        // Another CA may have issued to them too.
        Some(Who::Below(_)) => (Rejected, Unknown),
        Some(Who::TrustsRoot(_) | Who::Calls(_)) => (Rejected, Rejected),
    };
    match (old.unwrap_or(before), new.unwrap_or(after)) {
        (Accepted, Ends | Rejected) | (Ends, Rejected) => Effect::Loses,
        (Accepted | Ends | Unknown, Unknown) | (Unknown, Rejected) => Effect::MayLose,
        (Rejected, Accepted | Ends) | (Ends, Accepted) => Effect::Gains,
        (Accepted, Accepted) | (Ends, Ends) | (Unknown, Accepted | Ends) => Effect::Keeps,
        (Rejected, Unknown) => Effect::MayGain,
        (Rejected, Rejected) => Effect::Outside,
    }
}

/// Certificates by digest and by what they are there for.
fn held(state: &Snapshot) -> HashSet<(&str, Role)> {
    let all = state.certificates.iter();
    all.map(|one| (one.sha256.as_str(), one.role)).collect()
}

/// What the settings say, by what they are of.
fn said(state: &Snapshot) -> HashMap<&str, String> {
    let mut all: HashMap<&str, String> = HashMap::new();
    for one in &state.settings {
        all.entry(&one.what)
            .and_modify(|said| *said = format!("{said}; {}", one.value))
            .or_insert_with(|| one.value.clone());
    }
    all
}

fn changes(old: &Snapshot, new: &Snapshot) -> Vec<Change> {
    let mut found = Vec::new();
    let (in_old, in_new) = (held(old), held(new));
    let lacks = |held: &HashSet<(&str, Role)>, one: &Listed| {
        !held.contains(&(one.sha256.as_str(), one.role))
    };
    for one in old.certificates.iter().filter(|one| lacks(&in_new, one)) {
        found.push(Change {
            what: one.role.words().to_owned(),
            old: Some(one.label.clone()),
            new: None,
        });
    }
    for one in new.certificates.iter().filter(|one| lacks(&in_old, one)) {
        found.push(Change {
            what: one.role.words().to_owned(),
            old: None,
            new: Some(one.label.clone()),
        });
    }
    let (mut before, mut after) = (said(old), said(new));
    for setting in old.settings.iter().chain(&new.settings) {
        let what = setting.what.as_str();
        // Of one that is named again nothing is left.
        let (before, after) = (before.remove(what), after.remove(what));
        if before != after {
            found.push(Change {
                what: what.to_owned(),
                old: before,
                new: after,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests;
