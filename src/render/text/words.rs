//! Facts as sentences, and the few measures that text needs.

use colored::Color;
use jiff::{SignedDuration, Timestamp};

use crate::{
    engine::Judged,
    facts::{
        Certificate, ClientAuth, EndingKind, FirstBytes, Handshake, Party, Phase, Token, TokenKind,
        TrustStatus,
    },
    parse::escape,
    report::{self, OverallVerdict},
};

/// The one line on top: word, colour, sentence.
pub(super) fn headline(judged: &Judged) -> (&'static str, Color, String) {
    let Some(handshake) = &judged.case.handshake else {
        return ("", Color::White, judged.case.title.clone());
    };
    let (word, color) = verdict_word(report::verdict(judged));
    (word, color, sentence(handshake))
}

/// A verdict's word and colour.
pub(super) fn verdict_word(verdict: OverallVerdict) -> (&'static str, Color) {
    match verdict {
        OverallVerdict::Pass => ("PASS", Color::Green),
        OverallVerdict::Warn => ("WARN", Color::Yellow),
        OverallVerdict::Fail => ("FAIL", Color::Red),
    }
}

fn sentence(handshake: &Handshake) -> String {
    match &handshake.first_bytes {
        FirstBytes::Tls => {}
        FirstBytes::PlainHttp { request_line } => {
            return format!("plain HTTP on the TLS port: {request_line}");
        }
        FirstBytes::PlainHttp2 => return "plain HTTP/2 on the TLS port".to_owned(),
        FirstBytes::Ssh { banner } => return format!("an SSH client: {banner}"),
        FirstBytes::Ssl2Hello => {
            return "an SSL 2.0 hello: a client older than any TLS in use".to_owned();
        }
        FirstBytes::Nothing => {
            return "connected and sent nothing: a health check, a port scan, or a stuck peer"
                .to_owned();
        }
        FirstBytes::Unknown { hex } => {
            return format!("neither TLS nor HTTP: the first bytes are {hex}");
        }
    }
    let chain = handshake.client_chain.as_ref();
    let leaf = chain
        .and_then(|chain| chain.certificates.first())
        .map(Certificate::label);
    let completed = handshake.ending.phase >= Phase::Http;
    let status = chain
        .and_then(|chain| chain.trust.as_ref())
        .map(|trust| trust.status);
    match (completed, leaf, status) {
        (true, Some(leaf), Some(TrustStatus::Trusted)) => {
            format!("mutual TLS: {leaf} proved who it is and is trusted")
        }
        (true, Some(leaf), Some(TrustStatus::Untrusted)) => {
            format!("the client certificate of {leaf} would be refused by a strict server")
        }
        (true, Some(leaf), _) => {
            format!("{leaf} presented a certificate; there is no anchor to judge it by")
        }
        (true, None, _) if handshake.client_auth == ClientAuth::None => {
            "TLS without a client certificate: none was asked for".to_owned()
        }
        (true, None, _) => "one-sided TLS: the client sent no certificate".to_owned(),
        (false, Some(leaf), _) if handshake.ending.kind == EndingKind::Refused => {
            format!("handshake refused by us; the client had presented {leaf}")
        }
        (false, Some(leaf), _) => format!("handshake broken off; the client had presented {leaf}"),
        (false, None, _) => format!("no handshake: {}", ending_words(handshake)),
    }
}

/// How it ended, in words.
pub(super) fn ending_words(handshake: &Handshake) -> String {
    let ending = &handshake.ending;
    let who = match ending.sent_by {
        Some(Party::Us) => "we",
        Some(Party::Peer) => "the client",
        None => "nobody",
    };
    let what = match ending.kind {
        EndingKind::Completed => "in good order".to_owned(),
        EndingKind::Refused => "we refused the client".to_owned(),
        EndingKind::PeerAlert => "the client refused us".to_owned(),
        EndingKind::Closed => format!("{who} closed the connection"),
        EndingKind::Reset => format!("{who} reset the connection"),
        EndingKind::TimedOut => "time ran out".to_owned(),
        EndingKind::NotTls => "not TLS, closed".to_owned(),
        EndingKind::ProtocolError => "the protocol was broken".to_owned(),
        EndingKind::Limit => "a limit of this program was hit".to_owned(),
        EndingKind::Unresolved => "the name has no address".to_owned(),
        EndingKind::Unreachable => "no TCP connection".to_owned(),
        EndingKind::Interrupted => "interrupted".to_owned(),
        EndingKind::Internal => "this program failed".to_owned(),
    };
    let phase = match ending.phase {
        Phase::Connected => "before any byte",
        Phase::ClientHello => "before a whole ClientHello",
        Phase::Handshake => "within the handshake",
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

pub(super) fn claims(token: &Token) -> String {
    let kind = match token.kind {
        TokenKind::Jwt => "JWT, signature not checked",
        TokenKind::Opaque => "opaque bearer token (not a JWT)",
        TokenKind::Basic => "Basic credentials",
        TokenKind::Other => "credentials of another scheme",
    };
    let mut parts = vec![kind.to_owned()];
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

/// `1 error`, `2 errors`.
pub(super) fn amount(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

pub(super) fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// A span in its one fitting unit.
pub(super) fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().unsigned_abs();
    let (value, unit) = match seconds {
        0..120 => (seconds, "s"),
        120..7200 => (seconds / 60, "min"),
        7200..172_800 => (seconds / 3600, "h"),
        _ => (seconds / 86400, "days"),
    };
    format!("{value} {unit}")
}

/// The columns that a word takes: colours, which are the only escape sequences here, take none.
fn columns(word: &str) -> usize {
    let mut count = 0;
    let mut coloring = false;
    for character in word.chars() {
        match character {
            '\x1b' => coloring = true,
            'm' if coloring => coloring = false,
            _ if coloring => {}
            _ => count += 1,
        }
    }
    count
}

/// Breaks text at spaces so that no line is longer than `width`, where its words allow.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = columns(word);
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_spaces_only() {
        assert_eq!(wrap("aaa bbb ccc", 7), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaaaaaaaaaaa b", 4), ["aaaaaaaaaaaa", "b"]);
        assert_eq!(wrap("\x1b[1maaa\x1b[0m bbb", 7), ["\x1b[1maaa\x1b[0m bbb"]);
    }

    #[test]
    fn spans_use_one_unit() {
        assert_eq!(span(SignedDuration::from_hours(24 * 90)), "90 days");
        assert_eq!(span(SignedDuration::from_secs(-90)), "90 s");
        assert_eq!(span(SignedDuration::from_mins(-90)), "90 min");
    }
}
