//! One outgoing call over mutual TLS.
//!
//! For: `demo`, which rehearses a sender. Must not: take the end of the handshake for the server's consent. In TLS 1.3 the server
//! judges the client certificate after the client is done, so only an answer, an alert or a close tells.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use rustls::{
    ClientConfig, RootCertStore, SignatureScheme,
    client::{ResolvesClientCert, Resumption},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime},
    sign::CertifiedKey,
    time_provider::TimeProvider,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::{ending, identity::provider};
use crate::facts::{Ending, EndingKind, Party, Phase};

/// The most that is read of an answer: Dialogflow's own limit (64 KiB) with room to see that it was passed.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// A call to make.
#[derive(Debug)]
pub struct Call {
    /// Where to connect.
    pub address: SocketAddr,
    /// The name to ask for (SNI) and to check in the certificate.
    pub server_name: String,
    /// The anchor the server's certificate is judged by, DER.
    pub server_anchor: Vec<u8>,
    /// The client chain (DER, leaf first) and its PKCS#8 key; `None` = no client certificate.
    pub client: Option<(Vec<Vec<u8>>, Vec<u8>)>,
    /// The path.
    pub path: String,
    /// Header fields besides Host and Content-Length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// A bound on the whole call.
    pub time: Duration,
    /// The moment that the server's certificate is judged at.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Debug)]
pub struct Called {
    /// Status and body of the answer.
    pub answer: Option<(u16, Vec<u8>)>,
    /// How it ended.
    pub ending: Ending,
}

/// Makes a call.
pub async fn call(call: Call) -> Called {
    let time = call.time;
    let failed = |ending| Called {
        answer: None,
        ending,
    };
    match timeout(time, attempt(call)).await {
        Ok(Ok(answer)) => Called {
            answer: Some(answer),
            ending: ending::plain(EndingKind::Completed, Phase::Done, None, ""),
        },
        Ok(Err(ending)) => failed(ending),
        Err(_) => failed(ending::plain(
            EndingKind::TimedOut,
            Phase::Http,
            None,
            format!("no answer after {time:?}"),
        )),
    }
}

async fn attempt(call: Call) -> Result<(u16, Vec<u8>), Ending> {
    let local = |detail: String| {
        ending::plain(
            EndingKind::ProtocolError,
            Phase::Connected,
            Some(Party::Us),
            detail,
        )
    };
    let config = config(&call).map_err(|error| local(error.to_string()))?;
    let name =
        ServerName::try_from(call.server_name.clone()).map_err(|error| local(error.to_string()))?;
    let stream = TcpStream::connect(call.address)
        .await
        .map_err(|error| ending::from_io(&error, Phase::Connected, None))?;
    // Headers and body go out in two writes: without this the second waits for the first's acknowledgement.
    let _ = stream.set_nodelay(true);
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| ending::from_io(&error, Phase::Handshake, None))?;
    // hyper reads while it writes, so that an alert is not lost to a reset (tokio-rustls issues 38 and 83).
    let http = |error: hyper::Error| {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                return ending::from_io(io, Phase::Http, None);
            }
            source = cause.source();
        }
        ending::plain(
            EndingKind::Closed,
            Phase::Http,
            Some(Party::Peer),
            error.to_string(),
        )
    };
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(http)?;
    let driver = tokio::spawn(connection);
    let mut request = Request::post(&call.path).header("host", &call.server_name);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(Full::new(Bytes::from(call.body)))
        .map_err(|error| local(error.to_string()))?;
    let response = match sender.send_request(request).await {
        Ok(response) => response,
        Err(error) => {
            // The connection task knows the cause; the request only knows that it was cancelled.
            drop(sender);
            return Err(match driver.await {
                Ok(Err(cause)) => http(cause),
                _ => http(error),
            });
        }
    };
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_LIMIT)
        .collect()
        .await
        .map_err(|error| {
            ending::plain(
                EndingKind::Limit,
                Phase::Http,
                Some(Party::Us),
                error.to_string(),
            )
        })?;
    Ok((status, body.to_bytes().to_vec()))
}

fn config(call: &Call) -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(call.server_anchor.clone()))?;
    let builder = ClientConfig::builder_with_details(provider(), Arc::new(Fixed(call.now)))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let mut config = match &call.client {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.clone()));
            let chain = chain.iter().cloned().map(CertificateDer::from).collect();
            let signer = aws_lc_rs::sign::any_supported_type(&key)?;
            builder.with_client_cert_resolver(Arc::new(Present(Arc::new(CertifiedKey::new(
                chain, signer,
            )))))
        }
    };
    // A resumed connection presents no chain: every call is to be a whole handshake.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// A clock that stands still.
#[derive(Debug)]
struct Fixed(Timestamp);

impl TimeProvider for Fixed {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Presents one chain whatever the server asks for. rustls' own way reads the leaf with webpki first and checks that the key
/// is its key; certificates that are bad on purpose, or stolen, must go out all the same.
#[derive(Debug)]
struct Present(Arc<CertifiedKey>);

impl ResolvesClientCert for Present {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}
