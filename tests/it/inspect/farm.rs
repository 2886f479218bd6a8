//! Many small TLS servers in this process, each on a port of its own.

use std::{net::Ipv4Addr, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    runtime::Runtime,
};
use tokio_rustls::TlsAcceptor;

use crate::support::now;
use mtls::pki::Authority;

/// The servers; they end with it.
pub(crate) struct Farm {
    /// `127.0.0.1:PORT` each.
    pub(crate) targets: Vec<String>,
    /// Their CA, PEM.
    pub(crate) anchor: String,
    _runtime: Runtime,
}

impl Farm {
    /// Starts that many, all with one certificate; each answers 200 to whatever comes.
    pub(crate) fn new(count: usize) -> Self {
        let authority = Authority::new(now()).unwrap();
        let identity = authority.server(&["localhost", "127.0.0.1"]).unwrap();
        let chain = identity.chain.into_iter().map(CertificateDer::from);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.collect(), key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let targets = runtime.block_on(async {
            let mut targets = Vec::new();
            for _ in 0..count {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
                targets.push(listener.local_addr().unwrap().to_string());
                tokio::spawn(serve(listener, acceptor.clone()));
            }
            targets
        });
        Self {
            targets,
            anchor: authority.server_anchor_pem(),
            _runtime: runtime,
        }
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let mut stream = acceptor.accept(stream).await.ok()?;
            let mut request = [0; 2048];
            if stream.read(&mut request).await.ok()? > 0 {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                stream.write_all(answer).await.ok()?;
            }
            stream.shutdown().await.ok()
        });
    }
}

/// How many files this process may open, less some for everything else.
pub(crate) fn room() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3));
    soft.and_then(|soft| soft.parse::<usize>().ok())
        .map_or(512, |soft| soft.saturating_sub(400))
}
