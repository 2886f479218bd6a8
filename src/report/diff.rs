//! Two states of a deployment compared: what changed, and who loses access.
//!
//! For: `diff`. Must not: judge anything anew, or call kept what one of the two states does not
//! show.

mod access;
mod fault;
mod limit;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde::Serialize;

use self::access::who;
pub use self::{
    fault::{Bearing, Fault},
    limit::{Limit, Limited},
};
use super::OverallVerdict;
use crate::facts::{Certificate, ChainUse, Format, Side};

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
    /// What is wrong with it, so that somebody may be rejected.
    pub faults: Vec<Fault>,
    /// Its servers, by their names, where configurations are part of it.
    pub sites: Vec<String>,
    /// What its servers ask of clients beyond a CA.
    pub limits: Vec<Limit>,
    /// How its files are written, each by its door; of a configuration's the findings say whether
    /// the server reads them.
    pub forms: Vec<(String, Format)>,
    /// The senders of whom it says something, by the names of their profiles.
    pub senders: Vec<String>,
    /// Whom the CAs of known senders accept, for where nothing is known of the senders themselves.
    pub of_senders: Vec<Access>,
    /// Why it does not show everything, where that is so: of whom it says nothing, nothing is known.
    pub partial: Option<&'static str>,
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
    /// Whether it is what the configuration comes to, and not a line of it: a report has the lines.
    pub derived: bool,
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
    /// A sender that is known, by what to call it.
    Sender(String),
    /// Clients with a certificate below this CA, of whom nothing else is known.
    Below(String),
    /// Callers that trust this root.
    TrustsRoot(String),
    /// Servers that judge this client's chain by this root.
    ServersTrust(String),
    /// Servers that look for this name in the client's certificate.
    LooksFor(String),
    /// Callers of this host.
    Calls(String),
}

impl Who {
    /// In words.
    fn words(&self) -> String {
        match self {
            Self::Client(client) | Self::Sender(client) => client.clone(),
            Self::Below(ca) => format!("clients with a certificate below {ca}"),
            Self::TrustsRoot(root) => format!("callers that trust {root}"),
            Self::ServersTrust(root) => format!("this client at servers that trust {root}"),
            Self::LooksFor(name) => format!("this client at servers that look for {name}"),
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
    /// Until when, where a certificate that it depends on ends soon.
    pub ends: Option<Timestamp>,
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
    let single = single(old, new);
    let mut access = fault::lost(old, new, single);
    access.extend(who(&fault::applied(old), &fault::applied(new), single));
    access.extend(limit::lost(old, new, single));
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
        changes: changes(old, new, single),
    }
}

/// Certificates by digest and by what they are there for.
fn held(state: &Snapshot) -> HashSet<(&str, Role)> {
    let all = state.certificates.iter();
    all.map(|one| (one.sha256.as_str(), one.role)).collect()
}

/// What the settings say, by what they are of.
fn said(state: &Snapshot, derived: bool) -> HashMap<&str, String> {
    let mut all: HashMap<&str, String> = HashMap::new();
    for one in state.settings.iter().filter(|one| derived || !one.derived) {
        all.entry(&one.what)
            .and_modify(|said| *said = format!("{said}; {}", one.value))
            .or_insert_with(|| one.value.clone());
    }
    all
}

/// Whether each of the two has one door: it is that of the other then, whatever its name is.
fn single(old: &Snapshot, new: &Snapshot) -> bool {
    let doors = |state: &Snapshot| {
        let access = state.access.iter().map(|one| one.door.as_str());
        let doors: HashSet<&str> = access.collect();
        doors.len()
    };
    doors(old) <= 1 && doors(new) <= 1
}

fn changes(old: &Snapshot, new: &Snapshot, single: bool) -> Vec<Change> {
    let mut found = fault::changes(old, new, single);
    let (in_old, in_new) = (held(old), held(new));
    let lacks = |held: &HashSet<(&str, Role)>, one: &Listed| {
        !held.contains(&(one.sha256.as_str(), one.role))
    };
    // Of what was not read it is not known what is in it.
    let read = new.partial.is_none() || !new.certificates.is_empty();
    let gone = old.certificates.iter().filter(|_| read);
    for one in gone.filter(|one| lacks(&in_new, one)) {
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
    let derived = old.partial.is_none() && new.partial.is_none();
    let (mut before, mut after) = (said(old, derived), said(new, derived));
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
