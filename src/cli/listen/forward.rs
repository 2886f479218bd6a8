//! The flags of the leg behind the listener, and the leg they describe.

use std::{
    net::{IpAddr, ToSocketAddrs as _},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;

use crate::{
    cli::common,
    facts::FileRole,
    jobs::{files, target},
    net::forward::{self, Options, Path, Target, Tell, Tls},
    verify::public,
};

/// `--forward-path`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PathFlag {
    /// The request's path goes behind the URL's
    #[default]
    Keep,
    /// The URL's path takes its place
    Replace,
}

/// `--forward-headers`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum HeadersFlag {
    /// All of them
    All,
    /// X-Mtls-Verified, -Subject, -Issuer, -Sans, -Sha256, -Profile
    #[default]
    XMtls,
    /// Client-Cert and Client-Cert-Chain (RFC 9440)
    ClientCert,
    /// X-Forwarded-Client-Cert, as Envoy writes it
    Xfcc,
    /// None
    None,
}

/// Where requests are passed on to, and how.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ForwardArgs {
    /// Pass every request on to this application and answer with its answer; PORT alone is
    /// http://localhost:PORT
    #[arg(long, value_name = "URL", conflicts_with_all = ["respond", "status", "delay"])]
    pub(super) forward_to: Option<String>,
    /// What the path of a request becomes
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t,
        requires = "forward_to"
    )]
    forward_path: PathFlag,
    /// Headers that tell the application of a verified client certificate; any that come from
    /// outside are removed
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        default_value_t,
        requires = "forward_to"
    )]
    forward_headers: HeadersFlag,
    /// Also send those headers for a certificate that was not verified
    #[arg(long, requires = "forward_to")]
    forward_unverified: bool,
    /// How long the application may take to answer
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = common::time_limit, requires = "forward_to")]
    forward_timeout: Duration,
    /// How long a connection to the application may take
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = common::time_limit, requires = "forward_to")]
    forward_connect_timeout: Duration,
    /// Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDRESS", requires = "forward_to")]
    forward_resolve: Vec<String>,
    /// CA certificates to verify the application against, PEM [default: the public roots]
    #[arg(long, value_name = "FILE", requires = "forward_to")]
    forward_cacert: Option<PathBuf>,
    /// Accept any certificate from the application
    #[arg(long, requires = "forward_to", conflicts_with = "forward_cacert")]
    forward_skip_verify: bool,
    /// Send the application this server name (SNI) and check its certificate against it
    #[arg(long, value_name = "NAME", requires = "forward_to")]
    forward_sni: Option<String>,
    /// Client certificate and chain to present to the application, PEM
    #[arg(long, value_name = "FILE", requires = "forward_to")]
    forward_cert: Option<PathBuf>,
    /// Private key of --forward-cert, PEM [default: in the file of --forward-cert]
    #[arg(long, value_name = "FILE", requires = "forward_cert")]
    forward_key: Option<PathBuf>,
}

impl ForwardArgs {
    /// The files that the flags name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.forward_cacert, &self.forward_cert, &self.forward_key]
            .into_iter()
            .flatten()
    }

    /// The leg that they describe.
    pub(super) fn target(&self, password: Option<&str>) -> Result<Option<Arc<Target>>> {
        let Some(to) = &self.forward_to else {
            return Ok(None);
        };
        let wrong = |why: String| anyhow!("--forward-to {to}: {why}");
        let url = forward::url(to).map_err(wrong)?;
        let secure = url.scheme() == "https";
        let tls_only = [
            ("--forward-cacert", self.forward_cacert.is_some()),
            ("--forward-skip-verify", self.forward_skip_verify),
            ("--forward-sni", self.forward_sni.is_some()),
            ("--forward-cert", self.forward_cert.is_some()),
        ];
        if let Some((flag, _)) = tls_only.iter().find(|(_, given)| *given && !secure) {
            bail!("{flag} is about TLS, and --forward-to {to} speaks none; expected https://");
        }
        let (host, port) = forward::host_and_port(&url);
        let mut addresses = Vec::new();
        for rule in &self.forward_resolve {
            let found = target::resolved(rule, "--forward-resolve", &host, port)?;
            addresses = found.unwrap_or(addresses);
        }
        let identity = match &self.forward_cert {
            None => None,
            Some(cert) => {
                let key = self.forward_key.as_deref();
                Some(files::identity(cert, None, key, password)?.as_client())
            }
        };
        let anchors = match &self.forward_cacert {
            Some(path) => files::certificates(path, FileRole::Anchors)?
                .into_iter()
                .map(|anchor| anchor.der.clone())
                .collect(),
            None if secure => public::all().collect(),
            None => Vec::new(),
        };
        if !secure && !is_here(&host) {
            common::complain(&format!(
                "mtls: --forward-to {to}: bodies, tokens and names go to {host} unencrypted"
            ));
        }
        let target = Target::new(Options {
            to: to.clone(),
            path: match self.forward_path {
                PathFlag::Keep => Path::Keep,
                PathFlag::Replace => Path::Replace,
            },
            tell: self.tell(),
            tls: Tls {
                anchors,
                skip_verify: self.forward_skip_verify,
                identity,
                sni: self.forward_sni.clone(),
            },
            addresses,
            time: self.forward_timeout,
            connect_time: self.forward_connect_timeout,
        });
        Ok(Some(Arc::new(target.map_err(wrong)?)))
    }

    fn tell(&self) -> Tell {
        let all = self.forward_headers == HeadersFlag::All;
        let is = |flag| all || self.forward_headers == flag;
        Tell {
            x_mtls: is(HeadersFlag::XMtls),
            client_cert: is(HeadersFlag::ClientCert),
            xfcc: is(HeadersFlag::Xfcc),
            unverified: self.forward_unverified,
        }
    }
}

/// Whether a host is this machine, by its address or by every address of its name.
fn is_here(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => {
            let found = (host, 0).to_socket_addrs();
            found.is_ok_and(|mut found| found.all(|one| one.ip().is_loopback()))
        }
    }
}
