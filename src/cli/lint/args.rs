//! The flags of `lint`.

use std::{num::NonZeroUsize, path::PathBuf};

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    cli::{
        destination,
        files::password,
        flags::{FailArgs, JudgeArgs, OutputArgs},
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
#[command(
    mut_args(destination::adapt(report::Command::Lint)),
    after_help = "Examples:
  mtls lint --cert fullchain.pem --key key.pem --host hook.example.com
  mtls lint --client-ca clients.pem --profile dialogflow --at-time 2026-12-02
  mtls lint /etc/nginx/nginx.conf --profile dialogflow
  mtls lint /etc/webhook/ ; kubectl get secret web -o json | mtls lint -
  mtls lint --cert fullchain.pem --fix --out repaired.pem"
)]
pub(in crate::cli) struct Args {
    /// Files and directories to judge by what is in them, and server configurations (nginx, Apache,
    /// HAProxy, Envoy, Caddy, Traefik) with what they name; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Files")]
    pub(super) files: FileArgs,

    #[command(flatten, next_help_heading = "Judgement")]
    judge: JudgeArgs,
    /// Whose chain it is; without it --cert is a server's, and a PATH is what its leaf's extended
    /// key usage says
    #[arg(long, value_enum)]
    pub(super) role: Option<Role>,
    /// A name the chain has to be valid for; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) host: Vec<String>,
    /// The sender that has to be accepted: a name, or a profile file of your own
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// At most N certificates between leaf and anchor
    #[arg(long, value_name = "N")]
    pub(super) max_depth: Option<usize>,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) fail: FailArgs,
    /// Files judged at once; the number of cores by default
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,

    #[command(flatten, next_help_heading = "Repair")]
    pub(super) repair: RepairArgs,
}

/// The files that flags name.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// The chain that will be presented, leaf first
    #[arg(long, value_name = "FILE")]
    pub(super) cert: Option<PathBuf>,
    /// The private key of its leaf
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// The CA certificates that client certificates are judged by
    #[arg(long, value_name = "FILE")]
    pub(super) client_ca: Vec<PathBuf>,
    /// Anchors that the chain is judged against; any certificate in it is one
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Vec<PathBuf>,
    /// Further certificates that may help to build a path
    #[arg(long, value_name = "FILE")]
    pub(super) untrusted: Vec<PathBuf>,
    /// Revocation lists, PEM or DER; the leaf has to be covered by one
    #[arg(long, value_name = "FILE")]
    pub(super) crlfile: Vec<PathBuf>,
    /// The password of PKCS#12 files, which are opened then: pass:WORD, env:VARIABLE, file:PATH or
    /// stdin, as openssl takes it
    #[arg(long, value_name = "SOURCE")]
    pub(super) pass: Option<String>,
}

/// What is repaired.
#[derive(Debug, clap::Args)]
pub(super) struct RepairArgs {
    /// Write a clean copy: the chain of --cert in order, without duplicates, unrelated certificates
    /// and root; or the CA certificates of --client-ca, each once
    #[arg(long, requires = "out")]
    pub(super) fix: bool,
    /// Where --fix writes; must not exist
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
        Ok(LintRequest {
            paths: self.paths.clone(),
            cert: files.cert.clone(),
            key: files.key.clone(),
            client_ca: files.client_ca.clone(),
            cacert: files.cacert.clone(),
            untrusted: files.untrusted.clone(),
            crlfile: files.crlfile.clone(),
            password: files.pass.as_deref().map(password).transpose()?,
            role: self.role.map(Side::from),
            hosts: self.host.clone(),
            profile: self.profile.as_deref().map(profile::named).transpose()?,
            default_roots: self.judge.roots.default_roots(),
            status_by: self.judge.verifiers.status_by()?,
            max_depth: self.max_depth,
            now: self.judge.time.now(),
            warn_days: self.judge.warn_days,
            fail_days: self.judge.fail_days,
            rules: self.rules.rules(),
            said: settings.said_paths(),
        })
    }
}
