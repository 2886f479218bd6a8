//! The flags of `lint`.

use std::{num::NonZeroUsize, path::PathBuf};

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    cli::{
        common, destination,
        flags::{FailArgs, FetchArgs, JudgeArgs, OutputArgs, PassArgs},
        selection::Selection,
        settings::Settings,
    },
    facts::Side,
    jobs::{lint::LintRequest, profile},
    report,
};

/// `--role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    /// A webhook's server certificate
    Server,
    /// A sender's client certificate
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
#[command(
    mut_args(destination::adapt(report::Command::Lint)),
    after_help = "Examples:
  mtls lint --cert fullchain.pem --key key.pem --host hook.example.com
  mtls lint --client-ca clients.pem --profile dialogflow --at-time 2026-12-02
  mtls lint --client-ca clients.pem --would-accept sender-leaf.pem
  mtls lint /etc/nginx/nginx.conf --profile dialogflow
  mtls lint /etc/webhook/
  kubectl get secret web -o json | mtls lint -
  mtls lint certs/ --profile dialogflow --output sarif=lint.sarif
  mtls lint --cert fullchain.pem --fix --out repaired.pem
  mtls lint --cert leaf.pem --fetch --fix --out fullchain.pem

Exit status:
  0  no finding at or above --fail-on
  1  such a finding, or UNKNOWN: something that was asked has no answer
  2  the program could not do its job"
)]
pub(in crate::cli) struct Args {
    /// Files, directories, or server configurations (nginx, Apache, HAProxy, Envoy, Caddy, Traefik)
    /// with the files they name; - is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Files")]
    pub(super) files: FileArgs,

    #[command(flatten, next_help_heading = "Checks")]
    judge: JudgeArgs,
    /// Whose certificate it is [default: server for --cert, by extended key usage for PATH]
    #[arg(long, value_enum, value_name = "SIDE")]
    pub(super) role: Option<Role>,
    /// Host name that the certificate must cover, or a URL with it; separate with commas or repeat
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = common::host)]
    pub(super) host: Vec<String>,
    /// Sender profile whose client certificate must be accepted: a name, NAME=FILE with the roots
    /// that the sender has for download, or a file of your own; may be repeated
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Vec<String>,
    /// Server of a configuration that is the webhook, by one of its names; the others are skipped
    #[arg(long, value_name = "NAME")]
    pub(super) server: Option<String>,
    /// Maximum number of intermediates between leaf and trust anchor
    #[arg(long, value_name = "COUNT")]
    pub(super) max_depth: Option<usize>,
    #[command(flatten)]
    fetch: FetchArgs,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) fail: FailArgs,
    /// Files checked in parallel [default: the number of cores]
    #[arg(long, value_name = "COUNT")]
    pub(super) jobs: Option<NonZeroUsize>,

    #[command(flatten, next_help_heading = "Repair")]
    pub(super) repair: RepairArgs,
}

/// The files that flags name.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// Certificate chain to present, PEM, leaf first
    #[arg(long, value_name = "FILE")]
    pub(super) cert: Option<PathBuf>,
    /// Private key of the leaf, PEM
    #[arg(short = 'k', long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// CA certificates that client certificates are verified against; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) client_ca: Vec<PathBuf>,
    /// Client certificate, with its intermediates, that must be accepted; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) would_accept: Vec<PathBuf>,
    /// Trust anchors for the chain; any certificate in FILE is one; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Vec<PathBuf>,
    /// More certificates to build the chain from, as openssl's -untrusted; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) untrusted: Vec<PathBuf>,
    /// Certificate revocation lists (CRLs), PEM or DER; one must cover the leaf; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) crlfile: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) pass: PassArgs,
}

/// What is repaired.
#[derive(Debug, clap::Args)]
pub(super) struct RepairArgs {
    /// Write a clean copy: the chain of --cert in order, without duplicates, unrelated certificates
    /// and root, with --fetch also the missing intermediates; or the CA certificates of --client-ca,
    /// each once
    #[arg(long, requires = "out")]
    pub(super) fix: bool,
    /// File that --fix writes; must not exist
    #[arg(long, value_name = "FILE", requires = "fix")]
    pub(super) out: Option<PathBuf>,
}

impl Args {
    /// What the flags ask for.
    ///
    /// # Errors
    /// When a profile, a verifier or a password is not to be had.
    pub(super) fn request(&self, settings: &Settings) -> Result<LintRequest> {
        let files = &self.files;
        let named: Result<Vec<_>> = self.profile.iter().map(|one| profile::named(one)).collect();
        let mut named = named?.into_iter();
        Ok(LintRequest {
            paths: self.paths.clone(),
            cert: files.cert.clone(),
            key: files.key.clone(),
            client_ca: files.client_ca.clone(),
            would_accept: files.would_accept.clone(),
            cacert: files.cacert.clone(),
            untrusted: files.untrusted.clone(),
            crlfile: files.crlfile.clone(),
            password: files.pass.password()?,
            role: self.role.map(Side::from),
            hosts: self.host.clone(),
            profile: named.next(),
            further: named.collect(),
            default_roots: self.judge.roots.default_roots(),
            status_by: self.judge.verifiers.status_by()?,
            max_depth: self.max_depth,
            now: self.judge.time.now(),
            warn_days: self.judge.warn_days,
            fail_days: self.judge.fail_days,
            server: self.server.clone(),
            fetch: self.fetch.fetch(),
            rules: self.rules.rules(),
            said: settings.said_paths(),
        })
    }
}
