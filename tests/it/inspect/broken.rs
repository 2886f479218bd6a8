//! Servers broken on purpose: each is inspected all the same, or its ending is named with the phase.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    inspect::run::{inspect, loud, target},
    support::{Owned, clean, free_port, peer, run, wait_for},
};

/// Files that only openssl makes, and servers that send them.
struct Forge {
    folder: tempfile::TempDir,
}

impl Forge {
    fn new() -> Self {
        let forge = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        forge.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=root");
        forge.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout middle.key -out middle.csr -subj /CN=middle");
        forge.write("middle.ext", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        forge.openssl("x509 -req -in middle.csr -CA root.pem -CAkey root.key -CAcreateserial -out middle.pem -days 30 -extfile middle.ext");
        forge
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn openssl(&self, words: &str) {
        let mut command = clean("openssl");
        command
            .args(words.split(' '))
            .current_dir(self.folder.path());
        run(&mut command, 60).ok();
    }

    /// A leaf below the intermediate.
    fn leaf(&self, name: &str, key: &str, names: &str, days: &str) {
        let subject = "/CN=localhost";
        self.openssl(&format!("genpkey {key} -out {name}.key"));
        self.openssl(&format!(
            "req -new -key {name}.key -out {name}.csr -subj {subject}"
        ));
        let names = match names {
            "" => String::new(),
            names => format!("subjectAltName={names}\n"),
        };
        self.write(&format!("{name}.ext"), &format!("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n{names}"));
        self.openssl(&format!("x509 -req -in {name}.csr -CA middle.pem -CAkey middle.key -CAcreateserial -out {name}.pem {days} -extfile {name}.ext"));
    }

    /// `s_server` with these certificates behind the leaf.
    fn serve(&self, leaf: &str, chain: &str, words: &[&str]) -> (Owned, u16) {
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
            &self.path(&format!("{leaf}.pem")),
            "-key",
            &self.path(&format!("{leaf}.key")),
        ]);
        if !chain.is_empty() {
            command.args(["-cert_chain", &self.path(chain)]);
        }
        command.args(words);
        let server = Owned::serve(
            &mut command,
            &self.folder.path().join(format!("{port}.log")),
        );
        wait_for(port);
        (server, port)
    }

    fn inspect(&self, port: u16, words: &[&str]) -> (Value, i32) {
        let mut all = vec![
            format!("localhost:{port}"),
            "--cacert".into(),
            self.path("root.pem"),
        ];
        all.extend(["--resolve".into(), format!("localhost:{port}:127.0.0.1")]);
        all.extend(words.iter().map(|&word| word.to_owned()));
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        target(&all)
    }
}

const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const NAMED: &str = "DNS:localhost";

#[test]
fn chains_that_are_wrong_are_shown_and_judged() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    forge.leaf("good", P256, NAMED, "-days 20");
    forge.leaf("ended", P256, NAMED, "-days -1");
    forge.leaf(
        "small",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        NAMED,
        "-days 20",
    );
    forge.leaf("nameless", P256, "", "-days 20");
    forge.leaf("other", P256, "DNS:other.example", "-days 20");
    forge.openssl(&format!("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout lonely.key -out lonely.pem -days 20 -subj /CN=localhost -addext subjectAltName={NAMED} -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth"));
    let reversed = forge.read("root.pem") + &forge.read("middle.pem");
    forge.write("reversed.pem", &reversed);
    for (leaf, chain, words, code, length) in [
        ("ended", "middle.pem", &[][..], "MT201", 2),
        ("lonely", "", &[], "MT277", 1),
        ("good", "reversed.pem", &[], "MT268", 3),
        ("good", "", &[], "MT203", 1),
        (
            "small",
            "middle.pem",
            &["-cipher", "DEFAULT:@SECLEVEL=0"],
            "MT204",
            2,
        ),
        ("nameless", "middle.pem", &[], "MT273", 2),
        ("other", "middle.pem", &[], "MT272", 2),
    ] {
        let (_server, port) = forge.serve(leaf, chain, words);
        let (seen, exit) = forge.inspect(port, &[]);
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
        // A host in the common name alone is taken by some, refused by others, and by OpenSSL it is taken.
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
    let forge = Forge::new();
    forge.leaf("good", P256, NAMED, "-days 20");
    let (_server, port) = forge.serve(
        "good",
        "middle.pem",
        &["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"],
    );
    let (seen, exit) = forge.inspect(port, &[]);
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
    let forge = Forge::new();
    forge.leaf("good", P256, NAMED, "-days 20");
    forge.write(
        "chain.pem",
        &(forge.read("good.pem") + &forge.read("middle.pem")),
    );
    let port = free_port();
    let at = forge.path("");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {at}/{name};"))
        .concat();
    forge.write(
        "nginx.conf",
        &format!(
            "daemon off; master_process off; pid {at}/nginx.pid; error_log stderr; events {{}}
            http {{ access_log off; {temporary}
              server {{ listen 127.0.0.1:{port} ssl default_server; ssl_reject_handshake on; }}
              server {{ listen 127.0.0.1:{port} ssl; server_name localhost; ssl_certificate {at}/chain.pem; ssl_certificate_key {at}/good.key;
                location / {{ return 200 ok; }} }} }}"
        ),
    );
    let mut command = clean("nginx");
    command.args(["-p", &at, "-c", &forge.path("nginx.conf")]);
    let _server = Owned::serve(&mut command, &forge.folder.path().join("nginx.log"));
    wait_for(port);
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
        &forge.path("root.pem"),
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
        assert!(page.contains("ended       in the T"), "{page}");
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
