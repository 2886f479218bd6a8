//! Flags that several commands share, each group in one place. A group without a heading of its own
//! stands under that of whoever takes it in.

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;
use jiff::Timestamp;

use super::{
    common::{self, Color, FailOnFlag},
    destination::{self, Destination, Format},
    files,
    verifiers::Verifiers,
};
use crate::{
    jobs::{fetch::Fetch, proxy::Through},
    net::{dial::Proxy, plan::Versions},
    render::text::{Detail, Look},
    report::FailOn,
};

/// `--tls-max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TlsMax {
    #[value(name = "1.2")]
    V12,
    #[value(name = "1.3")]
    V13,
}

/// Which TLS versions are spoken.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct TlsArgs {
    /// Use TLS 1.3 only
    #[arg(long = "tlsv1.3")]
    tls13: bool,
    /// Highest TLS version to use
    #[arg(long, value_enum, value_name = "VERSION")]
    tls_max: Option<TlsMax>,
}

impl TlsArgs {
    /// The versions.
    ///
    /// # Errors
    /// When the flags leave none.
    pub(super) fn versions(&self) -> Result<Versions> {
        match (self.tls13, self.tls_max) {
            (true, Some(TlsMax::V12)) => {
                bail!("--tlsv1.3 and --tls-max 1.2 leave no TLS version; drop one of them")
            }
            (true, _) => Ok(Versions::Only13),
            (false, Some(TlsMax::V12)) => Ok(Versions::Only12),
            (false, _) => Ok(Versions::Both),
        }
    }
}

/// How a server is reached, with curl's names where curl has the flag.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ReachArgs {
    /// Send this server name (SNI) and check the certificate against it [default: the target's host]
    #[arg(long, value_name = "NAME")]
    pub(super) sni: Option<String>,
    /// Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub(super) resolve: Vec<String>,
    /// Connect to HOST2:PORT2 for HOST1:PORT1; may be repeated
    #[arg(long, value_name = "HOST1:PORT1:HOST2:PORT2")]
    pub(super) connect_to: Vec<String>,
    /// Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and
    /// the hosts of no_proxy]
    #[arg(short = 'x', long, value_name = "[USER:PASSWORD@]HOST:PORT")]
    pub(super) proxy: Option<String>,
    /// Use TLS 1.2 or later (always on)
    #[arg(long = "tlsv1.2")]
    tls12: bool,
    #[command(flatten)]
    pub(super) tls: TlsArgs,
}

impl ReachArgs {
    /// The proxy that servers are reached through: the one that is named, none where that is empty,
    /// else the environment's.
    pub(super) fn through(&self) -> Result<Option<Through>> {
        let environment = common::proxy();
        let (named, from_environment) = match &self.proxy {
            Some(named) => (named.clone(), false),
            None => match environment {
                Some((named, _)) => (named, true),
                None => return Ok(None),
            },
        };
        if named.is_empty() {
            return Ok(None);
        }
        let flag = if from_environment {
            "https_proxy"
        } else {
            "--proxy"
        };
        let proxy = Proxy::read(&named).map_err(|why| anyhow!("{flag}: {why}"))?;
        Ok(Some(Through {
            proxy,
            without: common::no_proxy(),
            from_environment,
        }))
    }
}

/// The time that everything is evaluated at.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct TimeArgs {
    /// Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME", value_parser = common::moment)]
    pub(super) at_time: Option<Timestamp>,
}

impl TimeArgs {
    /// The moment: the one that is named, else now.
    pub(super) fn now(&self) -> Timestamp {
        self.at_time.unwrap_or_else(common::this_second)
    }
}

/// Whether the public roots judge.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct RootsArgs {
    /// Trust no public roots, even if --cacert is not given
    #[arg(long)]
    no_default_roots: bool,
}

impl RootsArgs {
    /// Whether they do.
    pub(super) fn default_roots(&self) -> bool {
        !self.no_default_roots
    }
}

/// How certificates are judged.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct JudgeArgs {
    #[command(flatten)]
    pub(super) roots: RootsArgs,
    #[command(flatten)]
    pub(super) verifiers: Verifiers,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    /// Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]
    #[arg(long, value_name = "DAYS")]
    pub(super) warn_days: Option<u32>,
    /// Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]
    #[arg(long, value_name = "DAYS")]
    pub(super) fail_days: Option<u32>,
}

/// What is fetched.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct FetchArgs {
    /// Fetch missing intermediates, and ask whether certificates are revoked (OCSP, CRL), from the
    /// addresses in the certificates; never without this flag
    #[arg(long)]
    fetch: bool,
    /// With --fetch: also from private, loopback and link-local addresses
    #[arg(long, requires = "fetch")]
    fetch_private: bool,
}

impl FetchArgs {
    /// What may be fetched.
    pub(super) fn fetch(&self) -> Option<Fetch> {
        self.fetch.then_some(Fetch {
            private: self.fetch_private,
        })
    }
}

/// What makes a run fail.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct FailArgs {
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    fail_on: FailOnFlag,
    /// Exit with 0 whatever is found
    #[arg(long)]
    exit_zero: bool,
}

impl FailArgs {
    /// The lowest severity that does.
    pub(super) fn fail_on(&self) -> FailOn {
        self.fail_on.unless(self.exit_zero)
    }
}

/// Where results go. What a command has of it, and how it says so, is [`destination::adapt`]'s.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct OutputArgs {
    /// Output format
    #[arg(long, value_parser = clap::value_parser!(Format), default_value = "text")]
    pub(super) format: Format,
    /// Write the output to FILE, in another format if one is named; may be repeated
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", value_parser = destination::parse)]
    pub(super) output: Vec<Destination>,
    /// Print everything: file lines, whole chains, every reason, headers, timing
    #[arg(short = 'v', long, conflicts_with = "quiet")]
    verbose: bool,
    /// Print the verdict lines only
    #[arg(short = 'q', long)]
    quiet: bool,
    #[command(flatten)]
    pub(super) colour: ColorArgs,
}

impl OutputArgs {
    /// How much is printed.
    pub(super) fn detail(&self) -> Detail {
        match (self.verbose, self.quiet) {
            (true, _) => Detail::Full,
            (false, true) => Detail::Verdict,
            (false, false) => Detail::Usual,
        }
    }

    /// How text is to look, for a stream of so many columns.
    pub(super) fn look(&self, now: Timestamp, width: Option<usize>) -> Look {
        Look {
            now,
            detail: self.detail(),
            width,
        }
    }
}

/// What opens keys and containers.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct PassArgs {
    /// Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as
    /// in openssl, or prompt, which asks on the terminal
    #[arg(long, value_name = "SOURCE")]
    pass: Option<String>,
}

impl PassArgs {
    /// The password, where there is one.
    ///
    /// # Errors
    /// When it is not to be had.
    pub(super) fn password(&self) -> Result<Option<String>> {
        let password = self.pass.as_deref().map(files::password);
        Ok(password.transpose()?.flatten())
    }
}

/// Whether credentials are shown.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SecretArgs {
    /// Print credentials in full instead of redacting them
    #[arg(long)]
    show_secrets: bool,
}

impl SecretArgs {
    /// Whether they are; then it is said.
    pub(super) fn warned(&self) -> bool {
        if self.show_secrets {
            common::complain("mtls: --show-secrets: credentials will be printed in full");
        }
        self.show_secrets
    }

    /// Whether they are.
    pub(super) fn show(&self) -> bool {
        self.show_secrets
    }
}

/// The colour of what is printed.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ColorArgs {
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(super) color: Color,
}

/// The format of a command that judges nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PlainFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}
