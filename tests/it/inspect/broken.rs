//! Servers broken on purpose: each is inspected all the same, or its ending is named with the
//! phase.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    inspect::run::{inspect, loud, target},
    support::{Forge, P256, Server, clean, free_port, peer},
};

/// A root, an intermediate below it, and servers with leaves below that.
struct Site(Forge);

impl Site {
    fn new() -> Self {
        let forge = Forge::new();
        forge.make("root", "/CN=root", "root", ROOT, "-days 30");
        forge.make("middle", "/CN=middle", "root", CA, "-days 30");
        Self(forge)
    }

    /// A leaf below the intermediate.
    fn leaf(&self, name: &str, key: &str, names: &str, days: &str) {
        let names = match names {
            "" => String::new(),
            names => format!("subjectAltName={names}\n"),
        };
        self.0.key(name, key);
        self.0.make(
            name,
            "/CN=localhost",
            "middle",
            &format!("{LEAF}{names}"),
            days,
        );
    }

    /// `s_server` with these certificates behind the leaf.
    fn serve(&self, leaf: &str, chain: &str, words: &[&str]) -> Server {
        let port = free_port();
        let mut command = clean("openssl");
        command.args([
            "s_server",
            "-www",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
        ]);
        command.args([
            "-cert",
            &self.0.path(&format!("{leaf}.crt")),
            "-key",
            &self.0.path(&format!("{leaf}.key")),
        ]);
        if !chain.is_empty() {
            command.args(["-cert_chain", &self.0.path(chain)]);
        }
        command.args(words);
        Server::start(self.0.root(), &mut command, port)
    }

    fn inspect(&self, server: &Server, words: &[&str]) -> (Value, i32) {
        let port = server.port();
        let mut all = vec![
            format!("localhost:{port}"),
            "--cacert".into(),
            self.0.path("root.crt"),
        ];
        all.extend(["--resolve".into(), format!("localhost:{port}:127.0.0.1")]);
        all.extend(words.iter().map(|&word| word.to_owned()));
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        target(&all)
    }
}

/// Extensions of the root, which `openssl req -x509` gives by default.
const ROOT: &str = "subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\n";
const CA: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n\
                  subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const NAMED: &str = "DNS:localhost";

#[test]
fn chains_that_are_wrong_are_shown_and_judged() {
    if peer("openssl").is_none() {
        return;
    }
    let site = Site::new();
    site.leaf("good", P256, NAMED, "-days 20");
    site.leaf("ended", P256, NAMED, "-days -1");
    site.leaf(
        "small",
        "RSA -pkeyopt rsa_keygen_bits:1024",
        NAMED,
        "-days 20",
    );
    site.leaf("nameless", P256, "", "-days 20");
    site.leaf("other", P256, "DNS:other.example", "-days 20");
    site.0.run(&format!("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout lonely.key -out lonely.crt -days 20 -subj /CN=localhost -addext subjectAltName={NAMED} -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth"));
    site.0.bundle("reversed.pem", &["root", "middle"]);
    for (leaf, chain, words, code, length) in [
        ("ended", "middle.crt", &[][..], "MT201", 2),
        ("lonely", "", &[], "MT277", 1),
        ("good", "reversed.pem", &[], "MT268", 3),
        ("good", "", &[], "MT203", 1),
        (
            "small",
            "middle.crt",
            &["-cipher", "DEFAULT:@SECLEVEL=0"],
            "MT204",
            2,
        ),
        ("nameless", "middle.crt", &[], "MT273", 2),
        ("other", "middle.crt", &[], "MT272", 2),
    ] {
        let server = site.serve(leaf, chain, words);
        let (seen, exit) = site.inspect(&server, &[]);
        let said = || format!("{leaf} {chain}: {seen:#}");
        assert_eq!(
            seen["server_chain"].as_array().unwrap().len(),
            length,
            "{}",
            said()
        );
        assert_eq!(seen["client_auth"], "none", "{}", said());
        let all = seen["findings"].as_array().unwrap();
        assert!(
            all.iter().any(|finding| finding["code"] == code),
            "{code} {}",
            said()
        );
        // What stands in the wrong order is mended by every common client.
        let trusted = leaf == "good" && chain == "reversed.pem";
        assert_eq!(
            seen["trust"][0]["status"] == "trusted",
            trusted,
            "{}",
            said()
        );
        // A host in the common name alone is taken by some, refused by others, and by OpenSSL it is
        // taken.
        let warned = leaf == "nameless";
        assert_eq!(exit, i32::from(!trusted && !warned), "{}", said());
        assert_eq!(seen["protocol"], "TLSv1.3", "{}", said());
    }
}

#[test]
fn no_version_in_common() {
    if peer("openssl").is_none() {
        return;
    }
    let site = Site::new();
    site.leaf("good", P256, NAMED, "-days 20");
    let server = site.serve(
        "good",
        "middle.crt",
        &["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"],
    );
    let (seen, exit) = site.inspect(&server, &[]);
    assert_eq!(seen["ending"]["alert"]["code"], 70, "{seen:#}");
    assert_eq!(seen["ending"]["sent_by"], "peer");
    assert_eq!(seen["ending"]["phase"], "handshake");
    assert_eq!(seen["reachable"], true);
    assert_eq!(exit, 1);
}

#[test]
fn a_server_that_wants_a_name() {
    if peer("nginx").is_none() || peer("openssl").is_none() {
        return;
    }
    let site = Site::new();
    site.leaf("good", P256, NAMED, "-days 20");
    site.0.bundle("chain.pem", &["good", "middle"]);
    let port = free_port();
    let at = site.0.path("");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {at}/{name};"))
        .concat();
    let conf = site.0.write(
        "nginx.conf",
        format!(
            "daemon off; master_process off; pid {at}/nginx.pid; error_log stderr; events {{}}
            http {{ access_log off; {temporary}
              server {{ listen 127.0.0.1:{port} ssl default_server; ssl_reject_handshake on; }}
              server {{ listen 127.0.0.1:{port} ssl; server_name localhost; ssl_certificate {at}/chain.pem; ssl_certificate_key {at}/good.key;
                location / {{ return 200 ok; }} }} }}"
        ),
    );
    let mut command = clean("nginx");
    command.args(["-p", &at, "-c", &conf]);
    let _server = Server::start(site.0.root(), &mut command, port);
    let nameless = format!("127.0.0.1:{port}");
    let (seen, exit) = target(&[&nameless]);
    assert_eq!(seen["ending"]["alert"]["code"], 112, "{seen:#}");
    assert_eq!((seen["sni"].is_null(), exit), (true, 1));
    let page = inspect(&[&nameless]).stdout;
    assert!(page.contains("--sni"), "{page}");
    let (seen, exit) = target(&[
        &nameless,
        "--sni",
        "localhost",
        "--cacert",
        &site.0.path("root.crt"),
    ]);
    assert_eq!(
        (seen["verdict"].as_str(), exit),
        (Some("pass"), 0),
        "{seen:#}"
    );
}

/// A server that treats each connection so.
fn plain(treat: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let treat = std::sync::Arc::new(treat);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let treat = treat.clone();
            thread::spawn(move || treat(stream));
        }
    });
    address
}

/// Closes with data unread: the system then resets the connection.
fn reset(stream: TcpStream) {
    drop(stream);
}

#[test]
fn endings_are_named_with_their_phase() {
    let silent = plain(|stream| {
        thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    let http = plain(|mut stream| {
        let mut request = [0; 512];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\x1b[2J\r\n\r\n");
    });
    let resets = plain(|mut stream| {
        // Part of the hello is read, the rest is not.
        let mut some = [0; 32];
        let _ = stream.read(&mut some);
        reset(stream);
    });
    let midway = plain(|mut stream| {
        let mut hello = [0; 64];
        let _ = stream.read(&mut hello);
        // The beginning of a ServerHello record, and no more.
        let _ = stream.write_all(&[22, 3, 3, 0, 90, 2, 0]);
        reset(stream);
    });
    let closes = plain(|mut stream| {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello);
    });
    for (address, kind, phase, words) in [
        (&silent, "timed-out", "handshake", "nothing had come"),
        (&http, "not-tls", "handshake", "HTTP/1.1 400"),
        (&resets, "reset", "handshake", "nothing had come"),
        (&midway, "reset", "handshake", "7 bytes had come"),
        (&closes, "closed", "handshake", "nothing had come"),
        (
            &"127.0.0.1:1".to_owned(),
            "unreachable",
            "connected",
            "refused",
        ),
    ] {
        let (seen, exit) = target(&[address, "--connect-timeout", "2s"]);
        let ending = &seen["ending"];
        assert_eq!(ending["kind"], kind, "{seen:#}");
        assert_eq!(ending["phase"], phase, "{seen:#}");
        let detail = ending["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{kind}: {detail}");
        assert_eq!(seen["client_auth"], "unknown");
        assert_eq!(exit, 1);
        assert!(!loud(&seen).is_empty(), "{seen:#}");
        let page = inspect(&[address, "--connect-timeout", "2s"]).stdout;
        assert!(page.contains("  ended       "), "{page}");
        assert!(page.contains(words), "{page}");
        assert!(!page.contains('\x1b'), "{page:?}");
    }
}

#[test]
fn a_name_without_an_address_is_a_result() {
    let (seen, exit) = target(&["no-such-name.invalid:443"]);
    assert_eq!(seen["ending"]["kind"], "unresolved", "{seen:#}");
    assert_eq!((seen["reachable"].as_bool(), exit), (Some(false), 1));
}
