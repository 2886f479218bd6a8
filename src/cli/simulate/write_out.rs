//! `--write-out`: curl's variables after each call.

use anyhow::{Result, bail};

use crate::facts::Call;

/// A format, read once.
#[derive(Clone, Debug)]
pub(super) struct WriteOut(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Variable(Value),
}

/// What a variable stands for.
type Value = fn(&Call) -> String;

/// The variables: those of curl that a call has, and what it has not.
const VARIABLES: &[(&str, Value)] = &[
    ("http_code", |call| {
        format!("{:03}", call.reply.as_ref().map_or(0, |reply| reply.status))
    }),
    ("response_code", |call| {
        format!("{:03}", call.reply.as_ref().map_or(0, |reply| reply.status))
    }),
    ("http_version", |call| {
        call.reply
            .as_ref()
            .map_or("0", |reply| reply.version.trim_start_matches("HTTP/"))
            .to_owned()
    }),
    ("content_type", |call| {
        call.reply
            .as_ref()
            .and_then(|reply| reply.header("content-type"))
            .unwrap_or_default()
            .to_owned()
    }),
    ("size_download", |call| {
        call.reply
            .as_ref()
            .map_or(0, |reply| reply.body_bytes)
            .to_string()
    }),
    ("num_redirects", |_| "0".to_owned()),
    ("redirect_url", |call| {
        call.reply
            .as_ref()
            .and_then(|reply| reply.header("location"))
            .unwrap_or_default()
            .to_owned()
    }),
    ("remote_ip", |call| {
        address(call).map_or_else(String::new, |(ip, _)| ip)
    }),
    ("remote_port", |call| {
        address(call).map_or_else(String::new, |(_, port)| port)
    }),
    ("scheme", |_| "HTTPS".to_owned()),
    ("url", |call| call.dialled.url.clone()),
    ("url_effective", |call| call.dialled.url.clone()),
    ("time_namelookup", |call| seconds(call.dialled.timings.dns)),
    ("time_connect", |call| seconds(call.dialled.timings.tcp)),
    ("time_appconnect", |call| seconds(call.dialled.timings.tls)),
    ("time_starttransfer", |call| {
        seconds(call.dialled.timings.http)
    }),
    ("time_total", |call| seconds(call.dialled.timings.total)),
    ("client", |call| call.client.clone()),
    ("outcome", |call| word(&call.outcome())),
    ("expected", |call| word(&call.expected)),
    ("rejected_by", |call| {
        call.rejected_by().map_or_else(String::new, |by| word(&by))
    }),
    ("alert", |call| {
        call.alert()
            .map_or_else(String::new, |alert| alert.name.clone())
    }),
    ("alert_code", |call| {
        call.alert()
            .map_or_else(String::new, |alert| alert.code.to_string())
    }),
    ("protocol", |call| {
        call.dialled
            .tls
            .negotiated
            .as_ref()
            .map_or_else(String::new, |negotiated| negotiated.protocol.clone())
    }),
];

impl WriteOut {
    /// Reads a format: `%{name}`, `%%`, `\n`, `\r`, `\t`.
    pub(super) fn parse(format: &str) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = format;
        while let Some(letter) = rest.chars().next() {
            let after = &rest[letter.len_utf8()..];
            if let Some(variable) = rest.strip_prefix("%{") {
                let Some((name, after)) = variable.split_once('}') else {
                    bail!("--write-out: `%{{{variable}` has no `}}`");
                };
                let Some((_, value)) = VARIABLES.iter().find(|(known, _)| *known == name) else {
                    let known: Vec<&str> = VARIABLES.iter().map(|(name, _)| *name).collect();
                    bail!(
                        "--write-out: no variable is called `{name}`; known: {}",
                        known.join(" ")
                    );
                };
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Variable(*value));
                rest = after;
                continue;
            }
            let escaped = [("%%", '%'), ("\\n", '\n'), ("\\r", '\r'), ("\\t", '\t')]
                .into_iter()
                .find(|(sequence, _)| rest.starts_with(sequence));
            match escaped {
                Some((sequence, letter)) => {
                    text.push(letter);
                    rest = &rest[sequence.len()..];
                }
                None => {
                    text.push(letter);
                    rest = after;
                }
            }
        }
        pieces.push(Piece::Text(text));
        Ok(Self(pieces))
    }

    /// The text for a call.
    pub(super) fn text(&self, call: &Call) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                // Peers' words are shown without what could steer a terminal.
                Piece::Variable(value) => crate::parse::escape::text(&value(call)),
            })
            .collect()
    }
}

fn seconds(milliseconds: Option<f64>) -> String {
    format!("{:.6}", milliseconds.unwrap_or(0.0) / 1000.0)
}

fn address(call: &Call) -> Option<(String, String)> {
    let address: std::net::SocketAddr = call.dialled.address.as_ref()?.parse().ok()?;
    Some((address.ip().to_string(), address.port().to_string()))
}

fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_once_and_faults_named() {
        assert_eq!(WriteOut::parse("a%%\\n%{http_code}b").unwrap().0.len(), 3);
        assert!(
            WriteOut::parse("%{nothing}")
                .unwrap_err()
                .to_string()
                .contains("`nothing`")
        );
        assert!(
            WriteOut::parse("%{url")
                .unwrap_err()
                .to_string()
                .contains("no `}`")
        );
        assert!(WriteOut::parse("100% \\x é").is_ok());
    }
}
