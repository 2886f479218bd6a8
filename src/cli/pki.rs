//! `mtls pki`: writes a throwaway PKI, and never over anything.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use colored::Colorize;
use jiff::Timestamp;

use super::{
    common,
    files::create_new,
    flags::{ColorArgs, PlainFormat},
    output, signals,
};
use crate::{
    failure,
    jobs::profile,
    pki::{self, Authority, Entry, LeafKey},
    render::json,
};

/// Flags of `pki`.
#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls pki ./pki
  mtls pki ./pki --host hook.example.com,127.0.0.1
  mtls pki ./pki --at-time 2026-12-02 --format json

Then let the webhook trust pki/client-ca.pem, and call it:
  mtls simulate https://localhost/ --pki pki --cacert pki/server-ca.pem --matrix

No CA key is written: the directory is complete, and nothing else can be issued from it."
)]
pub(super) struct Args {
    /// Directory to write; must be new or empty
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Sender profile whose chain is imitated: root, intermediate, leaf
    #[arg(long, value_name = "NAME|FILE", default_value = profile::FIRST)]
    profile: String,
    /// Host name or address for the server certificates; separate with commas or repeat
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = common::host, default_values = ["localhost", "127.0.0.1", "::1"])]
    host: Vec<String>,
    /// Use RSA keys for the leaves instead of ECDSA; takes some seconds
    #[arg(long)]
    rsa: bool,
    /// Date the certificates as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME", value_parser = common::moment)]
    at_time: Option<Timestamp>,
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: PlainFormat,
    #[command(flatten)]
    colour: ColorArgs,
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let profile = profile::named(&args.profile)?;
    let shapes = profile::shapes(profile);
    vacant(&args.dir)?;
    let now = args.at_time.unwrap_or_else(common::this_second);
    let authority = Authority::new(now)?.leaf_keys(if args.rsa {
        LeafKey::Rsa2048
    } else {
        LeafKey::EcdsaP256
    });
    let names: Vec<&str> = args.host.iter().map(String::as_str).collect();
    let entries = pki::layout(&authority, &names, &shapes)?;
    write(&args.dir, &entries)?;
    match args.format {
        PlainFormat::Text => text(args, &entries)?,
        PlainFormat::Json => {
            let mut out = output::stdout();
            json::pki(&mut out, &args.dir.display().to_string(), &entries)?;
        }
    }
    Ok(0)
}

/// Refuses a folder with anything in it.
fn vacant(folder: &Path) -> Result<()> {
    let shown = folder.display();
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(first) => bail!(
                "{shown}: not empty (it has {}), and nothing is ever overwritten; name a new folder",
                first.map_or_else(
                    |error| failure::io(&error),
                    |first| first.file_name().display().to_string()
                )
            ),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            bail!("{shown}: is a file; name a new folder")
        }
        Err(error) => bail!("{shown}: {}", failure::io(&error)),
    }
}

/// Writes into a folder beside the one wanted and moves it there when it is whole, so that a full
/// disk leaves no half.
fn write(folder: &Path, entries: &[Entry]) -> Result<()> {
    let shown = folder.display();
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).with_context(|| format!("{}: cannot make it", parent.display()))?;
    // Made for its owner alone, and removed when anything fails on the way.
    let beside = tempfile::Builder::new()
        .prefix(".mtls-pki-")
        .permissions(private())
        .tempdir_in(parent)
        .with_context(|| format!("{}: cannot write into it", parent.display()))?;
    signals::remove_when_told([beside.path().to_owned()]);
    for entry in entries {
        let path = beside.path().join(&entry.path);
        path.parent()
            .map_or(Ok(()), private_folder)
            .with_context(|| format!("{}: cannot make its folder", path.display()))?;
        create_new(&path, entry.content.as_bytes(), entry.secret)?;
    }
    // On Unix an empty folder may be replaced; one that was filled meanwhile is not.
    fs::rename(beside.path(), folder)
        .with_context(|| format!("{shown}: cannot move the finished folder there"))?;
    let _ = beside.keep();
    Ok(())
}

/// Permissions for the owner alone.
#[cfg(unix)]
fn private() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o700)
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn text(args: &Args, entries: &[Entry]) -> Result<()> {
    let mut out = output::styled_stdout(args.colour.color);
    let dir = args.dir.display();
    let count = |start: &str| {
        entries
            .iter()
            .filter(|entry| entry.path.starts_with(start) && entry.path.ends_with("fullchain.pem"))
            .count()
    };
    writeln!(
        out,
        "{}",
        format!(
            "wrote a simulated PKI to {dir}: {} client certificates, {} server certificates",
            count("clients/"),
            count("server")
        )
        .bold()
    )?;
    writeln!(out, "\n  let the webhook trust  {dir}/client-ca.pem")?;
    writeln!(
        out,
        "  then run               mtls simulate URL --pki {dir} --matrix\n"
    )?;
    for entry in entries.iter().filter(|entry| !entry.path.contains('/')) {
        writeln!(out, "  {:<22} {}", entry.path, entry.what)?;
    }
    for (folder, what) in [
        (
            "server/",
            "a valid server certificate; the faulty ones are in servers/",
        ),
        (
            "clients/",
            "a folder for each NAME of --client NAME, where client- may be left out:",
        ),
    ] {
        writeln!(out, "  {folder:<22} {what}")?;
    }
    let clients: Vec<&str> = entries
        .iter()
        .filter(|entry| !entry.secret)
        .filter(|entry| entry.path.ends_with("fullchain.pem"))
        .filter_map(|entry| entry.path.strip_prefix("clients/")?.split('/').next())
        .collect();
    for pair in clients.chunks(2) {
        let [first, rest @ ..] = pair else { continue };
        writeln!(out, "    {first:<36} {}", rest.first().unwrap_or(&""))?;
    }
    out.flush()?;
    Ok(())
}
