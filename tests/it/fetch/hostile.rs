//! Servers that mean harm, or are broken.

use std::time::{Duration, Instant};

use super::{ca::Ca, document, fetched, leaf, lint, web::Reply};

const BOTH: &str = "OCSP;URI:WEB/ocsp\ncrlDistributionPoints=URI:WEB/list.crl";

#[test]
fn bodies_without_an_end_and_of_ten_megabytes_end_with_a_reason() {
    let Some(ca) = Ca::new(BOTH) else { return };
    let words = ["--cert", &ca.path("leaf"), "--cacert", &ca.path("root")];
    let problem = |number: usize| {
        let (seen, exit) = document(&words);
        assert_eq!(exit, 1, "{seen:#}");
        let requests = fetched(&seen)["requests"].as_array().unwrap();
        requests[number]["problem"].as_str().unwrap().to_owned()
    };
    for reply in [Reply::Endless, Reply::Bytes(vec![0x30; 10_000_000])] {
        ca.web.set("/issuing.der", reply);
        assert_eq!(problem(0), "more than 262144 bytes");
    }
    ca.web
        .set("/issuing.der", Reply::Bytes(vec![0xff; 200_000]));
    assert!(problem(0).starts_with("expected a certificate, found"));
    ca.web.set("/issuing.der", Reply::CutOff);
    assert!(problem(0).starts_with("no answer: "), "{}", problem(0));
    ca.publish("issuing");
    for reply in [Reply::Endless, Reply::Bytes(vec![0x30; 10_000_000])] {
        ca.web.set("/ocsp", reply.clone());
        ca.web.set("/list.crl", reply);
        assert_eq!(problem(1), "more than 65536 bytes");
        assert_eq!(problem(2), "more than 8388608 bytes");
    }
    ca.web.set("/ocsp", Reply::Moved("/ocsp".to_owned()));
    ca.web
        .set("/list.crl", Reply::Moved("/list.crl".to_owned()));
    assert_eq!(problem(1), "expected status 200, found 302");
    assert!(problem(2).starts_with("more than 3 redirects"));
}

/// 10 MB of certificates by their look: nothing of it is the issuer, and it is not read whole.
#[test]
fn a_heap_of_certificates_is_looked_through_up_to_a_bound() {
    let Some(ca) = Ca::new("") else { return };
    let heap = ca.read("root.crt").repeat(300);
    assert!(heap.len() < 262_144 && heap.len() > 150_000);
    ca.web
        .bytes("/issuing.der", [heap, ca.read("issuing.crt")].concat());
    let (seen, _) = document(&["--cert", &ca.path("leaf"), "--cacert", &ca.path("root")]);
    let why = fetched(&seen)["requests"][0]["problem"].as_str().unwrap();
    assert!(why.starts_with("none of the 301 certificates"), "{why}");
}

#[test]
fn silence_and_dripping_end_in_time() {
    let Some(ca) = Ca::new(BOTH) else { return };
    ca.web.set("/ocsp", Reply::Silent);
    ca.web.set("/list.crl", Reply::Drips);
    let started = Instant::now();
    let (seen, exit) = document(&["--cert", &ca.chain(), "--cacert", &ca.path("root")]);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(19), "{took:?}");
    let why = leaf(&seen)["problem"].as_str().unwrap();
    assert_eq!(
        why.matches("no complete answer within 5s").count(),
        2,
        "{why}"
    );
    assert_eq!((seen["verdict"].as_str(), exit), (Some("unknown"), 1));
}

/// The addresses of a certificate are its maker's text.
#[test]
fn an_address_does_nothing_to_a_terminal() {
    let Some(ca) = Ca::new("") else { return };
    let url = format!("{}\\033]0;title\\007", ca.web.url("/x"));
    let url = url.replace("\\033", "\u{1b}").replace("\\007", "\u{7}");
    ca.forge.make(
        "odd",
        "/CN=localhost",
        "issuing",
        &format!("authorityInfoAccess=caIssuers;URI:{url}\n"),
        "",
    );
    for words in [
        &["--cert", &ca.path("odd")][..],
        &["-v", "--cert", &ca.path("odd")],
    ] {
        let said = lint(words).said();
        assert!(
            !said.contains('\u{1b}') && !said.contains('\u{7}'),
            "{said:?}"
        );
    }
}
