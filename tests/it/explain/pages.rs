//! What a page looks like, whatever it is about: short, nothing twice, commands to copy, and the fix
//! with the side that can do it.

use mtls::explain::{Explanation, Log, dictionary, fault, faults, query};
use mtls::facts::Side;
use mtls::finding::Act;
use mtls::render::text::{Beside, explained};
use mtls::verify::x509_error;

fn page(answer: &Explanation, all: bool) -> String {
    explained(
        answer,
        Beside {
            evidence: &mtls::explain::Evidence::default(),
            senders: &[],
            client_ca: &dictionary().client_ca,
            settings: &dictionary().settings,
            all,
            width: Some(80),
        },
    )
}

/// Every text of the dictionary, as it could be asked about.
fn texts() -> Vec<String> {
    dictionary()
        .entries
        .iter()
        .flat_map(|entry| entry.says.iter().map(|says| says.replace('*', "x")))
        .chain(faults().iter().map(|fault| fault.id.clone()))
        .collect()
}

/// Read in ten lines at night.
#[test]
fn a_page_is_short_and_says_nothing_twice() {
    for text in texts() {
        let answer = query(dictionary(), &text);
        let page = page(&answer, false);
        assert!(page.lines().count() <= 15, "{text}:\n{page}");
        for words in ["next cause", "less likely", "causes below"] {
            assert!(!page.contains(words), "{text}: {words}\n{page}");
        }
        let words: Vec<&str> = page.split_whitespace().collect();
        let one_line = words.join(" ").to_lowercase();
        for cause in answer.matches.iter().flat_map(|found| &found.causes) {
            let title = cause.title.to_lowercase();
            let listed = one_line.matches(&format!("{title} (fix:")).count();
            let headline = page
                .split("\n\n")
                .next()
                .unwrap_or_default()
                .replace('\n', " ");
            let headed = usize::from(headline.to_lowercase().ends_with(&format!("{title}.")));
            assert!(listed + headed <= 1, "{text}: {title}\n{page}");
            let meaning = answer.matches[0].meaning.to_lowercase();
            let same = meaning.trim_end_matches('.') == title && headed == 1;
            assert!(
                !same || !page.contains("  meaning "),
                "{text}: {title}\n{page}"
            );
        }
    }
}

/// A command is a line of its own, so that it can be pasted.
#[test]
fn a_command_is_a_line_of_its_own() {
    let commands = [
        "mtls lint",
        "mtls listen",
        "mtls inspect",
        "mtls simulate",
        "openssl x509",
        "openssl s_client",
    ];
    for text in faults().iter().map(|fault| fault.id.as_str()).chain([
        "alert 116",
        "curl 60",
        "Hostname mismatch",
    ]) {
        for all in [false, true] {
            let page = page(&query(dictionary(), text), all);
            for line in page.lines() {
                let told = commands.iter().any(|command| line.contains(command));
                assert!(
                    !told || line.starts_with("      "),
                    "{text}: {line}\n{page}"
                );
                assert!(
                    !told || !line.starts_with("              "),
                    "{text}: {line}\n{page}"
                );
            }
        }
    }
}

/// Who is to fix something can do it: what only the other side can do is told as that side's.
#[test]
fn a_fix_is_of_the_side_that_can_do_it() {
    let of_server = [
        " on the server",
        " at the server",
        "client-CA file",
        "ssl_verify",
        "SSLVerify",
        "let the server",
        "have a certificate issued",
        "virtual host",
    ];
    let of_client = [
        "let the client",
        "in the client",
        "call a name",
        "in the URL",
        "--cert",
        "client's trust store",
        "the client's trust anchors",
        "let the sender",
    ];
    for fault in faults() {
        let by = |act: Act, text: &str| {
            let others = match act {
                Act::Client => &of_server[..],
                Act::Server => &of_client[..],
                Act::Either => return,
            };
            for words in others {
                assert!(!text.contains(words), "{} by {act:?}: {text}", fault.id);
            }
        };
        by(fault.act, &fault.fix);
        let other = match fault.act {
            Act::Client => Act::Server,
            Act::Server => Act::Client,
            Act::Either => Act::Either,
        };
        by(other, fault.otherwise.as_deref().unwrap_or_default());
        assert!(
            fault.act != Act::Either || fault.otherwise.is_none(),
            "{}",
            fault.id
        );
    }
}

/// A code of a product goes around any reason: the number and its text decide.
#[test]
fn the_number_of_a_reason_decides() {
    for number in 2..=94 {
        if [17].contains(&number) {
            continue;
        }
        let reason = x509_error(number).text;
        for text in [
            format!("AH02039: Certificate Verification: Error ({number}): {reason}"),
            format!(
                "[ssl:info] [client 192.0.2.1:4] AH02276: Certificate Verification: Error ({number}): {reason} [subject: CN=x]"
            ),
            format!(
                "client SSL certificate verify error: ({number}:{reason}) while reading client request headers, client: 192.0.2.1"
            ),
            format!("verify error:num={number}:{reason}"),
        ] {
            let answer = query(dictionary(), &text);
            assert_eq!(answer.matches[0].id, format!("verify {number}"), "{text}");
        }
    }
}

/// Chains that are too long for a server: its owner raises the depth; a path length is the
/// certificate holder's matter.
#[test]
fn a_depth_is_raised_by_who_set_it() {
    for (text, act) in [
        (
            "AH02040: Certificate Verification: Certificate Chain too long (chain has 3 certificates, but maximum allowed are only 1)",
            Act::Server,
        ),
        (
            "client SSL certificate verify error: (22:certificate chain too long) while reading client request headers, client: 192.0.2.1",
            Act::Server,
        ),
        (
            "client SSL certificate verify error: (25:path length constraint exceeded) while reading client request headers, client: 192.0.2.1",
            Act::Client,
        ),
        (
            "http: TLS handshake error from 192.0.2.1:4: tls: failed to verify certificate: x509: too many intermediates for path length constraint",
            Act::Client,
        ),
    ] {
        let answer = query(dictionary(), text);
        let cause = &answer.matches[0].causes[0];
        assert_eq!(cause.fault, "client-pathlen-exceeded", "{text}");
        assert_eq!(cause.side_to_act, act, "{text}");
        assert!(cause.otherwise.is_some());
    }
    let page = page(
        &query(
            dictionary(),
            "AH02040: Certificate Verification: Certificate Chain too long",
        ),
        false,
    );
    assert!(page.contains("SSLVerifyDepth 2"), "{page}");
}

#[test]
fn a_renegotiation_is_the_servers_matter() {
    for text in [
        "AH02261: Re-negotiation handshake failed",
        "AH10158: cannot perform post-handshake authentication",
        "alert no renegotiation",
    ] {
        let answer = query(dictionary(), text);
        let cause = &answer.matches[0].causes[0];
        assert_eq!(cause.side_to_act, Act::Server, "{text}");
        assert!(
            cause.remedy.contains("whole virtual host"),
            "{text}: {}",
            cause.remedy
        );
    }
}

/// What nginx ends a line with tells whose certificate it checked.
#[test]
fn a_line_about_a_clients_connection_is_of_a_server() {
    let end = "while waiting for request, client: 192.0.2.1, server: 0.0.0.0:443";
    let text = format!(
        "2026/11/30 10:00:00 [alert] 1#1: *3 ignoring stale global SSL error (SSL: error:06880006:asn1 encoding routines::EVP lib) {end}"
    );
    let mut log = Log::new(dictionary());
    (0..3).for_each(|_| log.line(text.as_bytes()));
    for answer in [query(dictionary(), &text), log.finish()] {
        let first = &answer.matches[0];
        assert_eq!(first.printed_by, Some(Side::Server));
        assert_eq!(first.causes[0].fault, "client-bad-signature");
    }
    for action in [
        "SSL handshaking to upstream",
        "connecting to upstream",
        "sending request to upstream",
        "reading response header from upstream",
    ] {
        let text = format!(
            "2026/11/30 10:00:00 [error] 1#1: *3 SSL_do_handshake() failed (SSL: error:0A000086:SSL routines::certificate verify failed) while {action}, client: 192.0.2.1, server: hook.example, request: \"POST / HTTP/1.1\", upstream: \"https://192.0.2.9:443/\""
        );
        assert_eq!(
            query(dictionary(), &text).matches[0].printed_by,
            Some(Side::Client),
            "{action}"
        );
    }
}

/// A page that a server answers with is what the client has; the server's log says it otherwise.
#[test]
fn a_page_of_the_server_is_seen_by_the_client() {
    for (text, side) in [
        ("400 No required SSL certificate was sent", Side::Client),
        ("400 The SSL certificate error", Side::Client),
        (
            "400 The plain HTTP request was sent to HTTPS port",
            Side::Client,
        ),
        (
            "You're speaking plain HTTP to an SSL-enabled server port.",
            Side::Client,
        ),
        (
            "client sent no required SSL certificate while reading client request headers",
            Side::Server,
        ),
        (
            "client sent plain HTTP request to HTTPS port while reading client request headers",
            Side::Server,
        ),
    ] {
        let answer = query(dictionary(), text);
        let first = &answer.matches[0];
        assert_eq!(first.printed_by, Some(side), "{text}");
        let page = first.printed_because.as_deref().unwrap().contains("page");
        assert_eq!(page, side == Side::Client, "{text}");
    }
}

/// Of a log without connections each text is counted, and none is the reason of the others.
#[test]
fn lines_without_a_connection_are_counted_each() {
    let mut lines = vec![
        "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE error:0A0000C7:SSL routines::peer did not return a certificate";
        2
    ];
    lines.extend(["ECONNRESET socket hang up"; 14]);
    let mut log = Log::new(dictionary());
    for line in lines {
        log.line(line.as_bytes());
        (0..5).for_each(|_| log.line(b"POST /hook 200"));
    }
    let answer = log.finish();
    let told: Vec<u64> = answer.unnamed.iter().map(|row| row.lines).collect();
    assert_eq!(told, [14, 2]);
    assert_eq!(answer.root_cause, None);
    let page = page(&answer, false);
    assert!(page.starts_with("16 lines tell of failures"), "{page}");
}

/// A program's own flag or command stands with the fix.
#[test]
fn a_fix_is_told_in_the_words_of_the_program() {
    for (text, words) in [
        (
            "curl: (56) Recv failure",
            "curl --cert client.pem --key client-key.pem",
        ),
        ("PKIX path building failed", "keytool -importcert"),
        (
            "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
            "--cacert",
        ),
    ] {
        let page = page(&query(dictionary(), text), false);
        assert!(page.contains(words), "{text}:\n{page}");
    }
    for setting in &dictionary().settings {
        assert!(fault(&setting.fault).is_some(), "{setting:?}");
    }
}
