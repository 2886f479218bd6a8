//! HAProxy: binds and rules.

use super::{files, one, wanted};

pub(super) const HAPROXY: &str = r"
global
    ca-base /etc/ssl
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
frontend web
    bind :443 ssl crt /etc/ssl/both.pem ca-file clients.pem verify optional crl-file revoked.pem # public
    acl known ssl_c_s_dn(cn) -m str one two
    acl verified ssl_c_verify 0
    http-request deny unless known
    http-request deny if !verified
    http-request add-header X-Subject %[ssl_c_s_dn]
    use_backend app
frontend plain
    bind :80
";

#[test]
fn haproxy_reads_binds_and_rules() {
    let site = one("haproxy.cfg", HAPROXY);
    assert_eq!(files(&site.client_ca), ["/etc/ssl/clients.pem"]);
    assert_eq!(files(&site.crl), ["/etc/ssl/revoked.pem"]);
    assert_eq!(site.mode(), wanted(&["optional"]));
    assert_eq!(site.versions.as_ref().unwrap().value, [0x0303, 0x0304]);
    assert_eq!(site.pins[0].value.values, ["one", "two"]);
    assert!(site.verified_later());
    assert!(!site.forwards[0].value.overwrites);
    for (rule, negated) in [
        ("deny if { ssl_c_s_dn(cn) one }", true),
        ("deny if !{ ssl_c_s_dn(cn) one }", false),
        (
            "deny unless { ssl_c_s_dn(cn) one } or { ssl_c_s_dn(cn) two }",
            false,
        ),
    ] {
        let site = one(
            "haproxy.cfg",
            &format!(
                "frontend a\n mode http\n bind :1 ssl crt x verify required\n http-request {rule}\n"
            ),
        );
        assert_eq!(
            site.pins.first().map(|pin| pin.value.negated),
            Some(negated),
            "{rule}: {site:#?}"
        );
    }
    let both = one(
        "haproxy.cfg",
        "frontend a\n mode http\n bind :1 ssl crt x\n http-request deny if { ssl_c_used } { src 10.0.0.0/8 }\n",
    );
    assert!(both.pins.is_empty() && both.partly.len() == 1);
}

/// Started with 2.6.12: without a certificate both answer 200.
#[test]
fn an_address_without_tls_and_a_verify_taken_back_are_seen() {
    let beside = |more: &str| {
        let text = format!(
            "frontend f\n  bind :443 ssl crt a.pem ca-file c.pem verify required\n  bind :80\n{more}"
        );
        one("haproxy.cfg", &text)
    };
    let site = beside("");
    assert_eq!(site.doors.len(), 1);
    assert_eq!(site.doors[0].value.address, ":80");
    assert!(
        beside("  redirect scheme https if !{ ssl_fc }\n")
            .doors
            .is_empty()
    );
    let text = "frontend f\n  bind :443 ssl crt a.pem ca-file c.pem verify required verify none\n";
    assert!(!one("haproxy.cfg", text).mode().asks);
}
