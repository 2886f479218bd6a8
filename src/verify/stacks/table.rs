//! The table of features: which stack, in which versions, refuses which feature where. Data
//! (`table/*.toml`), read once.
//!
//! For: the rest of `verify::stacks`, and the page that people read. Must not: look at a
//! certificate.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::facts::{ChainFeature, PathPlace, Purpose, Requirement, Stack};

/// The files with their titles, in the order of the page.
const FILES: [(&str, &str); 12] = [
    ("Path and dates", include_str!("table/path.toml")),
    ("Host names", include_str!("table/hosts.toml")),
    (
        "Subject and alternative names",
        include_str!("table/names.toml"),
    ),
    (
        "Key usage and extended key usage",
        include_str!("table/usages.toml"),
    ),
    ("Basic constraints", include_str!("table/constraints.toml")),
    (
        "Version, serial number, times",
        include_str!("table/form.toml"),
    ),
    ("Algorithms and keys", include_str!("table/keys.toml")),
    ("Key identifiers", include_str!("table/identifiers.toml")),
    ("Extensions", include_str!("table/extensions.toml")),
    ("Policies", include_str!("table/policies.toml")),
    ("Name constraints", include_str!("table/subtrees.toml")),
    (
        "Revocation lists, where some were given",
        include_str!("table/revocation.toml"),
    ),
];

/// The versions that were measured, the oldest first; the newest is the one that is meant where
/// none is named.
///
/// Sources: the packages and wheels that were run on 2026-11-29 (docs/stacks.md).
const MEASURED: [(Stack, &[&str]); 7] = [
    (Stack::Openssl, &["3.0"]),
    (Stack::OpensslStrict, &["3.0", "4.0"]),
    (Stack::Go, &["1.19", "1.27"]),
    (Stack::Rustls, &["0.23"]),
    (Stack::Java, &["17", "25"]),
    (Stack::Boringssl, &["Envoy 1.40"]),
    (Stack::Pyca, &["48", "50"]),
];

/// The version of a stack that is meant where none is named. Python from 3.13 runs OpenSSL 3.
pub fn usual_version(stack: Stack) -> &'static str {
    let measured = measured(stack);
    match stack {
        Stack::OpensslStrict => measured.first(),
        _ => measured.last(),
    }
    .copied()
    .unwrap_or_default()
}

/// The versions of a stack that were measured, the oldest first.
pub fn measured(stack: Stack) -> &'static [&'static str] {
    MEASURED
        .iter()
        .find(|(known, _)| *known == stack)
        .map_or(&[], |(_, versions)| *versions)
}

/// Whether something can be said of this version: not of one older than what was measured, nor of
/// another series of a stack that is emulated or asked in one version only.
pub fn is_within_reach(stack: Stack, version: &str) -> bool {
    let asked = numbers(version);
    match stack {
        Stack::Openssl | Stack::Rustls | Stack::Boringssl => measured(stack)
            .iter()
            .any(|known| asked.starts_with(&numbers(known))),
        Stack::OpensslStrict | Stack::Go | Stack::Java | Stack::Pyca => measured(stack)
            .first()
            .is_some_and(|oldest| asked >= numbers(oldest)),
    }
}

/// What a stack does about a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It refuses the chain.
    Refuses,
    /// Not measured.
    NotKnown,
}

/// A stack in a version, as one row is about it.
#[derive(Clone, Debug)]
struct Whom {
    stack: Stack,
    /// Only versions after (`>`) or before (`<`) this one.
    bound: Option<(Bound, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    After,
    Before,
}

/// Where, in which role, and whom.
#[derive(Clone, Debug)]
struct Clause {
    at: Vec<PathPlace>,
    role: Option<Purpose>,
    by: Vec<Whom>,
}

/// One feature's row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The title of its part of the table.
    pub section: &'static str,
    /// The feature.
    pub feature: ChainFeature,
    /// The feature in words, for the end of a sentence.
    pub says: String,
    /// OpenSSL's number for it.
    pub error: Option<u32>,
    /// The requirement of the certificate profile that it breaks.
    pub requirement: Option<Requirement>,
    refuses: Vec<Clause>,
    unknown: Vec<Clause>,
}

impl Row {
    /// What `stack` in `version` does about it at this place.
    pub fn effect(
        &self,
        stack: Stack,
        version: &str,
        place: PathPlace,
        purpose: Purpose,
    ) -> Effect {
        let of = |clauses: &[Clause]| {
            clauses
                .iter()
                .filter(|clause| {
                    clause.at.contains(&place) && clause.role.is_none_or(|role| role == purpose)
                })
                .flat_map(|clause| &clause.by)
                .find(|whom| whom.stack == stack)
                .map(|whom| whom.holds(version))
        };
        match (of(&self.refuses), of(&self.unknown)) {
            (Some(Some(true)), _) => Effect::Refuses,
            (Some(None), _) | (_, Some(Some(true) | None)) => Effect::NotKnown,
            _ => Effect::None,
        }
    }
}

impl Row {
    /// What the row says about one stack, in the table's own short form: `LIA` for leaf,
    /// intermediate and anchor, with `s` or `c` where it is so for server or client certificates
    /// only, the bound of its versions, and `?` for what was not measured.
    pub fn cell(&self, stack: Stack) -> String {
        let mut parts: Vec<(String, String)> = Vec::new();
        for (clauses, mark) in [(&self.refuses, ""), (&self.unknown, "?")] {
            for clause in clauses {
                for whom in clause.by.iter().filter(|whom| whom.stack == stack) {
                    let places: String = clause
                        .at
                        .iter()
                        .map(|place| match place {
                            PathPlace::Leaf => 'L',
                            PathPlace::Intermediate => 'I',
                            PathPlace::Anchor => 'A',
                            PathPlace::Beside => 'B',
                        })
                        .collect();
                    let role = match clause.role {
                        Some(Purpose::ServerAuth) => " s",
                        Some(Purpose::ClientAuth) => " c",
                        None => "",
                    };
                    let bound = match &whom.bound {
                        Some((Bound::After, version)) => format!(" >{version}"),
                        Some((Bound::Before, version)) => format!(" <{version}"),
                        None => String::new(),
                    };
                    let how = format!("{role}{bound}{mark}");
                    match parts.iter_mut().find(|(_, known)| *known == how) {
                        Some((known, _)) => known.push_str(&places),
                        None => parts.push((places, how)),
                    }
                }
            }
        }
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(places, how)| places + &how)
            .collect();
        parts.join("; ")
    }
}

impl Whom {
    /// Whether it is about this version; `None` for one between two that were measured, which may
    /// be either.
    fn holds(&self, version: &str) -> Option<bool> {
        let Some((bound, at)) = &self.bound else {
            return Some(true);
        };
        // The change came after the one version that was measured and not after the other.
        let all = measured(self.stack);
        let place = all.iter().position(|known| known == at)?;
        let mut asked = numbers(version);
        let (before, after) = match bound {
            Bound::After => (numbers(at), numbers(all.get(place + 1)?)),
            Bound::Before => (numbers(all.get(place.checked_sub(1)?)?), numbers(at)),
        };
        // What was measured of 1.19 holds for 1.19.8.
        if asked.starts_with(&before) {
            asked.truncate(before.len());
        }
        if asked <= before {
            Some(*bound == Bound::Before)
        } else if asked >= after {
            Some(*bound == Bound::After)
        } else {
            None
        }
    }
}

/// A version's numbers: `1.27.3` is 1, 27, 3. Words before them do not count.
pub fn numbers(version: &str) -> Vec<u32> {
    version
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

/// The whole table.
#[derive(Debug)]
pub struct Table {
    /// Its rows, in the order of the files.
    pub rows: Vec<Row>,
    places: HashMap<ChainFeature, usize>,
    /// What was wrong with the files, for the test that reads it; empty.
    pub faults: Vec<String>,
}

impl Table {
    /// A feature's row; every feature has one (test).
    pub fn row(&self, feature: ChainFeature) -> Option<&Row> {
        self.places.get(&feature).map(|&place| &self.rows[place])
    }
}

/// The table.
pub static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        rows: Vec::new(),
        places: HashMap::new(),
        faults: Vec::new(),
    };
    for (section, file) in FILES {
        match toml::from_str::<Written>(file) {
            Ok(written) => {
                for row in written.feature {
                    row.into_table(section, &mut table);
                }
            }
            Err(error) => table.faults.push(error.to_string()),
        }
    }
    table
});

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    feature: Vec<WrittenRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    name: ChainFeature,
    says: String,
    error: Option<u32>,
    requirement: Option<Requirement>,
    #[serde(default)]
    refuses: Vec<WrittenClause>,
    #[serde(default)]
    unknown: Vec<WrittenClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClause {
    /// Places, blanks between them.
    at: String,
    role: Option<WrittenRole>,
    /// Stacks, blanks between them, each with its bound.
    by: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenRole {
    Server,
    Client,
}

impl WrittenRow {
    fn into_table(self, section: &'static str, table: &mut Table) {
        let clauses = |written: Vec<WrittenClause>, faults: &mut Vec<String>| {
            written
                .into_iter()
                .filter_map(|clause| clause.read().map_err(|fault| faults.push(fault)).ok())
                .collect()
        };
        let row = Row {
            section,
            feature: self.name,
            says: self.says,
            error: self.error,
            requirement: self.requirement,
            refuses: clauses(self.refuses, &mut table.faults),
            unknown: clauses(self.unknown, &mut table.faults),
        };
        let place = table.rows.len();
        if table.places.insert(row.feature, place).is_some() {
            table.faults.push(format!("{:?} has two rows", row.feature));
        }
        table.rows.push(row);
    }
}

impl WrittenClause {
    fn read(&self) -> Result<Clause, String> {
        let at = self
            .at
            .split_whitespace()
            .map(|name| match name {
                "leaf" => Ok(PathPlace::Leaf),
                "intermediate" => Ok(PathPlace::Intermediate),
                "anchor" => Ok(PathPlace::Anchor),
                "beside" => Ok(PathPlace::Beside),
                other => Err(format!("`{other}` is not a place")),
            })
            .collect::<Result<_, _>>()?;
        let by = self
            .by
            .split_whitespace()
            .map(|word| {
                let (name, bound) = match word.find(['<', '>']) {
                    Some(cut) => {
                        let (bound, version) = word[cut..].split_at(1);
                        let bound = if bound == ">" {
                            Bound::After
                        } else {
                            Bound::Before
                        };
                        (&word[..cut], Some((bound, version.to_owned())))
                    }
                    None => (word, None),
                };
                let stack = Stack::ALL
                    .into_iter()
                    .find(|stack| stack.name() == name)
                    .ok_or_else(|| format!("`{name}` is not a stack"))?;
                Ok(Whom { stack, bound })
            })
            .collect::<Result<_, String>>()?;
        Ok(Clause {
            at,
            role: self.role.map(|role| match role {
                WrittenRole::Server => Purpose::ServerAuth,
                WrittenRole::Client => Purpose::ClientAuth,
            }),
            by,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_one_row_and_every_bound_was_measured() {
        assert_eq!(TABLE.faults, Vec::<String>::new());
        for feature in ChainFeature::ALL {
            assert!(TABLE.row(*feature).is_some(), "{feature:?}");
        }
        assert_eq!(TABLE.rows.len(), ChainFeature::ALL.len());
        for row in &TABLE.rows {
            for clause in row.refuses.iter().chain(&row.unknown) {
                for whom in &clause.by {
                    assert!(whom.holds(usual_version(whom.stack)).is_some(), "{row:?}");
                }
            }
        }
    }

    #[test]
    fn a_version_between_two_that_were_measured_is_not_known() {
        let effect = |version| {
            TABLE.row(ChainFeature::SerialNegative).unwrap().effect(
                Stack::Go,
                version,
                PathPlace::Leaf,
                Purpose::ClientAuth,
            )
        };
        assert_eq!(effect("1.19"), Effect::None);
        assert_eq!(effect("1.18.3"), Effect::None);
        assert_eq!(effect("1.19.8"), Effect::None);
        assert_eq!(effect("1.22"), Effect::NotKnown);
        assert_eq!(effect("1.27.3"), Effect::Refuses);
        assert_eq!(effect("1.30"), Effect::Refuses);
    }
}
