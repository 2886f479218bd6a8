//! The leg behind the listener: where requests are passed on to, and with what.
//!
//! For: `cli`, which describes the leg once, and `http`, which passes requests on. One client for
//! all of a run: its connections are kept for the next request. Must not: follow a redirect, go
//! through a proxy, change a byte of a body, or try a request a second time.

mod again;
mod aside;
mod headers;
mod identity;
mod resolve;
mod tee;
mod wait;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Uri, http::uri::PathAndQuery};
use reqwest::{Client, Url, header::HeaderValue, redirect::Policy};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};

use self::aside::Aside;
pub(super) use self::{
    again::Passed,
    headers::{answer as answer_headers, request as request_headers},
    identity::Shown,
    tee::{Copied, Tee},
    wait::{Outcome, fault, until_answered},
};
use super::identity::{ClientIdentity, provider};
use crate::failure;

/// How long a connection without a request is kept. Shorter than servers keep theirs (gunicorn 2 s,
/// Node 5 s): a request on a connection that the application is just closing would be lost.
const IDLE: Duration = Duration::from_secs(1);

/// What the path of a request becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Path {
    /// It stays, behind the path of the URL.
    #[default]
    Keep,
    /// The URL's own takes its place.
    Replace,
}

/// Which header fields tell the application of the client's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tell {
    /// `X-Mtls-Verified`, `-Subject`, `-Issuer`, `-Sans`, `-Sha256`, `-Profile`.
    pub x_mtls: bool,
    /// `Client-Cert` and `Client-Cert-Chain` (RFC 9440).
    pub client_cert: bool,
    /// Envoy's `X-Forwarded-Client-Cert`.
    pub xfcc: bool,
    /// Also of a certificate that did not verify.
    pub unverified: bool,
}

/// How the application is reached over TLS.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// The anchors that its certificate is judged by, DER.
    pub anchors: Vec<Vec<u8>>,
    /// Whether any certificate is taken.
    pub skip_verify: bool,
    /// What is presented to it.
    pub identity: Option<ClientIdentity>,
    /// The name that is asked for and checked, in place of the URL's host.
    pub sni: Option<String>,
}

/// The leg as it is described.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to.
    pub to: String,
    /// What the path becomes.
    pub path: Path,
    /// What is told of the client.
    pub tell: Tell,
    /// TLS.
    pub tls: Tls,
    /// Addresses in place of asking for the name's.
    pub addresses: Vec<SocketAddr>,
    /// From a request that was passed on whole to the head of its answer, and between two parts of
    /// its answer.
    pub time: Duration,
    /// For a connection, TLS included.
    pub connect_time: Duration,
}

/// The leg, ready for use.
pub struct Target {
    pub(super) client: Client,
    /// The URL as it was given.
    url: Url,
    /// The URL that is called: its host is the name that is asked for.
    base: Url,
    path: Path,
    /// The Host field.
    pub(super) host: HeaderValue,
    pub(super) tell: Tell,
    /// Where what went by is looked into.
    pub(super) aside: Aside,
    pub(super) time: Duration,
    pub(super) connect_time: Duration,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

/// The URL of an application: `3000` is `http://localhost:3000`, a host without a scheme is http.
///
/// # Errors
/// A sentence: what was expected and what was found.
pub fn url(text: &str) -> Result<Url, String> {
    let whole = if text.parse::<u16>().is_ok() {
        format!("http://localhost:{text}")
    } else if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&whole)
        .map_err(|_| format!("`{text}` is not a URL: expected http://HOST[:PORT][/PATH]"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("expected http or https, found {}", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a user name or password cannot be in the URL".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a fragment (#) is never sent: drop it".to_owned());
    }
    Ok(url)
}

/// Host and port as they are connected to.
pub fn host_and_port(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default();
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    (host, url.port_or_known_default().unwrap_or(80))
}

impl Target {
    /// The leg that these options describe.
    ///
    /// # Errors
    /// A sentence: the URL, the name or the key cannot be used.
    pub fn new(options: Options) -> Result<Self, String> {
        let url = url(&options.to)?;
        let mut base = url.clone();
        let (host, port) = host_and_port(&url);
        if let Some(name) = &options.tls.sni {
            base.set_host(Some(name))
                .map_err(|_| format!("`{name}` is not a host name"))?;
        }
        let authority = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls(&options.tls)?)
            .http1_only()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE)
            .connect_timeout(options.connect_time)
            .dns_resolver(Arc::new(resolve::Names {
                host,
                port,
                addresses: options.addresses,
            }))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            host: HeaderValue::from_str(&authority).map_err(|error| error.to_string())?,
            url,
            base,
            path: options.path,
            tell: options.tell,
            aside: Aside::start()
                .map_err(|error| format!("cannot start a thread: {}", failure::io(&error)))?,
            time: options.time,
            connect_time: options.connect_time,
        })
    }

    /// The URL as it was given.
    pub fn shown(&self) -> &str {
        self.url.as_str()
    }

    /// The run ends: what went by and was not looked into yet is recorded by its size.
    pub(super) fn hurry(&self) {
        self.aside.hurry();
    }

    /// `HOST:PORT`, for messages.
    pub(super) fn place(&self) -> String {
        let (host, port) = host_and_port(&self.url);
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }

    /// Where a request of this target goes: the URL that is called, and the one to show.
    pub(super) fn route(&self, asked: &Uri) -> (Url, Url) {
        let asked = asked.path_and_query().map_or("/", PathAndQuery::as_str);
        let (path, query) = match asked.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (asked, None),
        };
        let routed = |base: &Url| {
            let mut url = base.clone();
            if self.path == Path::Keep {
                let front = base.path().trim_end_matches('/');
                url.set_path(&format!("{front}{path}"));
            }
            if url.query().is_none() || self.path == Path::Keep {
                url.set_query(query);
            }
            url
        };
        (routed(&self.base), routed(&self.url))
    }
}

fn tls(options: &Tls) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let builder = if options.skip_verify {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate))
    } else {
        let mut roots = RootCertStore::empty();
        // Of an odd anchor nothing is proven; the others still count.
        roots.add_parsable_certificates(
            options
                .anchors
                .iter()
                .map(|anchor| CertificateDer::from(anchor.as_slice())),
        );
        builder.with_root_certificates(roots)
    };
    let mut config = match &options.identity {
        Some(identity) => {
            builder.with_client_cert_resolver(Arc::new(Present(identity.certified())))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Presents one chain to whoever asks.
#[derive(Debug)]
struct Present(Arc<CertifiedKey>);

impl ResolvesClientCert for Present {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Takes whatever certificate comes (`--forward-skip-verify`); that its key signed the handshake is
/// checked all the same.
#[derive(Debug)]
struct AnyCertificate;

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = provider().signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, &known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, &known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests;
