//! Fetches from an address that a certificate names: whoever made the certificate chose it.
//!
//! For: `jobs::fetch`. Plain HTTP too, since CAs publish so (RFC 5280 section 4.2.2.1): whoever
//! fetches checks the signature of what came. Bounded in size, time and redirects, and every
//! address that is dialled is judged first. Must not: use a proxy, which would look names up by
//! itself; call a private address that nobody allowed; send anything but the request.

use std::{net::IpAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, USER_AGENT},
    redirect::Policy,
};

pub use super::address::Allowed;
use super::{
    address::{Names, NotPublic},
    causes, tls, words,
};

/// Redirects that are followed.
const REDIRECTS: usize = 3;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The address.
    pub url: String,
    /// What is posted, and its media type; `None` for a GET.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// The media type that is asked for.
    pub accept: &'static str,
}

/// Bounds.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The anchors that HTTPS servers are judged by, DER.
    pub anchors: Arc<[Vec<u8>]>,
    /// Which addresses may be called.
    pub allowed: Allowed,
    /// The most that is read, in bytes.
    pub most: usize,
    /// From the first packet to the last, redirects included.
    pub time: Duration,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The body.
    pub bytes: Vec<u8>,
    /// Where a redirect led.
    pub redirected_to: Option<String>,
}

/// Fetches it once.
///
/// # Errors
/// A sentence without the URL: what was expected and what came.
pub async fn fetch(ask: &Ask, bounds: &Bounds) -> Result<Found, String> {
    match tokio::time::timeout(bounds.time, follow(ask, bounds)).await {
        Ok(result) => result,
        Err(_) => Err(format!("no complete answer within {:?}", bounds.time)),
    }
}

async fn follow(ask: &Ask, bounds: &Bounds) -> Result<Found, String> {
    let mut url = Url::parse(&ask.url).map_err(|_| "not a URL".to_owned())?;
    let mut redirected_to = None;
    for _ in 0..=REDIRECTS {
        let at = |why: String| match &redirected_to {
            Some(to) => format!("redirected to {to}: {why}"),
            None => why,
        };
        may_call(&url, bounds).map_err(at)?;
        let response = send(&url, ask, bounds).await.map_err(at)?;
        match target(&response, &url, ask).map_err(at)? {
            Some(next) => {
                redirected_to = Some(next.to_string());
                url = next;
            }
            None => {
                let bytes = read(response, bounds).await.map_err(at)?;
                return Ok(Found {
                    bytes,
                    redirected_to,
                });
            }
        }
    }
    Err(format!("more than {REDIRECTS} redirects"))
}

/// Whether a URL may be called as it is written; where its name leads is judged when it is dialled.
fn may_call(url: &Url, bounds: &Bounds) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("expected http or https, found {}", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it has a user name or a password in it".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) if !bounds.allowed.allows(address) => Err(NotPublic {
            host: bare.to_owned(),
            address,
        }
        .to_string()),
        _ => Ok(()),
    }
}

async fn send(url: &Url, ask: &Ask, bounds: &Bounds) -> Result<Response, String> {
    let client = client(url, ask, bounds)?;
    let request = match &ask.body {
        Some((kind, body)) => client
            .post(url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static(kind))
            .body(body.clone()),
        None => client.get(url.clone()),
    };
    request.send().await.map_err(|error| why(&error))
}

/// A client for one call. Reading all anchors takes a while and is for HTTPS only.
fn client(url: &Url, ask: &Ask, bounds: &Bounds) -> Result<Client, String> {
    let anchors = match url.scheme() {
        "https" => &*bounds.anchors,
        _ => &[],
    };
    const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    Client::builder()
        .tls_backend_preconfigured(tls(anchors)?)
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(Names {
            allowed: bounds.allowed,
        })
        .default_headers(HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static(ask.accept)),
            (USER_AGENT, HeaderValue::from_static(AGENT)),
        ]))
        .build()
        .map_err(|error| why(&error))
}

/// Where an answer sends the caller; `None` for one that is what was asked for.
fn target(response: &Response, url: &Url, ask: &Ask) -> Result<Option<Url>, String> {
    let status = response.status();
    let follows = match status {
        StatusCode::OK => return Ok(None),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        // Of these a client may make a GET: what was posted would be lost (RFC 9110 section 15.4).
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            ask.body.is_none()
        }
        _ => false,
    };
    let to = response.headers().get(LOCATION);
    match to.filter(|_| follows) {
        Some(to) => {
            let to = String::from_utf8_lossy(to.as_bytes());
            let next = url.join(&to);
            Ok(Some(next.map_err(|_| {
                format!("status {} leads to no URL", status.as_u16())
            })?))
        }
        None => Err(format!("expected status 200, found {}", status.as_u16())),
    }
}

async fn read(mut response: Response, bounds: &Bounds) -> Result<Vec<u8>, String> {
    let most = bounds.most;
    let too_long = || format!("more than {most} bytes");
    if response
        .content_length()
        .is_some_and(|length| length > most as u64)
    {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(bytes),
            Err(error) => return Err(why(&error)),
        }
        if bytes.len() > most {
            return Err(too_long());
        }
    }
}

fn why(error: &reqwest::Error) -> String {
    match causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>()) {
        Some(refused) => refused.to_string(),
        None => words(error),
    }
}

#[cfg(test)]
mod tests;
