//! A call under way: the address, the TCP connection, the handshake, and what is noted of each.
//!
//! For: `dial`. Must not: fail without saying how far it came.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout_at};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    Connector, Request, Seen,
    stream::{self, IgnoreWriteErrors},
    tls::{self, Recorder},
};
use crate::{
    facts::{Ending, EndingKind, Party, Phase, Side, Stage},
    failure,
    net::{
        ending,
        identity::ClientIdentity,
        negotiated,
        tap::{self, Tap},
        timeline,
    },
    parse::{redact, server_hello},
};

/// The first address that takes a TCP connection; else the last one tried and why not.
pub(super) async fn reach(
    addresses: &[SocketAddr],
) -> Result<(SocketAddr, TcpStream), (Option<SocketAddr>, Ending)> {
    let mut last = (None, "the name has no address".to_owned());
    for &address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Headers and body go out in two writes: without this the second waits for the
                // first's acknowledgement.
                let _ = stream.set_nodelay(true);
                return Ok((address, stream));
            }
            // ENFILE and EMFILE say nothing about the server.
            Err(error) if matches!(error.raw_os_error(), Some(23 | 24)) => {
                let why = format!(
                    "{}: lower --jobs, or raise the limit (ulimit -n)",
                    failure::io(&error)
                );
                let ending =
                    ending::plain(EndingKind::Internal, Phase::Connected, Some(Party::Us), why);
                return Err((Some(address), ending));
            }
            Err(error) => {
                last = (Some(address), format!("{address}: {}", failure::io(&error)));
            }
        }
    }
    let (address, why) = last;
    let ending = ending::plain(EndingKind::Unreachable, Phase::Connected, None, why);
    Err((address, ending))
}

/// What had come from the server, for one that says no more.
fn came(copy: &tap::CaptureHandle) -> String {
    match copy.lock().total_read {
        0 => "nothing had come from it".to_owned(),
        read => format!("{read} bytes had come from it"),
    }
}

/// A call under way.
pub(super) struct Attempt {
    pub(super) started: Instant,
    pub(super) recorder: Recorder,
    pub(super) wire: tap::CaptureHandle,
    /// The request in a few words.
    pub(super) asked: String,
    /// What is noted above TLS, where the first bytes written are the request's.
    pub(super) plain: Option<stream::Note>,
    pub(super) seen: Seen,
}

impl Attempt {
    pub(super) fn elapsed(&self) -> f64 {
        tap::milliseconds(self.started)
    }

    pub(super) fn done(mut self) -> Seen {
        let mut recorded = self.recorder.lock();
        let dialled = &mut self.seen.dialled;
        let handshaken = dialled.tls.handshaken();
        dialled.asked =
            (recorded.request.is_some() || handshaken).then_some(recorded.request.is_some());
        dialled.presented = recorded.presented;
        dialled.tls.server_chain = recorded.chain.take();
        dialled.server_shown = dialled.tls.server_chain.is_some();
        dialled.tls.signature = recorded.signature.take();
        self.seen.request = recorded.request.take();
        self.seen.staple = std::mem::take(&mut recorded.staple);
        drop(recorded);
        self.seen.dialled.timings.total = Some(self.elapsed());
        self.draw();
        self.seen
    }

    /// The steps that it took.
    fn draw(&mut self) {
        let dialled = &self.seen.dialled;
        let timings = &dialled.timings;
        let mut steps = Vec::new();
        if let Some(at) = timings.dns {
            steps.push(timeline::plain(Stage::Name, at, "name resolved"));
        }
        if let Some(at) = timings.tcp {
            steps.push(timeline::plain(Stage::Tcp, at, "TCP connected"));
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
            asked: dialled.asked,
            server_certificates: dialled
                .tls
                .server_chain
                .as_ref()
                .map(|chain| chain.links.len()),
            client_certificates: dialled.asked.map(|_| dialled.presented),
            // What was given to an HTTP library that stands before HTTP/2 need not have gone out:
            // then its answer tells.
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
            ending: Some(&dialled.tls.ending),
            end_ms: timings.total,
        };
        steps.extend(timeline::steps(&self.wire.lock().records, &told));
        self.seen.dialled.tls.timeline = steps;
    }

    pub(super) async fn run(
        &mut self,
        dialler: &Arc<Connector>,
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
                    format!("the handshake was not complete after {bound:?}; {came}"),
                )
            })??;
        let deadline = deadline.min(tokio::time::Instant::now() + dialler.answer_time);
        let exchanged = timeout_at(deadline, self.exchange(dialler, stream, request)).await;
        exchanged.map_err(|_| {
            let bound = dialler.answer_time.min(dialler.time);
            late(Phase::Http, format!("no complete answer after {bound:?}"))
        })?
    }

    async fn connect(&mut self, dialler: &Connector) -> Result<TcpStream, Ending> {
        let addresses = dialler.lookup().await?;
        self.seen.dialled.timings.dns = Some(self.elapsed());
        match dialler.open(&addresses).await {
            Ok((address, stream)) => {
                self.seen.dialled.address = Some(dialler.place(address));
                self.seen.dialled.timings.tcp = Some(self.elapsed());
                Ok(stream)
            }
            Err((address, ending)) => {
                self.seen.dialled.address = address.map(|address| dialler.place(address));
                Err(ending)
            }
        }
    }

    async fn handshake(
        &mut self,
        dialler: &Arc<Connector>,
        client: Option<&ClientIdentity>,
        tap: Tap<TcpStream>,
        copy: &tap::CaptureHandle,
    ) -> Result<TlsStream<IgnoreWriteErrors<Tap<TcpStream>>>, Ending> {
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
            .map_err(|_| ours(format!("{}: not a host name", dialler.server_name)))?;
        if let ServerName::DnsName(name) = &name {
            self.seen.dialled.server_name = Some(name.as_ref().to_owned());
        }
        self.seen.session = session;
        let connected = TlsConnector::from(config)
            .connect(name, IgnoreWriteErrors::new(tap))
            .await;
        let stream = connected.map_err(|error| {
            let copied = copy.lock();
            self.seen.dialled.tls.negotiated = server_hello::negotiated(&copied.read);
            match copied.read.first() {
                // Neither change_cipher_spec, alert, handshake nor application data (RFC 8446
                // section 5.1).
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
                        self.seen.dialled.tls.refusal = Some(reason);
                        ending.detail = why;
                    } else if matches!(ending.kind, EndingKind::Closed | EndingKind::Reset) {
                        ending.detail = came(copy);
                    }
                    ending
                }
            }
        })?;
        self.seen.dialled.timings.tls = Some(self.elapsed());
        let connection = stream.get_ref().1;
        self.seen.dialled.tls.negotiated = Some(negotiated(connection));
        Ok(stream)
    }
}
