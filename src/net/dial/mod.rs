//! One outgoing call over mutual TLS, and the truth about how it ended.
//!
//! For: `simulate` and `demo`, which rehearse a sender. Must not: take the end of the handshake for the server's consent. In TLS 1.3
//! the server judges the client certificate after the client is done, so only an answer, an alert or a close tells; follow redirects.

mod stream;
mod tls;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
/// What requests are made of.
pub use hyper::{HeaderMap, Method, Uri, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout_at};
use tokio_rustls::{TlsConnector, client::TlsStream};

use self::{
    stream::{Note, Noted, Patient},
    tls::Recorder,
};
use super::{body, ending, http, identity::ClientIdentity, plan::Versions, tap::Tap};
use crate::{
    facts::{
        CallTimings, Certificate, Chain, Ending, EndingKind, Header, Negotiated, Party, Phase,
        TrustFacts,
    },
    parse::{escape, ids},
};

/// Judges a server's chain, leaf first.
pub type Judge = Arc<dyn Fn(&[Certificate]) -> TrustFacts + Send + Sync>;

/// The HTTP version that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.1, as Dialogflow's calls were seen to be.
    Http1,
    /// HTTP/2 where the server has it, else HTTP/1.1.
    Http2,
}

/// What all calls of a run have in common.
pub struct Dialler {
    /// The host to connect to: a name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Addresses to use instead of asking for the name's.
    pub addresses: Vec<SocketAddr>,
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

/// What came of a call.
#[derive(Debug)]
pub struct Seen {
    /// The address that was connected to.
    pub address: Option<SocketAddr>,
    /// Whether the server asked for a client certificate; `None` when the handshake did not come that far.
    pub asked: Option<bool>,
    /// How many certificates it was given.
    pub presented: usize,
    /// What was settled.
    pub negotiated: Option<Negotiated>,
    /// The server's chain.
    pub server_chain: Option<Chain>,
    /// The answer.
    pub answer: Option<Answered>,
    /// How it ended.
    pub ending: Ending,
    /// When things happened.
    pub timings: CallTimings,
}

impl Dialler {
    /// Calls once. Never fails: whatever happens is a result.
    pub async fn call(self: &Arc<Self>, client: Option<&ClientIdentity>, request: Request) -> Seen {
        let mut attempt = Attempt {
            started: Instant::now(),
            recorder: Recorder::default(),
            phase: Phase::Connected,
            seen: Seen {
                address: None,
                asked: None,
                presented: 0,
                negotiated: None,
                server_chain: None,
                answer: None,
                ending: ending::plain(EndingKind::Completed, Phase::Done, None, ""),
                timings: CallTimings::default(),
            },
        };
        if let Err(ending) = attempt.run(self, client, request).await {
            attempt.seen.ending = ending;
        }
        attempt.done()
    }
}

/// A call under way.
struct Attempt {
    started: Instant,
    recorder: Recorder,
    phase: Phase,
    seen: Seen,
}

impl Attempt {
    fn elapsed(&self) -> f64 {
        // Finer figures than microseconds only make messages longer.
        (self.started.elapsed().as_secs_f64() * 1e6).round() / 1e3
    }

    fn done(mut self) -> Seen {
        let mut recorded = self.recorder.lock();
        let handshaken = self.phase >= Phase::Http;
        self.seen.asked = (recorded.asked || handshaken).then_some(recorded.asked);
        self.seen.presented = recorded.presented;
        self.seen.server_chain = recorded.chain.take();
        drop(recorded);
        self.seen.timings.total = Some(self.elapsed());
        self.seen
    }

    async fn run(
        &mut self,
        dialler: &Arc<Dialler>,
        client: Option<&ClientIdentity>,
        request: Request,
    ) -> Result<(), Ending> {
        let start = tokio::time::Instant::from_std(self.started);
        let deadline = start + dialler.time;
        let connect_by = deadline.min(start + dialler.connect_time);
        let bound = dialler.connect_time.min(dialler.time);
        let late = |phase, what: &str| {
            ending::plain(
                EndingKind::TimedOut,
                phase,
                None,
                format!("{what} after {bound:?}"),
            )
        };
        let stream = timeout_at(connect_by, self.connect(dialler))
            .await
            .map_err(|_| late(Phase::Connected, "no TCP connection"))??;
        let stream = timeout_at(connect_by, self.handshake(dialler, client, stream))
            .await
            .map_err(|_| late(Phase::Handshake, "the handshake was not over"))??;
        self.phase = Phase::Http;
        let exchanged = timeout_at(deadline, self.exchange(dialler, stream, request)).await;
        exchanged.map_err(|_| {
            ending::plain(
                EndingKind::TimedOut,
                Phase::Http,
                None,
                format!("no whole answer after {:?}", dialler.time),
            )
        })?
    }

    async fn connect(&mut self, dialler: &Dialler) -> Result<TcpStream, Ending> {
        let mut addresses = dialler.addresses.clone();
        if addresses.is_empty() {
            let found = tokio::net::lookup_host((dialler.host.as_str(), dialler.port)).await;
            addresses = match found {
                Ok(found) => found.collect(),
                Err(error) => {
                    return Err(ending::plain(
                        EndingKind::Unresolved,
                        Phase::Connected,
                        None,
                        error.to_string(),
                    ));
                }
            };
        }
        self.seen.timings.dns = Some(self.elapsed());
        let mut last = "the name has no address".to_owned();
        for address in addresses {
            self.seen.address = Some(address);
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Headers and body go out in two writes: without this the second waits for the first's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    self.seen.timings.tcp = Some(self.elapsed());
                    return Ok(stream);
                }
                Err(error) => last = format!("{address}: {error}"),
            }
        }
        Err(ending::plain(
            EndingKind::Unreachable,
            Phase::Connected,
            None,
            last,
        ))
    }

    async fn handshake(
        &mut self,
        dialler: &Arc<Dialler>,
        client: Option<&ClientIdentity>,
        stream: TcpStream,
    ) -> Result<TlsStream<Patient<Tap<TcpStream>>>, Ending> {
        let ours = |detail: String| {
            ending::plain(
                EndingKind::Internal,
                Phase::Handshake,
                Some(Party::Us),
                detail,
            )
        };
        let config = tls::config(dialler, client, &self.recorder)
            .map_err(|error| ours(error.to_string()))?;
        let name = ServerName::try_from(dialler.server_name.clone())
            .map_err(|error| ours(format!("{}: {error}", dialler.server_name)))?;
        let (tap, copy) = Tap::new(stream, bytes::BytesMut::new());
        let connected = TlsConnector::from(Arc::new(config))
            .connect(name, Patient::new(tap))
            .await;
        let stream = connected.map_err(|error| {
            let copied = copy.lock();
            match copied.read.first() {
                // Neither change_cipher_spec, alert, handshake nor application data (RFC 8446 section 5.1).
                Some(first) if !(20..=23).contains(first) => {
                    let shown = escape::line(&copied.read[..copied.read.len().min(60)]);
                    ending::plain(
                        EndingKind::NotTls,
                        Phase::Handshake,
                        Some(Party::Peer),
                        format!("it answered: {shown}"),
                    )
                }
                _ => {
                    let mut ending =
                        ending::from_io(&error, Phase::Handshake, copied.alert_written);
                    if let Some(refusal) = self.recorder.lock().refusal.take() {
                        ending.detail = refusal;
                    }
                    ending
                }
            }
        })?;
        self.seen.timings.tls = Some(self.elapsed());
        let connection = stream.get_ref().1;
        self.seen.negotiated = Some(Negotiated {
            protocol: connection
                .protocol_version()
                .map(|version| ids::version_name(u16::from(version)))
                .unwrap_or_default(),
            cipher: connection
                .negotiated_cipher_suite()
                .map_or(0, |suite| u16::from(suite.suite())),
            group: connection
                .negotiated_key_exchange_group()
                .map(|group| u16::from(group.name())),
            alpn: connection
                .alpn_protocol()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
        });
        Ok(stream)
    }

    async fn exchange(
        &mut self,
        dialler: &Dialler,
        stream: TlsStream<Patient<Tap<TcpStream>>>,
        request: Request,
    ) -> Result<(), Ending> {
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let (stream, note) = Noted::new(stream);
        let io = TokioIo::new(stream);
        let failed = |error: hyper::Error| failed(&error, &note);
        let uri = if http2 {
            format!("https://{}{}", request.authority, request.path)
        } else {
            request.path.clone()
        };
        let mut message = hyper::Request::builder().method(request.method).uri(uri);
        if let Some(headers) = message.headers_mut() {
            if !http2 && let Ok(host) = request.authority.parse() {
                headers.insert(hyper::header::HOST, host);
            }
            headers.extend(request.headers);
        }
        let message = message.body(Full::new(request.body)).map_err(|error| {
            ending::plain(
                EndingKind::Internal,
                Phase::Http,
                Some(Party::Us),
                error.to_string(),
            )
        })?;
        // The connection is driven beside the request, so that it is read while it is written.
        let response = if http2 {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                    .await
                    .map_err(failed)?;
            let driver = tokio::spawn(connection);
            match sender.send_request(message).await {
                Ok(response) => response,
                Err(error) => {
                    drop(sender);
                    let _ = driver.await;
                    return Err(failed(error));
                }
            }
        } else {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
                .await
                .map_err(failed)?;
            let driver = tokio::spawn(connection);
            match sender.send_request(message).await {
                Ok(response) => response,
                Err(error) => {
                    // The connection task knows the cause; the request only knows that it was cancelled.
                    drop(sender);
                    return Err(match driver.await {
                        Ok(Err(cause)) => failed(cause),
                        _ => failed(error),
                    });
                }
            }
        };
        self.seen.timings.http = Some(self.elapsed());
        self.answer(dialler, response, &note).await
    }

    async fn answer(
        &mut self,
        dialler: &Dialler,
        response: hyper::Response<Incoming>,
        note: &Note,
    ) -> Result<(), Ending> {
        let (head, mut incoming) = response.into_parts();
        let mut bytes = Vec::new();
        let mut cut = false;
        let mut broken = None;
        while let Some(frame) = incoming.frame().await {
            match frame {
                Ok(frame) => {
                    bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
                }
                Err(error) => {
                    let why = failed(&error, note);
                    let why = if why.detail.is_empty() {
                        "the connection was closed"
                    } else {
                        &why.detail
                    };
                    broken = Some(format!(
                        "the body broke off after {} bytes: {why}",
                        bytes.len()
                    ));
                    break;
                }
            }
            if bytes.len() > dialler.body_bytes {
                cut = true;
                break;
            }
        }
        let body_bytes = bytes.len();
        let coding = head
            .headers
            .get(hyper::header::CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let decoded = body::decode(bytes, coding, dialler.body_bytes);
        self.seen.answer = Some(Answered {
            status: head.status.as_u16(),
            version: http::version_name(head.version).to_owned(),
            headers: http::headers(&head.headers, dialler.show_secrets),
            body: decoded.bytes,
            body_bytes,
            problem: broken.or(decoded.problem),
            cut,
        });
        Ok(())
    }
}

/// What a failed exchange means: what reading noted counts, not the HTTP library's words about it.
fn failed(error: &hyper::Error, note: &Note) -> Ending {
    let note = note.lock();
    if let Some(ending) = &note.failed {
        return ending.clone();
    }
    if !note.first.is_empty() && (error.is_parse() || error.is_parse_too_large()) {
        return ending::plain(
            EndingKind::ProtocolError,
            Phase::Http,
            Some(Party::Peer),
            format!("what came back is not HTTP: {}", escape::line(&note.first)),
        );
    }
    if note.closed {
        let detail = if note.first.is_empty() {
            "without an answer"
        } else {
            "in the middle of its answer"
        };
        return ending::plain(EndingKind::Closed, Phase::Http, Some(Party::Peer), detail);
    }
    ending::plain(
        EndingKind::ProtocolError,
        Phase::Http,
        Some(Party::Peer),
        escape::text(&error.to_string()),
    )
}
