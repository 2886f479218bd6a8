//! What guards an address by another name than the certificate's: followed, or said not to be.

use super::one;
use crate::facts::{Admitted, Site};
use crate::outlook::admission::{Caller, admit};

const NGINX: &str = "listen 443 ssl; ssl_certificate a; ssl_certificate_key b; \
    ssl_client_certificate c; ssl_verify_client optional;";

fn nginx(outside: &str, inside: &str) -> Site {
    one(
        "nginx.conf",
        &format!("{outside}\nserver {{ {NGINX} {inside} }}\n"),
    )
}

/// What becomes of a client without a certificate.
fn without(site: &Site) -> Admitted {
    admit(site, &Caller::default()).outcome
}

#[test]
fn aliases_and_flags_of_nginx_are_followed() {
    const MAP: &str = "map $ssl_client_verify $ok { default 0; SUCCESS 1; }";
    let refused = "{ return 403; }";
    for (outside, inside) in [
        (
            "",
            format!("set $v $ssl_client_verify; if ($v != SUCCESS) {refused}"),
        ),
        (
            "",
            format!("set $w $ssl_client_verify; set $v ${{w}}; if ($v != SUCCESS) {refused}"),
        ),
        (MAP, format!("set $v $ok; if ($v = 0) {refused}")),
        (
            MAP,
            format!("location / {{ if ($ok = 0) {refused} proxy_pass http://x; }}"),
        ),
        (
            "",
            format!(
                "set $no 0; if ($ssl_client_verify != SUCCESS) {{ set $no 1; }} if ($no) {refused}"
            ),
        ),
        (
            "",
            format!(
                "set $ok 0; if ($ssl_client_verify = SUCCESS) {{ set $ok 1; }} if ($ok = 0) {refused}"
            ),
        ),
        (
            "map $v $ok { default 0; SUCCESS 1; }",
            format!("set $v $ssl_client_verify; if ($ok = 0) {refused}"),
        ),
    ] {
        let site = nginx(outside, &inside);
        assert_eq!(without(&site), Admitted::Rejected, "{inside}: {site:#?}");
    }
}

#[test]
fn what_is_not_followed_in_nginx_is_not_known() {
    let refused = "{ return 403; }";
    for (outside, inside) in [
        // An exemption after the flag, and before.
        (
            "",
            format!(
                "set $no 0; if ($ssl_client_verify != SUCCESS) {{ set $no 1; }} if ($uri = /h) {{ set $no 0; }} if ($no = 1) {refused}"
            ),
        ),
        // Set after it is asked.
        (
            "",
            format!("if ($v != SUCCESS) {refused} set $v $ssl_client_verify;"),
        ),
        (
            "",
            format!("set $v a$ssl_client_verify; if ($v != aSUCCESS) {refused}"),
        ),
        (
            "",
            format!(
                "location /a {{ set $v $ssl_client_verify; }} location / {{ if ($v != SUCCESS) {refused} }}"
            ),
        ),
        // Made by a program, or in a file that was not read.
        ("js_set $ok main.check;", format!("if ($ok != 1) {refused}")),
        ("", format!("if ($client_ok = 0) {refused}")),
    ] {
        let site = nginx(outside, &inside);
        assert_eq!(without(&site), Admitted::Unknown, "{inside}: {site:#?}");
    }
    // What has nothing to do with the certificate guards nothing.
    for (outside, inside) in [
        ("", "if ($request_method != POST) { return 405; }"),
        ("", "set $v $host; if ($v != a) { return 404; }"),
        (
            "map $http_x $bad { default 0; a 1; }",
            "if ($bad) { return 403; }",
        ),
        (
            "",
            "if ($host ~ ^(?<name>a)) { set $b $name; } if ($name = a) { return 403; }",
        ),
    ] {
        let site = nginx(outside, inside);
        assert_eq!(without(&site), Admitted::Accepted, "{inside}: {site:#?}");
    }
}

#[test]
fn guards_by_another_name_elsewhere_are_not_known() {
    let apache = |inside: &str| {
        let text = format!(
            "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a\nSSLCACertificateFile c\n\
             SSLVerifyClient optional\n{inside}\n</VirtualHost>\n"
        );
        without(&one("httpd.conf", &text))
    };
    for inside in [
        "SetEnvIfExpr \"%{SSL_CLIENT_VERIFY} == 'SUCCESS'\" ok\n<Location />\nRequire env ok\n</Location>",
        "SSLUserName SSL_CLIENT_S_DN_CN\n<Location />\nRequire user alice\n</Location>",
    ] {
        assert_eq!(apache(inside), Admitted::Unknown, "{inside}");
    }
    for inside in [
        "Header set X-Verify \"%{SSL_CLIENT_VERIFY}s\"",
        "CustomLog log \"%{SSL_CLIENT_S_DN}x\"",
        "<Location />\nRequire all granted\n</Location>",
    ] {
        assert_eq!(apache(inside), Admitted::Accepted, "{inside}");
    }
    let haproxy = |rules: &str| {
        let text = format!("frontend f\n  bind :443 ssl crt a ca-file c verify optional\n{rules}");
        without(&one("haproxy.cfg", &text))
    };
    let sent = "  http-request set-header X-Verify %[ssl_c_verify]\n";
    let by_header = format!("{sent}  http-request deny unless {{ req.hdr(x-verify) -m str 0 }}\n");
    assert_eq!(haproxy(&by_header), Admitted::Unknown);
    let variable = "  http-request set-var(txn.ok) ssl_c_used\n  http-request deny unless { var(txn.ok) -m bool }\n";
    assert_eq!(haproxy(variable), Admitted::Unknown);
    assert_eq!(
        haproxy("  acl has ssl_c_used\n  http-request deny unless has\n"),
        Admitted::Rejected
    );
    let other = format!("{sent}  http-request deny if {{ req.hdr(x-other) -m str 0 }}\n");
    assert_eq!(haproxy(&other), Admitted::Accepted);
    let envoy = |filter: &str| {
        let text = format!(
            "static_resources:\n  listeners:\n  - name: l\n    filter_chains:\n    - filters:\n      - name: hcm\n        typed_config:\n          http_filters:\n          - {filter}\n      transport_socket:\n        typed_config:\n          common_tls_context:\n            validation_context: {{trusted_ca: {{filename: c}}}}\n"
        );
        without(&one("envoy.yaml", &text))
    };
    let types = "type.googleapis.com/envoy.extensions.filters.http";
    for filter in [
        format!("{{name: access, typed_config: {{'@type': {types}.rbac.v3.RBAC}}}}"),
        "{name: envoy.filters.http.ext_authz}".to_owned(),
    ] {
        assert_eq!(envoy(&filter), Admitted::Unknown, "{filter}");
    }
    let router = format!("{{name: r, typed_config: {{'@type': {types}.router.v3.Router}}}}");
    assert_eq!(envoy(&router), Admitted::Accepted);
}

#[test]
fn a_condition_of_the_only_location_that_serves_is_one_of_the_server() {
    let guarded =
        "location /api { if ($ssl_client_s_dn !~ CN=x) { return 403; } proxy_pass http://x; }";
    for closed in [
        "location / { return 404; }",
        "location / { deny all; }",
        "location / { return 301 https://other.example/; }",
        "location / { access_log off; return 404; } location = /old { return 410; }",
    ] {
        let site = nginx("", &format!("{guarded} {closed}"));
        assert_eq!((site.pins.len(), site.partly.len()), (1, 0), "{closed}");
        assert_eq!(without(&site), Admitted::Rejected, "{closed}");
    }
    for open in [
        "location / { proxy_pass http://x; }",
        "location / { return 200 ok; }",
        "location / { if ($arg_x) { return 403; } proxy_pass http://x; }",
        "location / { try_files $uri @x; return 404; }",
        "location / { return 404; } location /b { proxy_pass http://x; }",
        "location / { return 418; } error_page 418 = @app; location @app { proxy_pass http://x; }",
        "error_page 403 = @app; location / { deny all; } location @app { proxy_pass http://x; }",
        "",
    ] {
        let site = nginx("", &format!("{guarded} {open}"));
        assert_eq!((site.pins.len(), site.partly.len()), (0, 1), "{open}");
    }
}

#[test]
fn what_is_only_said_in_an_answer_decides_nothing() {
    for harmless in [
        "location / { return 200 $ssl_client_s_dn; }",
        "location / { proxy_set_body $ssl_client_serial; proxy_pass http://x; }",
    ] {
        let site = nginx("", harmless);
        assert!(site.not_understood.is_empty(), "{harmless}: {site:#?}");
    }
    let decides = "map $ssl_client_verify $code { default 403; SUCCESS 200; }";
    let site = nginx(decides, "location / { return $code; }");
    assert_eq!(site.not_understood.len(), 1, "{site:#?}");
}
