//! Sender profiles by name or from a file of the user's, and the command that shows them.

use std::{io::Write as _, path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Subcommand, ValueEnum};

use super::{
    common::{self, Color},
    files, output,
};
use crate::{
    net::plan,
    parse::{self, pem},
    profiles::{self, Anchor, BearerToken, Profile},
    render,
    trust::sender,
};

/// Flags of `profiles`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls profiles
  mtls profiles show dialogflow
  mtls profiles pem dialogflow > clients.pem
  mtls profiles show ./ours.toml")]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// How to print
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
    /// When to use colour
    #[arg(long, value_enum, default_value_t, global = true)]
    color: Color,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Everything known about a sender, each fact with its source and day, and what is not known
    Show {
        /// The profile's name, or a file of your own
        #[arg(value_name = "NAME|FILE")]
        name: String,
    },
    /// The roots to trust, as PEM: those of the certificates a sender goes on presenting
    Pem {
        /// A profile's name or file, or the id of one anchor
        #[arg(value_name = "NAME|FILE|ANCHOR")]
        name: String,
        /// Those of every certificate, of the ones that end too
        #[arg(long)]
        all: bool,
    },
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let mut out = output::styled_stdout(args.color);
    match (&args.what, args.format) {
        (None, Format::Text) => {
            out.write_all(render::text::profiles(profiles::all()).as_bytes())?
        }
        (None, Format::Json) => {
            let all: Vec<&Profile> = profiles::all().iter().collect();
            render::json::profiles(&mut out, &all)?;
        }
        (Some(What::Show { name }), Format::Text) => {
            out.write_all(render::text::profile(named(name)?).as_bytes())?;
        }
        (Some(What::Show { name }), Format::Json) => {
            render::json::profiles(&mut out, &[named(name)?])?;
        }
        (Some(What::Pem { name, all }), _) => out.write_all(roots(name, *all)?.as_bytes())?,
    }
    out.flush()?;
    Ok(0)
}

fn roots(name: &str, all: bool) -> Result<String> {
    // What it is goes to stderr: text around PEM blocks is a thing that some servers stumble over.
    let block = |anchor: &Anchor| {
        common::complain(&anchor.subject);
        common::complain(&format!("  sha256 {}", anchor.sha256));
        pem::encode("CERTIFICATE", &anchor.der)
    };
    if let Some(anchor) = profiles::anchor(name) {
        return Ok(block(anchor));
    }
    let profile = named(name)?;
    let mut ids: Vec<&str> = Vec::new();
    let mut text = String::new();
    let identities = profile
        .identity
        .iter()
        .filter(|identity| all || identity.until.is_none());
    for anchor in identities.flat_map(|identity| &identity.roots) {
        if !ids.contains(&anchor.id.as_str()) {
            ids.push(&anchor.id);
            text.push_str(&block(anchor));
        }
    }
    if text.is_empty() {
        bail!(
            "{}: no certificate of this sender is known, so there is no root to trust; `mtls profiles show {name}` says why",
            profile.name
        );
    }
    Ok(text)
}

/// The profile of this name, or the one in this file.
///
/// # Errors
/// When there is none, or the file is not a profile: with its line.
pub(super) fn named(name: &str) -> Result<&'static Profile> {
    if let Some(profile) = profiles::find(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    let is_path = name.contains(['/', '\\']) || name.ends_with(".toml") || path.is_file();
    if !is_path {
        let known: Vec<&str> = profiles::all()
            .iter()
            .map(|profile| profile.name.as_str())
            .collect();
        bail!(
            "no sender profile is called `{name}`; known: {}, or a file of your own (./ours.toml)",
            known.join(", ")
        );
    }
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("{name}: a sender profile is TOML in UTF-8"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut beside =
        |file: &str| files::read(&folder.join(file)).map_err(|error| format!("{error:#}"));
    let profile =
        parse::profile::profile(&text, &mut beside).map_err(|why| anyhow!("{name}: {why}"))?;
    // A run reads a handful of profiles and needs them to its end.
    Ok(Box::leak(Box::new(profile)))
}

/// The profiles that presented chains are compared with: the program's, after those that were named.
pub(super) fn senders(named: &[&'static Profile]) -> Vec<&'static Profile> {
    let mut senders = named.to_vec();
    for profile in profiles::all() {
        if senders.iter().all(|known| known.name != profile.name) {
            senders.push(profile);
        }
    }
    senders
}

/// The senders of which a certificate ends on a known day.
pub(super) fn senders_that_change() -> impl Iterator<Item = &'static Profile> {
    profiles::all().iter().filter(|profile| {
        profile
            .identity
            .iter()
            .any(|identity| identity.until.is_some())
    })
}

/// The profile that commands take when none is named.
pub(super) const FIRST: &str = "dialogflow";

/// What a sender's bearer token has to be.
///
/// # Errors
/// When there is no such profile, or it sends no token.
pub(super) fn token(name: &str) -> Result<&'static BearerToken> {
    let profile = named(name)?;
    profile.token.as_ref().with_context(|| {
        let with_token: Vec<&str> = profiles::all()
            .iter()
            .filter(|profile| profile.token.is_some())
            .map(|profile| profile.name.as_str())
            .collect();
        format!(
            "the sender profile `{}` says nothing of a bearer token; those that do: {}",
            profile.name,
            with_token.join(", ")
        )
    })
}

/// What names the sender of a chain: these profiles, then the program's.
pub(super) fn recogniser(named: &[&'static Profile]) -> plan::Recognise {
    let senders = senders(named);
    Arc::new(move |chain, now| sender::recognise(chain, now, &senders))
}

/// The clients that look like a sender's certificates: `sender-current`, and the common name of its leaf.
pub(super) fn shapes(profile: &Profile) -> Vec<(String, String)> {
    profile
        .identity
        .iter()
        .map(|identity| {
            (
                format!("sender-{}", identity.name),
                identity.leaf_common_name.clone(),
            )
        })
        .collect()
}
