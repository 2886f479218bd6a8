//! The flags of `lint`.

use std::{num::NonZeroUsize, path::PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use jiff::Timestamp;

use crate::{
    cli::{
        common::{self, Color, FailOnFlag},
        destination::{self, Destination, Format},
        files,
        selection::Selection,
        settings::Settings,
        verifiers::Verifiers,
    },
    facts::Side,
    jobs::{lint::LintRequest, profile},
};

/// `--role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    /// The chain of a webhook's own server
    Server,
    /// The chain of a sender
    Client,
}

impl From<Role> for Side {
    fn from(role: Role) -> Self {
        match role {
            Role::Server => Self::Server,
            Role::Client => Self::Client,
        }
    }
}

/// Flags of `lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls lint --cert fullchain.pem --key key.pem --host hook.example.com
  mtls lint --client-ca clients.pem --profile dialogflow --at-time 2026-12-02
  mtls lint /etc/nginx/nginx.conf --profile dialogflow
  mtls lint /etc/webhook/ ; kubectl get secret web -o json | mtls lint -
  mtls lint --cert fullchain.pem --fix --out repaired.pem")]
pub(in crate::cli) struct Args {
    /// Files and directories to judge by what is in them, and server configurations (nginx, Apache, HAProxy, Envoy, Caddy,
    /// Traefik) with what they name; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The chain that will be presented, leaf first
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) cert: Option<PathBuf>,
    /// The private key of its leaf
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) key: Option<PathBuf>,
    /// The CA certificates that client certificates are judged by
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) client_ca: Vec<PathBuf>,
    /// Anchors that the chain is judged against; any certificate in it is one
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) cacert: Vec<PathBuf>,
    /// Further certificates that may help to build a path
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) untrusted: Vec<PathBuf>,
    /// Revocation lists, PEM or DER; the leaf has to be covered by one
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) crlfile: Vec<PathBuf>,
    /// The password of PKCS#12 files, which are opened then: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it
    #[arg(long, value_name = "SOURCE", help_heading = "Files")]
    pub(super) pass: Option<String>,

    /// Whose chain it is; without it --cert is a server's, and a PATH is what its leaf's extended key usage says
    #[arg(long, value_enum, help_heading = "Judgement")]
    pub(super) role: Option<Role>,
    /// A name the chain has to be valid for; may be repeated
    #[arg(long, value_name = "NAME", help_heading = "Judgement")]
    pub(super) host: Vec<String>,
    /// The sender that has to be accepted: a name, or a profile file of your own
    #[arg(long, value_name = "NAME|FILE", help_heading = "Judgement")]
    pub(super) profile: Option<String>,
    /// Do not judge by the public roots where no --cacert is given
    #[arg(long, help_heading = "Judgement")]
    pub(super) no_default_roots: bool,
    #[command(flatten)]
    pub(super) verifiers: Verifiers,
    /// At most N certificates between leaf and anchor
    #[arg(long, value_name = "N", help_heading = "Judgement")]
    pub(super) max_depth: Option<usize>,
    /// Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)
    #[arg(long, value_name = "TIME", value_parser = common::moment, help_heading = "Judgement")]
    pub(super) at_time: Option<Timestamp>,
    /// Warn when fewer days are left
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 20,
        help_heading = "Judgement"
    )]
    pub(super) warn_days: u32,
    /// Fail when fewer days are left
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 3,
        help_heading = "Judgement"
    )]
    pub(super) fail_days: u32,

    #[command(flatten)]
    pub(super) rules: Selection,

    /// How to print the findings
    #[arg(long, value_parser = destination::all_but(destination::JUDGING), default_value = "text", help_heading = "Output")]
    pub(super) format: Format,
    /// Where to write it, or another format too: sarif=out.sarif; may be repeated
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", value_parser = destination::parse, help_heading = "Output")]
    pub(super) output: Vec<Destination>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) color: Color,
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) fail_on: FailOnFlag,
    /// Findings never change the exit status
    #[arg(long, help_heading = "Output")]
    pub(super) exit_zero: bool,
    /// Files judged at once; the number of cores by default
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Write the chain of --cert in order, without duplicates, strangers and root
    #[arg(long, requires_all = ["cert", "out"], help_heading = "Repair")]
    pub(super) fix: bool,
    /// Where --fix writes; must not exist
    #[arg(long, value_name = "FILE", requires = "fix", help_heading = "Repair")]
    pub(super) out: Option<PathBuf>,
}

impl Args {
    /// What the flags ask for.
    ///
    /// # Errors
    /// When a profile, a verifier or a password is not to be had.
    pub(super) fn request(&self, settings: &Settings) -> Result<LintRequest> {
        Ok(LintRequest {
            paths: self.paths.clone(),
            cert: self.cert.clone(),
            key: self.key.clone(),
            client_ca: self.client_ca.clone(),
            cacert: self.cacert.clone(),
            untrusted: self.untrusted.clone(),
            crlfile: self.crlfile.clone(),
            password: self.pass.as_deref().map(files::password).transpose()?,
            role: self.role.map(Side::from),
            hosts: self.host.clone(),
            profile: self.profile.as_deref().map(profile::named).transpose()?,
            default_roots: !self.no_default_roots,
            status_by: self.verifiers.status_by()?,
            max_depth: self.max_depth,
            now: self.at_time.unwrap_or_else(common::this_second),
            warn_days: self.warn_days,
            fail_days: self.fail_days,
            rules: self.rules.rules(),
            said: settings.said_paths(),
        })
    }
}
