//! Caddy: snippets, matchers and handle blocks.

use super::{files, one, wanted};
use crate::facts::Comparison;

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
