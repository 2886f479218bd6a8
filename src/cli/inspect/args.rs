//! The flags of `inspect`, with curl's names where curl has the flag.

use std::{num::NonZeroU16, path::PathBuf, time::Duration};

use anyhow::Result;

use crate::{
    cli::{
        common,
        destination::{self, Format},
        flags::{FailArgs, FetchArgs, JudgeArgs, OutputArgs, PassArgs, ReachArgs, SecretArgs},
        selection::Selection,
    },
    jobs::{
        inspect::{InspectRequest, Presented, shard::Shard},
        profile,
    },
    net::dial::HttpVersion,
    report,
};

/// Flags of `inspect`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Inspect)),
    mut_arg("warn_days", |flag| flag.short('w')),
    mut_arg("fail_days", |flag| flag.short('c')),
    after_help = "Examples:
  mtls inspect hook.example.com
  mtls inspect hook.example.com --cert client.pem --key client-key.pem
  mtls inspect fullchain.pem --short
  kubectl get secret web -o json | mtls inspect -
  mtls inspect --targets list.txt --jobs 128 --format jsonl > out.jsonl
  mtls inspect -H hook.example.com -p 8443 --format nagios

Exit status: 0 no finding at or above --fail-on, 1 such a finding or UNKNOWN (something that was asked has no answer), 2 the program could not do its job."
)]
pub(in crate::cli) struct Args {
    /// Endpoint (host[:port], https://…), file (PEM, DER, PKCS#12, a Kubernetes secret), directory,
    /// or - for standard input
    #[arg(value_name = "TARGET")]
    pub(super) targets: Vec<String>,

    #[command(flatten, next_help_heading = "Checks")]
    judge: JudgeArgs,
    /// Trust anchors for the chains [default: the public roots]
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Option<PathBuf>,
    /// Sender profile whose client certificate must be accepted: a name, or a file of your own
    /// [default: dialogflow, if the server names its CA]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    #[command(flatten)]
    fetch: FetchArgs,
    #[command(flatten)]
    pub(super) fail: FailArgs,

    #[command(flatten, next_help_heading = "Client certificate")]
    pub(super) presents: ClientArgs,

    #[command(flatten, next_help_heading = "Connection")]
    reach: ReachArgs,
    /// Offer only HTTP/1.1
    #[arg(long = "http1.1", conflicts_with = "no_alpn")]
    pub(super) http1: bool,
    /// Offer no application protocol
    #[arg(long)]
    pub(super) no_alpn: bool,
    /// Timeout for DNS lookup, TCP and TLS
    #[arg(short = 't', long, value_name = "DURATION", default_value = "10s", value_parser = common::time_limit)]
    pub(super) connect_timeout: Duration,
    /// Timeout for the answer to a GET; no answer is not a failure
    #[arg(long, value_name = "DURATION", default_value = "3s", value_parser = common::time_limit)]
    pub(super) answer_timeout: Duration,
    /// Timeout for one connection in all
    #[arg(short = 'm', long, value_name = "DURATION", value_parser = common::time_limit)]
    pub(super) max_time: Option<Duration>,
    /// Host to inspect, in the flags of monitoring plugins
    #[arg(short = 'H', long, value_name = "HOST")]
    pub(super) hostname: Option<String>,
    /// Port of --hostname
    #[arg(short = 'p', long, value_name = "PORT", requires = "hostname")]
    pub(super) port: Option<u16>,

    #[command(flatten, next_help_heading = "Fleet")]
    pub(super) fleet: FleetArgs,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// Print two lines for each certificate
    #[arg(long)]
    pub(super) short: bool,
    /// Print the certificates as PEM too
    #[arg(long)]
    pub(super) pem: bool,
    #[command(flatten)]
    pub(super) pass: PassArgs,
}

/// What is presented in a second handshake.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ClientArgs {
    /// Client certificate and chain, PEM, to present in a second handshake
    #[arg(short = 'E', long, value_name = "FILE", conflicts_with = "client")]
    pub(super) cert: Option<PathBuf>,
    /// Private key of --cert, PEM [default: in the file of --cert]
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,
    /// Throwaway client certificate to present in a second handshake: valid, or a fault such as
    /// expired
    #[arg(long, value_name = "NAME")]
    pub(super) client: Option<String>,
    /// Take --client from this directory, written by `mtls pki`
    #[arg(long, value_name = "DIR", conflicts_with = "cert")]
    pub(super) pki: Option<PathBuf>,
}

/// Many endpoints.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct FleetArgs {
    /// List of endpoints, one per line: host[:port], or JSON with `target` and its own settings; - is
    /// standard input
    #[arg(long = "targets", value_name = "FILE")]
    pub(super) list: Option<PathBuf>,
    /// Endpoints inspected in parallel
    #[arg(
        short = 'j',
        long,
        value_name = "COUNT",
        default_value_t = 64,
        value_parser = clap::value_parser!(u16).range(1..=10_000)
    )]
    pub(super) jobs: u16,
    /// Maximum number of endpoints to start per second
    #[arg(long, value_name = "COUNT")]
    pub(super) rate: Option<NonZeroU16>,
    /// Inspect only part M of N; auto takes M from JOB_COMPLETION_INDEX or CI_NODE_INDEX
    #[arg(long, value_name = "M/N|auto/N")]
    pub(super) shard: Option<Shard>,
    /// Skip endpoints that FILE, the JSON Lines of an earlier run, has a result for
    #[arg(long, value_name = "FILE")]
    pub(super) resume: Option<PathBuf>,
    /// With --targets too: check every trust store, and session resumption by a second handshake
    #[arg(long)]
    pub(super) thorough: bool,
}

impl Args {
    /// What the flags ask for.
    ///
    /// # Errors
    /// When a profile, a verifier or a password is not to be had, or the flags exclude each other.
    pub(super) fn request(&self) -> Result<InspectRequest> {
        let Self {
            judge,
            presents,
            reach,
            fleet,
            ..
        } = self;
        let client = match (&presents.cert, &presents.client) {
            (Some(cert), _) => Some(Presented::Own {
                cert: cert.clone(),
                key: presents.key.clone(),
            }),
            (None, Some(name)) => Some(Presented::Made {
                name: name.clone(),
                folder: presents.pki.clone(),
            }),
            (None, None) => None,
        };
        Ok(InspectRequest {
            cacert: self.cacert.clone(),
            default_roots: judge.roots.default_roots(),
            profile: profile::named(self.profile.as_deref().unwrap_or(profile::FIRST))?,
            profile_assumed: self.profile.is_none(),
            now: judge.time.now(),
            warn_days: judge.warn_days,
            fail_days: judge.fail_days,
            client,
            sni: reach.sni.clone(),
            resolve: reach.resolve.clone(),
            connect_to: reach.connect_to.clone(),
            proxy: reach.through()?,
            versions: reach.tls.versions()?,
            http: match (self.no_alpn, self.http1) {
                (true, _) => HttpVersion::NoAlpn,
                (false, true) => HttpVersion::Http1,
                (false, false) => HttpVersion::Http2,
            },
            connect_time: self.connect_timeout,
            answer_time: self.answer_timeout,
            time: self
                .max_time
                .unwrap_or(self.connect_timeout + self.answer_timeout),
            thorough: fleet.list.is_none() || fleet.thorough,
            at_once: usize::from(fleet.jobs),
            rate: fleet.rate.map(NonZeroU16::get),
            status_by: judge.verifiers.status_by()?,
            fetch: self.fetch.fetch(),
            rules: self.rules.rules(),
            password: self.pass.password()?,
            pem: self.pem,
            show_secrets: self.secrets.show(),
        })
    }

    /// What is to be looked at besides the list.
    pub(super) fn named(&self) -> Vec<String> {
        let host = self.hostname.as_ref().map(|host| match self.port {
            Some(port) if host.contains(':') && !host.starts_with('[') => {
                format!("[{host}]:{port}")
            }
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        });
        self.targets.iter().cloned().chain(host).collect()
    }

    /// Whether a monitoring system reads what is printed.
    pub(in crate::cli) fn is_plugin(&self) -> bool {
        self.output.format == Format::Nagios
    }
}
