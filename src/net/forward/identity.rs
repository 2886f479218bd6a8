//! What the application is told of the client: by its address, and by the certificate it presented.
//!
//! For: `headers`. Must not: tell of a certificate that did not verify, unless that is asked for; or
//! write a byte into a header field that a name of the peer's choosing could end or begin another
//! with.

use std::{fmt::Write as _, net::IpAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{
    HeaderMap,
    header::{HeaderName, HeaderValue},
};

use super::Tell;
use crate::facts::{Certificate, ProfileMatch};

/// The most that one field may hold. Applications bound all of them together (Node 16 KiB).
const MOST: usize = 8 * 1024;

/// The client, as far as it is known.
pub(in crate::net) struct Shown<'a> {
    /// Where it called from.
    pub(in crate::net) from: Option<IpAddr>,
    /// What it presented, the leaf first.
    pub(in crate::net) chain: &'a [Arc<Certificate>],
    /// Whether the chain verified and its key signed the handshake.
    pub(in crate::net) verified: bool,
    /// Whose certificate it is.
    pub(in crate::net) profile: Option<ProfileMatch>,
}

impl Shown<'_> {
    pub(super) fn address(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.from?.to_string()).ok()
    }

    /// Adds the fields that are wanted.
    pub(super) fn tell(&self, tell: Tell, fields: &mut HeaderMap) {
        let leaf = self.chain.first();
        let mut set = |name: &'static str, value: String| {
            // A value that is too long is left out whole: half a certificate is none.
            if value.len() <= MOST
                && let Ok(value) = HeaderValue::from_str(&value)
            {
                fields.insert(HeaderName::from_static(name), value);
            }
        };
        if tell.x_mtls {
            let verified = match leaf {
                None => "none",
                Some(_) if self.verified => "true",
                Some(_) => "false",
            };
            set("x-mtls-verified", verified.to_owned());
        }
        let Some(leaf) = leaf.filter(|_| self.verified || tell.unverified) else {
            return;
        };
        if tell.x_mtls {
            set("x-mtls-subject", plain(&leaf.subject, ""));
            set("x-mtls-issuer", plain(&leaf.issuer, ""));
            set("x-mtls-sha256", leaf.sha256.clone());
            if !leaf.sans.is_empty() {
                let sans: Vec<String> = leaf.sans.iter().map(|name| plain(name, ",")).collect();
                set("x-mtls-sans", sans.join(","));
            }
            if let Some(profile) = &self.profile {
                let name = format!("{}/{}", profile.profile, profile.identity);
                set("x-mtls-profile", plain(&name, ""));
            }
        }
        if tell.client_cert {
            set("client-cert", bytes(&leaf.der));
            if let [_, rest @ ..] = self.chain
                && !rest.is_empty()
            {
                let rest: Vec<String> = rest.iter().map(|one| bytes(&one.der)).collect();
                set("client-cert-chain", rest.join(", "));
            }
        }
        if tell.xfcc {
            set("x-forwarded-client-cert", xfcc(leaf));
        }
    }
}

/// A byte sequence of RFC 8941 section 3.3.5, as RFC 9440 wants it.
fn bytes(der: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(der))
}

/// Printable ASCII; everything else, `%` and what is in `also` by its bytes in hexadecimal.
fn plain(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if (' '..='~').contains(&letter) && letter != '%' && !also.contains(letter) {
            out.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// One element as Envoy writes it (its documentation, HTTP connection manager, headers,
/// x-forwarded-client-cert): the hash, the certificate as PEM in URL encoding, the subject, URIs and
/// DNS names.
fn xfcc(leaf: &Certificate) -> String {
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let text = STANDARD.encode(&leaf.der);
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    let encoded: String = pem
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let quoted = |text: &str| plain(text, "").replace('\\', "\\\\").replace('"', "\\\"");
    let mut element = format!(
        "Hash={};Cert=\"{encoded}\";Subject=\"{}\"",
        leaf.sha256,
        quoted(&leaf.subject)
    );
    for name in &leaf.sans {
        for (kind, key) in [("URI:", "URI"), ("DNS:", "DNS")] {
            if let Some(value) = name.strip_prefix(kind) {
                let _ = write!(element, ";{key}=\"{}\"", quoted(value));
            }
        }
    }
    element
}
