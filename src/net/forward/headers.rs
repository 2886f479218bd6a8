//! Which header fields go on, and which are taken out on the way.
//!
//! For: `http`. Must not: let through from outside what an application would take for the word of
//! the one who checked the client's certificate; an underscore counts as a hyphen there, since CGI
//! and WSGI take both for the same (RFC 3875 section 4.1.18).

use hyper::{
    HeaderMap, Version,
    header::{self, HeaderName, HeaderValue},
    http::request::Parts,
};

use super::{Shown, Target};

/// Fields that belong to one connection (RFC 9110 section 7.6.1), and `Expect`, which the listener
/// has answered.
const OF_A_CONNECTION: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::EXPECT,
];

/// What proxies call the fields in which they tell of a client certificate, as whole names.
const IDENTITY: [&str; 11] = [
    // RFC 9440.
    "client-cert",
    "client-cert-chain",
    // Envoy.
    "x-forwarded-client-cert",
    // Azure's Application Gateway and App Service.
    "x-arr-clientcert",
    // nginx, by convention.
    "x-client-verify",
    "x-client-dn",
    "x-client-cert",
    "x-client-certificate",
    "x-client-subject-dn",
    "x-envoy-peer-cert",
    "ssl-cert",
];

/// The same, as what names begin with: ours, nginx and Apache by convention, ingress-nginx, AWS,
/// Google Cloud, Traefik, Cloudflare.
const IDENTITY_BEGINS: [&str; 12] = [
    "x-mtls-",
    "x-ssl-",
    "ssl-client-",
    "x-amzn-mtls-",
    "x-client-cert-",
    "x-forwarded-tls-client-cert",
    "x-tls-client-",
    "cf-client-cert-",
    "cf-cert-",
    "x-client-s-dn",
    "x-apigee-tls-client-",
    "x-goog-client-cert-",
];

/// What tells of the hop before this one, and is told anew.
const OF_THE_HOP: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Names of fields about a client certificate that came from outside.
pub(in crate::net) type Removed = Vec<String>;

fn is_identity(name: &str) -> bool {
    IDENTITY.contains(&name) || IDENTITY_BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// The fields of a request for the application, and what was taken out.
pub(in crate::net) fn request(
    head: &mut Parts,
    target: &Target,
    shown: &Shown<'_>,
) -> (HeaderMap, Removed) {
    let mut came = std::mem::take(&mut head.headers);
    let host = came.get(header::HOST).cloned().or_else(|| {
        let authority = head.uri.authority()?;
        HeaderValue::from_str(authority.as_str()).ok()
    });
    let wants_trailers = came.get_all(header::TE).iter().any(|value| {
        let text = value.to_str().unwrap_or_default();
        text.split(',')
            .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
    });
    // Before those go that `Connection` names: who hides one there has sent it all the same.
    let mut removed = Removed::new();
    let names: Vec<HeaderName> = came.keys().cloned().collect();
    for name in names {
        let plain = name.as_str().replace('_', "-");
        if is_identity(&plain) {
            removed.push(name.as_str().to_owned());
            came.remove(&name);
        } else if OF_THE_HOP.contains(&plain.as_str()) {
            came.remove(&name);
        }
    }
    let mut fields = end_to_end(came);
    if wants_trailers {
        fields.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    fields.insert(header::HOST, target.host.clone());
    for (name, value) in [
        ("x-forwarded-for", shown.address()),
        ("x-forwarded-host", host),
        ("x-forwarded-proto", Some(HeaderValue::from_static("https"))),
    ] {
        if let Some(value) = value {
            fields.insert(HeaderName::from_static(name), value);
        }
    }
    shown.tell(target.tell, &mut fields);
    (fields, removed)
}

/// The fields of an answer for a client that speaks this version.
pub(in crate::net) fn answer(came: HeaderMap, version: Version) -> HeaderMap {
    // With both, the length is not that of the body (RFC 9112 section 6.3).
    let chunked = came.contains_key(header::TRANSFER_ENCODING);
    let mut fields = end_to_end(came);
    if chunked {
        fields.remove(header::CONTENT_LENGTH);
    }
    // HTTP/2 has no such field (RFC 9113 section 8.2.2).
    if version >= Version::HTTP_2 {
        fields.remove(header::TRAILER);
    }
    fields
}

/// Without those that belong to a connection, the ones it names itself among them.
fn end_to_end(mut fields: HeaderMap) -> HeaderMap {
    let named: Vec<HeaderName> = fields
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        // What a message cannot do without is no option of a connection.
        .filter(|name| *name != header::CONTENT_LENGTH && *name != header::HOST)
        .collect();
    for name in named.iter().chain(&OF_A_CONNECTION) {
        fields.remove(name);
    }
    fields
}
