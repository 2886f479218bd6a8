//! This process's own streams: styled text, and the lines of openssl.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice, StripStream};
use clap::ValueEnum;

use super::{
    common::{self, Color},
    door::{self, STDERR, STDOUT},
};
use crate::{
    facts::ClientAuth,
    render::{
        ascii::Ascii,
        openssl::{Labels, Openssl},
    },
    report::Sink,
    untrusted::Tame,
};

/// `--openssl-labels`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OpensslLabels {
    /// OpenSSL 3.0: `Supported groups: x25519`
    #[default]
    #[value(name = "3.0")]
    V3,
    /// OpenSSL 1.1.1, as in the Dialogflow page: `Supported Elliptic Groups: X25519`
    #[value(name = "1.1.1")]
    V111,
}

/// Standard output. It never fails: what became of it is asked at the end.
pub(super) fn stdout() -> door::Writer {
    STDOUT.writer()
}

/// Standard error, its styles stripped where nobody would see them. It never fails either.
pub(super) fn stderr() -> Box<dyn Write> {
    let err: Box<dyn Write> = Box::new(STDERR.writer());
    match AutoStream::choice(&io::stderr()) {
        ColorChoice::Never => Box::new(StripStream::new(err)),
        _ => err,
    }
}

/// Standard output with styles kept or stripped as `--color` and the stream ask for.
pub(super) fn styled_stdout(color: Color) -> Box<dyn Write> {
    // Styled text is always written; the stream decides. `colored` on its own decides once for the
    // whole process.
    colored::control::set_override(true);
    let choice = match color.into() {
        ColorChoice::Auto => AutoStream::choice(&io::stdout()),
        choice => choice,
    };
    // Buffered, since each styled piece would be a write of its own; every page ends with a flush.
    let out = BufWriter::with_capacity(64 * 1024, stdout());
    let out: Box<dyn Write> = Box::new(Tame::new(out));
    let out = match choice {
        ColorChoice::Never => Box::new(StripStream::new(out)),
        _ => out,
    };
    if shows_unicode(common::variable) {
        out
    } else {
        Box::new(Ascii::new(out))
    }
}

/// Whether the locale says that text is UTF-8: the first of these variables that is set decides
/// (POSIX, Base Definitions, section 8.2).
fn shows_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        // Its consoles are written to in UTF-16.
        return true;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// The fewest and the most columns that a page is set in.
const COLUMNS: (usize, usize) = (40, 120);

/// The columns of standard output: those that `COLUMNS` says, else the terminal's. `None` where it
/// goes to a file or another program, whose lines are not broken.
pub(super) fn width() -> Option<usize> {
    let size = terminal_size::terminal_size_of(io::stdout());
    let terminal = match (size, io::stdout().is_terminal()) {
        (Some((width, _)), _) => Some(usize::from(width.0)),
        (None, true) => Some(80),
        (None, false) => None,
    };
    columns(common::variable("COLUMNS").as_deref(), terminal)
}

fn columns(said: Option<&str>, terminal: Option<usize>) -> Option<usize> {
    let said = said.and_then(|text| text.trim().parse::<usize>().ok());
    let said = said.filter(|&columns| columns > 0);
    let columns = said.or(terminal.filter(|&columns| columns > 0))?;
    Some(columns.clamp(COLUMNS.0, COLUMNS.1))
}

/// What the lines of `openssl s_server` depend on.
pub(super) struct Settings {
    pub(super) labels: OpensslLabels,
    pub(super) client_auth: ClientAuth,
    pub(super) verify_depth: Option<u32>,
    pub(super) enforce: bool,
}

/// The sink that prints them, its start-up lines written.
pub(super) fn openssl(settings: &Settings) -> io::Result<Box<dyn Sink>> {
    let labels = match settings.labels {
        OpensslLabels::V3 => Labels::V3,
        OpensslLabels::V111 => Labels::V111,
    };
    let mut sink = Openssl::new(
        Tame::new(BufWriter::new(stdout())),
        Tame::new(STDERR.writer()),
        labels,
        settings.verify_depth,
        settings.enforce,
    );
    sink.start(settings.client_auth, settings.verify_depth.unwrap_or(0))?;
    Ok(Box::new(sink))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_what_is_said_or_the_terminals() {
        assert_eq!(columns(None, None), None);
        assert_eq!(columns(None, Some(100)), Some(100));
        assert_eq!(columns(Some("60"), Some(100)), Some(60));
        assert_eq!(columns(Some("60"), None), Some(60));
        assert_eq!(columns(Some("none"), Some(300)), Some(120));
        assert_eq!(columns(Some("0"), Some(1)), Some(40));
        assert_eq!(columns(Some(""), None), None);
    }

    #[test]
    fn the_locale_decides_what_is_drawn_with() {
        let of = |all: &str, ctype: &str, lang: &str| {
            let values = [("LC_ALL", all), ("LC_CTYPE", ctype), ("LANG", lang)];
            shows_unicode(|name| {
                let mut values = values.iter();
                values
                    .find(|(own, _)| *own == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(of("", "", "en_US.UTF-8") && of("C.utf8", "", "C"));
        assert!(!of("", "", "") && !of("C", "", "en_US.UTF-8") && !of("", "de_DE@euro", ""));
    }
}
