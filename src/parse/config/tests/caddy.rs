//! Caddy: snippets, matchers and handle blocks.

use super::{files, one, read, wanted};
use crate::facts::{Comparison, NotUnderstood};

pub(super) const CADDY: &str = r#"
{
    admin off
}
(mutual) {
    client_auth {
        mode {args[0]}
        trust_pool file {
            pem_file /etc/ssl/clients.pem
        }
    }
}
hook.example, www.hook.example {
    tls /etc/ssl/full.pem /etc/ssl/key.pem {
        import mutual require_and_verify
        protocols tls1.3
    }
    @stranger expression {tls_client_subject} != "CN=one"
    respond @stranger 403
    reverse_proxy localhost:8080 {
        header_up X-Subject {tls_client_subject}
    }
}
http://plain.example {
    respond 200
}
"#;

#[test]
fn caddy_reads_snippets_and_matchers() {
    let site = one("Caddyfile", CADDY);
    assert_eq!(site.name, "hook.example www.hook.example");
    assert_eq!(files(&site.client_ca), ["/etc/ssl/clients.pem"]);
    assert_eq!(site.mode(), wanted(&["on"]));
    assert_eq!(site.versions.as_ref().unwrap().value, [0x0304]);
    assert_eq!(
        (
            site.pins[0].value.values[0].as_str(),
            site.pins[0].value.negated
        ),
        ("CN=one", false)
    );
    assert!(site.forwards[0].value.overwrites);
    let bare = one(
        "Caddyfile",
        "localhost:8443\ntls a.pem b.pem {\n client_auth {\n  trusted_ca_cert_file c.pem\n }\n}\nrespond ok\n",
    );
    assert_eq!(
        (bare.name.as_str(), bare.mode()),
        ("localhost:8443", wanted(&["on"]))
    );
}

#[test]
fn caddy_refuses_in_handle_blocks_too() {
    let text = "a.example {\n tls x y {\n client_auth {\n mode verify_if_given\n }\n }\n @no not expression `{tls_client_subject}.contains(\"CN=one\")`\n handle @no {\n respond 403\n }\n}\n";
    let site = one("Caddyfile", text);
    let pin = &site.pins[0].value;
    assert_eq!(
        (pin.comparison, pin.values[0].as_str(), pin.negated),
        (Comparison::Contains, "CN=one", false)
    );
}

fn auth(inner: &str) -> crate::facts::Site {
    one(
        "Caddyfile",
        &format!("a.example {{\n tls x y {{\n client_auth {{\n{inner}\n }}\n }}\n}}\n"),
    )
}

#[test]
fn caddy_holds_client_cas_itself() {
    let pem = b"-----BEGIN CERTIFICATE-----\nREVS\n-----END CERTIFICATE-----\n".to_vec();
    for inner in [
        "trust_pool inline {\n trust_der REVS\n }",
        "trusted_ca_cert REVS",
        "mode require_and_verify\n trusted_ca_cert REVS",
    ] {
        let site = auth(inner);
        assert_eq!(site.inline_ca.len(), 1, "{inner}");
        assert_eq!(site.inline_ca[0].1, pem, "{inner}");
        assert_eq!(site.mode(), wanted(&["on"]), "{inner}");
        assert!(site.not_understood.is_empty(), "{inner}");
    }
    let two = auth("trust_pool inline {\n trust_der REVS\n trust_der REVS\n }");
    assert_eq!(
        files(&two.client_ca),
        ["Caddyfile#trust_der", "Caddyfile#trust_der[2]"]
    );
    assert_eq!(auth("trusted_ca_cert ???").refused.len(), 1);
    let running = auth("trusted_ca_cert {$CA}");
    assert!(running.refused.is_empty() && running.authorities_unread());
    for list in [
        r#""trusted_ca_certs": ["REVS"]"#,
        r#""ca": {"provider": "inline", "trusted_ca_certs": ["REVS"]}"#,
    ] {
        let json = format!(
            r#"{{"apps": {{"http": {{"servers": {{"s": {{"listen": [":443"], "tls_connection_policies": [{{"client_authentication": {{{list}}}}}]}}}}}}}}}}"#
        );
        let site = one("caddy.json", &json);
        assert_eq!(site.inline_ca[0].1, pem, "{list}");
        assert_eq!(site.mode(), wanted(&["on"]), "{list}");
    }
}

#[test]
fn other_pools_of_caddy_are_not_known_and_decide_nothing_else() {
    for pool in [
        "system",
        "pki_root a",
        "combined {\n source file a\n }",
        "http x",
    ] {
        let required = auth(&format!("trust_pool {pool}"));
        assert_eq!(required.mode(), wanted(&["on"]), "{pool}");
        assert!(required.authorities_unread(), "{pool}");
        assert!(required.undecided().is_none(), "{pool}");
        let requested = auth(&format!("mode request\n trust_pool {pool}"));
        assert!(!requested.authorities_unread(), "{pool}");
        assert!(requested.undecided().is_none(), "{pool}");
    }
    let roots = auth("trust_pool system");
    assert_eq!(roots.not_understood[0].value, NotUnderstood::SystemRoots);
}

#[test]
fn caddy_refuses_modes_that_it_does_not_know() {
    let site = auth("mode require_and_verify_client_cert");
    assert_eq!(site.refused.len(), 1);
    assert!(site.mode_unread().is_some());
    let later = auth("mode {$MODE}");
    assert!(later.refused.is_empty() && later.mode_unread().is_some());
}

#[test]
fn sockets_of_caddy_are_told_apart() {
    let site = |name: &str, upstream: &str, auth: &str| {
        format!("{name} {{\n tls x y {{\n{auth} }}\n php_fastcgi {upstream}\n}}\n")
    };
    let strict = " client_auth {\n mode require_and_verify\n trusted_ca_cert_file c\n }\n";
    let doors = |own: &str, other: &str| {
        let text = site("a.example", own, strict) + &site("a.example:8443", other, "");
        read("Caddyfile", &text)[0].doors.len()
    };
    assert_eq!(doors("unix//run/a.sock", "unix//run/b.sock"), 0);
    assert_eq!(doors("unix//run/a.sock", "unix//run/a.sock"), 1);
    assert_eq!(doors("app:1", "tcp/app:1"), 1);
}
