//! The live page of a listener, over HTTP on an address of its own.
//!
//! For: `cli`, which says what is shown and how it is drawn. Must not: hold up the listener, whatever
//! a browser does; or give anything to a caller who does not have the token: they get 404 and nothing
//! else.

mod events;
mod guard;
mod hub;
mod route;

use std::{io, sync::Arc, time::Duration};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

pub use self::{
    guard::Token,
    hub::{Entry, Hub, List, Look, Seen, Sending},
};
use super::identity::{ServerIdentity, provider};

/// Connections of browsers at once; more are closed unread.
const CONNECTIONS: usize = 64;
/// How long a handshake and a request's head may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request's head.
const HEAD: usize = 16 * 1024;

/// What is served, and to whom.
pub struct Page {
    /// Where it listens.
    pub listener: TcpListener,
    /// Who may look.
    pub token: Token,
    /// Hosts that it may be called by, with their ports.
    pub hosts: Vec<String>,
    /// What is shown.
    pub hub: Arc<Hub>,
    /// The certificate it is shown with; `None` = plain HTTP, on this machine only.
    pub server: Option<ServerIdentity>,
}

/// Serves the page for as long as this runs.
///
/// # Errors
/// When the certificate cannot be used.
pub async fn serve(page: Page) -> Result<(), String> {
    let acceptor = page.server.as_ref().map(acceptor).transpose()?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let site = Arc::new(route::Site {
        secure: acceptor.is_some(),
        token: page.token,
        hosts: page.hosts,
        hub: page.hub,
    });
    loop {
        let Ok((stream, _)) = page.listener.accept().await else {
            // Out of descriptors: the listener says so, this one only waits.
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (site, acceptor) = (site.clone(), acceptor.clone());
        tokio::spawn(async move {
            match acceptor {
                None => connection(stream, site, place).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await {
                        connection(stream, site, place).await;
                    }
                }
            }
        });
    }
}

async fn connection<S>(stream: S, site: Arc<route::Site>, place: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let site = site.clone();
        async move { Ok::<_, io::Error>(route::answer(&site, &request).await) }
    });
    // A browser that goes away is no news.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    drop(place);
}

fn acceptor(server: &ServerIdentity) -> Result<TlsAcceptor, String> {
    let mut config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_cert_resolver(server.resolver());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
