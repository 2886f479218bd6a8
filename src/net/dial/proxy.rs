//! The way to a server through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6).
//!
//! For: `dial`. Must not: show the proxy's password, or take a byte of the server's for its own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::Uri;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    facts::{Ending, EndingKind, Phase},
    failure,
    net::ending,
    parse::escape,
};

/// curl's port for a proxy whose URL has none.
const PORT: u16 = 1080;
/// The most that is read of a proxy's answer.
const HEAD: usize = 16 * 1024;

/// A proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The value of Proxy-Authorization.
    authorization: Option<String>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({})", self.place())
    }
}

impl Proxy {
    /// Reads curl's `[http://][USER:PASSWORD@]HOST[:PORT]`.
    ///
    /// # Errors
    /// A sentence without the password.
    pub fn read(text: &str) -> Result<Self, String> {
        let rest = match text.split_once("://") {
            None => text,
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some((scheme, _)) => {
                return Err(format!(
                    "expected an http proxy, found {}",
                    escape::text(scheme)
                ));
            }
        };
        let rest = rest.trim_end_matches('/');
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        let wrong = || "expected [http://][USER:PASSWORD@]HOST[:PORT]".to_owned();
        let uri: Uri = format!("http://{place}").parse().map_err(|_| wrong())?;
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or_else(wrong)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        if path != "/" {
            return Err(wrong());
        }
        Ok(Self {
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: uri.port_u16().unwrap_or(PORT),
            authorization: user.map(|user| format!("Basic {}", STANDARD.encode(decoded(user)))),
        })
    }

    /// `HOST:PORT`.
    pub fn place(&self) -> String {
        place(&self.host, self.port)
    }
}

/// Bytes of a URL's part, `%XX` undone.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let two = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let value = two
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        out.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    out
}

pub(super) fn place(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Asks the proxy for a tunnel to this server.
pub(super) async fn tunnel(
    stream: &mut TcpStream,
    proxy: &Proxy,
    (host, port): (&str, u16),
) -> Result<(), Ending> {
    let failed = |why: String| {
        let why = format!("the proxy {} {why}", proxy.place());
        ending::plain(EndingKind::Unreachable, Phase::Connected, None, why)
    };
    let server = place(host, port);
    let authorization = proxy
        .authorization
        .as_ref()
        .map_or_else(String::new, |value| {
            format!("Proxy-Authorization: {value}\r\n")
        });
    let request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n{authorization}\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .map_err(|error| failed(format!("closed: {}", failure::io(&error))))?;
    // Byte by byte: what follows is the server's.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) if head.len() < HEAD => head.push(byte),
            Ok(_) => return Err(failed(format!("answered with more than {HEAD} bytes"))),
            Err(error) => {
                return Err(failed(format!(
                    "closed after {} bytes: {}",
                    head.len(),
                    failure::io(&error)
                )));
            }
        }
    }
    let text = String::from_utf8_lossy(&head);
    let line = text.lines().next().unwrap_or_default();
    let status = line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5))
        .and_then(|digits| digits.parse::<u16>().ok());
    match status {
        Some(200..=299) => Ok(()),
        Some(407) => Err(failed(format!(
            "wants a password to CONNECT to {server} (407): -x http://USER:PASSWORD@{}",
            proxy.place()
        ))),
        Some(_) => Err(failed(format!(
            "answered `{}` to CONNECT {server}",
            escape::text(line)
        ))),
        None => Err(failed("does not speak HTTP".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_as_curl_reads_them() {
        for (text, host, port, authorization) in [
            ("proxy.example", "proxy.example", 1080, None),
            ("http://proxy.example:3128/", "proxy.example", 3128, None),
            ("[::1]:8080", "::1", 8080, None),
            (
                "u:p%40%3a@10.0.0.1:80",
                "10.0.0.1",
                80,
                Some("Basic dTpwQDo="),
            ),
        ] {
            let proxy = Proxy::read(text).unwrap();
            assert_eq!((proxy.host.as_str(), proxy.port), (host, port), "{text}");
            assert_eq!(proxy.authorization.as_deref(), authorization, "{text}");
        }
        for text in ["", "socks5://a", "http://", "http://a/path", "a:b:c"] {
            let why = Proxy::read(text).unwrap_err();
            assert!(why.contains("expected"), "{text}: {why}");
        }
        let secret = Proxy::read("u:secret@a").unwrap();
        assert!(!format!("{secret:?}").contains("secret"));
    }
}
