//! Records and what was known beside them, against the steps they come to.

use super::*;
use crate::{facts::Phase, net::ending};

fn noted(at_ms: f64, read: bool, content: Content, bytes: u64) -> Noted {
    Noted {
        at_ms,
        read,
        content,
        bytes,
    }
}

fn told(us: Side) -> Told<'static> {
    Told {
        us,
        handshake_ms: Some(5.0),
        asked: Some(true),
        server_certificates: Some(2),
        client_certificates: Some(2),
        request: Some(Exchanged {
            what: "POST /hook".to_owned(),
            at_ms: 6.0,
        }),
        answer: Some(Exchanged {
            what: "HTTP/1.1 200".to_owned(),
            at_ms: match us {
                Side::Client => 8.0,
                Side::Server => 5.9,
            },
        }),
        ending: None,
        end_ms: Some(9.0),
    }
}

fn line(step: &Step) -> String {
    let from = step.from.map_or("-", |from| match from {
        Side::Client => ">",
        Side::Server => "<",
    });
    let fault = if step.fault { " !" } else { "" };
    format!("{from} {}{fault}", step.messages.join(" "))
}

fn lines(records: &[Noted], told: &Told<'_>) -> Vec<String> {
    steps(records, told).iter().map(line).collect()
}

fn tls13() -> Vec<Noted> {
    vec![
        noted(1.0, false, Content::Handshake(1), 300),
        noted(2.0, true, Content::Handshake(2), 122),
        noted(2.0, true, Content::ChangeCipherSpec, 6),
        noted(2.0, true, Content::Data, 40),
        noted(2.0, true, Content::Data, 2000),
        noted(4.9, false, Content::ChangeCipherSpec, 6),
        noted(4.9, false, Content::Data, 1900),
        noted(5.2, false, Content::Data, 900),
        noted(7.0, true, Content::Data, 24),
    ]
}

#[test]
fn encrypted_flights_are_named_by_what_was_handled() {
    let wanted = [
        "> ClientHello",
        "< ServerHello",
        "< EncryptedExtensions CertificateRequest Certificate (2) CertificateVerify Finished",
        "> Certificate (2) CertificateVerify Finished",
        "> POST /hook",
        "< HTTP/1.1 200",
    ];
    assert_eq!(lines(&tls13(), &told(Side::Client)), wanted);
    let bytes: Vec<u64> = steps(&tls13(), &told(Side::Client))
        .iter()
        .map(|step| step.bytes)
        .collect();
    assert_eq!(bytes, [300, 122, 2040, 1900, 900, 24]);
}

#[test]
fn a_request_that_came_with_the_finished_is_told_with_it() {
    let records = [
        noted(1.0, true, Content::Handshake(1), 300),
        noted(2.0, false, Content::Handshake(2), 122),
        noted(2.0, false, Content::Data, 2000),
        noted(4.0, true, Content::Data, 1900),
        noted(4.0, true, Content::Data, 900),
        noted(6.0, false, Content::Data, 450),
        noted(7.0, true, Content::Data, 24),
    ];
    let wanted = [
        "> Certificate (2) CertificateVerify Finished POST /hook",
        "< HTTP/1.1 200",
        "> an alert, by its length",
    ];
    assert_eq!(lines(&records, &told(Side::Server))[3..], wanted);
}

#[test]
fn a_late_alert_stands_where_an_answer_would() {
    let late = Ending {
        alert: Some(ending::alert(116)),
        ..ending::plain(EndingKind::PeerAlert, Phase::Http, Some(Party::Peer), "")
    };
    let told = Told {
        client_certificates: Some(0),
        answer: None,
        ending: Some(&late),
        ..told(Side::Client)
    };
    let lines = lines(&tls13(), &told);
    assert_eq!(lines[3], "> Certificate (empty) Finished");
    assert_eq!(lines[5], "< alert 116 certificate_required !");
}

#[test]
fn tickets_and_settings_are_no_answer() {
    let mut records = tls13();
    // Two tickets at once, the answer a second later.
    records.insert(8, noted(5.4, true, Content::Data, 500));
    records.truncate(9);
    records.push(noted(1005.0, true, Content::Data, 450));
    let told = Told {
        answer: Some(Exchanged {
            what: "HTTP/1.1 200".to_owned(),
            at_ms: 1005.2,
        }),
        ..told(Side::Client)
    };
    assert_eq!(
        lines(&records, &told)[4..],
        ["> POST /hook", "< ", "< HTTP/1.1 200"]
    );
    assert_eq!(steps(&records, &told)[6].at_ms, 1005.0);
}

#[test]
fn a_request_that_did_not_go_out_is_not_named() {
    let closed = ending::plain(EndingKind::Closed, Phase::Http, Some(Party::Peer), "");
    let told = Told {
        request: None,
        answer: None,
        ending: Some(&closed),
        ..told(Side::Client)
    };
    let lines = lines(&tls13()[..7], &told);
    assert_eq!(
        lines[3..],
        [
            "> Certificate (2) CertificateVerify Finished",
            "< connection closed without a TLS alert !"
        ]
    );
}

#[test]
fn a_renegotiation_is_no_finished_and_a_hidden_alert_has_no_name() {
    let records = [
        noted(1.0, false, Content::Handshake(1), 200),
        noted(2.0, true, Content::Handshake(2), 80),
        noted(2.0, true, Content::Handshake(11), 900),
        noted(3.0, false, Content::ChangeCipherSpec, 6),
        noted(3.0, false, Content::EncryptedHandshake, 45),
        noted(4.0, true, Content::ChangeCipherSpec, 6),
        noted(4.0, true, Content::EncryptedHandshake, 45),
        noted(9.0, true, Content::EncryptedHandshake, 33),
        noted(9.1, false, Content::EncryptedAlert, 31),
    ];
    let told = Told {
        request: None,
        answer: None,
        ..told(Side::Client)
    };
    let lines = lines(&records, &told);
    assert_eq!(
        lines[3..],
        [
            "> Finished",
            "< ChangeCipherSpec",
            "< Finished",
            "< a handshake message",
            "> an alert"
        ]
    );
}

#[test]
fn what_did_not_come_is_not_named() {
    let closed = ending::plain(EndingKind::Closed, Phase::Handshake, Some(Party::Peer), "");
    let told = Told {
        handshake_ms: None,
        asked: None,
        server_certificates: None,
        client_certificates: None,
        request: None,
        answer: None,
        ending: Some(&closed),
        ..told(Side::Client)
    };
    let wanted = [
        "> ClientHello",
        "< ServerHello",
        "< ",
        "< connection closed without a TLS alert !",
    ];
    assert_eq!(lines(&tls13()[..4], &told), wanted);
    assert_eq!(
        lines(&tls13()[..1], &told),
        ["> ClientHello", "< connection closed without a TLS alert !"]
    );
}

#[test]
fn tls_1_2_needs_no_telling() {
    let records = [
        noted(1.0, true, Content::Handshake(1), 200),
        noted(2.0, false, Content::Handshake(2), 80),
        noted(2.0, false, Content::Handshake(11), 1500),
        noted(2.0, false, Content::Handshake(14), 4),
        noted(3.0, true, Content::Handshake(11), 7),
        noted(3.0, true, Content::ChangeCipherSpec, 6),
        noted(3.0, true, Content::EncryptedHandshake, 45),
        noted(3.1, false, Content::Alert(42), 7),
    ];
    let refused = Ending {
        alert: Some(ending::alert(42)),
        ..ending::plain(EndingKind::Refused, Phase::Handshake, Some(Party::Us), "")
    };
    let told = Told {
        handshake_ms: None,
        ending: Some(&refused),
        ..told(Side::Server)
    };
    let wanted = [
        "> ClientHello",
        "< ServerHello Certificate ServerHelloDone",
        "> Certificate ChangeCipherSpec",
        "> Finished",
        "< alert 42 bad_certificate !",
    ];
    assert_eq!(lines(&records, &told), wanted);
}

#[test]
fn a_client_that_refuses_us_says_nothing_but_its_alert() {
    let records = [
        noted(1.0, true, Content::Handshake(1), 200),
        noted(2.0, false, Content::Handshake(2), 80),
        noted(2.0, false, Content::Data, 2000),
        noted(3.0, true, Content::Data, 24),
    ];
    let refused = Ending {
        alert: Some(ending::alert(48)),
        ..ending::plain(
            EndingKind::PeerAlert,
            Phase::Handshake,
            Some(Party::Peer),
            "",
        )
    };
    let told = Told {
        handshake_ms: None,
        client_certificates: None,
        ending: Some(&refused),
        ..told(Side::Server)
    };
    assert_eq!(lines(&records, &told)[3], "> alert 48 unknown_ca !");
}
