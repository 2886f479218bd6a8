//! `mtls token`: reads, checks and makes bearer tokens.

use std::{
    io::{Read as _, Write as _},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context as _, Result};
use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    common,
    files::create_new,
    flags::{ColorArgs, PassArgs, PlainFormat, TimeArgs},
    keys::Source,
    output,
};
use crate::{
    context::Context,
    engine,
    facts::{Case, TokenKind},
    jobs::{files, profile},
    profiles::BearerToken,
    render::{
        json as json_out,
        text::{Detail, Look, TokenPage},
    },
    report::{self, FailOn, tally::Tally},
    token::{self, SigningKey, Wanted},
};

/// Flags of `token`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls token decode eyJhbGciOi...
  mtls token verify --jwks keys.json --project-number 123456789012 < token.txt
  mtls token mint --audience https://hook.example.com/ --jwks-out keys.json")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Verify a token: signature, issuer, audience, time, project
    Verify(VerifyArgs),
    /// Show what a token says, without verifying anything
    Decode(DecodeArgs),
    /// Make a test token, signed with a test key
    Mint(MintArgs),
}

/// What a token has to be; `listen` has the same flags.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Wants {
    /// JSON Web Key Set with the keys that may sign tokens: a file or an https URL
    #[arg(long, value_name = "FILE|URL")]
    pub(super) jwks: Option<String>,
    /// Expected audience (aud); may be repeated
    #[arg(long, value_name = "AUDIENCE")]
    pub(super) audience: Vec<String>,
    /// Number of the project whose service agent must have sent the token
    #[arg(long, value_name = "NUMBER", value_parser = project_number)]
    pub(super) project_number: Option<String>,
    /// Expected issuer (iss) [default: the sender profile's]; may be repeated
    #[arg(long, value_name = "ISSUER")]
    pub(super) issuer: Vec<String>,
    /// Clock skew to allow
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = common::duration)]
    pub(super) skew: Duration,
}

#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls token verify --jwks keys.json --project-number 123456789012 < token.txt
  mtls token verify TOKEN --jwks https://issuer.example/keys"
)]
struct VerifyArgs {
    /// Token, with or without `Bearer` [default: read from standard input]
    #[arg(value_name = "TOKEN")]
    token: Option<String>,
    /// Sender profile that the token must fit; issuer and form are dialogflow's by default
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// Trust anchors for the host of a --jwks URL [default: the public roots]
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    #[command(flatten)]
    time: TimeArgs,
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: PlainFormat,
    #[command(flatten)]
    colour: ColorArgs,
    #[command(flatten, next_help_heading = "Token")]
    wants: Wants,
}

#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls token decode eyJhbGciOi...
  mtls token decode --format json < token.txt"
)]
struct DecodeArgs {
    /// Token, with or without `Bearer` [default: read from standard input]
    #[arg(value_name = "TOKEN")]
    token: Option<String>,
    /// Show times relative to TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME", value_parser = common::moment)]
    at_time: Option<Timestamp>,
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: PlainFormat,
    #[command(flatten)]
    colour: ColorArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls token mint --audience https://hook.example.com/ --jwks-out keys.json
  mtls token mint --key-out key.pem --jwks-out keys.json --lifetime 5m
  mtls token mint --key key.pem --project-number 123456789012"
)]
struct MintArgs {
    /// Audience (aud)
    #[arg(long, value_name = "AUDIENCE", default_value = "https://localhost/")]
    audience: String,
    /// Number of the project whose service agent the token names
    #[arg(long, value_name = "NUMBER", default_value = "000000000000", value_parser = project_number)]
    project_number: String,
    /// Issuer (iss) [default: the sender profile's]
    #[arg(long, value_name = "ISSUER")]
    issuer: Option<String>,
    /// Sender profile whose token is imitated
    #[arg(long, value_name = "NAME|FILE", default_value = profile::FIRST)]
    profile: String,
    /// Validity period
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = common::duration)]
    lifetime: Duration,
    /// RSA key to sign with, PKCS#8 PEM [default: a new one]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    pass: PassArgs,
    /// Write the new key to FILE; must not exist
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    key_out: Option<PathBuf>,
    /// Write the key set that a verifier needs to FILE; must not exist
    #[arg(long, value_name = "FILE")]
    jwks_out: Option<PathBuf>,
    /// Date the token as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME", value_parser = common::moment)]
    at_time: Option<Timestamp>,
}

fn project_number(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("expected the project's number, digits only; see: gcloud projects describe ID --format='value(projectNumber)'".to_owned())
    }
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    match &args.command {
        Command::Verify(args) => verify(args),
        Command::Decode(args) => decode(args),
        Command::Mint(args) => mint(args),
    }
}

fn verify(args: &VerifyArgs) -> Result<u8> {
    let now = args.time.now();
    let name = args.profile.as_deref().unwrap_or(profile::FIRST);
    let sender = profile::token(profile::named(name)?)?;
    let wanted = wanted(&args.wants, sender, args.profile.is_some());
    let source = args
        .wants
        .jwks
        .as_deref()
        .map(|from| Source::open(from, args.cacert.as_deref()))
        .transpose()?;
    if source.is_none() {
        // Nothing is fetched that was not named.
        let published = &sender.keys;
        common::complain(&format!(
            "mtls: no --jwks, so the signature is not checked; the sender's keys are at {published}"
        ));
    }
    let given = given(args.token.as_deref())?;
    let token = Source::verify(source.as_ref(), &given, &wanted, now);
    let case = Case::new("token", now, token);
    let judged = engine::judge(case, &Context::at(now));
    let mut tally = Tally::new(None, FailOn::Error, None);
    tally.add(&judged);
    let run = tally.finish(report::Command::Token, now, now, &[]);
    let mut out = output::styled_stdout(args.colour.color);
    match args.format {
        PlainFormat::Text => TokenPage::verified(&judged, look(now)).write(&mut out)?,
        PlainFormat::Json => json_out::token(&mut out, &judged, &run)?,
    }
    Ok(run.exit_code)
}

fn decode(args: &DecodeArgs) -> Result<u8> {
    let now = args.at_time.unwrap_or_else(common::this_second);
    let text = given(args.token.as_deref())?;
    let bare = token::bare(&text);
    let Some((header, claims)) = crate::parse::jwt::parts(bare) else {
        let facts = crate::parse::jwt::token(&format!("Bearer {bare}"));
        let what = if facts.kind == TokenKind::Opaque && bare.starts_with("ya29.") {
            "an OAuth access token: it says nothing to anybody but its issuer"
        } else {
            "not a JSON Web Token: expected three parts between dots, header and claims as JSON objects in base64url"
        };
        common::complain(&format!("mtls: {what}"));
        return Ok(1);
    };
    let mut out = output::styled_stdout(args.colour.color);
    match args.format {
        PlainFormat::Text => TokenPage::decoded(&header, &claims, look(now)).write(&mut out)?,
        PlainFormat::Json => json_out::decoded(&mut out, &header, &claims)?,
    }
    Ok(0)
}

fn look(now: Timestamp) -> Look {
    Look {
        now,
        detail: Detail::Full,
        width: output::width(),
    }
}

fn mint(args: &MintArgs) -> Result<u8> {
    let now = args.at_time.unwrap_or_else(common::this_second);
    let sender = profile::token(profile::named(&args.profile)?)?;
    let key = match &args.key {
        Some(path) => {
            let der = files::private_key(path, args.pass.password()?.as_deref())?;
            SigningKey::from_pkcs8(der.secret_der())
                .with_context(|| format!("{}", path.display()))?
        }
        None => SigningKey::generate()?,
    };
    if let Some(path) = &args.key_out {
        let pem = crate::parse::pem::encode("PRIVATE KEY", &key.pkcs8()?);
        create_new(path, pem.as_bytes(), true)?;
    }
    if let Some(path) = &args.jwks_out {
        create_new(path, format!("{:#}\n", key.key_set()).as_bytes(), false)?;
    }
    let lifetime = i64::try_from(args.lifetime.as_secs()).unwrap_or(i64::MAX);
    let issuer = args
        .issuer
        .clone()
        .or_else(|| sender.issuers.first().cloned())
        .unwrap_or_default();
    let claims = json!({
        "iss": issuer,
        "aud": args.audience,
        "sub": "simulated-by-mtls",
        "email": sender.email.replace("{project-number}", &args.project_number),
        "email_verified": true,
        "iat": now.as_second(),
        "exp": now.as_second().saturating_add(lifetime),
    });
    let token = token::mint(&claims, &key)?;
    let mut out = output::stdout();
    writeln!(out, "{token}")?;
    out.flush()?;
    if args.jwks_out.is_none() {
        common::complain(
            "mtls: signed with a test key; --jwks-out FILE writes the key set that a verifier needs",
        );
    }
    Ok(0)
}

/// The token named on the command line or standard input.
fn given(argument: Option<&str>) -> Result<String> {
    match argument {
        Some(token) if token != "-" => Ok(token.to_owned()),
        _ => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(64 * 1024 * 1024)
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

/// Flags to what a token has to be; the keys come from a [`Source`].
pub(super) fn wanted(args: &Wants, sender: &BearerToken, sender_named: bool) -> Wanted {
    Wanted {
        keys: None,
        issuers: if args.issuer.is_empty() {
            sender.issuers.clone()
        } else {
            args.issuer.clone()
        },
        audiences: args.audience.clone(),
        email: sender.email.clone(),
        project_number: args.project_number.clone(),
        sender_named,
        skew: SignedDuration::try_from(args.skew).unwrap_or(SignedDuration::MAX),
    }
}
