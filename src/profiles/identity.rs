//! One client certificate of a sender: what its leaf is recognised by, what it leads to, when it
//! is presented.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Anchor, Certainty, OwnAnchor};
use crate::facts::{Certificate, When};

/// One client certificate of a sender, with the authorities above it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `current`, `legacy`, `own`; a sender may have several.
    pub name: String,
    /// The common name of the leaf's subject, where that is all that the leaf is recognised by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf_common_name: Option<String>,
    /// What else the leaf may be recognised by: one of these. Without any, and without
    /// `leaf_common_name`, every leaf below the anchors is the sender's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaf: Vec<Leaf>,
    /// Common names of the intermediates known to stand above the leaf; a sender may use others.
    #[serde(default)]
    pub intermediates: Vec<String>,
    /// How many intermediates stand between leaf and root in the chain that the sender sends; `None` when not known.
    pub intermediates_sent: Option<u32>,
    /// Ids of the [`Anchor`]s it may lead to, the one seen first.
    pub anchors: Vec<String>,
    /// Whether it leads to one of `anchors` and nobody says to which: one of them alone proves
    /// nothing then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anchor_unsettled: bool,
    /// The first day on which it is presented, or the month; `None` when not known.
    pub from: Option<When>,
    /// The last day on which it is presented, or the month; `None` when no end is known.
    pub until: Option<When>,
    /// How all this is known.
    pub certainty: Certainty,
    /// Where it stands.
    pub sources: Vec<String>,
    /// The day on which the sources were read.
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
    /// The certificates that `anchors` names, as far as they are at hand.
    #[serde(skip)]
    pub roots: Vec<Anchor>,
    /// Those that are not: the user downloads them.
    #[serde(skip)]
    pub wanted: Vec<OwnAnchor>,
}

/// What a leaf is recognised by. All that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Leaf {
    /// The subject's common name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_name: Option<String>,
    /// The subject's common name with `*` for any run of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A DNS name among the alternative names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns: Option<String>,
    /// A URI among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// An e-mail address among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The issuer's common name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// SHA-256 of the SubjectPublicKeyInfo, hexadecimal with or without colons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki_sha256: Option<String>,
}

impl Leaf {
    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a certificate is such a leaf, by what is written in it.
    pub fn fits(&self, leaf: &Certificate) -> bool {
        let name = leaf.form.common_names.last();
        let listed = |kind: &str, wanted: &String| leaf.sans.contains(&format!("{kind}:{wanted}"));
        let fits = |wanted: &Option<String>, holds: &dyn Fn(&String) -> bool| {
            wanted.as_ref().is_none_or(holds)
        };
        fits(&self.common_name, &|wanted| name == Some(wanted))
            && fits(&self.pattern, &|wanted| {
                name.is_some_and(|name| matches(wanted, name))
            })
            && fits(&self.dns, &|wanted| {
                leaf.sans.iter().any(|san| {
                    san.strip_prefix("DNS:")
                        .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
                })
            })
            && fits(&self.uri, &|wanted| listed("URI", wanted))
            && fits(&self.email, &|wanted| listed("email", wanted))
            && fits(&self.issuer, &|wanted| {
                leaf.form.issuer_common_name.as_ref() == Some(wanted)
            })
            && fits(&self.spki_sha256, &|wanted| {
                plain_hex(wanted) == leaf.spki_sha256
            })
    }

    /// It in words: `CN = Google LLC`.
    pub fn words(&self) -> String {
        let parts = [
            ("CN = ", &self.common_name),
            ("CN = ", &self.pattern),
            ("DNS:", &self.dns),
            ("URI:", &self.uri),
            ("email:", &self.email),
            ("issued by ", &self.issuer),
            ("key SHA-256 ", &self.spki_sha256),
        ];
        let given: Vec<String> = parts
            .iter()
            .filter_map(|(kind, value)| Some(format!("{kind}{}", value.as_ref()?)))
            .collect();
        given.join(", ")
    }
}

impl Identity {
    /// What its leaf may be recognised by; nothing where any leaf below its anchors is the sender's.
    pub fn leaves(&self) -> Vec<Leaf> {
        let by_name = self.leaf_common_name.as_ref().map(|name| Leaf {
            common_name: Some(name.clone()),
            ..Leaf::default()
        });
        by_name.into_iter().chain(self.leaf.clone()).collect()
    }

    /// The leaf's common name, where it is known to the letter.
    pub fn common_name(&self) -> Option<&str> {
        self.leaf_common_name.as_deref().or_else(|| {
            self.leaf
                .iter()
                .find_map(|leaf| leaf.common_name.as_deref())
        })
    }

    /// What the leaf is recognised by, in words.
    pub fn leaf_words(&self) -> String {
        let leaves = self.leaves();
        if leaves.is_empty() {
            return "any name".to_owned();
        }
        let words: Vec<String> = leaves.iter().map(Leaf::words).collect();
        words.join(" or ")
    }

    /// Whether a leaf is this one by what is written in it, which proves nothing by itself.
    pub fn claimed_by(&self, leaf: &Certificate) -> bool {
        let leaves = self.leaves();
        leaves.is_empty() || leaves.iter().any(|one| one.fits(leaf))
    }

    /// Whether the sender may present it on `day`, as far as known.
    pub fn used_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from.earliest() <= day)
            && self.until.is_none_or(|until| day <= until.latest())
    }

    /// Whether the sender presents it on `day` and on from there, as far as known.
    pub fn lasting(&self, day: Date) -> bool {
        self.until.is_none() && self.used_on(day)
    }
}

/// Hexadecimal without colons, in lower case.
pub fn plain_hex(text: &str) -> String {
    text.chars()
        .filter(|character| *character != ':')
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Whether `name` is `pattern` with something for each `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        for (pattern, name, wanted) in [
            ("a.example", "a.example", true),
            ("a.example", "a.example.evil", false),
            ("*.example", "a.b.example", true),
            ("*.example", "a.example.evil", false),
            ("data.*.eu.*.net", "data.prod.eu.x.net", true),
            ("data.*.eu.*.net", "data.prod.us.x.net", false),
            ("*", "anything", true),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
