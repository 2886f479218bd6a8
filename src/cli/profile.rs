//! Sender profiles by name or from a file of the user's, and the command that shows them.

use std::io::Write as _;

use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::{
    common::{self, Color},
    output,
};
use crate::{
    failure,
    jobs::profile::{how_to_give, named},
    parse::pem,
    profiles::{self, Anchor, Change, Profile, changes},
    render,
};

/// Flags of `profiles`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls profiles
  mtls profiles --within 90d
  mtls profiles --format ics > senders.ics
  mtls profiles show dialogflow
  mtls profiles pem dialogflow > clients.pem
  mtls profiles check ./ours.toml")]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Show only changes within this time: 90d
    #[arg(long, value_name = "DAYS", value_parser = days)]
    within: Option<i32>,
    /// Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME", value_parser = common::moment)]
    at_time: Option<Timestamp>,
    /// Output format
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        global = true
    )]
    format: ListFormat,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    color: Color,
}

/// Formats of `profiles`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// The next dates as a calendar (iCalendar, RFC 5545)
    Ics,
    /// The next dates as a Prometheus metric
    Prometheus,
}

/// `90d`, `90`: days.
fn days(text: &str) -> Result<i32, String> {
    let number = text.strip_suffix('d').unwrap_or(text);
    number
        .parse()
        .ok()
        .filter(|days| (0..=36_500).contains(days))
        .ok_or_else(|| format!("`{text}` is not a number of days: write 90d"))
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show everything known about a sender, with sources and dates, and what is unknown
    #[command(after_help = "Examples:
  mtls profiles show dialogflow
  mtls profiles show ./ours.toml
  mtls profiles show dialogflow --format json")]
    Show {
        /// Sender profile: a name, or a file of your own
        #[arg(value_name = "NAME|FILE")]
        name: String,
    },
    /// Print the roots to trust for a sender, as PEM
    #[command(after_help = "Examples:
  mtls profiles pem dialogflow > clients.pem
  mtls profiles pem dialogflow --all > clients.pem")]
    Pem {
        /// Sender profile (a name, or a file of your own), or one trust anchor
        #[arg(value_name = "NAME|FILE|ANCHOR")]
        name: String,
        /// Include the roots of certificates that the sender is phasing out
        #[arg(long)]
        all: bool,
    },
    /// Check a profile of your own: its fields, its dates, its roots
    #[command(after_help = "Examples:
  mtls profiles check ./ours.toml")]
    Check {
        /// Sender profile, a file of your own
        #[arg(value_name = "FILE")]
        file: String,
    },
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let mut out = output::styled_stdout(args.color);
    match &args.what {
        None => list(args, &mut out)?,
        Some(What::Show { name }) => match args.format {
            ListFormat::Text => {
                out.write_all(render::text::profile(named(name)?, output::width()).as_bytes())?;
            }
            ListFormat::Json => render::json::profiles(&mut out, &[named(name)?])?,
            ListFormat::Ics | ListFormat::Prometheus => {
                let one = std::slice::from_ref(named(name)?);
                dates(args, &upcoming(args, one), &mut out)?;
            }
        },
        // The file that it is appended to may lack its last line break: without one of ours its END
        // line and our BEGIN line would become one line, which no server reads.
        Some(What::Pem { name, all }) => write!(out, "\n{}", roots(name, *all)?)?,
        Some(What::Check { file }) => {
            // A file that is not there is no answer.
            std::fs::metadata(file)
                .map_err(|error| anyhow::anyhow!("{file}: {}", failure::io(&error)))?;
            let (code, text) = match named(file) {
                Ok(profile) => (0, sound(file, profile)),
                Err(error) => (1, format!("FAIL  {}\n", failure::words(&error))),
            };
            out.write_all(text.as_bytes())?;
            out.flush()?;
            return Ok(code);
        }
    }
    out.flush()?;
    Ok(0)
}

fn now(args: &Args) -> Timestamp {
    args.at_time.unwrap_or_else(common::this_second)
}

/// The changes to come that the flags ask for.
fn upcoming<'a>(args: &Args, all: &'a [Profile]) -> Vec<Change<'a>> {
    let today = now(args).to_zoned_datetime(TimeZone::UTC).date();
    let last = args
        .within
        .and_then(|days| today.checked_add(days.days()).ok());
    let mut upcoming = changes(all, today);
    upcoming.retain(|change| last.is_none_or(|last| change.when.earliest() <= last));
    upcoming
}

fn list(args: &Args, out: &mut impl std::io::Write) -> Result<()> {
    let all = profiles::all();
    let next = upcoming(args, all);
    match args.format {
        ListFormat::Text => {
            let within = args.within.is_some();
            out.write_all(render::text::profiles(all, &next, within, output::width()).as_bytes())?;
        }
        ListFormat::Json => {
            let concerned = |profile: &&Profile| {
                args.within.is_none()
                    || next
                        .iter()
                        .any(|change| change.profile.name == profile.name)
            };
            let all: Vec<&Profile> = all.iter().filter(concerned).collect();
            render::json::profiles(out, &all)?;
        }
        ListFormat::Ics | ListFormat::Prometheus => dates(args, &next, out)?,
    }
    Ok(())
}

fn dates(args: &Args, next: &[Change<'_>], out: &mut impl std::io::Write) -> Result<()> {
    let text = match args.format {
        ListFormat::Ics => render::senders::calendar(next, now(args)),
        _ => render::senders::metric(next),
    };
    Ok(out.write_all(text.as_bytes())?)
}

/// What a good file has.
fn sound(file: &str, profile: &Profile) -> String {
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let mut text = format!(
        "PASS  {file}: {}, {}, {}, {}\n",
        counted(profile.identity.len(), "certificate"),
        counted(profile.anchors().len(), "root"),
        counted(profile.request.len(), "request"),
        counted(profile.fact.len(), "fact"),
    );
    for anchor in profile.wanted() {
        text += &format!(
            "      `{}` is not at hand: without it the answer is UNKNOWN\n",
            anchor.id
        );
    }
    text
}

fn roots(name: &str, all: bool) -> Result<String> {
    // What it is goes to stderr: some tools do not read a file with text around its PEM blocks.
    let block = |anchor: &Anchor| {
        common::complain(&anchor.subject);
        common::complain(&format!("  sha256 {}", anchor.sha256));
        pem::encode("CERTIFICATE", &anchor.der)
    };
    if let Some(anchor) = profiles::anchor(name) {
        return Ok(block(anchor));
    }
    // By its id, one of those that the user has to get.
    for profile in profiles::all() {
        if let Some(wanted) = profile.wanted().iter().find(|one| one.id == name) {
            bail!(
                "{name}: {}; then pass --profile {1}={1}.pem",
                wanted.how_to_get(&profile.name),
                profile.name
            );
        }
    }
    let profile = named(name)?;
    let mut ids: Vec<&str> = Vec::new();
    let mut text = String::new();
    // A sender may have announced the end of all that it presents: those are its roots then.
    let lasting = profile
        .identity
        .iter()
        .any(|identity| identity.until.is_none());
    let identities = profile
        .identity
        .iter()
        .filter(|identity| all || !lasting || identity.until.is_none());
    for anchor in identities.flat_map(|identity| &identity.roots) {
        if !ids.contains(&(anchor.sha256.as_str())) {
            ids.push(&anchor.sha256);
            text.push_str(&block(anchor));
        }
    }
    let missing = how_to_give(profile);
    if text.is_empty() {
        match missing {
            Some(how) => bail!("{}: {how}", profile.name),
            None => bail!(
                "{}: no certificate of this sender is known, so there is no root to trust; `mtls profiles show {name}` says why",
                profile.name
            ),
        }
    }
    if let Some(how) = missing {
        common::complain(&format!("mtls: one root is missing here: {how}"));
    }
    Ok(text)
}
