//! `--format openssl` against `openssl s_server` itself: the same files, the same words, the same
//! client, line by line.
//!
//! What is compared is what both must say of a client: the callback's lines, the certificate's
//! names, what the hello offers and what the client signed with. What differs by nature is not: the
//! session's parameters (a secret), OpenSSL's thread ids and source lines, the suite chosen (two
//! servers, two preferences), and what follows the handshake (one answers, the other does not).

use std::{process::Command, sync::Mutex};

use mtls::pki::{Authority, LeafKey, recipe};

use crate::support::{Listener, Pki, clean, feed, mtls, now, peer};

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

/// The compared lines of both streams of a server, once it has ended with its one connection.
fn lines(server: Listener) -> [Vec<String>; 2] {
    let finished = server.wait();
    [finished.stdout, finished.stderr].map(|text| {
        text.lines()
            .filter(|line| COMPARED.iter().any(|start| line.starts_with(start)))
            .map(str::to_owned)
            .collect()
    })
}

fn files() -> Pki {
    let pki = Pki::new();
    let rsa = Authority::new(now()).unwrap().leaf_keys(LeafKey::Rsa2048);
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
fn call(pki: &Pki, mut server: Command, client: &str, version: &str) -> [Vec<String>; 2] {
    let server = Listener::start(&mut server);
    let mut command = clean("openssl");
    command.args([
        "s_client",
        "-connect",
        &server.address().to_string(),
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
    lines(server)
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
    let theirs = call(pki, theirs, client, version);
    let ours = call(pki, ours, client, version);
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
