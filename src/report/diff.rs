//! Two states of a deployment compared: what changed, and who loses access.
//!
//! For: `diff`. Must not: judge anything anew, or call kept what one of the two states does not
//! show.

use std::sync::Arc;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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

/// Doors of the one state that are those of the other: by name, and where each has one by being the
/// only one.
fn same_door(old: &Snapshot, new: &Snapshot) -> impl Fn(&str, &str) -> bool {
    let doors = |state: &Snapshot| {
        let mut doors: Vec<String> = state.access.iter().map(|one| one.door.clone()).collect();
        doors.sort();
        doors.dedup();
        doors.len()
    };
    let single = doors(old) <= 1 && doors(new) <= 1;
    move |one, other| single || one == other
}

fn who(old: &Snapshot, new: &Snapshot) -> Vec<AccessChange> {
    let same = same_door(old, new);
    let finds = |all: &[Access], one: &Access| -> Option<Access> {
        all.iter()
            .find(|other| other.who == one.who && same(&one.door, &other.door))
            .cloned()
    };
    let mut found: Vec<(&Who, AccessChange)> = Vec::new();
    for one in &old.access {
        let mut after = finds(&new.access, one);
        if let (Who::Calls(host), None) = (&one.who, &after)
            && new.leaves.iter().any(|leaf| hosts::matches(host, leaf))
        {
            after = Some(one.clone());
        }
        found.push((&one.who, change(Some(one), after.as_ref())));
    }
    for one in &new.access {
        if finds(&old.access, one).is_none() {
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
    let mut told: Vec<AccessChange> = Vec::new();
    for (_, one) in found {
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told
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

fn changes(old: &Snapshot, new: &Snapshot) -> Vec<Change> {
    let mut found = Vec::new();
    let has = |state: &Snapshot, one: &Listed| {
        let mut all = state.certificates.iter();
        all.any(|other| other.sha256 == one.sha256 && other.role == one.role)
    };
    for one in old.certificates.iter().filter(|one| !has(new, one)) {
        found.push(Change {
            what: one.role.words().to_owned(),
            old: Some(one.label.clone()),
            new: None,
        });
    }
    for one in new.certificates.iter().filter(|one| !has(old, one)) {
        found.push(Change {
            what: one.role.words().to_owned(),
            old: None,
            new: Some(one.label.clone()),
        });
    }
    let value = |state: &Snapshot, what: &str| -> Option<String> {
        let all = state.settings.iter().filter(|said| said.what == what);
        let values: Vec<&str> = all.map(|said| said.value.as_str()).collect();
        (!values.is_empty()).then(|| values.join("; "))
    };
    let mut told: Vec<&str> = Vec::new();
    for said in old.settings.iter().chain(&new.settings) {
        if told.contains(&said.what.as_str()) {
            continue;
        }
        told.push(&said.what);
        let (before, after) = (value(old, &said.what), value(new, &said.what));
        if before != after {
            found.push(Change {
                what: said.what.clone(),
                old: before,
                new: after,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(access: Vec<(&str, Who, State)>) -> Snapshot {
        Snapshot {
            access: access
                .into_iter()
                .map(|(door, who, state)| Access {
                    door: door.into(),
                    who,
                    state,
                    why: "why".into(),
                })
                .collect(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn every_pair_of_states_has_its_effect() {
        use State::{Accepted, Ends, Rejected, Unknown};
        let client = || Who::Client("c".into());
        for (old, new, wanted, verdict) in [
            (Accepted, Accepted, Effect::Keeps, OverallVerdict::Pass),
            (Accepted, Ends, Effect::Loses, OverallVerdict::Fail),
            (Accepted, Rejected, Effect::Loses, OverallVerdict::Fail),
            (Accepted, Unknown, Effect::MayLose, OverallVerdict::Unknown),
            (Unknown, Unknown, Effect::MayLose, OverallVerdict::Unknown),
            (Unknown, Accepted, Effect::Keeps, OverallVerdict::Pass),
            (Rejected, Rejected, Effect::Outside, OverallVerdict::Pass),
            (Rejected, Accepted, Effect::Gains, OverallVerdict::Pass),
        ] {
            // One door each: its name does not matter.
            let diff = compare(
                &state(vec![("old.pem", client(), old)]),
                &state(vec![("new.pem", client(), new)]),
            );
            assert_eq!(
                (diff.access[0].effect, diff.verdict),
                (wanted, verdict),
                "{old:?} {new:?}"
            );
        }
    }

    #[test]
    fn what_one_state_does_not_show_is_not_kept() {
        let client = || Who::Client("c".into());
        let old = state(vec![("a", client(), State::Accepted)]);
        let gone = compare(&old, &state(Vec::new()));
        assert_eq!(gone.verdict, OverallVerdict::Unknown);
        let root = |name: &str| state(vec![("a", Who::TrustsRoot(name.into()), State::Accepted)]);
        let moved = compare(&root("one"), &root("two"));
        assert_eq!(moved.count(Effect::Loses), 1);
        assert_eq!(moved.count(Effect::Gains), 1);
        // Of several doors the name counts.
        let two = |states: [State; 2]| {
            state(vec![("a", client(), states[0]), ("b", client(), states[1])])
        };
        let swapped = compare(
            &two([State::Accepted, State::Rejected]),
            &two([State::Rejected, State::Accepted]),
        );
        assert_eq!(swapped.count(Effect::Loses), 1);
    }
}
