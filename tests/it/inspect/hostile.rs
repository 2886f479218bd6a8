//! Names and headers of a hostile server: no format is broken by them.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    thread,
};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::{
    inspect::run::{inspect, lines, target},
    support::{mtls, run},
};

const NAMES: [&str; 7] = [
    "\x1b[2J\x1b]0;owned\x07",
    "two\nlines\r",
    "::error file=x::owned",
    "a|b=1;2;3",
    "\"quoted\" 'twice' \\",
    "right\u{202e}tfel",
    "<script>alert(1)</script>",
];

/// A server with that in its certificate's names and its answer's header, as far as each may hold
/// it.
fn server(name: &str) -> String {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject.push(DnType::OrganizationName, name);
    params.distinguished_name = subject;
    if let Ok(uri) = format!("x:{name}").try_into() {
        params.subject_alt_names.push(SanType::URI(uri));
    }
    let certificate = params.self_signed(&key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let header: String = name
        .chars()
        .filter(|character| !"\r\n".contains(*character))
        .collect();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(connection) = ServerConnection::new(config.clone()) else {
                return;
            };
            let mut stream = StreamOwned::new(connection, stream);
            let mut request = [0; 2048];
            let _ = stream.read(&mut request);
            let answer = format!(
                "HTTP/1.1 302 Found\r\nserver: {header}\r\nlocation: {header}\r\ncontent-length: 0\r\n\r\n"
            );
            let _ = stream.write_all(answer.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

#[test]
fn no_format_is_broken() {
    let servers: Vec<String> = NAMES.iter().map(|name| server(name)).collect();
    for (name, address) in NAMES.iter().zip(&servers) {
        let (seen, _) = target(&[address]);
        // Machines get it as it is, escaped as JSON has it; a name as OpenSSL prints it.
        let header = seen["http"]["headers"].as_array().map_or(0, Vec::len);
        assert!(header >= 2 || name.contains(['\x1b', '\n']), "{seen:#}");
        for words in [
            &[][..],
            &["--short"],
            &["--format", "nagios"],
            &["--format", "prometheus"],
        ] {
            let mut all = vec![address.as_str()];
            all.extend(words);
            let said = inspect(&all).stdout;
            let bad =
                |character: char| mtls::parse::escape::is_hostile(character) && character != '\n';
            assert!(!said.contains(bad), "{words:?} {said:?}");
            assert!(
                said.lines().all(|line| !line.starts_with("::")),
                "{words:?} {said}"
            );
        }
        let nagios = inspect(&[address, "--format", "nagios"]).stdout;
        let first = nagios.lines().next().unwrap();
        assert_eq!(first.matches('|').count(), 1, "{first}");
        let metrics = inspect(&[address, "--format", "prometheus"]).stdout;
        for line in metrics.lines().filter(|line| !line.starts_with('#')) {
            let (_, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    let list: String = servers
        .iter()
        .map(|address| format!("{address}\n"))
        .collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), list).unwrap();
    let mut command = mtls();
    command
        .args(["inspect", "--format", "jsonl", "--targets"])
        .arg(file.path());
    assert_eq!(lines(&run(&mut command, 60).stdout).len(), NAMES.len() + 1);
}
