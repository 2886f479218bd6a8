//! What is asked for, and what is answered.
//!
//! For: `ui`. Must not: answer anything but 404 to a caller without the token, by another name, or
//! from another page.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, header,
    header::{HeaderName, HeaderValue},
};

use super::{
    events::{self, Events},
    guard::{self, Token},
    hub::{Hub, List, Sending},
};

/// Rows of a page of the list.
const ROWS: usize = 50;

/// What is served, and to whom.
pub(super) struct Site {
    pub(super) secure: bool,
    pub(super) token: Token,
    pub(super) hosts: Vec<String>,
    pub(super) hub: Arc<Hub>,
}

type Body = Either<Full<Bytes>, Events>;

/// Answers one request; nothing of its body is read.
pub(super) async fn answer<B>(site: &Site, request: &Request<B>) -> Response<Body> {
    let found = match found(site, request) {
        Some(Found::Page(response)) => Some(response),
        Some(Found::Again(number, sending)) => {
            sending.await;
            elsewhere(&format!("/case/{number}#again"))
        }
        None => None,
    };
    let mut response = found.unwrap_or_else(nothing);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

/// What is behind an address.
enum Found {
    /// A page, or news.
    Page(Response<Body>),
    /// A request of this connection to send again.
    Again(u64, Sending),
}

/// Another address, where the result is.
fn elsewhere(path: &str) -> Option<Response<Body>> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::new())));
    *response.status_mut() = StatusCode::SEE_OTHER;
    let path = HeaderValue::from_str(path).ok()?;
    response.headers_mut().insert(header::LOCATION, path);
    Some(response)
}

/// What there is nothing of, and what nobody is to know of.
fn nothing() -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::new())));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn found<B>(site: &Site, request: &Request<B>) -> Option<Found> {
    let (uri, fields) = (request.uri(), request.headers());
    if !guard::is_for_us(uri, fields, &site.hosts) {
        return None;
    }
    let cookie = guard::cookie_name(&site.hosts);
    let path = uri.path();
    let get = request.method() == Method::GET;
    if get && path == "/" && guard::has_token(uri.query(), &site.token) {
        return welcome(site, &cookie).map(Found::Page);
    }
    if !guard::has_cookie(fields, &cookie, &site.token) {
        return None;
    }
    if !get && !guard::is_from_our_page(fields, site.secure) {
        return None;
    }
    let page = match path {
        "/" if get => list(site, uri.query()),
        "/events" if get => live(site, uri.query(), fields),
        _ if get => {
            let number = path.strip_prefix("/case/")?.parse().ok()?;
            let entry = site.hub.find(number)?;
            html(site, site.hub.look().case(&entry))
        }
        _ if request.method() == Method::POST => {
            let path = path.strip_prefix("/replay/")?;
            let (number, index) = path.split_once('/').unwrap_or((path, "0"));
            let number = number.parse().ok()?;
            let entry = site.hub.find(number)?;
            return Some(Found::Again(number, entry.seen.again(index.parse().ok()?)?));
        }
        _ => return None,
    };
    Some(Found::Page(page))
}

/// The first visit: the token goes from the address into a cookie.
fn welcome(site: &Site, name: &str) -> Option<Response<Body>> {
    let secure = if site.secure { "; Secure" } else { "" };
    let cookie = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}",
        site.token.text()
    );
    let mut response = elsewhere("/")?;
    let fields = response.headers_mut();
    fields.insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
    Some(response)
}

fn list(site: &Site, query: Option<&str>) -> Response<Body> {
    let filter = parameter(query, "q");
    let wanted = filter.to_lowercase();
    let all = site.hub.all();
    let after = site.hub.last();
    let fitting: Vec<_> = all
        .iter()
        .filter(|entry| wanted.is_empty() || entry.seen.text().contains(wanted.trim()))
        .collect();
    let pages = fitting.len().div_ceil(ROWS).max(1);
    let page = parameter(query, "page").parse().unwrap_or(1_usize);
    let page = page.clamp(1, pages);
    let rows: Vec<String> = fitting
        .iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(|entry| entry.seen.row(entry))
        .collect();
    let list = List {
        state: &site.hub.look().state(),
        after,
        keep: site.hub.keep(),
        filter: &filter,
        page,
        pages,
    };
    html(site, site.hub.look().list(&rows, &list))
}

fn live(site: &Site, query: Option<&str>, fields: &HeaderMap) -> Response<Body> {
    // What a browser that comes back has seen last.
    let seen = fields
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let after = seen
        .or_else(|| parameter(query, "after").parse().ok())
        .unwrap_or_else(|| site.hub.last());
    let events = events::stream(site.hub.clone(), after);
    let mut response = Response::new(Either::Right(events));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    response
}

fn html(site: &Site, text: String) -> Response<Body> {
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {}; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        site.hub.look().script_source()
    );
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(text))));
    let fields = response.headers_mut();
    fields.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    // Without a policy nothing is shown.
    match HeaderValue::from_str(&policy) {
        Ok(policy) => fields.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(_) => return nothing(),
    };
    response
}

/// A parameter of a query as forms write it; empty where it is not there.
fn parameter(query: Option<&str>, name: &str) -> String {
    let pairs = query.unwrap_or_default().split('&');
    let mut found = pairs.filter_map(|pair| pair.split_once('='));
    let value = found.find(|(key, _)| *key == name).map(|(_, value)| value);
    let mut bytes = Vec::new();
    let mut rest = value.unwrap_or_default().bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()];
                let digit = |one: Option<u8>| one.and_then(|one| char::from(one).to_digit(16));
                match (digit(digits[0]), digit(digits[1])) {
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or(b'?'),
                    _ => b'?',
                }
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
