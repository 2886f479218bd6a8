//! `--format openssl` against `openssl s_server` itself: the same files, the same words, the same client, line by line.
//!
//! What is compared is what both must say of a client: the callback's lines, the certificate's names, what the hello offers and what
//! the client signed with. What differs by nature is not: the session's parameters (a secret), OpenSSL's thread ids and source
//! lines, the suite chosen (two servers, two preferences), and what follows the handshake (one answers, the other does not).

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Mutex, mpsc},
    time::{Duration, Instant},
};

use mtls::pki::{Authority, LeafKey, recipe};

use crate::support::{self, Pki, clean, feed, mtls, peer};

/// The lines that both streams are compared by.
const COMPARED: &[&str] = &[
    "verify depth is",
    "depth=",
    "verify error:",
    "verify return:",
    "notBefore=",
    "notAfter=",
    "subject=",
    "issuer=",
    "Shared ciphers:",
    "Signature Algorithms:",
    "Shared Signature Algorithms:",
    "Peer signing digest:",
    "Peer signature type:",
    "Supported Elliptic Curve Point Formats:",
    "Supported groups:",
    "Shared groups:",
    "Secure Renegotiation",
    "ERROR",
];

/// Clients by the recipe of their certificate; the last has an RSA key.
const CLIENTS: &[&str] = &[
    "valid",
    "client-cert-not-sent",
    "client-self-signed",
    "client-expired",
    "client-not-yet-valid",
    "client-eku-serverauth-only",
    "client-missing-intermediate",
    "rsa",
];

const VERSIONS: &[&str] = &["-tls1_2", "-tls1_3"];
const ANCHORS: &[&str] = &["-CAfile client-ca.pem", "-no-CAfile -no-CApath"];
const VERIFY: &[&str] = &[
    "-verify 0",
    "-verify 1",
    "-verify 2",
    "-verify 5",
    "-Verify 1",
    "-Verify 1 -verify_return_error",
];

/// A server that ends with its one connection.
struct Server {
    child: Child,
    port: String,
    out: mpsc::Receiver<String>,
    err: mpsc::Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it and waits for the port, which both print: one in its `ACCEPT` line, the other on stderr.
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, port) = mpsc::channel();
        let out = follow(child.stdout.take().unwrap(), tell.clone());
        let err = follow(child.stderr.take().unwrap(), tell);
        let port = port.recv_timeout(support::PATIENCE).unwrap();
        Self {
            child,
            port,
            out,
            err,
        }
    }

    /// The compared lines of stdout and stderr, once it is over.
    fn lines(mut self) -> [Vec<String>; 2] {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        [&self.out, &self.err].map(|stream| {
            let text = stream.recv_timeout(support::PATIENCE).unwrap();
            text.lines()
                .filter(|line| COMPARED.iter().any(|start| line.starts_with(start)))
                .map(str::to_owned)
                .collect()
        })
    }
}

/// Collects a stream and tells the port as soon as a line names it.
fn follow(
    stream: impl Read + Send + 'static,
    tell: mpsc::Sender<String>,
) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            let shown = String::from_utf8_lossy(&line).into_owned();
            let named = shown.starts_with("ACCEPT ") || shown.starts_with("listening on ");
            if let (true, Some((_, port))) = (named, shown.trim().rsplit_once(':')) {
                let _ = tell.send(port.to_owned());
            }
            text.push_str(&shown);
            line.clear();
        }
        let _ = sender.send(text);
    });
    receiver
}

fn files() -> Pki {
    let pki = Pki::new();
    let rsa = Authority::new(support::now())
        .unwrap()
        .leaf_keys(LeafKey::Rsa2048);
    let identity = rsa.client(recipe("valid").unwrap()).unwrap().unwrap();
    pki.write_identity("clients/rsa", &identity);
    // Both roots in one file: the RSA client has an authority of its own.
    pki.write(
        "client-ca.pem",
        pki.authority.client_anchor_pem() + &rsa.client_anchor_pem(),
    );
    pki
}

/// One connection of this client to this server.
fn run(pki: &Pki, server: Command, client: &str, version: &str) -> [Vec<String>; 2] {
    let server = Server::start(server);
    let mut command = clean("openssl");
    command.args([
        "s_client",
        "-connect",
        &format!("127.0.0.1:{}", server.port),
        "-servername",
        "localhost",
        version,
    ]);
    if client != "client-cert-not-sent" {
        command.args([
            "-cert",
            &pki.client(client, "leaf.pem"),
            "-key",
            &pki.client(client, "key.pem"),
        ]);
        if std::fs::metadata(pki.client(client, "above.pem"))
            .unwrap()
            .len()
            > 0
        {
            command.args(["-cert_chain", &pki.client(client, "above.pem")]);
        }
    }
    let body = "{\"responseId\":\"abc\"}";
    let request = format!(
        "POST /dialogflowFulfillment HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    feed(&mut command, request.as_bytes(), 20);
    server.lines()
}

/// The words that both servers are started with.
fn words(pki: &Pki, anchors: &str, verify: &str) -> Vec<String> {
    let mut words = vec![
        "-accept".to_owned(),
        "127.0.0.1:0".to_owned(),
        "-naccept".to_owned(),
        "1".to_owned(),
    ];
    words.extend([
        "-key".to_owned(),
        pki.path("server/key.pem"),
        "-cert".to_owned(),
        pki.path("server/fullchain.pem"),
    ]);
    words.extend(
        format!("{anchors} {verify}")
            .split(' ')
            .map(|word| match word {
                "client-ca.pem" => pki.path(word),
                word => word.to_owned(),
            }),
    );
    words
}

/// How many lines two lists have in common, in order (the longest common subsequence).
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for line in a {
        let mut diagonal = 0;
        for (column, other) in b.iter().enumerate() {
            let above = row[column + 1];
            row[column + 1] = if line == other {
                diagonal + 1
            } else {
                above.max(row[column])
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[derive(Default)]
struct Score {
    equal: usize,
    total: usize,
    cells: usize,
    differences: Vec<String>,
}

#[test]
fn the_lines_are_those_of_s_server() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = files();
    let mut cells = Vec::new();
    for client in CLIENTS {
        for version in VERSIONS {
            for anchors in ANCHORS {
                for verify in VERIFY {
                    cells.push((*client, *version, *anchors, *verify));
                }
            }
        }
    }
    let queue = Mutex::new(cells.into_iter());
    let score = Mutex::new(Score::default());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(cell) = { queue.lock().unwrap().next() } {
                    compare(&pki, cell, &score);
                }
            });
        }
    });
    let score = score.into_inner().unwrap();
    for difference in &score.differences {
        println!("{difference}");
    }
    let share = score.equal as f64 / score.total as f64;
    println!(
        "{} cells, {} of {} lines equal: {:.2} %",
        score.cells,
        score.equal,
        score.total,
        share * 100.0
    );
    assert_eq!(
        score.cells,
        CLIENTS.len() * VERSIONS.len() * ANCHORS.len() * VERIFY.len()
    );
    assert!(
        score.total > 2000,
        "only {} lines were compared",
        score.total
    );
    assert!(
        share >= 0.95,
        "{:.2} % of the lines are equal, wanted 95 %",
        share * 100.0
    );
}

fn compare(
    pki: &Pki,
    (client, version, anchors, verify): (&str, &str, &str, &str),
    score: &Mutex<Score>,
) {
    let words = words(pki, anchors, verify);
    let mut theirs = clean("openssl");
    theirs.arg("s_server").args(&words);
    let mut ours = mtls();
    ours.args(["listen", "--format", "openssl"]).args(&words);
    let theirs = run(pki, theirs, client, version);
    let ours = run(pki, ours, client, version);
    let mut score = score.lock().unwrap();
    score.cells += 1;
    for (stream, (theirs, ours)) in ["stdout", "stderr"].iter().zip(theirs.iter().zip(&ours)) {
        score.equal += common(theirs, ours);
        score.total += theirs.len().max(ours.len());
        if theirs != ours {
            let cell = format!("{client} {version} {anchors} {verify}, {stream}");
            score.differences.push(format!(
                "{cell}\n  s_server: {theirs:#?}\n  mtls:     {ours:#?}"
            ));
        }
    }
}
