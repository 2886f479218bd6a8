//! What a server does not start with, and what only looks so.

use super::one;
use crate::facts::{Checks, Comparison, Pinned, Site};

fn nginx(inside: &str) -> Site {
    one(
        "nginx.conf",
        &format!("server {{ listen 443 ssl; ssl_certificate a; ssl_certificate_key b; {inside} }}"),
    )
}

fn apache(inside: &str) -> Site {
    one(
        "site.conf",
        &format!(
            "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a\nSSLCACertificateFile c\n{inside}\n</VirtualHost>"
        ),
    )
}

fn haproxy(bind: &str) -> Site {
    one(
        "haproxy.cfg",
        &format!("frontend a\n bind :1 ssl crt x ca-file c {bind}\n"),
    )
}

#[test]
fn nginx_refuses_what_stands_wrong_or_is_spelt_wrong() {
    let asks = "ssl_client_certificate c; ssl_verify_client on;";
    for refused in [
        "ssl_client_certificate c; ssl_client_verify on;",
        "ssl_client_certificate c; ssl_verify_clients on;",
        "ssl_client_certificate c; ssl_verify_client yes;",
        "ssl_client_certificate c; ssl_verify_client on\n location / { proxy_pass http://x; }",
        "ssl_client_certificate c\n ssl_verify_client on; location / { proxy_pass http://x; }",
        "ssl_client_certificate c; location / { ssl_verify_client on; }",
        "ssl_client_certificate c; ssl_verify_client on; location /health { ssl_verify_client off; }",
        "ssl_client_certificate c; ssl_verify_client on; location / { if ($x) { ssl_verify_depth 2; } }",
        "server_name a\n ssl_client_certificate c; ssl_verify_client on;",
    ] {
        assert!(!nginx(refused).refused.is_empty(), "{refused}");
    }
    for taken in [
        "",
        "server_name a\n b\n c;",
        "ssl_session_cache shared:SSL:1m; ssl_ecdh_curve auto; ssl_conf_command Options x;",
        "location / { proxy_ssl_verify on; proxy_ssl_certificate a; }",
        "ssl_certificate_by_lua_block { x = 1 }",
    ] {
        let site = nginx(&format!("{asks} {taken}"));
        assert!(site.refused.is_empty(), "{taken}: {:?}", site.refused);
    }
    // Somebody else's module may know it.
    let other = nginx(&format!("{asks} ssl_ntls on;"));
    assert!(other.refused.is_empty() && other.undecided().is_some());
}

#[test]
fn nginx_refuses_what_stands_in_the_wrong_block_or_twice() {
    let asks = "ssl_client_certificate c; ssl_verify_client optional;";
    let location = "location / { proxy_pass http://x; }";
    for refused in [
        "if ($ssl_client_verify != SUCCESS) { deny all; }",
        "location / { if ($ssl_client_verify != SUCCESS) { deny all; } proxy_pass http://x; }",
        "if ($ssl_client_verify != SUCCESS) { return 403 }",
        "map $ssl_client_verify $ok { default 0; SUCCESS 1; } if ($ok = 0) { return 403; }",
        "ssl_protocols TLSv1.2 TLS1.3;",
        "location / { proxy_pass 127.0.0.1:3000; }",
        &format!("{location} {location}"),
        &format!("{location} location ^~ / {{ return 404; }}"),
    ] {
        let site = nginx(&format!("{asks} {refused}"));
        assert!(!site.refused.is_empty(), "{refused}");
    }
    for taken in [
        "if ($a) { return 403; } deny all; location / { allow all; limit_except GET { deny all; } }",
        "ssl_protocols tlsv1.2 TLSv1.3; location = / { return 404; } location / { proxy_pass $x; }",
        "location ~ a { return 404; } location ~ a { return 404; }",
        "location / { if ($a) { proxy_pass http://x; } } location /a { proxy_pass HTTP://x; }",
    ] {
        let site = nginx(&format!("{asks} {taken}"));
        assert!(site.refused.is_empty(), "{taken}: {:?}", site.refused);
    }
    let stream = nginx(&format!("{asks} proxy_pass 127.0.0.1:1;"));
    assert!(stream.refused.is_empty(), "{:?}", stream.refused);
    let server = |rest: &str| format!("server {{ listen 1 ssl {rest}; ssl_certificate a; }}");
    let two = |first: &str, second: &str| {
        let sites = super::read("site.conf", &(server(first) + &server(second)));
        sites.iter().any(|site| !site.refused.is_empty())
    };
    assert!(two("default_server", "default_server") && !two("default_server", ""));
    let whole = |events: &str| {
        let text = format!("{events} http {{ {} }}", server(""));
        !one("nginx.conf", &text).refused.is_empty()
    };
    assert!(whole("") && !whole("events {}"));
}

#[test]
fn what_is_for_stapling_is_no_client_ca() {
    let stapling = nginx("ssl_stapling on; ssl_trusted_certificate chain.pem;");
    assert!(stapling.client_ca.is_empty() && stapling.undecided().is_none());
    let both = "ssl_client_certificate c; ssl_verify_client on; ssl_trusted_certificate d;";
    assert_eq!(nginx(both).client_ca.len(), 2);
    // Only newer versions start with it.
    let alone = nginx("ssl_trusted_certificate c; ssl_verify_client on;");
    assert!(alone.undecided().is_some());
}

#[test]
fn a_common_name_taken_by_a_map_is_compared_as_one() {
    let map = "map $ssl_client_s_dn $cn { default \"\"; ~CN=(?<name>[^,]+) $name; }";
    let server = |inside: &str| {
        format!(
            "{map} map $cn $known {{ default 0; hook.example 1; }} server {{ listen 443 ssl; ssl_certificate a;
             ssl_client_certificate c; ssl_verify_client on; {inside} }}"
        )
    };
    for inside in [
        "if ($cn != hook.example) { return 403; }",
        "if ($known = 0) { return 403; }",
        "set $ok no; if ($cn = hook.example) { set $ok yes; } if ($ok !~ yes) { return 403; }",
    ] {
        let site = one("nginx.conf", &server(inside));
        let [pin] = site.pins.as_slice() else {
            panic!("{inside}: {site:#?}");
        };
        let seen = (pin.value.of, pin.value.comparison, pin.value.negated);
        assert_eq!(
            seen,
            (Pinned::CommonName, Comparison::Equals, false),
            "{inside}"
        );
        assert_eq!(pin.value.values, ["hook.example"], "{inside}");
    }
}

#[test]
fn apache_knows_on_and_off_and_no_other_words() {
    assert!(apache("SSLVerifyClient on").mode().requires);
    assert!(!apache("SSLVerifyClient off").mode().asks);
    for refused in [
        "SSLVerifyClient required",
        "SSLVerifyClients require",
        "<Location />\nRequire not expr \"%{SSL_CLIENT_VERIFY} == 'NONE'\"\n</Location>",
    ] {
        assert!(!apache(refused).refused.is_empty(), "{refused}");
    }
    for taken in [
        "SSLVerifyClient require\nSSLCipherSuite x\nSSLOptions +StdEnvVars",
        "<RequireAll>\nRequire all granted\nRequire not expr \"%{SSL_CLIENT_VERIFY} == 'NONE'\"\n</RequireAll>",
        "SSLVerifyClient ${MODE}",
        "SSLVerifyClient @mode@",
    ] {
        assert!(apache(taken).refused.is_empty(), "{taken}");
    }
    for made in ["SSLProtocol ${PROTOCOLS}", "SSLProtocol @protocols@"] {
        let site = apache(made);
        assert!(
            site.versions.is_none() && !site.not_understood.is_empty(),
            "{made}"
        );
    }
}

#[test]
fn a_part_of_the_subject_is_compared_in_apache() {
    let site = apache(
        "SSLVerifyClient require\n<Location />\nRequire expr %{SSL_CLIENT_S_DN_O} eq \"Some Co.\"\n</Location>",
    );
    assert!(site.undecided().is_none(), "{site:#?}");
    let pin = &site.pins[0].value;
    assert_eq!(
        (pin.of, pin.comparison),
        (Pinned::Subject, Comparison::Matches)
    );
    let expression = regex::Regex::new(&pin.values[0]).unwrap();
    for (subject, expected) in [
        ("CN=a,O=Some Co.,C=US", true),
        ("O=Some Co.", true),
        ("C = US, O = Some Co., CN = a", false),
        ("CN=a,O=Some Co. Ltd,C=US", false),
        ("CN=a,O=SomeXCo.,C=US", false),
    ] {
        assert_eq!(expression.is_match(subject), expected, "{subject}");
    }
}

#[test]
fn haproxy_joins_no_lines_and_ignores_an_unknown_issuer_where_it_is_told_to() {
    assert!(!haproxy("verify require").refused.is_empty());
    assert!(!haproxy("\\\n verify required").refused.is_empty());
    assert!(haproxy("verify required").refused.is_empty());
    for nothing in [
        "all",
        "20,21",
        "10,X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,21",
    ] {
        let site = haproxy(&format!("verify required crt-ignore-err {nothing}"));
        assert_eq!(site.mode().checks, Checks::Nothing, "{nothing}");
    }
    let expired = haproxy("verify required crt-ignore-err 10");
    assert_eq!(expired.mode().checks, Checks::All);
    // A branch about threads decides nothing about TLS.
    let threads = "global\n.if feature(THREAD)\n nbthread 4\n.endif\nfrontend a\n bind :1 ssl crt x ca-file c verify required\n";
    assert!(one("haproxy.cfg", threads).undecided().is_none());
    let options = threads.replace("nbthread 4", "ssl-default-bind-client-verify none");
    assert!(one("haproxy.cfg", &options).undecided().is_some());
}
