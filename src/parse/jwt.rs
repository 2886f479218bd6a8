//! What an Authorization header says, without what would let a reader use it.
//!
//! For: showing which service account and audience a webhook request claims. Must not: verify a
//! signature (decoding proves nothing about who made the token), nor let any part of a credential
//! that could be used again into its answer.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::escape;
use crate::facts::{Token, TokenKind};

/// Base64url (RFC 7515 section 2), forgiving about padding and left-over bits, for we show what is
/// there and do not verify.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Schemes of the registry "HTTP Authentication Schemes", and some in wide use. A first word that
/// is none of them may be the secret itself.
const SCHEMES: &[&str] = &[
    "ApiKey",
    "AWS4-HMAC-SHA256",
    "Basic",
    "Bearer",
    "Concealed",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Key",
    "Mutual",
    "Negotiate",
    "NTLM",
    "OAuth",
    "PrivateToken",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "Token",
    "vapid",
];

/// Decodes the value of an Authorization header (RFC 9110 section 11.6.2). Never verifies:
/// [`Token::verified`] is false.
///
/// Claims are those of RFC 7519 that say who calls whom, escaped; claims of another type than
/// theirs are left out.
pub fn token(authorization_value: &str) -> Token {
    let (scheme, credentials) = split(authorization_value);
    let mut token = Token {
        kind: TokenKind::Other,
        algorithm: None,
        key_id: None,
        issuer: None,
        audience: Vec::new(),
        subject: None,
        email: None,
        issued_at: None,
        expires_at: None,
        verified: false,
        check: None,
    };
    if scheme.eq_ignore_ascii_case("basic") {
        token.kind = TokenKind::Basic;
    } else if scheme.eq_ignore_ascii_case("bearer") {
        token.kind = TokenKind::Opaque;
        if let Some((header, claims)) = parts(credentials) {
            token.kind = TokenKind::Jwt;
            token.algorithm = string(&header, "alg");
            token.key_id = string(&header, "kid");
            token.issuer = string(&claims, "iss");
            token.audience = audience(&claims);
            token.subject = string(&claims, "sub");
            token.email = string(&claims, "email");
            token.issued_at = time(&claims, "iat");
            token.expires_at = time(&claims, "exp");
        }
    }
    token
}

/// What may be shown in the header's place: its scheme where that is a known one, and the length of
/// a bearer token, in characters.
pub fn redact(authorization_value: &str) -> String {
    let Some((scheme, credentials)) = self::scheme(authorization_value) else {
        return "<not shown>".to_owned();
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return format!("{scheme} <not shown>");
    }
    let length = credentials.chars().count();
    let what = match parts(credentials) {
        Some(_) => "JWT",
        None => "token",
    };
    format!("{scheme} <{what} of {length} characters, not shown>")
}

/// The scheme of an Authorization header and what follows it, where the scheme is a known one.
pub fn scheme(authorization_value: &str) -> Option<(&str, &str)> {
    let (scheme, credentials) = split(authorization_value);
    let known = |known: &&str| scheme.eq_ignore_ascii_case(known);
    SCHEMES.iter().any(known).then_some((scheme, credentials))
}

/// The scheme and what follows it.
fn split(value: &str) -> (&str, &str) {
    let value = value.trim();
    match value.split_once(char::is_whitespace) {
        Some((scheme, credentials)) => (scheme, credentials.trim()),
        None => (value, ""),
    }
}

/// Header and claims of a JWS in compact form (RFC 7515 section 7.1): three parts, the first two
/// JSON objects. Nothing is verified.
pub fn parts(credentials: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = credentials.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((object(header)?, object(claims)?))
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let json = BASE64URL.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}

fn string(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(escape::text)
}

/// `aud` is one string or an array of them (RFC 7519 section 4.1.3).
fn audience(claims: &Map<String, Value>) -> Vec<String> {
    let entries = match claims.get("aud") {
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    entries
        .iter()
        .filter_map(Value::as_str)
        .map(escape::text)
        .collect()
}

/// A NumericDate, seconds since 1970 with or without a fraction, as RFC 3339; `None` for one
/// outside the years that can be written.
fn time(claims: &Map<String, Value>, name: &str) -> Option<String> {
    Some(
        Timestamp::from_second(seconds(claims, name)?)
            .ok()?
            .to_string(),
    )
}

/// A NumericDate in whole seconds since 1970.
pub fn seconds(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = claims.get(name)?;
    // The fraction is dropped. A float too large for the integer becomes its largest, which is no
    // writable year either.
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
}

#[cfg(test)]
mod tests;
