//! Templates, copies of copies, and configurations of one line many times over.

use crate::{
    facts::ServerSoftware,
    parse::config::{Template, sites, software, template},
};

#[test]
fn templates_are_not_read() {
    let told = |language, line| Some(Template { language, line });
    for (text, wanted) in [
        (
            "server {\n ssl_certificate {{ .Cert }};\n}",
            told("Go, Jinja or Mustache", 2),
        ),
        ("{% if tls %}\nserver { listen 443 ssl; }", told("Jinja", 1)),
        ("server {\n listen 443 ssl;\n<%= @x %>\n}", told("ERB", 3)),
        (
            "server {\n ssl_client_certificate ${CLIENT_CA};\n}",
            told("the shell's", 2),
        ),
        (
            "server {\n # {{ x }}\n ssl_certificate /etc/$ssl_server_name.crt;\n}",
            None,
        ),
    ] {
        let found = template(ServerSoftware::Nginx, "nginx.conf", text);
        assert_eq!(found, wanted, "{text}");
    }
    // JSON has braces in its strings, and needs nobody to fill it in.
    let json = r#"{"apps": {"http": {"servers": {"a": {"body": "{{ now }}"}}}}}"#;
    let found = |path: &str, text: &str| template(ServerSoftware::Caddy, path, text).is_some();
    assert!(!found("caddy.json", json));
    assert!(found("caddy.json.tmpl", json));
    assert!(found(
        "caddy.json",
        &json.replace("\"{{ now }}\"", "{{ now }}")
    ));
    assert_eq!(
        software("nginx.conf.j2", "server {\n listen 443 ssl;\n}"),
        Some(ServerSoftware::Nginx)
    );
    assert_eq!(
        software("envoy.yaml.tmpl", "static_resources:\n"),
        Some(ServerSoftware::Envoy)
    );
}

#[test]
fn copies_of_copies_are_not_made() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        text += &format!("a{level}: &a{level} [{before}]\n");
    }
    text += "static_resources: *a11\n";
    let found = sites(
        ServerSoftware::Envoy,
        "e.yaml",
        &text,
        &mut super::Memory(Vec::new()),
    );
    assert!(found[0].unreadable[0].value.why.contains("aliases"));
}

/// Long configurations of one kind of line: no reader goes over them again for each of them.
#[test]
fn long_configurations_are_read_in_a_moment() {
    let many = |head: &str, line: &str, tail: &str| format!("{head}{}{tail}", line.repeat(3_000));
    let server = "server { listen 1 ssl; ssl_certificate a; if ($ssl_client_verify != SUCCESS) { return 403; } location /a { } }\n";
    for (software, path, text) in [
        (ServerSoftware::Nginx, "n", many("http {", server, "}")),
        (
            ServerSoftware::Nginx,
            "n",
            many(
                "server { listen 1 ssl; ",
                "location /a { if ($ssl_client_s_dn != x) { return 403; } }\n",
                "}",
            ),
        ),
        (
            ServerSoftware::Nginx,
            "n",
            many(
                "http {",
                "map $ssl_client_s_dn $a { default 0; }\n",
                &format!("{server}}}"),
            ),
        ),
        (
            ServerSoftware::Apache,
            "a",
            many(
                "",
                "<VirtualHost *:1>\nSSLEngine on\nSSLVerifyClient require\n<Location /a>\nRequire ssl-verify-client\n</Location>\n</VirtualHost>\n",
                "",
            ),
        ),
        (
            ServerSoftware::Haproxy,
            "h",
            many(
                "frontend a\n",
                " bind :1 ssl crt a verify required\n",
                " http-request deny if !{ ssl_c_used }\n",
            ),
        ),
        (
            ServerSoftware::Caddy,
            "c",
            many(
                "",
                "a.b {\n tls a b {\n client_auth {\n mode require\n }\n }\n @a vars {tls_client_subject} x\n respond @a 403\n}\n",
                "",
            ),
        ),
    ] {
        let began = std::time::Instant::now();
        let found = sites(software, path, &text, &mut super::Memory(Vec::new()));
        let took = began.elapsed();
        assert!(!found.is_empty(), "{software:?}");
        assert!(took.as_secs_f64() < 4.0, "{software:?}: {took:?}");
    }
}

/// It was taken for nginx, in which no address ends TLS.
#[test]
fn haproxy_is_known_with_semicolons_in_it() {
    let text = "# a comment; with one\nfrontend f\n  bind :443 ssl crt a.pem\n  http-response set-header Strict-Transport-Security \"max-age=1; preload;\"\n  use_backend b if { path /x }\nbackend b\n  server s 127.0.0.1:1\n";
    assert_eq!(software("haproxy.cfg", text), Some(ServerSoftware::Haproxy));
    let nginx = "# global settings; below\nserver {\n  listen 443 ssl; # of all\n  ssl_certificate a.pem;\n}\n";
    assert_eq!(software("x.conf", nginx), Some(ServerSoftware::Nginx));
}
