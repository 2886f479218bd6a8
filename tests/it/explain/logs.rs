//! Logs: every known line, the root among them, and nothing where there is nothing.

use mtls::explain::{Explanation, Log, RefusedBy, Specificity, dictionary, query};
use mtls::facts::Side;

fn log(lines: &[&str]) -> Explanation {
    let mut log = Log::new(dictionary());
    for line in lines {
        log.line(line.as_bytes());
    }
    log.finish()
}

/// Two hundred lines of a kernel, of web servers that do well, of builds: with words like
/// certificate, error, reset and file in them.
fn unrelated() -> Vec<String> {
    let kernel = [
        "[ {n}.000000] Linux version 6.1.0-18-amd64 (gcc-12 (Debian 12.2.0-14) 12.2.0)",
        "[ {n}.234567] usb 1-1: device descriptor read/64, error -71",
        "[ {n}.34] EXT4-fs (sda{n}): mounted filesystem with ordered data mode. Quota mode: none.",
        "[ {n}.1] nvme nvme0: I/O {n} QID 2 timeout, aborting",
        "[ {n}.2] ata1.00: failed command: READ FPDMA QUEUED",
        "[ {n}.4] Out of memory: Killed process {n} (java) total-vm:1234kB",
        "[ {n}.4] TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.",
        "[ {n}.5] Loading compiled-in X.509 certificates",
        "[ {n}.6] Loaded X.509 cert 'Debian Secure Boot CA: 6ccece7e'",
        "[ {n}.7] integrity: Problem loading X.509 certificate -65",
        "[ {n}.8] audit: type=1400 audit({n}.123:45): apparmor=\"DENIED\" operation=\"open\"",
        "[ {n}.9] eth0: link down, reset adapter",
    ];
    let web = [
        "10.0.0.{n} - - [23/Nov/2026:10:00:00 +0000] \"GET /index.html HTTP/1.1\" 200 612 \"-\" \"Mozilla/5.0\"",
        "10.0.0.{n} - - [23/Nov/2026:10:00:01 +0000] \"POST /api/cert/expired HTTP/1.1\" 400 150 \"-\" \"curl/7.88.1\"",
        "10.0.0.{n} - - [23/Nov/2026:10:00:02 +0000] \"GET /tls/alert/48 HTTP/2.0\" 502 150 \"-\" \"Go-http-client/2.0\"",
        "10.0.0.{n} - - [23/Nov/2026:10:00:03 +0000] \"GET /wp-login.php HTTP/1.1\" 404 162 \"-\" \"python-requests/2.34.2\"",
        "sshd[{n}]: Connection closed by 10.0.0.1 port 22",
        "sshd[{n}]: Connection reset by 10.0.0.1 port 22 [preauth]",
        "sshd[{n}]: Failed password for invalid user admin from 10.0.0.1 port 22 ssh2",
        "systemd[1]: unit{n}.service: Main process exited, code=exited, status=1/FAILURE",
    ];
    let build = [
        "   Compiling rustls v0.23.{n}",
        "   Compiling openssl-sys v0.9.{n}",
        "error[E0432]: unresolved import `crate::foo{n}`",
        "error: could not compile `bar` (lib) due to {n} previous errors",
        "make: *** [Makefile:{n}: all] Error 2",
        "cc1: fatal error: foo{n}.h: No such file or directory",
        "/bin/sh: {n}: gcc: not found",
        "bash: -c: line {n}: syntax error: unexpected end of file",
        "npm ERR! code ELIFECYCLE errno {n}",
        "undefined reference to `SSL_CTX_new{n}'",
        "fatal: remote error: access denied or repository not exported: /r{n}",
        "collect2: error: ld returned {n} exit status",
        "E: Unable to locate package foo{n}",
        "test tests::certificate_{n}_parses ... FAILED",
        "warning: unused variable: `peer{n}`",
        "Timeout waiting for lock after {n} s",
    ];
    let all: Vec<&str> = kernel.iter().chain(&web).chain(&build).copied().collect();
    (0..200)
        .map(|n| all[n % all.len()].replace("{n}", &n.to_string()))
        .collect()
}

#[test]
fn two_hundred_unrelated_lines_are_not_explained() {
    let lines = unrelated();
    assert_eq!(lines.len(), 200);
    let refs: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answer = log(&refs);
    assert!(!answer.known, "{:?}", answer.matches);
    assert_eq!((answer.lines, answer.root_cause), (200, None));
    for line in refs {
        let answer = query(dictionary(), line);
        assert!(
            !answer.known,
            "{line}: {:?}",
            answer.matches.first().map(|found| &found.id)
        );
    }
}

/// A common phrase counts where a line near it speaks of TLS, and only there.
#[test]
fn a_common_phrase_needs_something_near_it() {
    let far: Vec<String> = (0..40).map(|n| format!("job {n} done")).collect();
    let mut lines = vec![
        "job: Connection reset by peer while copying the nightly archive to the other machine",
    ];
    lines.extend(far.iter().map(String::as_str));
    lines.push(
        "http: TLS handshake error from 10.0.0.1:4: tls: client didn't provide a certificate",
    );
    let answer = log(&lines);
    assert_eq!(answer.matches.len(), 1, "{:?}", answer.matches);
    lines.push(
        "write: Connection reset by peer while copying the nightly archive to the other machine",
    );
    assert_eq!(log(&lines).matches.len(), 2);
    assert!(query(dictionary(), "Connection reset by peer").known);
}

#[test]
fn the_root_is_the_line_that_names_the_reason() {
    let answer = log(&[
        "[ssl:info] [client 127.0.0.1:4] AH01964: Connection to child 12 established (server localhost:443)",
        "[ssl:info] [client 127.0.0.1:4] AH02008: SSL library error 1 in handshake (server localhost:443)",
        "[ssl:info] SSL Library Error: error:0A000086:SSL routines::certificate verify failed",
        "[ssl:info] [client 127.0.0.1:4] AH02276: Certificate Verification: Error (20): unable to get local issuer certificate [subject: CN=Other Intermediate]",
        "[ssl:info] [client 127.0.0.1:4] AH01998: Connection closed to child 12 with abortive shutdown (server localhost:443)",
    ]);
    let first = &answer.matches[0];
    assert_eq!(
        (first.id.as_str(), first.line, first.refused_by),
        ("verify 20", Some(4), RefusedBy::Server)
    );
    assert_eq!(
        answer.root_cause.as_ref().unwrap().fault,
        "client-unknown-ca"
    );
    assert!(answer.root_cause.unwrap().why.contains("line 4"));
    assert!(
        answer
            .matches
            .iter()
            .skip(1)
            .all(|found| found.telling <= Specificity::Ending)
    );
}

/// S1 of the surprises: a client that lost the alert prints only that the connection broke.
#[test]
fn what_only_says_that_a_connection_broke_offers_the_refused_certificate() {
    let answer = log(&[
        "*  SSL certificate verify ok.",
        "* Send failure: Broken pipe",
        "curl: (55) Send failure: Broken pipe",
    ]);
    let first = &answer.matches[0];
    assert_eq!(first.refused_by, RefusedBy::Server);
    assert!(
        first.causes[..2]
            .iter()
            .any(|cause| cause.fault == "client-unknown-ca")
    );
}

/// The same words with other hosts, times, wrappers and older versions around them.
#[test]
fn what_stands_around_does_not_matter() {
    for (text, id) in [
        (
            "level=error ts=2027-01-01T00:00:00Z caller=server.go:3095 msg=\"http: TLS handshake error from [2001:db8::1]:51234: tls: failed to verify client's certificate: x509: certificate signed by unknown authority\"",
            "x509 unknown authority",
        ),
        (
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: x509: certificate signed by unknown authority\"",
            "x509 unknown authority",
        ),
        (
            "2019/01/01 00:00:00 [info] 7#7: *1 client SSL certificate verify error: (18:self signed certificate) while reading client request headers, client: 10.1.1.1",
            "verify 18",
        ),
        (
            "SSL_do_handshake() failed (SSL: error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 1.2.3.4",
            "alert 48",
        ),
        (
            "java.lang.RuntimeException: javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
            "java: unable to find valid certification path to requested target",
        ),
        (
            "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_certificate_has_expired",
            "verify 10",
        ),
        (
            "{\"level\":\"error\",\"err\":\"remote error: tls: expired certificate\"}",
            "alert 45",
        ),
        (
            "requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate in certificate chain (_ssl.c:1123)",
            "verify 19",
        ),
    ] {
        let answer = query(dictionary(), text);
        assert!(answer.known, "{text}");
        assert_eq!(answer.matches[0].id, id, "{text}");
    }
}

/// A hostile log: control characters, invalid UTF-8, a line without an end.
#[test]
fn a_hostile_log_is_shown_harmless() {
    let mut log = Log::new(dictionary());
    log.line(b"\x1b[31mtlsv1 alert unknown ca\x1b[0m\xff\xfe\r");
    log.line(&[b'a'; 300_000]);
    log.line(b"");
    let answer = log.finish();
    assert!(answer.known);
    assert!(
        !answer.matches[0].text.contains('\u{1b}'),
        "{}",
        answer.matches[0].text
    );
    assert!(answer.matches[0].text.chars().count() < 400);
}

/// A server's log is of as many clients as called it: each failure with its connections, its own
/// line and its own cause, and no root where none explains the rest.
#[test]
fn a_log_of_many_connections_is_a_table() {
    let refused = |number: usize, code: &str| {
        format!(
            "2026/11/29 10:00:00 [info] 7#7: *{number} client SSL certificate verify error: ({code}) while reading client request headers, client: 192.0.2.{}, server: hook",
            number % 9
        )
    };
    let bare = |number: usize| {
        format!(
            "2026/11/29 10:00:01 [info] 7#7: *{number} client sent no required SSL certificate while reading client request headers, client: 198.51.100.7, server: hook"
        )
    };
    let mut lines: Vec<String> = (1..=6).map(bare).collect();
    for number in 7..=51 {
        lines.push(refused(number, "20:unable to get local issuer certificate"));
        lines.push("192.0.2.1 - - \"POST /hook HTTP/1.1\" 200 12".to_owned());
    }
    lines.push(refused(52, "10:certificate has expired"));
    let refs: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answer = log(&refs);
    let rows: Vec<(&str, u64, u64, u64)> = answer
        .failures
        .iter()
        .map(|row| (row.fault, row.connections, row.addresses, row.line))
        .collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0], ("client-unknown-ca", 45, 9, 7));
    assert_eq!(rows[1], ("client-cert-not-sent", 6, 1, 1));
    assert_eq!((rows[2].0, rows[2].1), ("client-expired", 1));
    let root = answer.root_cause.unwrap();
    assert_eq!(root.fault, "client-unknown-ca");
    assert!(root.text.contains("(20:unable"), "{}", root.text);
    assert_eq!(answer.known_lines, 52);
    assert_eq!(answer.lines, lines.len() as u64);

    // As many of each: none explains the rest.
    let mut even: Vec<String> = (1..=5).map(bare).collect();
    even.extend((6..=10).map(|number| refused(number, "10:certificate has expired")));
    let refs: Vec<&str> = even.iter().map(String::as_str).collect();
    let answer = log(&refs);
    assert_eq!((answer.failures.len(), answer.root_cause), (2, None));
}

/// Who printed a line is read from it, from the lines around it, and through what a logger escaped.
#[test]
fn the_direction_is_read_wherever_it_is() {
    for (lines, side, fault) in [
        (
            &[
                "level=error msg=\"Post \\\"https://hook.test/\\\": remote error: tls: bad certificate\"",
            ][..],
            Side::Client,
            "client-cert-not-sent",
        ),
        (
            &["http: TLS handshake error from 192.0.2.1:4: remote error: tls: bad certificate"][..],
            Side::Server,
            "client-rejects-server-cert-unknown-ca",
        ),
        (
            &[
                "npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",
                "self signed certificate in certificate chain",
            ][..],
            Side::Client,
            "server-unknown-ca",
        ),
        (
            &[
                "2026-11-29 10:00:00 [notice] TLS server: In state certify received CLIENT ALERT: Fatal - Unknown CA",
            ][..],
            Side::Server,
            "client-rejects-server-cert-unknown-ca",
        ),
    ] {
        let answer = log(lines);
        let first = &answer.matches[0];
        assert_eq!(first.printed_by, Some(side), "{lines:?}");
        assert!(first.printed_because.is_some(), "{lines:?}");
        assert_eq!(answer.root_cause.unwrap().fault, fault, "{lines:?}");
    }
}

/// What a terminal or an editor wrapped in the midst of a message is read as it was.
#[test]
fn a_message_may_be_wrapped() {
    let answer = log(&[
        "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in",
        "certificate chain (_ssl.c:1000)')",
    ]);
    assert_eq!(
        (answer.matches[0].id.as_str(), answer.matches[0].line),
        ("verify 19", Some(1))
    );
}

/// A line asked about and a log of that line say the same.
#[test]
fn a_question_and_a_log_of_it_agree() {
    for line in [
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48)",
        "Failed to call webhook: DEADLINE_EXCEEDED",
        "No responses defined for platform: DIALOGFLOW_CONSOLE",
        "State: URL_UNREACHABLE, Reason: UNREACHABLE_TLS",
    ] {
        let (asked, read) = (query(dictionary(), line), log(&[line]));
        assert!(asked.known, "{line}");
        let first = |answer: &Explanation| {
            answer.matches[0]
                .causes
                .iter()
                .map(|cause| cause.fault)
                .collect::<Vec<_>>()
        };
        assert_eq!(first(&asked), first(&read), "{line}");
    }
}

/// A fault's id is a question too, and is answered with what stacks print for it.
#[test]
fn a_fault_is_a_question_too() {
    let answer = query(dictionary(), "client-expired");
    assert_eq!(answer.fault.unwrap().id, "client-expired");
    let printed = &answer.matches[0].printed_as;
    assert!(
        printed
            .iter()
            .any(|printed| printed.text == "certificate has expired"),
        "{printed:#?}"
    );
}

/// Node names no address where the connection is already gone; Python's traces name theirs lines
/// above the reason.
#[test]
fn what_names_no_connection_is_counted_apart_and_a_trace_has_its_heading() {
    let refused = |port: u16| {
        format!(
            "2026-11-30T02:40:29Z tlsClientError 127.0.0.1:{port} [Error: error:0A0000C7:SSL routines::peer did not return a certificate:"
        )
    };
    let (first, second) = (refused(4000), refused(4001));
    let gone = "2026-11-30T02:40:30Z tlsClientError undefined:undefined Error: socket hang up";
    let mut lines = vec![first.as_str(), second.as_str()];
    for _ in 0..4 {
        lines.extend(["x", "y", "z", "u", gone]);
    }
    let said = log(&lines);
    assert_eq!(said.failures.len(), 1, "{said:#?}");
    assert_eq!(said.failures[0].connections, 2);
    let told: Vec<(u64, u64)> = said
        .unnamed
        .iter()
        .map(|one| (one.lines, one.line))
        .collect();
    assert_eq!(told, [(4, 7)]);

    let trace = |port: u16, why: &str| {
        format!(
            "Exception occurred during processing of request from ('192.0.2.1', {port})
Traceback (most recent call last):
  File \"a.py\", line 1, in a
    self.b()
  File \"a.py\", line 2, in b
    self.c()
  File \"ssl.py\", line 1167, in read
    return self._sslobj.read(len, buffer)
ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {why} (_ssl.c:2580)
----------------------------------------"
        )
    };
    let text = [
        trace(4000, "certificate has expired"),
        trace(4001, "certificate has expired"),
        trace(4002, "self-signed certificate"),
    ]
    .join("\n");
    let faults = |text: &str| {
        let said = log(&text.lines().collect::<Vec<_>>());
        assert!(said.unnamed.is_empty(), "{:#?}", said.unnamed);
        said.failures
            .iter()
            .map(|row| (row.fault, row.connections))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        faults(&text),
        [("client-expired", 2), ("client-self-signed", 1)]
    );

    // Twenty threads write a line each in turn, two of them traces that tell nothing of TLS, and
    // some line breaks come late.
    let traces: Vec<String> = (0..20)
        .map(|n| match n {
            3 | 11 => trace(4000 + n, "").replace(
                "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:  (_ssl.c:2580)",
                "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff",
            ),
            _ if n % 2 == 0 => trace(4000 + n, "certificate has expired"),
            _ => trace(4000 + n, "self-signed certificate"),
        })
        .collect();
    let mut woven = String::new();
    for at in 0..traces[0].lines().count() {
        for lines in &traces {
            woven.extend(lines.lines().nth(at));
            woven.push('\n');
        }
    }
    let woven = woven.replacen("----\n---", "-------", 3);
    assert_eq!(
        faults(&woven),
        [("client-expired", 10), ("client-self-signed", 8)]
    );
    let torn = format!("{}{}", "-".repeat(40), text);
    assert_eq!(
        faults(&torn),
        [("client-expired", 2), ("client-self-signed", 1)]
    );
}
