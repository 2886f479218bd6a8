//! Kinds of configurations as they lie on real machines: parts of an address, words with braces,
//! templates, other letter cases.

use super::{files, one, read, wanted};
use crate::facts::{Demand, NotUnderstood, Site};

fn parts(site: &Site) -> Vec<&str> {
    site.partly
        .iter()
        .map(|partial| partial.value.part.as_str())
        .collect()
}

const NGINX: &str = "server { listen 443 ssl; ssl_certificate a; ssl_verify_client optional; ";

#[test]
fn a_condition_in_a_location_is_for_that_location() {
    let condition = "if ($ssl_client_verify != SUCCESS) { return 403; }";
    for (locations, whole, part) in [
        (format!("location / {{ {condition} }}"), true, None),
        (format!("{condition} location /open {{ }}"), true, None),
        (
            format!("location / {{ }} location /a {{ {condition} }}"),
            false,
            Some("location /a"),
        ),
        (
            format!("location / {{ {condition} }} location = /health {{ }}"),
            false,
            Some("every path but location = /health"),
        ),
        (
            format!("location / {{ {condition} }} location /a {{ {condition} }}"),
            true,
            None,
        ),
        // Without `location /` other paths are the server's own.
        (
            format!("location /a {{ {condition} }}"),
            false,
            Some("location /a"),
        ),
    ] {
        let site = one("n.conf", &format!("{NGINX}{locations} }}"));
        assert_eq!(site.verified_later(), whole, "{locations}");
        assert_eq!(
            parts(&site),
            part.into_iter().collect::<Vec<_>>(),
            "{locations}"
        );
        assert!(site.undecided().is_none(), "{locations}");
    }
}

#[test]
fn what_refuses_and_what_cannot_be_told_in_nginx() {
    for (text, refuses, open) in [
        (
            "if ($ssl_client_verify != SUCCESS) { return 301 https://x/login; }",
            true,
            false,
        ),
        (
            "if ($ssl_client_verify != SUCCESS) { return https://x/login; }",
            true,
            false,
        ),
        (
            "if (${ssl_client_verify} != SUCCESS) { return 444; }",
            true,
            false,
        ),
        (
            "if ($ssl_client_verify = NONE) { return 403; }",
            true,
            false,
        ),
        (
            "if ($ssl_client_verify !~ ^SUCCESS$) { return 403; }",
            true,
            false,
        ),
        (
            "if ($ssl_client_verify != SUCCESS) { return 200; }",
            false,
            true,
        ),
        (
            "set $no 1; if ($ssl_client_verify = SUCCESS) { set $no 0; } if ($no) { return 403; }",
            true,
            false,
        ),
        (
            "location / { proxy_pass http://$ssl_client_fingerprint; }",
            false,
            true,
        ),
        (
            "location / { access_by_lua_block { if x then return '}' end -- don't\n } }",
            false,
            true,
        ),
        (
            "location / { proxy_set_header X-A ${ssl_client_s_dn}; add_header X-B $ssl_client_verify; }",
            false,
            false,
        ),
    ] {
        let site = one("n.conf", &format!("{NGINX}{text} }}"));
        assert_eq!(!site.pins.is_empty(), refuses, "{text}: {:?}", site.pins);
        assert_eq!(
            site.undecided().is_some(),
            open,
            "{text}: {:?}",
            site.not_understood
        );
    }
    let mapped = "http { map $ssl_client_verify $upstream { default deny; SUCCESS app; }\n server { listen 1 ssl; ssl_verify_client optional; location / { proxy_pass http://$upstream; } } }";
    assert!(one("n.conf", mapped).undecided().is_some());
    let replaced = format!("{NGINX} error_page 495 496 =200 /sorry; }}");
    assert_eq!(
        one("n.conf", &replaced).not_understood[0].value,
        NotUnderstood::RefusalReplaced
    );
}

#[test]
fn braces_in_words_end_no_block() {
    let text = "http { ssl_verify_client on; ssl_client_certificate c;\n log_format f x${ssl_client_verify}:${host}x;\n access_log /var/log/${host}.log;\n server { listen 1 ssl; server_name a; } }";
    let site = one("n.conf", text);
    assert_eq!(
        (site.mode(), files(&site.client_ca)),
        (wanted(&["on"]), vec!["c"])
    );
    assert!(site.undecided().is_none(), "{:?}", site.not_understood);
    let cut = one(
        "n.conf",
        "server { listen 1 ssl; ssl_verify_client on; location / {",
    );
    assert_eq!(
        cut.undecided().map(|one| &one.value),
        Some(&NotUnderstood::Unbalanced)
    );
}

#[test]
fn every_block_and_every_port_of_nginx() {
    let text = "stream { server { listen 1 ssl; ssl_certificate a; ssl_verify_client on; } }\nmail { server { listen 2 ssl; ssl_certificate a; ssl_verify_client on; ssl_crl x; ssl_crl y; } }";
    let found = read("nginx.conf", text);
    assert_eq!(found.len(), 2);
    assert!(
        found
            .iter()
            .all(|site| !site.http && site.mode() == wanted(&["on"]))
    );
    assert_eq!(found[1].refused.len(), 1);
    let plain = one(
        "n.conf",
        "server { listen 80; ssl_verify_client on; ssl_client_certificate c; }",
    );
    assert!(plain.client_auth.is_none() && plain.without_effect.len() == 1);
}

#[test]
fn apache_sections_are_for_their_requests() {
    let host = |inner: &str| {
        let text = format!(
            "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a\nDocumentRoot /www\nSSLVerifyClient optional\n{inner}\n</VirtualHost>\n"
        );
        one("h.conf", &text)
    };
    let verified = "Require ssl-verify-client";
    for (inner, whole, part) in [
        (format!("<Location />\n{verified}\n</Location>"), true, None),
        (
            format!("<Directory /www>\n{verified}\n</Directory>"),
            true,
            None,
        ),
        (
            format!("<Directory /www/a>\n{verified}\n</Directory>"),
            false,
            Some("Directory /www/a"),
        ),
        (
            format!("<Files x>\n{verified}\n</Files>"),
            false,
            Some("Files x"),
        ),
        (
            format!("ProxyPass / http://b/\n<Directory /www>\n{verified}\n</Directory>"),
            false,
            Some("Directory /www"),
        ),
        (
            format!(
                "<Location />\n{verified}\n</Location>\n<Location /a>\nRequire all granted\n</Location>"
            ),
            false,
            Some("every path but Location /a"),
        ),
        // Side by side one of them is enough.
        (
            format!("<Location />\n{verified}\nRequire all granted\n</Location>"),
            false,
            None,
        ),
        (
            format!(
                "<Location />\n<RequireAll>\nRequire all granted\n{verified}\n</RequireAll>\n</Location>"
            ),
            true,
            None,
        ),
    ] {
        let site = host(&inner);
        assert_eq!(site.verified_later(), whole, "{inner}");
        assert_eq!(
            parts(&site),
            part.into_iter().collect::<Vec<_>>(),
            "{inner}"
        );
    }
    let either = host(&format!(
        "<Location />\n{verified}\nRequire ip 10.0.0.1\n</Location>"
    ));
    assert!(either.undecided().is_some() && either.pins.is_empty());
    let every = host("<Location />\nSSLVerifyClient require\n</Location>");
    assert!(every.asks_every_request());
    assert!(matches!(
        every.partly[0].value.demand,
        Demand::Certificate(_)
    ));
    let lists = host("SSLCARevocationFile x");
    assert_eq!(lists.without_effect.len(), 1);
}

#[test]
fn haproxy_rules_are_for_their_requests() {
    let with = |rules: &str| {
        let text = format!(
            "frontend a\n mode http\n bind :1 ssl crt x ca-file c verify optional\n{rules}\n"
        );
        one("haproxy.cfg", &text)
    };
    for (rules, pins, part) in [
        (" http-request deny if !{ ssl_c_used }", 1, None),
        (" http-request deny unless { ssl_c_used }", 1, None),
        (
            " http-request redirect location / if !{ ssl_c_used }",
            1,
            None,
        ),
        (
            " http-request deny if { path_beg /a } !{ ssl_c_used }",
            0,
            Some("requests with path_beg /a"),
        ),
        (
            " http-request deny unless { ssl_c_used } or { path /a }",
            0,
            Some("requests without path /a"),
        ),
        (
            " http-request allow if { path /a }\n http-request deny unless { ssl_c_used }",
            0,
            Some("requests that `http-request allow if { path /a }` does not answer"),
        ),
    ] {
        let site = with(rules);
        assert_eq!(site.pins.len(), pins, "{rules}: {:?}", site.not_understood);
        assert_eq!(
            parts(&site),
            part.into_iter().collect::<Vec<_>>(),
            "{rules}"
        );
    }
    // A choice of the backend turns away where there is no other one.
    for (rules, pins, part) in [
        (" use_backend b if { ssl_c_used }", 1, None),
        (
            " use_backend b if { ssl_c_used }\n default_backend c",
            0,
            Some("the backend b"),
        ),
        (
            " acl known ssl_c_s_dn(cn) -m str x\n use_backend b if known { path /a }\n default_backend c",
            0,
            Some("the backend b"),
        ),
        (
            " use_backend b unless { ssl_fc_has_crt }\n default_backend c",
            0,
            Some("the backend b"),
        ),
    ] {
        let site = with(rules);
        let parts = parts(&site);
        assert_eq!(
            (site.pins.len(), parts),
            (pins, part.into_iter().collect()),
            "{rules}"
        );
        assert!(site.undecided().is_none(), "{rules}");
    }
    // Two choices are no two demands.
    let two = " use_backend a if { ssl_c_s_dn(cn) x }\n use_backend b if { ssl_c_s_dn(cn) y }";
    assert_eq!((with(two).pins.len(), with(two).partly.len()), (0, 2));
    let either = with(" use_backend b if { ssl_c_used } or { ssl_fc_has_crt }");
    assert!(either.undecided().is_none() && either.pins.len() == 1);
    let other = with(" use_backend b if { ssl_c_used } or { ssl_c_s_dn(cn) x }");
    assert!(other.undecided().is_some());
    // All that comes has TLS.
    let redirect = " http-request redirect scheme https unless { ssl_fc }\n http-request deny unless { ssl_c_used }";
    assert_eq!(
        (with(redirect).pins.len(), with(redirect).partly.len()),
        (1, 0)
    );
    let ignoring = one(
        "haproxy.cfg",
        "frontend a\n bind :1 ssl crt x ca-file c verify required crt-ignore-err X509_V_ERR_CERT_HAS_EXPIRED,NEW\n",
    );
    let ignored = ignoring.ignores.as_ref().unwrap();
    assert!(ignored.value.of_leaf.has(10) && !ignored.value.of_authorities.has(10));
    assert!(ignoring.undecided().is_some(), "NEW is not known");
}

#[test]
fn caddy_blocks_exclude_each_other() {
    let with = |inner: &str| {
        let text = format!(
            "a.example {{\n tls x y {{\n client_auth {{\n mode verify_if_given\n trusted_ca_cert_file c\n }}\n }}\n @no not vars_regexp {{tls_client_subject}} CN=one\n{inner}\n}}\n"
        );
        one("Caddyfile", &text)
    };
    for (inner, pins, part) in [
        (" respond @no 403", 1, None),
        (
            " handle /a {\n respond @no 403\n }\n handle {\n respond ok\n }",
            0,
            Some("handle /a"),
        ),
        (
            " handle /a {\n respond ok\n }\n respond @no 403",
            0,
            Some("every request but those of handle /a"),
        ),
        (" redir @no https://x/", 1, None),
    ] {
        let site = with(inner);
        assert_eq!(site.pins.len(), pins, "{inner}");
        assert_eq!(
            parts(&site),
            part.into_iter().collect::<Vec<_>>(),
            "{inner}"
        );
    }
    assert!(with(" reverse_proxy @no x:1").undecided().is_some());
    let json = r#"{"apps": {"http": {"servers": {"s": {"listen": [":443"],
        "tls_connection_policies": [{"client_authentication": {"mode": "require_and_verify",
        "ca": {"provider": "file", "pem_files": ["c.pem"]}}}]}}},
        "tls": {"certificates": {"load_files": [{"certificate": "a", "key": "b"}]}}}}"#;
    let site = one("caddy.json", json);
    assert_eq!(
        (site.mode(), files(&site.client_ca)),
        (wanted(&["on"]), vec!["c.pem"])
    );
}

#[test]
fn traefik_options_are_for_the_routers_that_use_them() {
    let options = "tls:\n  options:\n    m:\n      clientAuth: {caFiles: [c], clientAuthType: RequireAndVerifyClientCert}\n";
    let router = |tls: &str| {
        let text = format!(
            "{options}http:\n  routers:\n    a: {{rule: \"Host(`a`)\", service: s, tls: {tls}}}\n"
        );
        one("t.yml", &text)
    };
    assert_eq!(router("{options: m}").mode(), wanted(&["on"]));
    let other = router("{}");
    assert!(other.client_auth.is_none() && other.without_effect.len() == 1);
    assert!(router("{options: gone}").undecided().is_some());
    let alone = one("t.yml", options);
    assert_eq!(alone.not_understood[0].value, NotUnderstood::NoRouter);
    let first = one(
        "t.toml",
        "[entryPoints.https.tls]\n[entryPoints.https.tls.ClientCA]\nfiles = ['c']\noptional = false\n[[entryPoints.https.tls.certificates]]\ncertFile = 'a'\nkeyFile = 'b'\n",
    );
    assert_eq!(
        (first.mode(), files(&first.client_ca)),
        (wanted(&["on"]), vec!["c"])
    );
}
