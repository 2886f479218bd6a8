//! One call of the library's own dialler.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use mtls::{
    facts::{Purpose, TrustFacts},
    net::{
        dial::{Dialler, HeaderMap, Method, Request, Seen, header::HeaderName},
        identity::ClientIdentity,
    },
    pki::Identity,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Posts `body`; whose certificate the server has is not looked at.
pub fn call(
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
    let dialler = Arc::new(Dialler {
        addresses: vec![address],
        insecure: true,
        connect_time: Duration::from_secs(30),
        time: Duration::from_secs(30),
        answer_time: Duration::from_secs(30),
        body_bytes: 1 << 20,
        ..Dialler::new("https://localhost/hook", "localhost", address.port(), judge)
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
