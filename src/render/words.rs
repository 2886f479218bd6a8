//! Facts in words, as every renderer for people says them.
//!
//! For: `text`, `html`. Must not: know colours or the width of a page.

use jiff::Timestamp;

use crate::{
    facts::{
        Accepted, BodyOmitted, EndingKind, Party, Phase, Token, TokenCheck, TokenKind, TrustFacts,
    },
    finding::{Act, Severity},
    parse::escape,
    report::Summary,
};

/// Why the verdict on a chain is not known.
pub(super) fn unknown(trust: &TrustFacts) -> &'static str {
    if trust.unanswered() {
        "unknown: a part of it could not be checked"
    } else {
        "not checked: pass the issuing CA with --cacert"
    }
}

/// How it ended, in words.
pub(super) fn ending_words(handshake: &Accepted) -> String {
    let ending = &handshake.tls.ending;
    let who = match ending.sent_by {
        Some(Party::Us) => "this server",
        Some(Party::Peer) => "the client",
        None => "nobody",
    };
    let what = match ending.kind {
        EndingKind::Completed => "closed normally".to_owned(),
        EndingKind::Refused => "this server rejected the client".to_owned(),
        EndingKind::Incompatible => "no TLS version or cipher suite in common".to_owned(),
        EndingKind::PeerAlert => "the client rejected this server".to_owned(),
        EndingKind::Closed => format!("{who} closed the connection"),
        EndingKind::Reset => format!("{who} reset the connection"),
        EndingKind::TimedOut => "timed out".to_owned(),
        EndingKind::NotTls => "not TLS, closed".to_owned(),
        EndingKind::ProtocolError => "TLS protocol error".to_owned(),
        EndingKind::Limit => "a limit of mtls was reached".to_owned(),
        EndingKind::Unresolved => "DNS lookup failed".to_owned(),
        EndingKind::Unreachable => "no TCP connection".to_owned(),
        EndingKind::Interrupted => "interrupted".to_owned(),
        EndingKind::Internal => "internal error of mtls".to_owned(),
    };
    let phase = match ending.phase {
        Phase::Connected => "before any byte",
        Phase::ClientHello => "before the ClientHello was complete",
        Phase::Handshake => "during the handshake",
        Phase::Http => "after the handshake",
        Phase::Done => "after an answer",
    };
    let alert = ending.alert.as_ref().map_or(String::new(), |alert| {
        format!(", alert {} {}", alert.code, alert.name)
    });
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", escape::text(&ending.detail))
    };
    format!("{what} {phase}{alert}{detail}")
}

/// What a credential says of itself.
pub(super) fn claims(token: &Token) -> String {
    let kind = match token.kind {
        TokenKind::Jwt => "JWT",
        TokenKind::Opaque => "opaque bearer token (not a JWT)",
        TokenKind::Basic => "Basic credentials",
        TokenKind::Other => "credentials of another scheme",
    };
    let mut parts = match &token.check {
        None if token.kind == TokenKind::Jwt => vec![format!("{kind}, signature not checked")],
        None => vec![kind.to_owned()],
        Some(check) => checked(kind, check),
    };
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            parts.push(format!("{name} {value}"));
        }
    };
    add("iss", token.issuer.as_deref());
    add(
        "aud",
        (!token.audience.is_empty())
            .then(|| token.audience.join(" "))
            .as_deref(),
    );
    add("email", token.email.as_deref());
    add("sub", token.subject.as_deref());
    add("exp", token.expires_at.as_deref());
    parts.join("; ")
}

/// What a check of a credential found: what holds, what does not, what was not asked.
fn checked(kind: &str, check: &TokenCheck) -> Vec<String> {
    let mut parts = match check.problems.split_first() {
        None => vec![format!("{kind}, checked and valid")],
        Some((first, [])) => vec![format!("{kind}, rejected: {}", first.message)],
        Some((first, more)) => {
            vec![format!(
                "{kind}, rejected: {} (and {} more)",
                first.message,
                more.len()
            )]
        }
    };
    for (what, list) in [
        ("checked", &check.checked),
        ("not checked", &check.unchecked),
    ] {
        if !list.is_empty() {
            parts.push(format!("{what}: {}", list.join(", ")));
        }
    }
    parts
}

/// `1 error`, `2 errors`.
pub(super) fn amount(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// `one`, `one and two`, `one, two and three`.
pub(super) fn listing(words: &[&str]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// A severity's word.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// Who has to fix it, as the beginning of what is to be done.
pub(super) fn fix(act: Act) -> &'static str {
    match act {
        Act::Client => "fix (on the sender's side): ",
        Act::Server => "fix: ",
        Act::Either => "fix (on either side): ",
    }
}

/// The errors, warnings and notes of a run.
pub(super) fn counts(summary: &Summary) -> String {
    format!(
        "{}, {}, {}",
        amount(summary.error, "error"),
        amount(summary.warning, "warning"),
        amount(summary.note, "note")
    )
}

/// The last place at or before `at` where a character begins, or the text ends.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let mut places = (0..=at.min(text.len())).rev();
    places
        .find(|&place| text.is_char_boundary(place))
        .unwrap_or_default()
}

/// A body that was not kept, in words.
pub(super) fn omitted(omitted: &BodyOmitted) -> String {
    format!(
        "not kept: {} bytes, SHA-256 {}: {}",
        omitted.bytes, omitted.sha256, omitted.why
    )
}

/// A moment's day, UTC.
pub(super) fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
