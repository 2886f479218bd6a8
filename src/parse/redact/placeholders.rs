//! Named placeholders in the place of credentials: what is recorded can be sent again once they are
//! filled.
//!
//! For: `net::record`, the reader of cases and replays. Must not: keep a credential, or anything
//! that tells one; fill a name that nobody took out.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::hmac::{self, HMAC_SHA256};

use super::{Kind, Mark, body_by, is_redacted, names, text_by};
use crate::{
    facts::Redaction,
    parse::{cert::der, escape, jwt},
};

/// Placeholders of one connection; more credentials than that are taken out without a name.
const MOST: usize = 1000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 80;
/// Characters of a piece of text among other octets that may be a name and a value.
const SHORTEST_RUN: usize = 6;
/// Characters of a credential that nobody guesses by trying.
const UNGUESSABLE: usize = 16;

/// What was taken out of one connection's requests and answers.
#[derive(Debug)]
pub struct Placeholders {
    key: hmac::Key,
    taken: Mutex<Taken>,
}

/// What was taken out, found again by what it was: a body may hold thousands.
#[derive(Debug, Default)]
struct Taken {
    redactions: Vec<Redaction>,
    /// Where the credential of this kind, with this digest, stands among them.
    known: HashMap<(String, Vec<u8>), usize>,
    /// How many there are of a kind.
    alike: HashMap<String, usize>,
}

/// One message of it, at this place.
struct At<'a> {
    all: &'a Placeholders,
    place: &'a str,
    /// Whether one was so short that a digest of what it stood in gives it away.
    short: std::cell::Cell<bool>,
    prose: bool,
}

impl Placeholders {
    /// None yet; `salt` is the random value of the run.
    pub fn new(salt: &[u8]) -> Self {
        Self {
            key: hmac::Key::new(HMAC_SHA256, salt),
            taken: Mutex::default(),
        }
    }

    /// The value of a header field.
    pub fn header(&self, place: &str, name: &str, value: &str) -> String {
        let place = format!("{place}.{}", clean(name));
        let at = self.at(&place);
        if is_redacted(value) {
            value.to_owned()
        } else if names::is_secret_header(name) {
            at.header(name, value)
        } else {
            text_by(&at, value).into_owned()
        }
    }

    /// Path and query.
    pub fn target(&self, place: &str, target: &str) -> String {
        text_by(&self.at(place), target).into_owned()
    }

    /// A body of any bytes; `None` where nothing was taken out. Whether a digest of it gives
    /// nothing away is told besides.
    pub fn body(&self, place: &str, bytes: &[u8]) -> (Option<Vec<u8>>, bool) {
        let at = self.at(place);
        let mut short = false;
        let found = match std::str::from_utf8(bytes) {
            Ok(text) => match body_by(&at, text) {
                Cow::Borrowed(_) => None,
                Cow::Owned(text) => Some(text.into_bytes()),
            },
            // Each octet as the character of its number, there and back: what is known by name or
            // shape is ASCII.
            Err(_) if is_latin(bytes) => {
                let text: String = bytes.iter().copied().map(char::from).collect();
                match body_by(&at, &text) {
                    Cow::Borrowed(_) => None,
                    Cow::Owned(text) => Some(octets(&text)),
                }
            }
            Err(_) => {
                let among = At {
                    prose: false,
                    ..self.at(place)
                };
                let found = runs(&among, bytes);
                short |= among.short.get();
                Some(found)
            }
        };
        short |= at.short.get();
        let changed = found.filter(|found| found != bytes);
        (changed, !short)
    }

    /// What was taken out so far.
    pub fn redactions(&self) -> Vec<Redaction> {
        self.lock().redactions.clone()
    }

    fn at<'a>(&'a self, place: &'a str) -> At<'a> {
        At {
            all: self,
            place,
            short: std::cell::Cell::new(false),
            prose: true,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The placeholder for this credential: the one it has, or a new one.
    fn name(&self, base: &str, place: &str, secret: &str) -> Option<String> {
        let digest = hmac::sign(&self.key, secret.as_bytes()).as_ref().to_vec();
        let mut taken = self.lock();
        let key = (base.to_owned(), digest);
        if let Some(&at) = taken.known.get(&key) {
            return taken.redactions.get(at).map(|known| known.name.clone());
        }
        if taken.redactions.len() >= MOST {
            return None;
        }
        let name = loop {
            let alike = taken.alike.entry(base.to_owned()).or_default();
            *alike += 1;
            let name = match *alike {
                1 => base.to_owned(),
                alike => format!("{base}-{alike}"),
            };
            // A field may be called `token-2` by itself.
            if taken.redactions.iter().all(|other| other.name != name) {
                break name;
            }
        };
        let redaction = Redaction {
            name: name.clone(),
            place: place.to_owned(),
            shape: shape(secret),
            sha256_8: der::hex_lower(&key.1[..key.1.len().min(4)]),
        };
        let at = taken.redactions.len();
        taken.redactions.push(redaction);
        taken.known.insert(key, at);
        Some(name)
    }
}

impl At<'_> {
    fn take(&self, base: &str, secret: &str) -> String {
        if secret.chars().count() < UNGUESSABLE {
            self.short.set(true);
        }
        match self.all.name(base, self.place, secret) {
            Some(name) => format!("<<{name}>>"),
            None => super::named(base),
        }
    }
}

/// Whether these octets are text in another encoding than UTF-8: hardly a control character among
/// them.
fn is_latin(bytes: &[u8]) -> bool {
    let control = |byte: &&u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    bytes.iter().filter(control).count() * 100 < bytes.len()
}

/// Octets that are no text, with the credentials taken out of the pieces of ASCII among them.
fn runs(at: &At<'_>, bytes: &[u8]) -> Vec<u8> {
    let of_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let mut found = Vec::with_capacity(bytes.len());
    let chunks = bytes.chunk_by(|one, next| of_text(*one) == of_text(*next));
    for chunk in chunks {
        match std::str::from_utf8(chunk) {
            Ok(text) if chunk.len() >= SHORTEST_RUN && of_text(chunk[0]) => {
                found.extend_from_slice(body_by(at, text).as_bytes());
            }
            _ => found.extend_from_slice(chunk),
        }
    }
    found
}

/// Characters of these numbers as octets.
fn octets(text: &str) -> Vec<u8> {
    let octet = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
    text.chars().map(octet).collect()
}

impl Mark for At<'_> {
    fn is_prose(&self) -> bool {
        self.prose
    }

    fn mark(&self, kind: Kind, name: &str, secret: &str) -> String {
        let name = clean(name);
        let base = match (kind, name.as_str()) {
            (Kind::Header, _) => format!("header:{name}"),
            (Kind::Query, _) => format!("query:{name}"),
            (Kind::Field, _) => format!("field:{name}"),
            (Kind::Shape, "JWT") => "jwt".to_owned(),
            (Kind::Shape, _) => name,
        };
        self.take(&base, secret)
    }

    fn header(&self, name: &str, value: &str) -> String {
        if names::is_authorization(name)
            && let Some((scheme, credentials)) = jwt::scheme(value)
            && !credentials.is_empty()
        {
            let own = if name.eq_ignore_ascii_case("authorization") {
                scheme.to_ascii_lowercase()
            } else {
                format!("header:{}", clean(name))
            };
            return format!("{scheme} {}", self.take(&own, credentials));
        }
        self.mark(Kind::Header, name, value)
    }
}

/// A name that may stand in a placeholder.
fn clean(name: &str) -> String {
    let letter = |letter: char| {
        let fits = letter.is_ascii_alphanumeric() || "._-[]%".contains(letter);
        if fits { letter } else { '_' }
    };
    name.chars().take(LONGEST_NAME - 16).map(letter).collect()
}

/// What a credential looks like.
fn shape(secret: &str) -> String {
    let length = secret.chars().count();
    let what = match jwt::parts(secret) {
        Some((header, _)) => {
            let algorithm = header.get("alg").and_then(|value| value.as_str());
            let algorithm: String = algorithm.unwrap_or_default().chars().take(16).collect();
            format!("JWT {}", escape::text(&algorithm))
                .trim_end()
                .to_owned()
                + ", "
        }
        None if secret.starts_with("-----BEGIN ") => "PEM, ".to_owned(),
        None => String::new(),
    };
    format!("{what}{length} characters")
}

/// Whether a value is a placeholder, behind the scheme of a header field perhaps.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let inner = value
        .rsplit_once(' ')
        .map_or(value, |(_, last)| last)
        .strip_prefix("<<")
        .and_then(|rest| rest.strip_suffix(">>"));
    inner.is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-[]%:_ ".contains(letter);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(fits)
}

/// Whether a text is what a recorded one may have been: each placeholder stands for something.
pub fn fits(recorded: &str, text: &str) -> bool {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = recorded[at..].find("<<").map(|open| at + open) {
        let inner = &recorded[open + 2..];
        match inner.find(">>").filter(|end| is_name(&inner[..*end])) {
            Some(end) => {
                parts.push(&recorded[from..open]);
                at = open + 2 + end + 2;
                from = at;
            }
            None => at = open + 1,
        }
    }
    let last = &recorded[from..];
    let Some((first, between)) = parts.split_first() else {
        return recorded == text;
    };
    let Some(mut rest) = text
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last))
    else {
        return false;
    };
    for part in between {
        // What stands between two of them; at least one character before it is the credential.
        let Some(found) = rest.match_indices(part).find(|(found, _)| *found > 0) else {
            return false;
        };
        rest = &rest[found.0 + part.len()..];
    }
    !rest.is_empty()
}

/// A text with those placeholders filled that `value` knows; the others stay.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("<<") {
        let inner = &rest[open + 2..];
        let known = inner
            .find(">>")
            .filter(|end| is_name(&inner[..*end]))
            .and_then(|end| Some((end, value(&inner[..end])?)));
        filled.push_str(&rest[..open]);
        match known {
            Some((end, value)) => {
                filled.push_str(&value);
                rest = &inner[end + 2..];
            }
            // One further, since `<<<name>>` has a placeholder in it.
            None => {
                filled.push('<');
                rest = &rest[open + 1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
