//! One incoming connection, from its first byte to its ending.
//!
//! For: `listen`, which runs one of these per connection. Must not: fail; whatever the peer does is
//! a result.

use std::{io, sync::Arc, time::Duration};

use bytes::BytesMut;
use rustls::{ServerConfig, ServerConnection, version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::{Instant, timeout, timeout_at},
};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};

use super::{
    ending,
    event::Reporter,
    http,
    identity::provider,
    negotiated,
    observed::Observed,
    places::Place,
    plan::{Plan, Versions},
    prompt::Prompt,
    tap::Tap,
    verifier::Verifier,
};
use crate::{
    facts::{Ending, EndingKind, FirstBytes, Party, Phase},
    parse::first_bytes::{self, Sniff},
};

/// The most bytes read before the beginning of a connection must be known.
const SNIFF_LIMIT: usize = 16 * 1024;

/// How long a refused peer may take to read what we sent before the socket goes away.
const LINGER: Duration = Duration::from_millis(500);

/// Runs one connection to its end.
pub(super) async fn connection(
    stream: TcpStream,
    observed: Arc<Observed>,
    place: Arc<Place>,
    reporter: Reporter,
    stopped: watch::Receiver<bool>,
) -> Ending {
    let deadline = Instant::now() + observed.plan.limits.handshake;
    // Each part in a box of its own: what one needed is given back before the connection idles in
    // the next.
    let begun = Box::pin(begin(stream, &observed, &place, deadline)).await;
    let shaken = match begun {
        Ok((stream, replay)) => Box::pin(handshake(stream, replay, &observed, deadline)).await,
        Err(ending) => Err(ending),
    };
    match shaken {
        Ok(stream) => {
            place.shook_hands();
            Box::pin(http::serve(stream, observed, reporter, stopped)).await
        }
        Err(ending) => ending,
    }
}

/// Up to the first byte of TLS, with what was read of it; an ending where it is something else.
async fn begin(
    mut stream: TcpStream,
    observed: &Arc<Observed>,
    place: &Place,
    deadline: Instant,
) -> Result<(TcpStream, BytesMut), Ending> {
    // Small records go out at once: the peer is waiting for each of them.
    let _ = stream.set_nodelay(true);
    let (first, replay) = sniff(&mut stream, observed, place, deadline).await?;
    observed.state().first_bytes = Some(first.clone());
    match first {
        FirstBytes::Tls => return Ok((stream, replay)),
        FirstBytes::PlainHttp { .. } => {
            // nginx answers 400 here too: the sender's log then says something.
            let body = "this port speaks TLS: use https://\n";
            let answer = format!(
                "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = timeout(LINGER, stream.write_all(answer.as_bytes())).await;
        }
        FirstBytes::Nothing => {
            let by = Some(Party::Peer);
            return Err(ending::plain(EndingKind::Closed, Phase::Connected, by, ""));
        }
        _ => {}
    }
    linger(stream).await;
    let by = Some(Party::Us);
    Err(ending::plain(
        EndingKind::NotTls,
        Phase::ClientHello,
        by,
        "",
    ))
}

/// The TLS handshake, over the bytes that were read already and those to come.
async fn handshake(
    stream: TcpStream,
    replay: BytesMut,
    observed: &Arc<Observed>,
    deadline: Instant,
) -> Result<Box<TlsStream<Tap<Prompt>>>, Ending> {
    let (tap, copy) = Tap::noting(Prompt(stream), replay, observed.accepted);
    observed.set_wire(copy.clone());
    let mut acceptor = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), tap);
    let start = match timeout_at(deadline, &mut acceptor).await {
        Err(_) => return Err(timed_out(observed)),
        Ok(Err(error)) => {
            let phase = observed.phase();
            if let Some(stream) = acceptor.take_io() {
                linger(stream).await;
            }
            return Err(ending::from_io(&error, phase, observed.alert_written()));
        }
        Ok(Ok(start)) => start,
    };
    copy.enough();
    observed.state().timings.client_hello = Some(observed.elapsed());

    let offers: Vec<Vec<u8>> = start
        .client_hello()
        .alpn()
        .map(|names| names.map(<[u8]>::to_vec).collect())
        .unwrap_or_default();
    let config = match config(
        &observed.plan,
        &offers,
        Verifier::new(
            observed.plan.clone(),
            observed.recorder.clone(),
            observed.known.clone(),
        ),
    ) {
        Ok(config) => config,
        Err(error) => {
            return Err(ending::plain(
                EndingKind::ProtocolError,
                Phase::Handshake,
                Some(Party::Us),
                error.to_string(),
            ));
        }
    };
    let accepted = timeout_at(
        deadline,
        start.into_stream(Arc::new(config)).into_fallible(),
    )
    .await;
    match accepted {
        Err(_) => {
            note_negotiated(observed, None);
            Err(timed_out(observed))
        }
        Ok(Err((error, stream))) => {
            linger(stream).await;
            Err(ending::from_io(
                &error,
                Phase::Handshake,
                observed.alert_written(),
            ))
        }
        Ok(Ok(stream)) => {
            note_negotiated(observed, Some(stream.get_ref().1));
            copy.enough();
            Ok(Box::new(stream))
        }
    }
}

/// Reads until the kind of connection is known, taking a PROXY header off the front.
async fn sniff(
    stream: &mut TcpStream,
    observed: &Observed,
    place: &Place,
    deadline: Instant,
) -> Result<(FirstBytes, BytesMut), Ending> {
    let mut bytes = BytesMut::with_capacity(2048);
    let mut ended = false;
    loop {
        match first_bytes::sniff(&bytes, ended || bytes.len() >= SNIFF_LIMIT) {
            Sniff::Known(first) => return Ok((first, bytes)),
            // There is one header (PROXY protocol, section 2). A second one was written by whoever
            // is behind the proxy, to be taken for somebody else.
            Sniff::Proxy { .. } if observed.state().proxy.is_some() => {
                return Ok((first_bytes::unnamed(&bytes), bytes));
            }
            Sniff::Proxy { header, length } => {
                observed.state().proxy = Some(header);
                let _ = bytes.split_to(length.min(bytes.len()));
                continue;
            }
            Sniff::NeedMore => {}
        }
        match timeout_at(deadline, stream.read_buf(&mut bytes)).await {
            Err(_) => {
                let phase = if bytes.is_empty() {
                    Phase::Connected
                } else {
                    Phase::ClientHello
                };
                if let Sniff::Known(first) = first_bytes::sniff(&bytes, true) {
                    observed.state().first_bytes = Some(first);
                }
                return Err(ending::plain(
                    EndingKind::TimedOut,
                    phase,
                    None,
                    format!(
                        "{}{} after {:?}",
                        amount(bytes.len()),
                        if observed.state().proxy.is_some() {
                            " after the PROXY header"
                        } else {
                            ""
                        },
                        observed.plan.limits.handshake
                    ),
                ));
            }
            Ok(Err(error)) => {
                let phase = if bytes.is_empty() {
                    Phase::Connected
                } else {
                    Phase::ClientHello
                };
                return Err(ending::from_io(&error, phase, None));
            }
            Ok(Ok(read)) => {
                ended = read == 0;
                if read > 0 {
                    place.spoke();
                }
                if read > 0 && observed.state().timings.first_byte.is_none() {
                    observed.state().timings.first_byte = Some(observed.elapsed());
                }
            }
        }
    }
}

fn amount(bytes: usize) -> String {
    match bytes {
        0 => "not a byte".to_owned(),
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}

fn timed_out(observed: &Observed) -> Ending {
    ending::plain(
        EndingKind::TimedOut,
        observed.phase(),
        None,
        format!(
            "the handshake was not over after {:?}",
            observed.plan.limits.handshake
        ),
    )
}

fn note_negotiated(observed: &Observed, connection: Option<&ServerConnection>) {
    let Some(connection) = connection else { return };
    let mut state = observed.state();
    state.handshaken = true;
    state.timings.handshake = Some(observed.elapsed());
    state.idle_since = Some(std::time::Instant::now());
    state.negotiated = Some(negotiated(connection));
}

/// A configuration for one client: what we speak, cut down to what it offers, so that an offer of
/// strange protocols ends in a plain HTTP/1.1 connection and a finding instead of an alert.
fn config(
    plan: &Plan,
    alpn_offers: &[Vec<u8>],
    verifier: Verifier,
) -> Result<ServerConfig, rustls::Error> {
    let versions: &[&rustls::SupportedProtocolVersion] = match plan.versions {
        Versions::Both => &[&version::TLS13, &version::TLS12],
        Versions::Only12 => &[&version::TLS12],
        Versions::Only13 => &[&version::TLS13],
    };
    let builder =
        ServerConfig::builder_with_provider(provider()).with_protocol_versions(versions)?;
    let mut config = builder
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(plan.server.resolver());
    config.alpn_protocols = [b"h2".to_vec(), b"http/1.1".to_vec()]
        .into_iter()
        .filter(|protocol| alpn_offers.contains(protocol))
        .collect();
    // Every connection is to show its whole handshake: a resumed one presents no chain and verifies
    // nothing (transcript 45).
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    if let Some(key_log) = &plan.key_log {
        config.key_log = key_log.clone();
    }
    Ok(config)
}

/// Lets the peer read our last words: closing a socket with unread input sends a reset that can
/// overtake them.
async fn linger<S>(mut stream: S)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let drain = async {
        stream.shutdown().await?;
        let mut sink = vec![0_u8; 4096];
        let mut left = 1024 * 1024_usize;
        while left > 0 {
            let read = stream.read(&mut sink).await?;
            if read == 0 {
                break;
            }
            left = left.saturating_sub(read);
        }
        io::Result::Ok(())
    };
    let _ = timeout(LINGER, drain).await;
}
