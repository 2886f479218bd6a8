//! One call of the library's own dialler, and a bare TLS stream for what no dialler would send.

use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use mtls::{
    facts::{Purpose, TrustFacts},
    net::{
        dial::{Connector, HeaderMap, Method, Request, Seen, header::HeaderName},
        identity::ClientIdentity,
    },
    pki::Identity,
};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};

use super::{PATIENCE, Pki};

/// A TLS stream to the listener at `address`, without a client certificate; its chain has to lead
/// to the anchor of `pki`.
pub(crate) fn tls_stream(
    pki: &Pki,
    address: SocketAddr,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let anchor = pki.authority.server_anchor().to_vec();
    roots.add(CertificateDer::from(anchor)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    StreamOwned::new(connection, socket)
}

/// Posts `body`; whose certificate the server has is not looked at.
pub(crate) fn call(
    address: SocketAddr,
    client: Option<Identity>,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Seen {
    let identity = client.map(|client| {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(client.key_pkcs8));
        ClientIdentity::new(client.chain, &key).unwrap()
    });
    let judge = Arc::new(|_: &[_]| TrustFacts::unknown(Purpose::ServerAuth));
    let dialler = Arc::new(Connector {
        addresses: vec![address],
        insecure: true,
        connect_time: Duration::from_secs(30),
        time: Duration::from_secs(30),
        answer_time: Duration::from_secs(30),
        body_bytes: 1 << 20,
        ..Connector::new("https://localhost/hook", "localhost", address.port(), judge)
    });
    let mut fields = HeaderMap::new();
    for (name, value) in headers {
        fields.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    let request = Request {
        method: Method::POST,
        authority: format!("localhost:{}", address.port()),
        path: "/hook".to_owned(),
        headers: fields,
        body: body.into(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(dialler.call(identity.as_ref(), request))
}
