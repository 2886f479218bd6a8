//! What every command's flags share: the clock, durations, colour, notices on stderr.

use std::{io::Write, net::IpAddr, time::Duration};

use clap::ValueEnum;
use jiff::{Timestamp, civil};

pub(super) use crate::jobs::duration::duration;
use crate::{failure, parse::redact, report::FailOn, untrusted::Untrusted};

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnFlag {
    #[default]
    Error,
    Warning,
    Note,
    Never,
}

impl FailOnFlag {
    /// What makes a run fail; nothing does with `--exit-zero`.
    pub(super) fn unless(self, exit_zero: bool) -> FailOn {
        match self {
            _ if exit_zero => FailOn::Never,
            Self::Error => FailOn::Error,
            Self::Warning => FailOn::Warning,
            Self::Note => FailOn::Note,
            Self::Never => FailOn::Never,
        }
    }
}

/// The moment it is, in whole milliseconds: finer figures only make messages longer.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place where the clock is read"
)]
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The second it is: what certificates are judged at, since their dates are in seconds (RFC 5280
/// section 4.1.2.5).
pub(super) fn this_second() -> Timestamp {
    let now = now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// A variable of the environment, when it is set; bytes that are no text show as such in what is
/// then said about it.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place where the environment is read"
)]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The first of these variables that is set to something.
fn first_of(names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| variable(name));
    values.find(|value| !value.is_empty())
}

/// The proxy that the environment names for https, and the hosts that need none.
pub(super) fn proxy() -> Option<(String, String)> {
    let proxy = first_of(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])?;
    Some((proxy, no_proxy()))
}

/// The hosts that need no proxy, as the environment lists them.
pub(super) fn no_proxy() -> String {
    first_of(&["NO_PROXY", "no_proxy"]).unwrap_or_default()
}

/// Writes a line to stderr, the one door to it: whatever stands in the line, it is one line without
/// credentials, and neither a terminal nor a CI system obeys it. When even that fails there is
/// nobody left to tell.
pub(super) fn complain(line: &str) {
    let line = redact::text(line);
    let mut err = super::output::stderr();
    let _ = writeln!(err, "{}", Untrusted::new(line)).and_then(|()| err.flush());
}

/// Says on stderr why something could not be done: its causes on one line, then the drawing where
/// there is one.
pub(super) fn report(error: &anyhow::Error) {
    complain(&format!("mtls: {}", failure::words(error)));
    let drawn = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Drawn>());
    for line in drawn.iter().flat_map(|drawn| drawn.drawing.lines()) {
        complain(line);
    }
}

/// A fault in a text, and the place of it drawn. An error is one line to whoever prints it; only
/// [`report`] prints the drawing.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) message: String,
    pub(super) drawing: String,
}

impl std::fmt::Display for Drawn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

/// A duration that something is to be done in: more than none.
pub(super) fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err(format!(
            "`{text}` leaves no time for anything: expected more than 0"
        )),
        limit => Ok(limit),
    }
}

/// A host name or an address; of a URL its host, of HOST:PORT too.
pub(super) fn host(text: &str) -> Result<String, String> {
    let wrong = || format!("`{text}` is not a host name or an address");
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let named = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if rest == text && named.len() < text.len() {
        return Err(format!("{}: a path is not part of it", wrong()));
    }
    let bare = named.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok() {
        return Ok(bare.to_owned());
    }
    let host = match named.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => named,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_host = !host.is_empty()
        && !host.contains(|letter: char| letter.is_whitespace() || "@:,".contains(letter))
        || host.parse::<IpAddr>().is_ok();
    if is_host {
        Ok(host.to_owned())
    } else {
        Err(wrong())
    }
}

/// A moment: RFC 3339, a date (its first second, UTC), or seconds since 1970 (openssl's `-attime`).
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    let epoch = || {
        text.parse::<i64>()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
    };
    let date = || {
        let date: civil::Date = text.parse().ok()?;
        format!("{date}T00:00:00Z").parse::<Timestamp>().ok()
    };
    text.parse::<Timestamp>()
        .ok()
        .or_else(epoch)
        .or_else(date)
        .ok_or_else(|| format!("`{text}` is not a time: write 2026-12-02T00:00:00Z, 2026-12-02, or seconds since 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_leaves_time() {
        assert_eq!(time_limit("1ms"), Ok(Duration::from_millis(1)));
        assert!(time_limit("0").is_err() && time_limit("0ms").is_err());
    }

    #[test]
    fn a_host_is_taken_out_of_a_url() {
        for (text, wanted) in [
            ("hook.example.com", Some("hook.example.com")),
            ("https://hook.example.com/path", Some("hook.example.com")),
            ("https://hook.example.com:8443", Some("hook.example.com")),
            ("hook.example.com:443", Some("hook.example.com")),
            ("https://[::1]:8443/", Some("::1")),
            ("::1", Some("::1")),
            ("*.example.com", Some("*.example.com")),
            ("hook.example.com/path", None),
            ("a b", None),
            ("https://user@a.example/", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(host(text).ok().as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn moments_come_in_three_forms() {
        let wanted: Timestamp = "2026-12-02T00:00:00Z".parse().unwrap();
        assert_eq!(moment("2026-12-02T00:00:00Z"), Ok(wanted));
        assert_eq!(moment("2026-12-02"), Ok(wanted));
        assert_eq!(moment(&wanted.as_second().to_string()), Ok(wanted));
        assert!(moment("tomorrow").unwrap_err().contains("2026-12-02"));
    }
}
