//! Bearer tokens: is it signed by whom it says, made for us, in time, and from our project?
//!
//! For: `mtls token` and `listen --verify-token`. Must not: fetch keys or read the clock; hold a
//! fact about a sender (issuer and service account are given); stop at the first problem, since the
//! owner needs all of them.

mod mint;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde_json::{Map, Value};

pub use mint::{MintError, SigningKey, mint};

use crate::{
    facts::{Token, TokenCheck, TokenFault, TokenKind, TokenProblem},
    failure,
    parse::{escape, jwt},
};

/// A JSON Web Key Set (RFC 7517).
#[derive(Clone, Debug)]
pub struct Keys(JwkSet);

impl Keys {
    /// Reads a set.
    ///
    /// # Errors
    /// When it is none, or has no RSA key in it: says what was seen.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_slice(bytes).map_err(|error| {
            format!(
                "expected a JSON Web Key Set, {{\"keys\": [...]}}: {}",
                failure::json(&error)
            )
        })?;
        if !set.keys.iter().any(is_rsa) {
            return Err(format!(
                "expected an RSA key in the set; it has {} of other kinds",
                set.keys.len()
            ));
        }
        Ok(Self(set))
    }
}

fn is_rsa(key: &Jwk) -> bool {
    matches!(key.algorithm, AlgorithmParameters::RSA(_))
}

/// What a token has to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The keys that may have signed it.
    pub keys: Option<Keys>,
    /// The issuers that are taken.
    pub issuers: Vec<String>,
    /// The audiences that are taken; empty = not checked.
    pub audiences: Vec<String>,
    /// The sender's service account, `{project-number}` standing for the project's number.
    pub email: String,
    /// The project whose service account it has to be; `None` = not checked.
    pub project_number: Option<String>,
    /// Whether the sender was named: then its form of email is held to where no project is given.
    pub sender_named: bool,
    /// How far clocks may differ.
    pub skew: SignedDuration,
}

/// Takes `Bearer` and the header's name off what was pasted whole.
pub fn bare(text: &str) -> &str {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let text = match lower.strip_prefix("authorization:") {
        Some(rest) => text[text.len() - rest.len()..].trim(),
        None => text,
    };
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer ") => text[7..].trim(),
        _ => text,
    }
}

/// Checks a token at the moment `now`.
pub fn verify(token: &str, wanted: &Wanted, now: Timestamp) -> Token {
    let token = bare(token);
    let mut facts = jwt::token(&format!("Bearer {token}"));
    let mut check = Checker::default();
    match jwt::parts(token) {
        Some((header, claims)) => {
            check.form(&header);
            check.signature(token, &header, wanted);
            check.times(&claims, wanted, now);
            check.issuer(&claims, wanted);
            check.audience(&facts.audience, wanted);
            check.email_verified(&claims);
            check.project(&claims, wanted);
            check.0.header = Some(Value::Object(header));
            check.0.claims = Some(Value::Object(claims));
        }
        None if token.starts_with("ya29.") || opaque(token) => check.hit(
            TokenFault::OpaqueAccessToken,
            format!(
                "an OAuth access token of {} characters, expected an identity token: only its issuer knows what it is for",
                token.len()
            ),
        ),
        None => check.hit(TokenFault::Malformed, malformed(token)),
    }
    facts.verified = facts.kind == TokenKind::Jwt && check.0.problems.is_empty();
    facts.check = Some(check.0);
    facts
}

/// A credential of some form of its own: one word of the characters that bearer tokens have (RFC
/// 6750 section 2.1), without a JWT's parts.
fn opaque(token: &str) -> bool {
    token.len() >= 20
        && token.matches('.').count() != 2
        && !token.starts_with("eyJ")
        && token.starts_with(|first: char| first.is_ascii_alphanumeric())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

fn malformed(token: &str) -> String {
    let parts = token.split('.').count();
    if token.is_empty() {
        "no token".to_owned()
    } else if parts != 3 {
        let parts = match parts {
            1 => "no dot".to_owned(),
            parts => format!("{parts} parts between dots"),
        };
        format!(
            "expected the three parts of a JWT between two dots, found {parts}; was it cut short?"
        )
    } else {
        "header or claims are not a JSON object in base64url: truncated or wrapped?".to_owned()
    }
}

#[derive(Default)]
struct Checker(TokenCheck);

impl Checker {
    fn hit(&mut self, problem: TokenFault, message: impl Into<String>) {
        self.0.problems.push(TokenProblem {
            problem,
            message: message.into(),
        });
    }

    fn holds(&mut self, what: impl Into<String>) {
        self.0.checked.push(what.into());
    }

    /// Extensions of the form: none is known here, so that none may be critical (RFC 7515 section
    /// 4.1.11), and the payload is base64url (RFC 7797 section 3).
    fn form(&mut self, header: &Map<String, Value>) {
        if let Some(critical) = header.get("crit") {
            self.hit(
                TokenFault::CriticalExtension,
                format!(
                    "crit is {}, expected none: a verifier that does not know these extensions has to reject the token",
                    escape::text(&critical.to_string())
                ),
            );
        }
        if header
            .get("b64")
            .is_some_and(|b64| *b64 != Value::Bool(true))
        {
            self.hit(
                TokenFault::CriticalExtension,
                "b64 is not true, expected a payload in base64url",
            );
        }
        if header.get("kid").is_some_and(|kid| !kid.is_string()) {
            self.hit(
                TokenFault::Malformed,
                "kid is not a string, expected the id of a key",
            );
        }
    }

    fn signature(&mut self, token: &str, header: &Map<String, Value>, wanted: &Wanted) {
        let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or("none");
        if algorithm.eq_ignore_ascii_case("none") {
            return self.hit(
                TokenFault::AlgorithmNone,
                "alg is `none`, expected RS256: anyone can write such a token",
            );
        }
        if algorithm != "RS256" {
            let why = if algorithm.starts_with("HS") {
                ": a shared secret; if the public key is used as that secret, anyone can sign (algorithm confusion)"
            } else {
                ""
            };
            return self.hit(
                TokenFault::AlgorithmNotAllowed,
                format!("alg is {}, expected RS256{why}", escape::text(algorithm)),
            );
        }
        let Some(Keys(set)) = &wanted.keys else {
            return self.hit(
                TokenFault::SignatureNotChecked,
                "the signature was not checked: no key set was given",
            );
        };
        let key_id = header.get("kid").and_then(Value::as_str);
        let candidates: Vec<&Jwk> = set
            .keys
            .iter()
            .filter(|key| is_rsa(key))
            .filter(|key| key_id.is_none() || key.common.key_id.as_deref() == key_id)
            .collect();
        let (candidates, unfit): (Vec<&Jwk>, Vec<&Jwk>) =
            candidates.into_iter().partition(|key| verifies(key));
        if candidates.is_empty() && !unfit.is_empty() {
            return self.hit(
                TokenFault::UnknownKey,
                format!(
                    "the key that it names ({}) is not for RS256 signatures, by its use, key_ops or alg",
                    escape::text(key_id.unwrap_or("without an id"))
                ),
            );
        }
        if candidates.is_empty() {
            let known: Vec<&str> = set
                .keys
                .iter()
                .filter_map(|key| key.common.key_id.as_deref())
                .take(8)
                .collect();
            return self.hit(
                TokenFault::UnknownKey,
                format!(
                    "its key id is {}, expected one of the set: {}",
                    escape::text(key_id.unwrap_or("missing")),
                    escape::text(&known.join(", "))
                ),
            );
        }
        let Some((signed, signature)) = token.rsplit_once('.') else {
            return;
        };
        let signer = candidates.into_iter().find(|key| {
            DecodingKey::from_jwk(key).is_ok_and(|key| {
                jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256)
                    .unwrap_or(false)
            })
        });
        match signer {
            Some(key) => {
                let name = key.common.key_id.as_deref().unwrap_or("a key without an id");
                let name = escape::text(name);
                self.holds(format!("the signature (RS256, key {name})"));
                self.0.signed_by = Some(name);
            }
            None => self.hit(
                TokenFault::BadSignature,
                "the signature does not verify with the key that it names: header or claims were changed, or another key signed",
            ),
        }
    }

    fn times(&mut self, claims: &Map<String, Value>, wanted: &Wanted, now: Timestamp) {
        let skew = wanted.skew.as_secs();
        match jwt::seconds(claims, "exp") {
            None => self.hit(
                TokenFault::NoExpiry,
                match claims.get("exp") {
                    None => "no exp claim, expected an expiry time".to_owned(),
                    Some(other) => format!(
                        "exp is {}, expected a number of seconds",
                        escape::text(&other.to_string())
                    ),
                },
            ),
            // NumericDate is a date (RFC 7519 section 2).
            Some(end) if Timestamp::from_second(end).is_err() => self.hit(
                TokenFault::NoExpiry,
                "exp is out of range, expected an expiry time",
            ),
            Some(end) if end.saturating_add(skew) <= now.as_second() => self.hit(
                TokenFault::Expired,
                format!("expired at {}, evaluated at {now}", moment(end)),
            ),
            Some(end) => self.holds(format!("the time of expiry ({})", moment(end))),
        }
        for name in ["nbf", "iat"] {
            if let Some(value) = claims.get(name)
                && !value.is_number()
            {
                self.hit(
                    TokenFault::Malformed,
                    format!("{name} is not a number, expected seconds since 1970"),
                );
            }
            if let Some(start) = jwt::seconds(claims, name)
                && start > now.as_second().saturating_add(skew)
            {
                return self.hit(
                    TokenFault::NotYetValid,
                    format!("its {name} is {}, evaluated at {now}", moment(start)),
                );
            }
        }
    }

    fn issuer(&mut self, claims: &Map<String, Value>, wanted: &Wanted) {
        let issuer = claims.get("iss").and_then(Value::as_str);
        if !issuer.is_some_and(|issuer| wanted.issuers.iter().any(|known| known == issuer)) {
            self.hit(
                TokenFault::WrongIssuer,
                format!(
                    "the issuer is {}, expected {}",
                    escape::text(issuer.unwrap_or("missing")),
                    wanted.issuers.join(" or ")
                ),
            );
        } else if let Some(issuer) = issuer {
            self.holds(format!("the issuer ({})", escape::text(issuer)));
        }
    }

    fn audience(&mut self, audience: &[String], wanted: &Wanted) {
        if wanted.audiences.is_empty() {
            self.0
                .unchecked
                .push(format!("the audience ({})", audience.join(" ")));
            return;
        }
        if !audience.iter().any(|one| wanted.audiences.contains(one)) {
            let seen = if audience.is_empty() {
                "missing".to_owned()
            } else {
                audience.join(" ")
            };
            self.hit(
                TokenFault::WrongAudience,
                format!(
                    "the audience is {seen}, expected {}",
                    wanted.audiences.join(" or ")
                ),
            );
        } else {
            self.holds(format!("the audience ({})", audience.join(" ")));
        }
    }

    fn project(&mut self, claims: &Map<String, Value>, wanted: &Wanted) {
        let email = claims.get("email").and_then(Value::as_str);
        let number = email.and_then(|email| project_number(email, &wanted.email));
        self.0.project_number = number.map(escape::text);
        let seen = escape::text(email.unwrap_or("missing"));
        match (&wanted.project_number, number) {
            (Some(wanted_number), Some(number)) if wanted_number == number => {
                self.holds(format!("the project ({number})"));
            }
            (Some(wanted_number), _) => self.hit(
                TokenFault::WrongProject,
                format!(
                    "the email is {seen}, expected {}",
                    wanted.email.replace("{project-number}", wanted_number)
                ),
            ),
            (None, Some(_)) if wanted.sender_named => {
                self.holds(format!("the sender ({seen})"));
                self.0
                    .unchecked
                    .push("the project: any project of the sender passes".to_owned());
            }
            (None, None) if wanted.sender_named => self.hit(
                TokenFault::WrongProject,
                format!(
                    "the email is {seen}, expected {}",
                    wanted.email.replace("{project-number}", "NUMBER")
                ),
            ),
            // Anybody can have the issuer sign a token for any audience.
            (None, _) if self.0.problems.is_empty() => self.hit(
                TokenFault::SenderNotNamed,
                format!("what was checked is correct, but not who sent it: its email is {seen}, and no sender or project to expect was named"),
            ),
            (None, _) => self
                .0
                .unchecked
                .push(format!("the sender ({seen}): no project was given")),
        }
    }

    fn email_verified(&mut self, claims: &Map<String, Value>) {
        if claims.contains_key("email") && claims.get("email_verified") == Some(&Value::Bool(false))
        {
            self.hit(
                TokenFault::EmailNotVerified,
                "email_verified is false, expected true: the issuer does not vouch for the email",
            );
        }
    }
}

/// Whether a key is one to check RS256 signatures with, by what it says of itself (RFC 7517
/// sections 4.2 to 4.4).
fn verifies(key: &Jwk) -> bool {
    let common = &key.common;
    let operations = common.key_operations.as_ref();
    common
        .public_key_use
        .as_ref()
        .is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && operations.is_none_or(|all| all.contains(&KeyOperations::Verify))
        && common
            .key_algorithm
            .is_none_or(|algorithm| algorithm == KeyAlgorithm::RS256)
}

/// The number in a service account's email.
fn project_number<'a>(email: &'a str, pattern: &str) -> Option<&'a str> {
    let (before, after) = pattern.split_once("{project-number}")?;
    let number = email.strip_prefix(before)?.strip_suffix(after)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |moment| moment.to_string())
}

#[cfg(test)]
mod tests;
