//! One outgoing call over mutual TLS, and the truth about how it ended.
//!
//! For: `simulate` and `demo`, which rehearse a sender, and `inspect`, which looks at what a server presents and asks. Must not: take the end of the handshake for the server's consent. In TLS 1.3
//! the server judges the client certificate after the client is done, so only an answer, an alert or a close tells; follow redirects.

mod exchange;
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
use tokio::{net::TcpStream, time::timeout_at};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub use self::session::Session;

use self::{stream::Patient, tls::Recorder};
use super::{
    ending,
    identity::ClientIdentity,
    plan::Versions,
    tap::{self, Tap},
    timeline,
};
use crate::{
    facts::{
        Certificate, Chain, Ending, EndingKind, Header, Negotiated, Party, Phase, Side, Stage,
        TrustFacts, Visit,
    },
    parse::{ids, redact, server_hello},
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
pub struct Dialler {
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

/// What came of a call.
#[derive(Debug)]
pub struct Seen {
    /// The connection.
    pub visit: Visit,
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

impl Dialler {
    /// A dialler for this host, which is also the name asked for: both TLS versions, HTTP/1.1, 10 seconds, 64 KiB.
    pub fn new(url: &str, host: &str, port: u16, judge: Judge) -> Self {
        Self {
            url: url.to_owned(),
            wanted: Phase::Done,
            host: host.to_owned(),
            port,
            addresses: Vec::new(),
            server_name: host.to_owned(),
            versions: Versions::Both,
            http: HttpVersion::Http1,
            insecure: false,
            judge,
            connect_time: Duration::from_secs(10),
            time: Duration::from_secs(10),
            answer_time: Duration::from_secs(10),
            post_quantum: false,
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
            wire: tap::Copy::default(),
            asked: format!(
                "{} {}",
                request.method,
                redact::text_unless(self.show_secrets, &request.path)
            ),
            plain: None,
            seen: Seen {
                visit: Visit::new(&self.url, self.wanted),
                request: None,
                staple: Vec::new(),
                session: None,
                answer: None,
            },
        };
        if let Err(ending) = attempt.run(self, client, request).await {
            attempt.seen.visit.ending = ending;
        }
        attempt.done()
    }

    /// Whether the server resumes this session; `None` when it could not be asked.
    pub async fn resume(self: &Arc<Self>, session: &Session) -> Option<bool> {
        let connect = async {
            let (_, stream) = reach(&self.lookup().await.ok()?).await.ok()?;
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

    /// The addresses to try.
    async fn lookup(&self) -> Result<Vec<SocketAddr>, Ending> {
        if !self.addresses.is_empty() {
            return Ok(self.addresses.clone());
        }
        match tokio::net::lookup_host((self.host.as_str(), self.port)).await {
            Ok(found) => Ok(found.collect()),
            Err(error) => {
                let why = error.to_string();
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

/// The first address that takes a TCP connection; else the last one tried and why not.
async fn reach(
    addresses: &[SocketAddr],
) -> Result<(SocketAddr, TcpStream), (Option<SocketAddr>, Ending)> {
    let mut last = (None, "the name has no address".to_owned());
    for &address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Headers and body go out in two writes: without this the second waits for the first's acknowledgement.
                let _ = stream.set_nodelay(true);
                return Ok((address, stream));
            }
            // ENFILE and EMFILE say nothing about the server.
            Err(error) if matches!(error.raw_os_error(), Some(23 | 24)) => {
                let why = format!("{error}: lower --jobs, or raise the limit (ulimit -n)");
                let ending =
                    ending::plain(EndingKind::Internal, Phase::Connected, Some(Party::Us), why);
                return Err((Some(address), ending));
            }
            Err(error) => last = (Some(address), format!("{address}: {error}")),
        }
    }
    let (address, why) = last;
    let ending = ending::plain(EndingKind::Unreachable, Phase::Connected, None, why);
    Err((address, ending))
}

/// What had come from the server, for one that says no more.
fn came(copy: &tap::Copy) -> String {
    match copy.lock().total_read {
        0 => "nothing had come from it".to_owned(),
        read => format!("{read} bytes had come from it"),
    }
}

/// A call under way.
struct Attempt {
    started: Instant,
    recorder: Recorder,
    wire: tap::Copy,
    /// The request in a few words.
    asked: String,
    /// What is noted above TLS, where the first bytes written are the request's.
    plain: Option<stream::Note>,
    seen: Seen,
}

impl Attempt {
    fn elapsed(&self) -> f64 {
        tap::milliseconds(self.started)
    }

    fn done(mut self) -> Seen {
        let mut recorded = self.recorder.lock();
        let visit = &mut self.seen.visit;
        let handshaken = visit.handshaken();
        visit.asked =
            (recorded.request.is_some() || handshaken).then_some(recorded.request.is_some());
        visit.presented = recorded.presented;
        visit.server_chain = recorded.chain.take();
        visit.server_shown = visit.server_chain.is_some();
        visit.signature = recorded.signature.take();
        self.seen.request = recorded.request.take();
        self.seen.staple = std::mem::take(&mut recorded.staple);
        drop(recorded);
        self.seen.visit.timings.total = Some(self.elapsed());
        self.draw();
        self.seen
    }

    /// The steps that it took.
    fn draw(&mut self) {
        let visit = &self.seen.visit;
        let timings = &visit.timings;
        let mut steps = Vec::new();
        if let Some(at) = timings.dns {
            steps.push(timeline::plain(Stage::Name, at, "the name has an address"));
        }
        if let Some(at) = timings.tcp {
            steps.push(timeline::plain(Stage::Tcp, at, "the TCP connection stands"));
        }
        let answer = self.seen.answer.as_ref();
        let end = timings.total.unwrap_or(f64::INFINITY);
        let gone_out = self.plain.as_ref().is_some_and(|note| note.lock().written);
        let asked_ms = match (gone_out, timings.http) {
            (_, Some(answered)) => Some(answered),
            (true, None) => Some(end),
            (false, None) => None,
        };
        let told = timeline::Told {
            us: Side::Client,
            handshake_ms: timings.tls,
            asked: visit.asked,
            server_certificates: visit.server_chain.as_ref().map(|chain| chain.links.len()),
            client_certificates: visit.asked.map(|_| visit.presented),
            // What was given to an HTTP library that stands before HTTP/2 need not have gone out: then its answer tells.
            request: asked_ms.map(|at_ms| timeline::Exchanged {
                what: self.asked.clone(),
                at_ms,
            }),
            answer: answer
                .zip(timings.http)
                .map(|(answer, at_ms)| timeline::Exchanged {
                    what: format!("{} {}", answer.version, answer.status),
                    at_ms,
                }),
            ending: Some(&visit.ending),
            end_ms: timings.total,
        };
        steps.extend(timeline::steps(&self.wire.lock().records, &told));
        self.seen.visit.timeline = steps;
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
        let late = |phase, what: String| ending::plain(EndingKind::TimedOut, phase, None, what);
        let stream = timeout_at(connect_by, self.connect(dialler))
            .await
            .map_err(|_| {
                late(
                    Phase::Connected,
                    format!("no TCP connection after {bound:?}"),
                )
            })??;
        let (tap, copy) = Tap::noting(stream, bytes::BytesMut::new(), self.started);
        self.wire = copy.clone();
        let stream = timeout_at(connect_by, self.handshake(dialler, client, tap, &copy))
            .await
            .map_err(|_| {
                let came = came(&copy);
                late(
                    Phase::Handshake,
                    format!("the handshake was not over after {bound:?}; {came}"),
                )
            })??;
        let deadline = deadline.min(tokio::time::Instant::now() + dialler.answer_time);
        let exchanged = timeout_at(deadline, self.exchange(dialler, stream, request)).await;
        exchanged.map_err(|_| {
            let bound = dialler.answer_time.min(dialler.time);
            late(Phase::Http, format!("no whole answer after {bound:?}"))
        })?
    }

    async fn connect(&mut self, dialler: &Dialler) -> Result<TcpStream, Ending> {
        let addresses = dialler.lookup().await?;
        self.seen.visit.timings.dns = Some(self.elapsed());
        match reach(&addresses).await {
            Ok((address, stream)) => {
                self.seen.visit.address = Some(address.to_string());
                self.seen.visit.timings.tcp = Some(self.elapsed());
                Ok(stream)
            }
            Err((address, ending)) => {
                self.seen.visit.address = address.map(|address| address.to_string());
                Err(ending)
            }
        }
    }

    async fn handshake(
        &mut self,
        dialler: &Arc<Dialler>,
        client: Option<&ClientIdentity>,
        tap: Tap<TcpStream>,
        copy: &tap::Copy,
    ) -> Result<TlsStream<Patient<Tap<TcpStream>>>, Ending> {
        let ours = |detail: String| {
            ending::plain(
                EndingKind::Internal,
                Phase::Handshake,
                Some(Party::Us),
                detail,
            )
        };
        let (config, session) = tls::config(dialler, client, &self.recorder)
            .map_err(|error| ours(error.to_string()))?;
        let name = ServerName::try_from(dialler.server_name.clone())
            .map_err(|error| ours(format!("{}: {error}", dialler.server_name)))?;
        if let ServerName::DnsName(name) = &name {
            self.seen.visit.server_name = Some(name.as_ref().to_owned());
        }
        self.seen.session = session;
        let connected = TlsConnector::from(config)
            .connect(name, Patient::new(tap))
            .await;
        let stream = connected.map_err(|error| {
            let copied = copy.lock();
            self.seen.visit.negotiated = server_hello::negotiated(&copied.read);
            match copied.read.first() {
                // Neither change_cipher_spec, alert, handshake nor application data (RFC 8446 section 5.1).
                Some(first) if !(20..=23).contains(first) => {
                    let shown = redact::excerpt(&copied.read, 60, dialler.show_secrets);
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
                    drop(copied);
                    if let Some((reason, why)) = self.recorder.lock().refusal.take() {
                        self.seen.visit.refusal = Some(reason);
                        ending.detail = why;
                    } else if matches!(ending.kind, EndingKind::Closed | EndingKind::Reset) {
                        ending.detail = came(copy);
                    }
                    ending
                }
            }
        })?;
        self.seen.visit.timings.tls = Some(self.elapsed());
        let connection = stream.get_ref().1;
        self.seen.visit.negotiated = Some(Negotiated {
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
}
