//! The faults, as `faults.toml` describes them.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{facts::Side, finding::Act, rules};

/// Something that can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its id, the same for recipes, rules and causes.
    pub id: String,
    /// The side it is at, when it is one of a pair.
    pub role: Option<Side>,
    /// The side whose log is the first to show it, where that is one.
    pub seen_by: Option<Side>,
    /// Who has to act.
    pub act: Act,
    /// What it is, in words.
    pub title: String,
    /// How to find out whether it is this one.
    pub tell: String,
    /// What to do.
    pub remedy: String,
    /// Codes of the rules that find it.
    pub rules: Vec<&'static str>,
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
    tell: String,
    remedy: String,
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

/// What a row says of each of its roles.
fn expand(row: &Row) -> Vec<Fault> {
    let with = |role: Option<Side>, own: &str, other: &str| {
        let lint = match role {
            Some(Side::Client) => "mtls lint --role client --cert client.pem --cacert clients.pem",
            _ => "mtls lint --cert fullchain.pem --key key.pem --host NAME",
        };
        let fill = |text: &str| {
            text.replace("{role}", own)
                .replace("{other}", other)
                .replace("{lint}", lint)
        };
        let id = fill(&row.id);
        let rules = rules::ALL
            .iter()
            .filter(|rule| rule.faults.contains(&id.as_str()))
            .map(|rule| rule.code)
            .collect();
        Fault {
            role,
            seen_by: row.seen_by,
            act: match fill(&row.act).as_str() {
                "client" => Act::Client,
                "server" => Act::Server,
                _ => Act::Either,
            },
            title: fill(&row.title),
            tell: fill(&row.tell),
            remedy: fill(&row.remedy),
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
