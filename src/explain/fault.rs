//! The faults, as `faults.toml` describes them.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{facts::Side, finding::Act, rules};

/// What a fault is of. Its id says so by how it begins, and is read for that once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// What this side presents and does: `client-expired`.
    Party(Side),
    /// The files of this side's certificate and key: `server-file-der`.
    Files(Side),
    /// This side's file of authorities: `server-file-ca-empty`.
    Authorities(Side),
    /// The server behind the webhook: `upstream-expired`.
    Upstream,
    /// Ciphers, groups and signatures that the two do not share: `no-common-cipher-tls13`.
    NoCommon,
    /// Application protocols that the two do not share.
    Alpn,
    /// The name that was asked for.
    Sni,
    /// What a peer can do at all, and the side that cannot: `peer-client-tls10-only`; none where it
    /// does not speak TLS.
    Peer(Option<Side>),
    /// A connection that was closed.
    Close,
    /// HTTP where TLS was expected.
    PlainHttp,
    /// What the webhook answers, behind a handshake that went well.
    Webhook,
    /// Anything else.
    Other,
}

impl Area {
    /// What an id begins with, and what that means; the longer beginnings first.
    const BEGINNINGS: &'static [(&'static str, Self)] = &[
        ("client-file-ca-", Self::Authorities(Side::Client)),
        ("server-file-ca-", Self::Authorities(Side::Server)),
        ("client-file-", Self::Files(Side::Client)),
        ("server-file-", Self::Files(Side::Server)),
        ("client-", Self::Party(Side::Client)),
        ("server-", Self::Party(Side::Server)),
        ("upstream-", Self::Upstream),
        ("no-common-", Self::NoCommon),
        ("alpn-", Self::Alpn),
        ("sni-", Self::Sni),
        ("peer-client-", Self::Peer(Some(Side::Client))),
        ("peer-server-", Self::Peer(Some(Side::Server))),
        ("peer-", Self::Peer(None)),
        ("close-", Self::Close),
        ("plain-http-", Self::PlainHttp),
        ("webhook-", Self::Webhook),
    ];

    fn of_id(id: &str) -> Self {
        Self::BEGINNINGS
            .iter()
            .find(|(beginning, _)| id.starts_with(beginning))
            .map_or(Self::Other, |(_, area)| *area)
    }

    /// The area that a group of ids is of: `client-file-*`.
    pub(super) fn of_group(beginning: &str) -> Option<Self> {
        Self::BEGINNINGS
            .iter()
            .find(|(own, _)| *own == beginning)
            .map(|(_, area)| *area)
    }

    /// The side whose certificate, behaviour or files it is about.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Party(side) | Self::Files(side) | Self::Authorities(side) => Some(side),
            Self::Upstream
            | Self::NoCommon
            | Self::Alpn
            | Self::Sni
            | Self::Peer(_)
            | Self::Close
            | Self::PlainHttp
            | Self::Webhook
            | Self::Other => None,
        }
    }
}

/// Something that can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its id, the same for recipes, rules and causes.
    pub id: String,
    /// What it is of.
    pub area: Area,
    /// The side it is at, when it is one of a pair.
    pub role: Option<Side>,
    /// The side whose log is the first to show it, where that is one.
    pub seen_by: Option<Side>,
    /// Who has to act.
    pub act: Act,
    /// What it is, in words.
    pub title: String,
    /// A command that shows whether it is this one.
    pub check: Option<String>,
    /// What to see in it, or what to look at where no command shows it.
    pub shows: Option<String>,
    /// The two in one sentence.
    pub tell: String,
    /// What the side that has to act does.
    pub fix: String,
    /// The command for that.
    pub run: Option<String>,
    /// The two in one sentence.
    pub remedy: String,
    /// What the other side can do instead.
    pub otherwise: Option<String>,
    /// Codes of the rules that find it.
    pub rules: Vec<&'static str>,
}

/// What is done about a fault, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix<'a> {
    /// Who has to act.
    pub act: Act,
    /// What to do.
    pub text: &'a str,
    /// The command for that.
    pub run: Option<&'a str>,
    /// What the other side can do instead.
    pub otherwise: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    #[serde(default)]
    roles: Vec<String>,
    seen_by: Option<Side>,
    act: String,
    title: String,
    check: Option<String>,
    tell: Option<String>,
    remedy: String,
    run: Option<String>,
    otherwise: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    fault: Vec<Row>,
}

static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    // A broken file is a broken test, not a panic.
    let rows: Rows =
        toml::from_str(include_str!("faults.toml")).unwrap_or(Rows { fault: Vec::new() });
    rows.fault.iter().flat_map(expand).collect()
});

static BY_ID: LazyLock<HashMap<&'static str, &'static Fault>> = LazyLock::new(|| {
    FAULTS
        .iter()
        .map(|fault| (fault.id.as_str(), fault))
        .collect()
});

/// Every fault.
pub fn faults() -> &'static [Fault] {
    &FAULTS
}

/// The fault of this id.
pub fn fault(id: &str) -> Option<&'static Fault> {
    BY_ID.get(id).copied()
}

impl Fault {
    /// Who has to act, and what to do. `act` is the word of a text that tells it better than the
    /// fault; where the fault knows nothing that this side can do, its own word holds.
    pub fn fixed_by(&self, act: Option<Act>) -> Fix<'_> {
        let ours = Fix {
            act: self.act,
            text: &self.fix,
            run: self.run.as_deref(),
            otherwise: self.otherwise.as_deref(),
        };
        match (act, &self.otherwise) {
            (Some(act), Some(theirs)) if act != self.act => Fix {
                act,
                text: theirs,
                run: None,
                otherwise: Some(&self.fix),
            },
            _ => ours,
        }
    }

    /// Its id without the side: the same fault at the other side has the same.
    pub fn kind(&self) -> &str {
        match self.area {
            Area::Party(_) | Area::Files(_) | Area::Authorities(_) | Area::Upstream => {
                self.id.split_once('-').map_or(&self.id, |(_, kind)| kind)
            }
            _ => &self.id,
        }
    }
}

/// The command that judges the certificate or the files of an area. A client's certificate is seen
/// where it arrives: whoever owns the server has not got the client's files.
fn judged_by(area: Area) -> &'static str {
    match area {
        Area::Files(Side::Client) => {
            "mtls lint --role client --cert client.pem --key client-key.pem"
        }
        Area::Party(Side::Client) => {
            "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem"
        }
        _ => "mtls lint --cert fullchain.pem --key key.pem --host NAME",
    }
}

/// What a row says of each of its roles.
fn expand(row: &Row) -> Vec<Fault> {
    let with = |role: Option<Side>, own: &str, other: &str| {
        let id = row.id.replace("{role}", own).replace("{other}", other);
        let lint = judged_by(Area::of_id(&id));
        let fill = |text: &str| {
            text.replace("{role}", own)
                .replace("{other}", other)
                .replace("{lint}", lint)
        };
        let filled = |text: &Option<String>| text.as_deref().map(fill);
        let (check, shows) = (filled(&row.check), filled(&row.tell));
        let (fix, run) = (fill(&row.remedy), filled(&row.run));
        let rules = rules::ALL
            .iter()
            .filter(|rule| rule.faults.contains(&id.as_str()))
            .map(|rule| rule.code)
            .collect();
        Fault {
            area: Area::of_id(&id),
            role,
            seen_by: row.seen_by,
            act: match fill(&row.act).as_str() {
                "client" => Act::Client,
                "server" => Act::Server,
                _ => Act::Either,
            },
            title: fill(&row.title),
            tell: [check.clone(), shows.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(": "),
            remedy: match &run {
                Some(run) => format!("{fix}: {run}"),
                None => fix.clone(),
            },
            otherwise: filled(&row.otherwise),
            check,
            shows,
            fix,
            run,
            rules,
            id,
        }
    };
    if row.roles.is_empty() {
        return vec![with(None, "", "")];
    }
    row.roles
        .iter()
        .map(|role| match role.as_str() {
            "client" => with(Some(Side::Client), "client", "server"),
            _ => with(Some(Side::Server), "server", "client"),
        })
        .collect()
}
