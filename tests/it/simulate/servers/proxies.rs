//! Servers and proxies that are configured.

use super::{
    ANSWER,
    Mode::{Off, Optional, Strict, Unverified},
    check,
};
use crate::{
    explain::live::told,
    simulate::run::Rehearsal,
    support::{Envoy, Server, clean, envoy_with, free_port, peer},
};

#[test]
fn nginx() {
    if peer("nginx").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    for (word, mode) in [
        ("on", Strict),
        ("optional", Optional),
        ("optional_no_ca", Unverified),
        ("off", Off),
    ] {
        let port = free_port();
        let at = folder.path("");
        let conf = folder.write(
            format!("nginx-{word}.conf"),
            format!(
                "daemon off; master_process off; pid {at}/{word}.pid; error_log stderr info; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                    server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {at}/pki/server/fullchain.pem;
                        ssl_certificate_key {at}/pki/server/key.pem; ssl_client_certificate {at}/pki/client-ca.pem;
                        ssl_verify_client {word}; ssl_verify_depth 2;
                        location / {{ default_type application/json; return 200 '{ANSWER}'; }} }} }}"
            ),
        );
        let server = Server::start(
            folder.root(),
            clean("nginx").args(["-p", &at, "-c", &conf]),
            port,
        );
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 9);
        }
    }
}

#[test]
fn apache() {
    if peer("apache2").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    folder.write("www/hook", ANSWER);
    for (word, mode) in [
        ("require", Strict),
        ("optional", Optional),
        ("optional_no_ca", Unverified),
        ("none", Off),
    ] {
        let port = free_port();
        let at = folder.path("");
        let modules = "/usr/lib/apache2/modules";
        let conf = folder.write(
            format!("apache-{word}.conf"),
            format!(
                "ServerRoot {at}\nServerName localhost\nPidFile {at}/{word}.pid\nErrorLog /dev/stderr\nLogLevel info\nListen 127.0.0.1:{port}
                LoadModule mpm_event_module {modules}/mod_mpm_event.so
                LoadModule authz_core_module {modules}/mod_authz_core.so
                LoadModule ssl_module {modules}/mod_ssl.so
                DocumentRoot {at}/www
                <Directory {at}/www>\nRequire all granted\nForceType application/json\n</Directory>
                SSLEngine on\nSSLCertificateFile {at}/pki/server/fullchain.pem\nSSLCertificateKeyFile {at}/pki/server/key.pem
                SSLCACertificateFile {at}/pki/client-ca.pem\nSSLVerifyClient {word}\nSSLVerifyDepth 2\n"
            ),
        );
        let server = Server::start(
            folder.root(),
            clean("apache2").args(["-X", "-f", &conf]),
            port,
        );
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 10);
        }
    }
}

#[test]
fn haproxy() {
    if peer("haproxy").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let read = |name: &str| std::fs::read_to_string(folder.pki(name)).unwrap();
    let both = read("server/fullchain.pem") + &read("server/key.pem");
    let pem = folder.write("both.pem", &both);
    for (words, mode) in [
        ("verify required", Strict),
        ("verify optional", Optional),
        (
            "verify optional crt-ignore-err all ca-ignore-err all",
            Unverified,
        ),
        ("verify none", Off),
    ] {
        let port = free_port();
        let ca = folder.pki("client-ca.pem");
        let conf = folder.write(
            "haproxy.cfg",
            format!(
                "global\n log stdout format raw local0\ndefaults\n log global\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s
frontend hook\n bind 127.0.0.1:{port} ssl crt {pem} ca-file {ca} {words}
 error-log-format \"%ci:%cp %ft %[fc_err_str] %[ssl_fc_err_str] ssl_c_err=%[ssl_c_err] ssl_c_ca_err=%[ssl_c_ca_err]\"
 http-request return status 200 content-type application/json lf-string '{{\"fulfillmentText\":\"ok\"}}'\n"
            ),
        );
        let server = Server::start(
            folder.root(),
            clean("haproxy").args(["-db", "-f", &conf]),
            port,
        );
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 10);
        }
    }
}

#[test]
fn caddy() {
    if peer("caddy").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    for (word, mode) in [
        ("require_and_verify", Strict),
        ("verify_if_given", Optional),
        ("request", Unverified),
    ] {
        let port = free_port();
        let conf = folder.write(
            format!("{word}/Caddyfile"),
            format!(
                "{{\n admin off\n debug\n auto_https off\n}}\nhttps://localhost:{port} {{\n bind 127.0.0.1\n tls {} {} {{\n  client_auth {{\n   mode {word}\n   trusted_ca_cert_file {}\n  }}\n }}
 header Content-Type application/json\n respond `{ANSWER}` 200\n}}\n",
                folder.pki("server/fullchain.pem"),
                folder.pki("server/key.pem"),
                folder.pki("client-ca.pem")
            ),
        );
        let mut command = clean("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config", &conf])
            .env("HOME", folder.path(""));
        let server = Server::start(folder.root(), &mut command, port);
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 8);
        }
    }
}

#[test]
fn envoy() {
    if peer("envoy").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    for (require, trust, mode) in [
        (true, "VERIFY_TRUST_CHAIN", Strict),
        (false, "VERIFY_TRUST_CHAIN", Optional),
        (false, "ACCEPT_UNTRUSTED", Unverified),
    ] {
        let port = free_port();
        let envoy = Envoy {
            port,
            certificate: folder.pki("server/fullchain.pem"),
            key: folder.pki("server/key.pem"),
            client_ca: folder.pki("client-ca.pem"),
            require,
            validation: vec![format!("trust_chain_verification: {trust}")],
            answer: ANSWER,
        };
        let conf = folder.write("envoy.yaml", envoy.yaml());
        let mut command = envoy_with(&conf);
        // What it says of a connection, a reason among it, it says at this level only.
        command.args(["--component-log-level", "connection:debug"]);
        let server = Server::start(folder.root(), &mut command, port);
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 8);
        }
    }
}
