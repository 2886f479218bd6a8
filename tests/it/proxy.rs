//! `-x`: `simulate` and `inspect` through an HTTP proxy, as curl has it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use crate::support::{Pki, mtls, run};

/// A proxy that leads every CONNECT to `target`, whatever it asks for; with a password it wants it.
fn proxy(target: SocketAddr, password: Option<&'static str>) -> (SocketAddr, Receiver<String>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        for stream in socket.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            thread::spawn(move || tunnel(stream, target, password, &sender));
        }
    });
    (address, asked)
}

fn tunnel(
    mut stream: TcpStream,
    target: SocketAddr,
    password: Option<&str>,
    asked: &mpsc::Sender<String>,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    asked.send(head.clone()).unwrap();
    if password.is_some_and(|password| !head.contains(&format!("Basic {password}\r\n"))) {
        let no = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(no.as_bytes()).ok()?;
        return None;
    }
    let mut server = TcpStream::connect(target).ok()?;
    stream
        .write_all(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n")
        .ok()?;
    let (mut up, mut down) = (stream.try_clone().ok()?, server.try_clone().ok()?);
    thread::spawn(move || std::io::copy(&mut up, &mut down));
    std::io::copy(&mut server, &mut stream).ok()?;
    let _ = stream.shutdown(std::net::Shutdown::Both);
    Some(())
}

fn next(asked: &Receiver<String>) -> String {
    asked.recv_timeout(Duration::from_secs(30)).unwrap()
}

#[test]
fn calls_and_inspections_go_through_the_proxy() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let (through, asked) = proxy(listen.address(), None);
    let through = format!("http://{through}");
    let cacert = pki.path("server-ca.pem");
    // The proxy knows the name; this machine need not.
    let to = "https://hook.invalid:8443/hook";
    let flags = [
        "--cacert",
        &cacert,
        "--sni",
        "localhost",
        "-x",
        &through,
        "--format",
        "json",
    ];
    let said = run(mtls().args(["simulate", to]).args(flags), 60);
    assert!(said.stdout.contains("\"status\": 200"), "{}", said.said());
    let head = next(&asked);
    assert!(
        head.starts_with("CONNECT hook.invalid:8443 HTTP/1.1\r\nHost: hook.invalid:8443\r\n"),
        "{head}"
    );
    assert!(
        said.stdout
            .contains("hook.invalid:8443 through the proxy 127.0.0.1:"),
        "{}",
        said.said()
    );
    let said = run(
        mtls().args(["inspect", "hook.invalid:8443"]).args(flags),
        60,
    );
    assert!(
        said.stdout.contains("simulated webhook server"),
        "{}",
        said.said()
    );
    next(&asked);
    listen.finish();
}

#[test]
fn the_environment_counts_but_for_this_machine() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let (through, asked) = proxy(listen.address(), None);
    let cacert = pki.path("server-ca.pem");
    let call = |url: &str, without: &str, more: &[&str]| {
        let mut command = mtls();
        command
            .args(["simulate", url, "--cacert", &cacert, "--sni", "localhost"])
            .args(["--connect-timeout", "5s", "--format", "json"])
            .args(more)
            .env("https_proxy", format!("http://{through}"))
            .env("no_proxy", without);
        run(&mut command, 60)
    };
    call("https://hook.invalid/", "", &[]);
    assert!(next(&asked).starts_with("CONNECT hook.invalid:443 "));
    let local = listen.url("/");
    assert!(call(&local, "", &[]).stdout.contains("\"status\": 200"));
    call("https://hook.invalid/", "other, .invalid", &[]);
    call("https://hook.invalid/", "", &["-x", ""]);
    assert!(asked.recv_timeout(Duration::from_millis(300)).is_err());
    listen.finish();
}

#[test]
fn a_proxy_that_refuses_is_named_and_its_password_is_not() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let (through, asked) = proxy(listen.address(), Some("dTpzZWNyZXQ="));
    let cacert = pki.path("server-ca.pem");
    let call = |proxy: String| {
        let mut command = mtls();
        command
            .args(["simulate", "https://hook.invalid/", "--cacert", &cacert])
            .args(["--sni", "localhost", "-x", &proxy]);
        run(&mut command, 60)
    };
    let said = call(format!("http://u:wrong@{through}"));
    assert_eq!(said.code, Some(1), "{}", said.said());
    assert!(said.stdout.contains("(407)"), "{}", said.said());
    assert!(!said.said().contains("wrong@"), "{}", said.said());
    next(&asked);
    let said = call(format!("u:secret@{through}"));
    assert!(
        said.stdout.contains("HTTP 200") || said.stdout.contains("HTTP/1.1 200"),
        "{}",
        said.said()
    );
    assert!(!said.said().contains("secret"), "{}", said.said());
    let said = call("socks5://127.0.0.1:1".to_owned());
    assert_eq!(said.code, Some(2), "{}", said.said());
    assert!(
        said.stderr.contains("expected an http proxy"),
        "{}",
        said.said()
    );
    listen.finish();
}
