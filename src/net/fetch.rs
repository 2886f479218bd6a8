//! Fetches what somebody named by URL: a key set, and whatever else is not itself looked into. What
//! certificates name is fetched by [`found`].
//!
//! For: `cli`. The one door for it, apart from the dialler, whose business is to call as a sender
//! would and to tell how that went. HTTPS alone, within bounds of size and time, and without
//! following anybody elsewhere. Must not: fetch what was not named; keep anything; read the
//! environment (a proxy is given).

mod address;
pub mod found;

use std::{fmt::Write as _, io, sync::Arc, time::Duration};

use reqwest::{
    Client, NoProxy, Proxy, Response, StatusCode, Url,
    header::{ACCEPT, AGE, CACHE_CONTROL, HeaderMap, HeaderValue, LOCATION},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::CertificateDer};

use super::ending;
use crate::failure;

/// How long an answer counts that says nothing of it.
const USUAL: Duration = Duration::from_secs(300);
/// The longest that any answer counts: a key that was withdrawn must go.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Bounds and ways.
#[derive(Clone, Debug)]
pub struct Options {
    /// The anchors that the server is judged by, DER.
    pub anchors: Vec<Vec<u8>>,
    /// The proxy to go through, a URL, and the hosts that are reached without it, as `NO_PROXY`
    /// lists them.
    pub proxy: Option<(String, String)>,
    /// What is asked for (Accept).
    pub accept: &'static str,
    /// The most that is read, in bytes.
    pub most: usize,
    /// From the first packet to the last.
    pub time: Duration,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The body.
    pub bytes: Vec<u8>,
    /// How long it counts (RFC 9111): zero when it must not be kept.
    pub fresh: Duration,
}

/// Fetches it once; `anew` asks caches on the way not to answer.
///
/// # Errors
/// A sentence without the URL: what was wanted and what came.
pub async fn get(url: &str, options: &Options, anew: bool) -> Result<Fetched, String> {
    let url =
        Url::parse(url).map_err(|_| "not a URL: expected https://HOST[:PORT]/PATH".to_owned())?;
    if url.scheme() != "https" {
        return Err(format!("expected https, found {}", url.scheme()));
    }
    let client = client(options)?;
    let mut request = client.get(url);
    if anew {
        request = request.header(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    let mut response = request.send().await.map_err(|error| why(&error, options))?;
    expect_ok(&response)?;
    let fresh = fresh(response.headers());
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(Fetched { bytes, fresh }),
            Err(error) => return Err(why(&error, options)),
        }
        if bytes.len() > options.most {
            return Err(format!("more than {} bytes", options.most));
        }
    }
}

/// TLS by which a server is judged by these anchors.
fn tls(anchors: &[Vec<u8>]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    // Of an odd anchor nothing is proven; the others still count.
    roots.add_parsable_certificates(
        anchors
            .iter()
            .map(|anchor| CertificateDer::from(anchor.as_slice())),
    );
    let mut tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

fn client(options: &Options) -> Result<Client, String> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls(&options.anchors)?)
        .https_only(true)
        .redirect(Policy::none())
        .no_proxy()
        .default_headers(HeaderMap::from_iter([(
            ACCEPT,
            HeaderValue::from_static(options.accept),
        )]))
        .timeout(options.time);
    if let Some((proxy, without)) = &options.proxy {
        let proxy = Proxy::https(proxy).map_err(|_| "the proxy is not a URL".to_owned())?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(without)));
    }
    builder.build().map_err(|error| why(&error, options))
}

fn expect_ok(response: &Response) -> Result<(), String> {
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(());
    }
    let mut message = format!("expected status 200, found {}", status.as_u16());
    if let Some(to) = response.headers().get(LOCATION) {
        let to = String::from_utf8_lossy(to.as_bytes());
        // Writing to a String cannot fail.
        let _ = write!(message, "; redirects are not followed, name {to} itself");
    }
    Err(message)
}

/// What went wrong: the library's own sentence says only where.
fn why(error: &reqwest::Error, options: &Options) -> String {
    if error.is_timeout() {
        return format!("no complete answer within {:?}", options.time);
    }
    words(error)
}

/// What lies below an error of the library.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    failure::chain(std::error::Error::source(error))
}

fn words(error: &reqwest::Error) -> String {
    // The libraries between say which of their parts failed, the system and TLS say why.
    let why = causes(error).find_map(|cause| {
        let error = cause.downcast_ref::<io::Error>()?;
        Some(within(error).map_or_else(|| failure::io(error), ending::tls_words))
    });
    match why.unwrap_or_else(|| failure::causes(causes(error))) {
        // Not asked for the URL: it is named by who calls.
        none if none.is_empty() => {
            "no answer: the URL cannot be called; expected https://HOST[:PORT]/PATH".to_owned()
        }
        why => format!("no answer: {why}"),
    }
}

/// The error of the TLS library in one of input and output, however often it was wrapped.
pub(super) fn within(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    match inner.downcast_ref() {
        Some(error) => Some(error),
        None => within(inner.downcast_ref()?),
    }
}

/// How long an answer counts, by its Cache-Control and Age (RFC 9111 sections 4.2 and 5.2.2).
fn fresh(headers: &HeaderMap) -> Duration {
    let mut lifetime = None;
    let values = headers.get_all(CACHE_CONTROL).into_iter();
    let directives: Vec<String> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    for directive in &directives {
        match directive.split_once('=') {
            None if directive == "no-store" || directive == "no-cache" => return Duration::ZERO,
            Some(("max-age", seconds)) => {
                lifetime = seconds.trim_matches('"').parse().ok().or(Some(0));
            }
            _ => {}
        }
    }
    let age = headers
        .get(AGE)
        .and_then(|age| age.to_str().ok()?.parse().ok())
        .unwrap_or(0);
    match lifetime {
        Some(seconds) => Duration::from_secs(u64::saturating_sub(seconds, age)).min(LONGEST),
        None => USUAL,
    }
}

#[cfg(test)]
mod tests;
