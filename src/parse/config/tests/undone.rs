//! Guards that something else in the configuration undoes, and such as only look so.

use super::{one, read};
use crate::facts::{Admitted, Site};
use crate::outlook::admission::{Caller, admit};

fn nginx(outside: &str, inside: &str) -> Site {
    let server = "listen 443 ssl; ssl_certificate a; ssl_certificate_key b; \
        ssl_client_certificate c; ssl_verify_client optional;";
    one(
        "site.conf",
        &format!("{outside}\nserver {{ {server} {inside} }}\n"),
    )
}

fn apache(inside: &str) -> Site {
    one(
        "httpd.conf",
        &format!(
            "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a\nSSLCACertificateFile c\n\
             SSLVerifyClient optional\n{inside}\n</VirtualHost>\n"
        ),
    )
}

/// What becomes of a client without a certificate.
fn without(site: &Site) -> Admitted {
    admit(site, &Caller::default()).outcome
}

#[test]
fn nginx_guards_that_do_not_hold() {
    let app = "proxy_pass http://a:1;";
    for (outside, inside) in [
        ("", format!("location / {{ if ($ssl_client_verify != SUCCESS) {{ break; return 403; }} {app} }}")),
        ("", format!("location / {{ if ($ssl_client_verify != SUCCESS) {{ rewrite ^/w /in break; return 403; }} {app} }}")),
        ("", "if ($ssl_client_verify = NONE) { break; } if ($ssl_client_verify != SUCCESS) { return 403; }".to_owned()),
        ("", format!("location /admin {{ if ($ssl_client_verify != SUCCESS) {{ return 403; }} {app} }} \
            location / {{ deny all; satisfy any; auth_basic x; {app} }}")),
        ("map $ssl_client_verify $ok { default 0; SUCCESS 1; } map $arg_x $ok { default 1; }",
            "if ($ok = 0) { return 403; }".to_owned()),
    ] {
        let site = nginx(outside, &inside);
        assert_ne!(without(&site), Admitted::Rejected, "{inside}");
    }
    let last = "map $arg_x $ok { default 1; } map $ssl_client_verify $ok { default 0; SUCCESS 1; }";
    let site = nginx(last, "if ($ok = 0) { return 403; }");
    assert_eq!(without(&site), Admitted::Rejected, "{site:#?}");
}

#[test]
fn nginx_guards_in_other_forms() {
    let map = |rows: &str| format!("map $ssl_client_verify $ok {{ {rows} }}");
    let refuse = "if ($ok = 0) { return 403; }";
    let bad = "if ($ok) { return 403; }";
    let admit = "location / { if ($ssl_client_verify = SUCCESS) { proxy_pass http://a:1; break; } return 403; }";
    for (outside, inside) in [
        (map("default 0; ~^SUCCESS 1;"), refuse),
        (map("default 0; success 1;"), refuse),
        (map("default 0; NONE 1; ~FAILED 1;"), bad),
        (map("default 0; NONE 1;"), bad),
        (String::new(), "if ($ssl_client_cert = '') { return 403; }"),
        (String::new(), admit),
    ] {
        let site = nginx(&outside, inside);
        assert_eq!(
            without(&site),
            Admitted::Rejected,
            "{outside} {inside}: {site:#?}"
        );
    }
    let either = "set $in no; if ($ssl_client_s_dn ~ \"CN=a$\") { set $in yes; } \
        if ($ssl_client_s_dn ~ \"CN=b$\") { set $in yes; } if ($in != yes) { return 403; }";
    let site = nginx("", either);
    assert_eq!(without(&site), Admitted::Rejected, "{site:#?}");
    assert_eq!(site.pins[0].value.values, ["(?:CN=a$)|(?:CN=b$)"]);
    let also = either.replace("if ($ssl_client_s_dn ~ \"CN=b$\")", "if ($arg_x = b)");
    assert_ne!(without(&nginx("", &also)), Admitted::Rejected);
    let open = admit.replace("return 403;", "proxy_pass http://a:1;");
    let method = admit.replace(
        "location / {",
        "location / { if ($request_method = POST) { break; }",
    );
    for (outside, inside) in [
        (map("default 0; SUCCESS 1; NONE 1;"), refuse),
        (map("default 0; ~S 1;"), refuse),
        (map("default 1; FAILED 0;"), refuse),
        (String::new(), open.as_str()),
        (String::new(), method.as_str()),
    ] {
        let site = nginx(&outside, inside);
        assert_ne!(
            without(&site),
            Admitted::Rejected,
            "{outside} {inside}: {site:#?}"
        );
    }
}

#[test]
fn apache_guards_that_do_not_hold() {
    let guard =
        "RewriteEngine on\nRewriteCond %{SSL:SSL_CLIENT_VERIFY} !=SUCCESS\nRewriteRule ^ - [F]\n";
    let rule = |pattern: &str| guard.replace("!=SUCCESS", pattern);
    let location = |path: &str, inside: &str| format!("<Location {path}>\n{inside}\n</Location>\n");
    let denied = "<If \"%{SSL_CLIENT_VERIFY} != 'SUCCESS'\">\nRequire all denied\n</If>\n";
    let granted = "<If \"%{REQUEST_URI} =~ m#^/hook#\">\nRequire all granted\n</If>\n";
    for not_known in [
        rule("!SUCCESS|NONE"),
        rule("!(SUCCESS|NONE)"),
        rule("!^(SUCCESS)?"),
        guard.replace("SSL:SSL_", "SSL_"),
        format!("{denied}{granted}"),
        format!("{}{granted}", location("/", "Require ssl-verify-client")),
        location("/", guard) + &location("/hook", "RewriteEngine off"),
        location("/", guard) + &location("/hook", "RewriteEngine on\nRewriteRule ^/a /b"),
    ] {
        let site = apache(&not_known);
        assert!(site.undecided().is_some(), "{not_known}: {site:#?}");
    }
    for holds in [
        rule("!SUCCESS"),
        rule("!^SUCCESS$"),
        rule("!^(SUCCESS)$"),
        rule("=NONE"),
        guard.replace("^ -", ".? -"),
        rule("!=SUCCESS [OR]\nRewriteCond %{SSL:SSL_CLIENT_S_DN_CN} !=a.example"),
        denied.to_owned(),
        denied.replace("!= 'SUCCESS'", "== 'NONE'"),
        "<If \"! (%{SSL_CLIENT_VERIFY} == 'SUCCESS')\">\nRequire all denied\n</If>".to_owned(),
        format!("{denied}<If \"%{{HTTP:X}} == 'a'\">\nRequire all denied\n</If>"),
        location("/", guard) + &location("/hook", "SetEnv a b"),
        "SSLRequire %{SSL_CLIENT_S_DN_CN} eq \"a\" and %{SSL_CLIENT_VERIFY} eq \"SUCCESS\""
            .to_owned(),
    ] {
        let site = apache(&holds);
        assert!(site.undecided().is_none(), "{holds}: {site:#?}");
        assert_eq!(without(&site), Admitted::Rejected, "{holds}: {site:#?}");
    }
}

#[test]
fn a_module_that_may_not_be_loaded_may_not_ask() {
    let asks = |module: &str| format!("<IfModule {module}>\nSSLVerifyClient require\n</IfModule>");
    assert!(apache(&asks("mod_gnutls.c")).undecided().is_some());
    assert!(apache(&asks("mod_ssl.c")).undecided().is_none());
    let loaded = format!(
        "LoadModule gnutls_module modules/mod_gnutls.so\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile a\n{}\n</VirtualHost>",
        asks("mod_gnutls.c")
    );
    assert!(one("httpd.conf", &loaded).undecided().is_none());
    // What decides nothing may be there or not.
    let granted =
        apache("<IfModule mod_status.c>\n<Location /s>\nRequire local\n</Location>\n</IfModule>");
    assert!(granted.undecided().is_none());
    let header = apache("<IfModule mod_headers.c>\nHeader set A b\n</IfModule>");
    assert!(header.undecided().is_none());
}

#[test]
fn macros_are_put_in_and_those_that_were_not_read_are_not_known() {
    let text = "<Macro Host $name $port>\n<VirtualHost *:443>\nServerName $name\nSSLEngine on\nSSLCertificateFile a\n\
        SSLVerifyClient require\nProxyPass / http://127.0.0.1:$port/\n</VirtualHost>\n</Macro>\nUse Host a.example 3000\nUse host b.example 3001\n";
    let sites = read("httpd.conf", text);
    let names: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
    assert_eq!(names, ["VirtualHost a.example, VirtualHost b.example"]);
    assert!(sites[0].mode().requires && sites[0].undecided().is_none());
    let unread = one("httpd.conf", "SSLProtocol all\nUse Host a.example 3000\n");
    assert!(unread.undecided().is_some());
}

#[test]
fn a_port_without_tls_asks_nobody() {
    let optional = one(
        "httpd.conf",
        "<VirtualHost *:443>\nSSLEngine optional\nSSLCertificateFile a\nSSLVerifyClient require\n</VirtualHost>",
    );
    assert!(!optional.mode().asks && !optional.without_effect.is_empty());
    // TLS belongs to the address.
    let text = "server { listen 8443 ssl default_server; server_name _; return 444; }
        server { listen 8443; server_name h.example; ssl_certificate a; ssl_client_certificate c; ssl_verify_client on; }";
    let sites = read("site.conf", text);
    assert!(
        sites[1].mode().requires && sites[1].without_effect.is_empty() && sites[1].doors.is_empty()
    );
    for (word, requires) in [("On", true), ("OPTIONAL", false)] {
        let site = one(
            "site.conf",
            &format!(
                "server {{ listen 1 ssl; ssl_certificate a; ssl_client_certificate c; ssl_verify_client {word}; }}"
            ),
        );
        assert!(site.refused.is_empty() && site.mode().asks, "{word}");
        assert_eq!(site.mode().requires, requires);
    }
}
