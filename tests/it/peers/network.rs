//! Peers that are no proper TLS client, or agree with us on nothing.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, SignatureScheme,
    client::ResolvesClientCert,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
    sign::CertifiedKey,
};
use serde_json::Value;

use crate::{
    peers::client::{VERSIONS, call, explains, names},
    support::{Listen, PATIENCE, Pki, clean, peer, run},
};

fn connect(listen: &Listen) -> TcpStream {
    let stream = TcpStream::connect(listen.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A rustls client that takes our server for good and signs with `identity`, when there is one.
fn client(pki: &Pki, identity: Option<CertifiedKey>) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(pki.authority.server_anchor()))
        .unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        Some(identity) => builder.with_client_cert_resolver(Arc::new(Presents(Arc::new(identity)))),
        None => builder.with_no_client_auth(),
    };
    ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap()
}

/// Presents one certificate whatever is asked for.
#[derive(Debug)]
struct Presents(Arc<CertifiedKey>);

impl ResolvesClientCert for Presents {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The record of a whole ClientHello.
fn hello(pki: &Pki) -> Vec<u8> {
    let mut bytes = Vec::new();
    client(pki, None).write_tls(&mut bytes).unwrap();
    bytes
}

/// The only connection of a run that waits for one.
fn only(listen: Listen) -> Value {
    listen.wait().connection().clone()
}

#[test]
fn an_ssh_client_is_named() {
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    let mut stream = connect(&listen);
    stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").unwrap();
    let _ = stream.read(&mut [0; 64]);
    drop(stream);
    let seen = only(listen);
    assert_eq!(seen["first_bytes"], "ssh");
    assert_eq!(seen["first_line"], "SSH-2.0-OpenSSH_9.2");
    assert_eq!(seen["ending"]["kind"], "not-tls");
    assert!(
        explains(&seen, "client-sends-ssh-banner"),
        "{:?}",
        names(&seen)
    );
}

#[test]
fn plain_http_gets_a_plain_400() {
    let Some(mut curl) = peer("curl") else { return };
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    let url = format!("http://localhost:{}/hook", listen.port());
    let got = run(
        curl.args(["-sS", "-d", "{}", "-w", "%{http_code}", &url]),
        30,
    )
    .ok();
    assert!(
        got.stdout.ends_with("400") && got.stdout.contains("https://"),
        "{}",
        got.stdout
    );
    let seen = only(listen);
    assert_eq!(seen["first_bytes"], "plain-http");
    assert_eq!(seen["first_line"], "POST /hook HTTP/1.1");
    assert_eq!(seen["ending"]["kind"], "not-tls");
    assert!(
        explains(&seen, "plain-http-to-https-port"),
        "{:?}",
        names(&seen)
    );
}

#[test]
fn a_client_that_says_nothing() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--count", "2", "--handshake-timeout", "300ms"]);
    drop(connect(&listen));
    let seen = listen.next();
    assert_eq!(seen["first_bytes"], "nothing");
    assert_eq!(seen["ending"]["kind"], "closed");
    assert_eq!(seen["ending"]["sent_by"], "peer");
    assert_eq!(seen["ending"]["phase"], "connected");
    assert!(
        explains(&seen, "client-closes-before-hello"),
        "{:?}",
        names(&seen)
    );

    let silent = connect(&listen);
    let seen = listen.next();
    assert_eq!(seen["ending"]["kind"], "timed-out");
    assert_eq!(seen["ending"]["phase"], "connected");
    assert!(
        explains(&seen, "handshake-timeout-peer-silent"),
        "{:?}",
        names(&seen)
    );
    drop(silent);
    listen.wait();
}

#[test]
fn a_client_that_goes_away_within_the_handshake() {
    let pki = Pki::new();
    let hello = hello(&pki);
    let mut listen = pki.listen(&["--count", "2"]);

    let mut stream = connect(&listen);
    stream.write_all(&hello[..hello.len() / 2]).unwrap();
    drop(stream);
    let seen = listen.next();
    assert_eq!(seen["first_bytes"], "tls");
    assert_eq!(seen["ending"]["kind"], "closed", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["phase"], "client-hello");
    assert!(seen["client_hello"].is_null());
    assert!(
        explains(&seen, "client-closes-mid-handshake"),
        "{:?}",
        names(&seen)
    );

    // After the server's certificate a silent end is most likely a judgement about it (S4 of the
    // error notes).
    let mut stream = connect(&listen);
    stream.write_all(&hello).unwrap();
    stream.read_exact(&mut [0; 5]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    let seen = listen.next();
    assert_eq!(seen["ending"]["kind"], "closed", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["phase"], "handshake");
    assert_eq!(seen["sni"], "localhost");
    assert_eq!(names(&seen), ["server-certificate-rejected"]);
    listen.wait();
}

#[test]
fn a_client_that_resets_after_its_hello() {
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    let mut stream = connect(&listen);
    stream.write_all(&hello(&pki)).unwrap();
    // Something has come and is not read: closing then sends a reset, on every system, as SO_LINGER
    // 0 does.
    stream.peek(&mut [0]).unwrap();
    drop(stream);
    let seen = only(listen);
    assert_eq!(seen["ending"]["kind"], "reset", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["phase"], "handshake");
    let names = names(&seen);
    assert!(
        explains(&seen, "client-resets-after-hello")
            || names.contains(&"server-certificate-rejected"),
        "{names:?}"
    );
}

#[test]
fn a_stolen_certificate_is_refused_even_when_observing() {
    let pki = Pki::new();
    let identity = |fault: &str| {
        pki.authority
            .client(mtls::pki::recipe(fault).unwrap())
            .unwrap()
            .unwrap()
    };
    let (stolen, own) = (identity("valid"), identity("client-self-signed"));
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.key_pkcs8));
    let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
    let chain = stolen.chain.into_iter().map(CertificateDer::from).collect();
    let mut tls = client(&pki, Some(CertifiedKey::new(chain, key)));
    let listen = pki.listen(&["--count", "1"]);
    let mut stream = connect(&listen);
    let mut wire = rustls::Stream::new(&mut tls, &mut stream);
    let _ = wire.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut answer = Vec::new();
    let error = wire.read_to_end(&mut answer).unwrap_err();
    assert!(error.to_string().contains("DecryptError"), "{error}");
    let report = listen.wait();
    let seen = report.connection();
    assert_eq!(seen["ending"]["kind"], "refused", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["alert"]["code"], 51);
    assert_eq!(seen["client_chain"].as_array().unwrap().len(), 2);
    assert_eq!(seen["signature"]["verified"], false);
    assert!(seen["http"].is_null());
    assert!(
        names(seen).contains(&"client-signature-invalid"),
        "{:?}",
        names(seen)
    );
    assert_eq!(report.code, Some(1));
}

#[test]
fn nothing_in_common_is_named() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let mut wrong = Vec::new();
    let old = ["-cipher", "DEFAULT@SECLEVEL=0"];
    for (fault, arguments, alert) in [
        (
            "peer-client-tls10-only",
            &[&["-tls1"][..], &old].concat()[..],
            None,
        ),
        (
            "peer-client-tls11-only",
            &[&["-tls1_1"][..], &old].concat(),
            // rustls looks for signature algorithms, which TLS 1.1 has not, before it looks at the
            // version.
            Some(40),
        ),
        (
            "no-common-cipher-client-side",
            &["-tls1_2", "-cipher", "AES128-SHA"],
            Some(40),
        ),
        (
            "no-common-cipher-tls13",
            &["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"],
            Some(40),
        ),
        (
            "no-common-group-client-brainpool-tls12",
            &["-tls1_2", "-groups", "brainpoolP256r1"],
            Some(40),
        ),
        (
            "no-common-group-client-ffdhe8192-only",
            &["-tls1_3", "-groups", "ffdhe8192"],
            Some(40),
        ),
        (
            "no-common-sigalg-client-rsa-only",
            &["-tls1_3", "-sigalgs", "RSA-PSS+SHA256"],
            Some(40),
        ),
    ] {
        let said = call(&listen, arguments).said();
        let seen = listen.next();
        let ending = &seen["ending"];
        let ok = ending["kind"] == "incompatible"
            && ending["sent_by"] == "us"
            && ending["phase"] == "handshake"
            && ending["alert"]["code"].is_u64()
            && alert.is_none_or(|alert| ending["alert"]["code"] == alert)
            && said.contains(&format!("SSL alert number {}", ending["alert"]["code"]))
            && !seen["client_hello"].is_null()
            && explains(&seen, fault);
        if !ok {
            wrong.push(format!("{fault}: {ending} {:?}\n{said}", names(&seen)));
        }
    }
    listen.finish();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn strange_application_protocols_and_no_name_are_shown() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    let mut listen = pki.listen(&["--count", "2"]);
    call(&listen, &["-alpn", "bogus"]).ok();
    let seen = listen.next();
    assert_eq!(seen["alpn"]["offered"], serde_json::json!(["bogus"]));
    assert!(seen["alpn"]["chosen"].is_null());
    assert_eq!(seen["ending"]["kind"], "completed");
    assert!(
        names(&seen).contains(&"alpn-without-http"),
        "{:?}",
        names(&seen)
    );
    assert!(
        explains(&seen, "alpn-mismatch-client-only-bogus"),
        "{:?}",
        names(&seen)
    );

    let address = listen.address().to_string();
    run(
        clean("openssl").args(["s_client", "-connect", &address, "-noservername"]),
        30,
    );
    let seen = listen.next();
    assert!(seen["sni"].is_null());
    assert!(names(&seen).contains(&"no-sni"), "{:?}", names(&seen));
    listen.wait();
}

#[test]
fn a_client_that_rejects_our_certificate_is_understood() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    for (option, _) in VERSIONS {
        let listen = pki.listen(&["--count", "1"]);
        call(
            &listen,
            &[
                option,
                "-verify_return_error",
                "-CAfile",
                &pki.path("client-ca.pem"),
            ],
        );
        let seen = only(listen);
        assert_eq!(seen["ending"]["kind"], "peer-alert", "{}", seen["ending"]);
        assert_eq!(seen["ending"]["sent_by"], "peer");
        assert_eq!(seen["ending"]["alert"]["name"], "unknown_ca");
        assert!(
            explains(&seen, "client-rejects-server-cert-unknown-ca"),
            "{:?}",
            names(&seen)
        );
    }
}

#[test]
fn a_client_that_stops_within_its_hello_is_not_waited_for() {
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1", "--handshake-timeout", "300ms"]);
    let mut stream = connect(&listen);
    let hello = hello(&pki);
    stream.write_all(&hello[..hello.len() / 2]).unwrap();
    let seen = only(listen);
    drop(stream);
    assert_eq!(seen["ending"]["kind"], "timed-out", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["phase"], "client-hello");
    assert!(
        seen["timings_ms"]["total"].as_f64().unwrap()
            >= Duration::from_millis(300).as_secs_f64() * 1000.0
    );
}
