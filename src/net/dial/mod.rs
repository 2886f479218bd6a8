//! One outgoing call over mutual TLS, and the truth about how it ended.
//!
//! For: `simulate` and `demo`, which rehearse a sender, and `inspect`, which looks at what a server
//! presents and asks. Must not: take the end of the handshake for the server's consent. In TLS 1.3
//! the server judges the client certificate after the client is done, so only an answer, an alert
//! or a close tells; follow redirects.

mod attempt;
mod exchange;
mod proxy;
mod session;
mod stream;
mod tls;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
/// What requests are made of.
pub use hyper::{HeaderMap, Method, Uri, header};
use rustls::{HandshakeKind, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub use self::{proxy::Proxy, session::Session};

use self::{
    attempt::{Attempt, reach},
    tls::Recorder,
};
use super::{ending, identity::ClientIdentity, plan::Versions, tap};
use crate::{
    facts::{Certificate, Chain, Dialled, Ending, EndingKind, Header, Phase, TrustFacts},
    failure,
    parse::redact,
};

/// Judges a server's chain, leaf first.
pub type Judge = Arc<dyn Fn(&[Arc<Certificate>]) -> TrustFacts + Send + Sync>;

/// The HTTP version that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1, as Dialogflow's calls were seen to be.
    Http1,
    /// HTTP/2 where the server has it, else HTTP/1.1.
    Http2,
    /// HTTP/1.1 without a word about it: no ALPN.
    NoAlpn,
}

/// What all calls of a run have in common.
pub struct Connector {
    /// What is called, as results name it.
    pub url: String,
    /// How far a connection has to come.
    pub wanted: Phase,
    /// The host to connect to: a name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Addresses to use instead of asking for the name's.
    pub addresses: Vec<SocketAddr>,
    /// The proxy that it is reached through.
    pub proxy: Option<Proxy>,
    /// The name that is asked for (SNI).
    pub server_name: String,
    /// The TLS versions offered.
    pub versions: Versions,
    /// The HTTP version asked for.
    pub http: HttpVersion,
    /// Whether a server that is not trusted is called all the same.
    pub insecure: bool,
    /// The judge of the server's chain.
    pub judge: Judge,
    /// A bound on name lookup, TCP connection and handshake.
    pub connect_time: Duration,
    /// A bound on the whole call.
    pub time: Duration,
    /// A bound on the wait for an answer, within that.
    pub answer_time: Duration,
    /// Whether the post-quantum group is offered first; else last, as an afterthought.
    pub post_quantum: bool,
    /// Whether the client presents its chain only to a server that names one of its issuers.
    pub only_if_named: bool,
    /// Whether tickets are taken, so that a session can be resumed.
    pub keep_sessions: bool,
    /// The most that is read of an answer's body, in bytes.
    pub body_bytes: usize,
    /// Whether secrets in the answer's headers stay readable.
    pub show_secrets: bool,
    /// The last server chain, judged.
    pub known: Mutex<Option<Chain>>,
}

/// The request of a call.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The Host field or `:authority`.
    pub authority: String,
    /// Path and query.
    pub path: String,
    /// Header fields besides Host and Content-Length.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status code.
    pub status: u16,
    /// `HTTP/1.1` or `HTTP/2`.
    pub version: String,
    /// Its header fields, secrets taken out.
    pub headers: Vec<Header>,
    /// The body, its content coding undone.
    pub body: Vec<u8>,
    /// Its length as it came.
    pub body_bytes: usize,
    /// Why it is not whole, or could not be unpacked.
    pub problem: Option<String>,
    /// Whether there was more than is read.
    pub cut: bool,
}

/// A body with this content coding undone, within a bound.
///
/// # Errors
/// Why it could not be, in words.
pub fn decoded(bytes: Vec<u8>, coding: &str, limit: usize) -> Result<Vec<u8>, String> {
    let decoded = super::body::decode(bytes, Some(coding), limit);
    match decoded.problem {
        None => Ok(decoded.bytes),
        Some(why) => Err(why),
    }
}

/// What came of a call.
#[derive(Debug)]
pub struct Seen {
    /// The connection.
    pub dialled: Dialled,
    /// What was asked of the client: names of authorities (DER) and SignatureScheme numbers.
    pub request: Option<Asked>,
    /// The stapled OCSP response, DER; empty when there was none.
    pub staple: Vec<u8>,
    /// What may be resumed, when that is wanted and a handshake was made.
    pub session: Option<Session>,
    /// The answer.
    pub answer: Option<Answered>,
}

/// A CertificateRequest as the library passes it on.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Names of authorities, DER.
    pub names: Vec<Vec<u8>>,
    /// SignatureScheme numbers.
    pub schemes: Vec<u16>,
}

impl Connector {
    /// A dialler for this host, which is also the name asked for: both TLS versions, HTTP/1.1, 10
    /// seconds, 64 KiB.
    pub fn new(url: &str, host: &str, port: u16, judge: Judge) -> Self {
        Self {
            url: url.to_owned(),
            wanted: Phase::Done,
            host: host.to_owned(),
            port,
            addresses: Vec::new(),
            proxy: None,
            server_name: host.to_owned(),
            versions: Versions::Both,
            http: HttpVersion::Http1,
            insecure: false,
            judge,
            connect_time: Duration::from_secs(10),
            time: Duration::from_secs(10),
            answer_time: Duration::from_secs(10),
            post_quantum: false,
            only_if_named: false,
            keep_sessions: false,
            body_bytes: 64 * 1024,
            show_secrets: false,
            known: Mutex::default(),
        }
    }

    /// Calls once. Never fails: whatever happens is a result.
    pub async fn call(self: &Arc<Self>, client: Option<&ClientIdentity>, request: Request) -> Seen {
        let mut attempt = Attempt {
            started: Instant::now(),
            recorder: Recorder::default(),
            wire: tap::CaptureHandle::default(),
            asked: format!(
                "{} {}",
                request.method,
                redact::text_unless(self.show_secrets, &request.path)
            ),
            plain: None,
            seen: Seen {
                dialled: Dialled::new(&self.url, self.wanted),
                request: None,
                staple: Vec::new(),
                session: None,
                answer: None,
            },
        };
        if let Err(ending) = attempt.run(self, client, request).await {
            attempt.seen.dialled.tls.ending = ending;
        }
        attempt.done()
    }

    /// Whether the server resumes this session; `None` when it could not be asked.
    pub async fn resume(self: &Arc<Self>, session: &Session) -> Option<bool> {
        let connect = async {
            let (_, stream) = self.open(&self.lookup().await.ok()?).await.ok()?;
            let name = ServerName::try_from(self.server_name.clone()).ok()?;
            let connector = TlsConnector::from(session.config());
            let stream = connector.connect(name, stream).await.ok()?;
            stream.get_ref().1.handshake_kind()
        };
        let kind = tokio::time::timeout(self.connect_time, connect)
            .await
            .ok()??;
        Some(kind == HandshakeKind::Resumed)
    }

    /// The first of these addresses that takes a connection, and through it the server where they
    /// are a proxy's; else the last one tried and why not.
    async fn open(
        &self,
        addresses: &[SocketAddr],
    ) -> Result<(SocketAddr, TcpStream), (Option<SocketAddr>, Ending)> {
        let (address, mut stream) = reach(addresses).await?;
        if let Some(proxy) = &self.proxy {
            // An address that stands for the name is the proxy's to connect to.
            let given = self.addresses.first().map(|given| given.ip().to_string());
            let host = given.as_deref().unwrap_or(&self.host);
            proxy::tunnel(&mut stream, proxy, (host, self.port))
                .await
                .map_err(|ending| (Some(address), ending))?;
        }
        Ok((address, stream))
    }

    /// Where a connection was made to, in words.
    fn place(&self, address: SocketAddr) -> String {
        match &self.proxy {
            None => address.to_string(),
            Some(_) => format!(
                "{} through the proxy {address}",
                proxy::place(&self.host, self.port)
            ),
        }
    }

    /// The addresses to try: the proxy's, where there is one.
    async fn lookup(&self) -> Result<Vec<SocketAddr>, Ending> {
        let (host, port) = match &self.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None if !self.addresses.is_empty() => return Ok(self.addresses.clone()),
            None => (self.host.as_str(), self.port),
        };
        match tokio::net::lookup_host((host, port)).await {
            Ok(found) => Ok(found.collect()),
            Err(error) => {
                let why = failure::lookup(&error);
                Err(ending::plain(
                    EndingKind::Unresolved,
                    Phase::Connected,
                    None,
                    why,
                ))
            }
        }
    }
}
