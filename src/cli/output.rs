//! Formats to sinks over this process's streams.

use std::io::{self, BufWriter, Write};

use anstream::{AutoStream, ColorChoice, StripStream};
use clap::ValueEnum;
use jiff::Timestamp;

use super::common::Color;
use crate::{
    facts::ClientAuth,
    render::{
        json::{Json, Jsonl},
        openssl::{Labels, Openssl},
        text::{Detail, Text},
    },
    report::Sink,
};

/// `--format` of `listen`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: verdict, what to do, detail
    #[default]
    Text,
    /// The lines of `openssl s_server`, on its streams
    Openssl,
    /// One JSON object a connection, a summary last
    Jsonl,
    /// One JSON document at the end
    Json,
}

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

/// Standard output with styles kept or stripped as `--color` and the stream ask for.
pub(super) fn styled_stdout(color: Color) -> Box<dyn Write> {
    // Styled text is always written; the stream decides. `colored` on its own decides once for the whole process.
    colored::control::set_override(true);
    let choice = match color.into() {
        ColorChoice::Auto => AutoStream::choice(&io::stdout()),
        choice => choice,
    };
    // Buffered, since each styled piece would be a write of its own; every page ends with a flush.
    let out: Box<dyn Write> = Box::new(BufWriter::with_capacity(64 * 1024, io::stdout()));
    match choice {
        ColorChoice::Never => Box::new(StripStream::new(out)),
        _ => out,
    }
}

/// What a listener's sink depends on.
pub(super) struct Settings {
    pub(super) format: Format,
    pub(super) labels: OpensslLabels,
    pub(super) color: Color,
    pub(super) now: Timestamp,
    pub(super) client_auth: ClientAuth,
    pub(super) verify_depth: Option<u32>,
    pub(super) enforce: bool,
}

/// The sink, its start-up lines written.
pub(super) fn sink(settings: &Settings) -> io::Result<Box<dyn Sink>> {
    let out = || BufWriter::new(io::stdout());
    Ok(match settings.format {
        Format::Text => Box::new(Text::new(
            styled_stdout(settings.color),
            settings.now,
            Detail::Full,
        )),
        Format::Jsonl => Box::new(Jsonl::new(out())),
        Format::Json => Box::new(Json::new(out())),
        Format::Openssl => {
            let labels = match settings.labels {
                OpensslLabels::V3 => Labels::V3,
                OpensslLabels::V111 => Labels::V111,
            };
            let mut sink = Openssl::new(
                out(),
                io::stderr(),
                labels,
                settings.verify_depth,
                settings.enforce,
            );
            sink.start(settings.client_auth, settings.verify_depth.unwrap_or(0))?;
            Box::new(sink)
        }
    })
}
