//! Credentials taken out of what is kept and shown: by the name that they stand under, and by the
//! shape that they have.
//!
//! For: requests and answers, both ways; URLs; what is quoted of bytes that are no HTTP; questions
//! to `explain`; error messages. The one place that knows what a credential looks like. Must not:
//! be asked with `--show-secrets`; look at what the program itself says; be taken for a proof that
//! nothing is left: a secret without a name or a shape is text like any other.

/// A pattern, made once it is needed. A test makes all of them.
macro_rules! pattern {
    ($name:ident = $($part:literal)+) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!($($part),+)).ok());
    };
}

mod bodies;
mod names;
mod placeholders;

use std::{borrow::Cow, sync::LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::{Captures, Regex};

use self::bodies::body_by;
use self::names::{is_secret, is_secret_header, is_secret_parameter};
pub use self::placeholders::{Placeholders, fill, fits, is_placeholder};
use super::{escape, json, jwt};

/// How much of bytes is looked at before they are cut to be shown: a secret must not be cut in two
/// before it is known.
const LOOKED_AT: usize = 8 * 1024;

/// A value in place of which its name stands.
fn named(name: &str) -> String {
    format!("[redacted: {name}]")
}

/// What kind of credential it is, by where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A header field.
    Header,
    /// A parameter of a URL.
    Query,
    /// A field of a body, or a value under a name in a text.
    Field,
    /// By its shape; its name says which.
    Shape,
}

/// What is put in a credential's place.
trait Mark {
    /// What stands for this credential, which was found under this name.
    fn mark(&self, kind: Kind, name: &str, secret: &str) -> String;

    /// What stands for the value of a header field that is known to be one.
    fn header(&self, name: &str, value: &str) -> String;

    /// Whether the text is one that somebody wrote: octets by chance look like `user:password@host`.
    fn is_prose(&self) -> bool {
        true
    }
}

/// For people: the name, and nothing of the value.
struct Shown;

impl Mark for Shown {
    fn mark(&self, _: Kind, name: &str, _: &str) -> String {
        named(name)
    }

    fn header(&self, name: &str, value: &str) -> String {
        if names::is_authorization(name) {
            jwt::redact(value)
        } else {
            format!("<{} characters, not shown>", value.chars().count())
        }
    }
}

/// Whether it is what stands for a value already.
fn is_redacted(value: &str) -> bool {
    value.contains("[redacted") || value.contains("not shown>") || is_placeholder(value)
}

/// [`text`], unless credentials are to be shown.
pub fn text_unless(shown: bool, seen: &str) -> String {
    match shown {
        true => seen.to_owned(),
        false => text(seen).into_owned(),
    }
}

/// [`body`], unless credentials are to be shown.
pub fn body_unless(shown: bool, seen: &str) -> String {
    match shown {
        true => seen.to_owned(),
        false => body(seen).into_owned(),
    }
}

/// What stands in a field of a body.
pub fn field<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    if is_secret(name) {
        Cow::Owned(named(name))
    } else {
        text(value)
    }
}

/// A header field's value, escaped.
pub fn header(name: &str, value: &str) -> String {
    if is_redacted(value) {
        return escape::text(value);
    }
    if is_secret_header(name) {
        return Shown.header(name, value);
    }
    escape::text(&text(value))
}

/// The beginning of bytes that may be HTTP and could not be read as such: at most `most`
/// characters, escaped.
pub fn excerpt(bytes: &[u8], most: usize, show_secrets: bool) -> String {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    if show_secrets {
        return escape::line(&head[..head.len().min(most)]);
    }
    let Ok(seen) = std::str::from_utf8(head) else {
        // What is no text may be anything: the octets that are none are shown as such, the rest
        // piece by piece.
        return pieces(head, most);
    };
    let mut shown = String::new();
    for line in seen.split_inclusive('\n') {
        shown.push_str(&match line.split_once(':') {
            Some((name, value)) if is_secret_header(name.trim()) => {
                format!("{name}: {}\r\n", header(name.trim(), value.trim()))
            }
            _ => line.to_owned(),
        });
    }
    cut(&escape::text(&text(&shown)), most)
}

/// Text and octets by turns.
fn pieces(bytes: &[u8], most: usize) -> String {
    let mut shown = String::new();
    for chunk in bytes.utf8_chunks() {
        shown.push_str(&excerpt(chunk.valid().as_bytes(), most, false));
        shown.push_str(&escape::line(chunk.invalid()));
    }
    cut(&shown, most)
}

fn cut(shown: &str, most: usize) -> String {
    match shown.char_indices().nth(most) {
        Some((at, _)) => shown[..at].to_owned(),
        None => shown.to_owned(),
    }
}

/// A body, whatever its type: fields of JSON, of forms and of XML by name, everything else by
/// shape.
pub fn body(body: &str) -> Cow<'_, str> {
    body_by(&Shown, body)
}

/// A text of somebody else: what is in it by shape, parameters of URLs, and `name=value`.
pub fn text(text: &str) -> Cow<'_, str> {
    text_by(&Shown, text)
}

fn text_by<'a>(mark: &dyn Mark, text: &'a str) -> Cow<'a, str> {
    if !is_suspicious(text) {
        return Cow::Borrowed(text);
    }
    let mut seen = Cow::Borrowed(text);
    replace(&mut seen, &FIELD, |found| {
        let hidden = !is_redacted(&found[2]);
        hidden.then(|| format!("{}: {}", &found[1], mark.header(&found[1], &found[2])))
    });
    nested(mark, &mut seen);
    replace(&mut seen, &JSON_FIELD, |found| {
        let name = json_name(&found[1]);
        let hidden = is_secret(&name) && !is_redacted(found[3].trim_matches('"'));
        hidden.then(|| {
            let stands = mark.mark(Kind::Field, &name, found[3].trim_matches('"'));
            format!("{}{}\"{stands}\"", &found[1], &found[2])
        })
    });
    replace(&mut seen, &QUOTED_JSON_FIELD, |found| {
        let hidden = is_secret(&found[2]) && !is_redacted(&found[5]);
        hidden.then(|| {
            let stands = mark.mark(Kind::Field, &found[2], &found[5]);
            format!(
                "{}{}{}{}{stands}{}",
                &found[1], &found[2], &found[3], &found[4], &found[6]
            )
        })
    });
    replace(&mut seen, &ASSIGNED, |found| {
        assigned(mark, found, NESTED_URLS)
    });
    by_shape(mark, &mut seen);
    seen
}

/// The name of a field of JSON, its escapes undone.
fn json_name(quoted: &str) -> String {
    serde_json::from_str(quoted).unwrap_or_else(|_| quoted.trim_matches('"').to_owned())
}

/// Objects and lists that stand under the name of a credential, whole.
fn nested(mark: &dyn Mark, seen: &mut Cow<'_, str>) {
    let Some(pattern) = JSON_OPEN.as_ref() else {
        return;
    };
    let mut out = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(seen) {
        let (Some(whole), Some(open)) = (found.get(0), found.get(3)) else {
            continue;
        };
        let name = json_name(&found[1]);
        if whole.start() < from || !is_secret(&name) {
            continue;
        }
        let end = open.start() + json::length_of_nested(&seen[open.start()..]);
        let stands = mark.mark(Kind::Field, &name, &seen[open.start()..end]);
        out.push_str(&seen[from..open.start()]);
        out.push_str(&format!("\"{stands}\""));
        from = end;
    }
    if from > 0 {
        out.push_str(&seen[from..]);
        *seen = Cow::Owned(out);
    }
}

/// URLs within the parameters of URLs that are followed.
const NESTED_URLS: usize = 8;

fn assigned(mark: &dyn Mark, found: &Captures<'_>, depth: usize) -> Option<String> {
    let name = plain(&found[2]);
    let of_url = matches!(&found[1], "?" | "&" | "#");
    let kind = if of_url { Kind::Query } else { Kind::Field };
    let secret = is_secret(&name) || of_url && is_secret_parameter(&name);
    if secret || depth == 0 || !found[3].contains('?') {
        return parameter(mark, kind, found, secret);
    }
    // What no credential is may be a URL with parameters of its own.
    let mut value = Cow::Borrowed(&found[3]);
    replace(&mut value, &ASSIGNED, |inner| {
        assigned(mark, inner, depth - 1)
    });
    Some(format!("{}{}={value}", &found[1], &found[2]))
}

fn parameter(mark: &dyn Mark, kind: Kind, found: &Captures<'_>, secret: bool) -> Option<String> {
    (secret && !is_redacted(&found[3])).then(|| {
        let stands = mark.mark(kind, &found[2], &found[3]);
        format!("{}{}={stands}", &found[1], &found[2])
    })
}

/// What has the shape of a credential, wherever it stands.
fn by_shape(mark: &dyn Mark, seen: &mut Cow<'_, str>) {
    let shape = |name: &str, secret: &str| mark.mark(Kind::Shape, name, secret);
    replace(seen, &PRIVATE_KEY, |found| {
        Some(shape("private key", &found[0]))
    });
    replace(seen, &BEARER, |found| {
        is_no_word(&found[2]).then(|| {
            let what = jwt::parts(&found[2]).map_or("token", |_| "JWT");
            format!("{} {}", &found[1], shape(what, &found[2]))
        })
    });
    replace(seen, &BASIC, |found| {
        let hidden = is_user_and_password(&found[2]);
        hidden.then(|| format!("{} {}", &found[1], shape("password", &found[2])))
    });
    replace(seen, &JWT, |found| Some(shape("JWT", &found[0])));
    replace(seen, &CLOUD_KEY, |found| Some(shape("key", &found[0])));
    replace(seen, &USER_INFO, |found| {
        let hidden = !is_redacted(&found[2]);
        hidden.then(|| format!("{}:{}@", &found[1], shape("password", &found[2])))
    });
    if !mark.is_prose() {
        return;
    }
    replace(seen, &BARE_USER, |found| {
        let other = names::stands_before_addresses(&found[1]) || is_redacted(&found[2]);
        let host = &found[3];
        (!other).then(|| format!("{}:{}@{host}", &found[1], shape("password", &found[2])))
    });
}

/// Replaces what is found and is a secret.
fn replace(
    seen: &mut Cow<'_, str>,
    pattern: &LazyLock<Option<Regex>>,
    with: impl Fn(&Captures<'_>) -> Option<String>,
) {
    let Some(pattern) = pattern.as_ref() else {
        return;
    };
    let replaced = pattern.replace_all(seen, |found: &Captures<'_>| {
        with(found).unwrap_or_else(|| found[0].to_owned())
    });
    if let Cow::Owned(replaced) = replaced {
        *seen = Cow::Owned(replaced);
    }
}

/// A name as it was before it went into a URL.
fn plain(name: &str) -> String {
    let mut plain = Vec::new();
    let mut bytes = name.bytes();
    while let Some(byte) = bytes.next() {
        let digits: Vec<u8> = if byte == b'%' {
            bytes.clone().take(2).collect()
        } else {
            Vec::new()
        };
        let octet = std::str::from_utf8(&digits)
            .ok()
            .filter(|digits| digits.len() == 2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if octet.is_some() {
            bytes.nth(1);
        }
        plain.push(octet.unwrap_or(byte));
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Whether what follows `Bearer` is no word of a sentence about bearer tokens.
fn is_no_word(text: &str) -> bool {
    text.len() >= 20
        || text.bytes().any(|byte| byte.is_ascii_digit())
        || text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
}

/// Whether this is `user:password` in base64, cut perhaps.
fn is_user_and_password(text: &str) -> bool {
    let whole = text.trim_end_matches('=');
    let whole = &whole[..whole.len() - usize::from(whole.len() % 4 == 1)];
    let decoded = STANDARD_NO_PAD
        .decode(whole)
        .or_else(|_| URL_SAFE_NO_PAD.decode(whole))
        .or_else(|_| STANDARD_NO_PAD.decode(&whole[..whole.len() / 4 * 4]));
    decoded.is_ok_and(|decoded| decoded.contains(&b':'))
}

/// Whether anything in a text can be a credential: most texts are done here.
fn is_suspicious(text: &str) -> bool {
    SUSPICIOUS.as_ref().is_some_and(|any| any.is_match(text))
}

pattern!(SUSPICIOUS = r"(?i-u)token|secret|pass|pw|key|auth|jwt|cred|sig|cookie|assertion|oidc|bearer|basic|saml|"
    r"sid|\b(?:x-)?(?:pin|otp|pat)\b|code=|%[0-9a-f]|\\u00|eyj|a[ks]ia|gh[pousr]_|github_pat|glpat|aiza|ya29|xox|[rs]k_|sk-|npm_|sg\.|hvs\.|gocspx|1//0|dop_|@");
pattern!(
    FIELD = r"(?im)(?-u:\b)((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]*(?:token|secret|key|jwt|assertion))[ \t]*:[ \t]*([^\r\n]+)"
);
pattern!(
    JSON_FIELD = r#"("(?:[^"\\]|\\.){1,64}")(\s*:\s*)("(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*|\[[^\[\]{}]*\]?)"#
);
pattern!(QUOTED_JSON_FIELD = r#"(\\+")([^"\\]{1,64})(\\+"\s*:\s*)(\\+")([^"]*?)(\\+")"#);
pattern!(JSON_OPEN = r#"("(?:[^"\\]|\\.){1,64}")(\s*:\s*)([\[{])"#);
pattern!(ASSIGNED = r#"(^|[?&#;,\s"'({\[])([A-Za-z0-9_.%\[\]-]{1,64})=([^&\s"'<>;,)}#]+)"#);
pattern!(
    PRIVATE_KEY = r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?:\\[nr]|[\r\n])+\s*|)[A-Za-z0-9+/]{4}.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)"
);
pattern!(BEARER = r"(?i)(?-u:\b)(bearer)\s+([A-Z0-9._~+/=-]{8,})");
pattern!(BASIC = r"(?i)(?-u:\b)(basic)\s+([A-Z0-9+/_-]{6,}={0,2})");
pattern!(JWT = r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}");
pattern!(CLOUD_KEY = r"(?-u:\b)(?:(?:AKIA|ASIA)[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|"
    r"ya29\.[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9_-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9_]{10,}|sk-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9_]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|"
    r"hvs\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{16,}|1//0[A-Za-z0-9_-]{20,}|dop_v1_[A-Za-z0-9_]{30,})");
pattern!(USER_INFO = r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@?#]*):([^\s/@]+)@");
pattern!(BARE_USER = r"(?-u:\b)([A-Za-z0-9._-]+):([^\s:/@\[\]]{3,})@([A-Za-z0-9])");

#[cfg(test)]
mod tests;
