//! What `token` prints.

use std::io::{self, Write};

use colored::Color;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{Look, page::Page};
use crate::rules::help::span;
use crate::{engine::Judged, parse::escape};

/// The page about one token.
pub struct TokenPage(Page);

impl TokenPage {
    /// After a check.
    pub fn verified(judged: &Judged, look: Look) -> Self {
        let mut page = Page::of(look);
        let token = judged.case.token();
        let check = token.and_then(|token| token.check.as_ref());
        match judged.findings.first() {
            None => {
                let by = check
                    .and_then(|check| check.signed_by.as_deref())
                    .unwrap_or("?");
                page.verdict(
                    "PASS",
                    Color::Green,
                    &format!("the token is valid, signed with key {by}"),
                );
            }
            Some(_) => page.verdict("FAIL", Color::Red, "do not trust this token"),
        }
        page.findings(judged);
        for checked in check.iter().flat_map(|check| &check.checked) {
            page.row("checked", &escape::text(checked));
        }
        for unchecked in check.iter().flat_map(|check| &check.unchecked) {
            page.row("not checked", &escape::text(unchecked));
        }
        let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
        if let Some(check) = check {
            let header = object(check.header.as_ref()).unwrap_or_default();
            let claims = object(check.claims.as_ref()).unwrap_or_default();
            rows(&mut page, &header, &claims);
        }
        Self(page)
    }

    /// Without a check.
    pub fn decoded(header: &Map<String, Value>, claims: &Map<String, Value>, look: Look) -> Self {
        let mut page = Page::of(look);
        page.verdict(
            "NOTE",
            Color::Yellow,
            "decoded, not verified: anybody could have written this; check it with `mtls token verify`",
        );
        page.line("");
        rows(&mut page, header, claims);
        Self(page)
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the stream does not take it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(self.0.text.as_bytes())?;
        out.flush()
    }
}

fn rows(page: &mut Page, header: &Map<String, Value>, claims: &Map<String, Value>) {
    for (name, value) in header.iter().chain(claims) {
        let mut shown = match value {
            Value::String(text) => escape::text(text),
            other => escape::text(&other.to_string()),
        };
        if ["exp", "iat", "nbf", "auth_time"].contains(&name.as_str())
            && let Some(moment) = value
                .as_i64()
                .and_then(|second| Timestamp::from_second(second).ok())
        {
            let distance = moment.duration_since(page.now);
            let way = if distance < SignedDuration::ZERO {
                "ago"
            } else {
                "from now"
            };
            shown = format!("{moment}, {} {way}", span(distance));
        }
        let name: String = escape::text(name).chars().take(40).collect();
        page.row(&name, &shown.chars().take(2000).collect::<String>());
    }
}
