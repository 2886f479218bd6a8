//! Sender profiles.

use std::io::{self, Write};

use serde::Serialize;

use super::Document;
use crate::profiles::{Anchor, Profile};

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Known<'a> {
    profiles: Vec<Described<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Described<'a> {
    #[serde(flatten)]
    profile: &'a Profile,
    /// The anchors that its identities name.
    anchors: Vec<&'a Anchor>,
}

/// Writes the document of `profiles --format json`.
pub fn profiles(out: &mut impl Write, profiles: &[&Profile]) -> io::Result<()> {
    let document = Document::of(
        "profiles",
        Known {
            profiles: profiles
                .iter()
                .map(|profile| Described {
                    profile,
                    anchors: profile.anchors(),
                })
                .collect(),
        },
    );
    super::write::pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}
