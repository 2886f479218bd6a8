//! Whom a client has to be: `--allow-cn` and the like.

use super::as_valid;
use crate::support::{Pki, mtls, run};

#[test]
fn a_client_that_is_somebody_else_is_an_error() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    as_valid(&pki, &listen);
    let seen = listen.finish();
    let leaf = &seen.connection()["client_chain"][0];
    let subject = leaf["subject"].as_str().unwrap();
    let name = subject.rsplit_once("CN = ").unwrap().1.to_owned();
    let spki = leaf["spki_sha256"].as_str().unwrap().to_owned();
    for (flags, found) in [
        (&["--allow-cn", &name][..], false),
        (&["--allow-cn", "somebody else"], true),
        (
            &["--allow-cn", "somebody else", "--allow-spki", &spki],
            false,
        ),
        (&["--allow-dns", "hook.example"], true),
        (&["--allow-ou", "Webhooks"], true),
        (&["--allow-uri", "spiffe://example.org/**"], true),
    ] {
        let listen = pki.listen(flags);
        as_valid(&pki, &listen);
        let report = listen.finish();
        let findings = report.connection()["findings"].as_array().unwrap();
        let hit = findings.iter().any(|one| one["code"] == "MT446");
        assert_eq!(hit, found, "{flags:?}: {findings:?}");
        assert_eq!(report.code, Some(i32::from(found)), "{flags:?}");
    }
}

#[test]
fn an_expectation_that_cannot_be_met_is_refused() {
    for (flag, value, why) in [
        (
            "--allow-uri",
            "spiffe://Example.org/a",
            "not a SPIFFE ID: the trust domain",
        ),
        ("--allow-uri", "example.org", "not a URI"),
        ("--allow-spki", "abc", "64 hexadecimal digits"),
    ] {
        let seen = run(mtls().args(["listen", flag, value]), 20);
        assert_eq!(seen.code, Some(2), "{}", seen.said());
        assert!(seen.stderr.contains(why), "{}", seen.said());
    }
}
