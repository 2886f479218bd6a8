//! What holds for a part of the requests, what revocation lists do, and lists of certificates:
//! predicted from a configuration and measured at the server that runs it.

use std::process::Command;

use serde_json::Value;

use crate::{
    simulate::run::{Rehearsal, Simulated},
    support::{Server, clean, free_port, mtls, peer, run},
};

/// Paths that the servers know: one that needs a certificate, one that does not.
const HOOK: &str = "/hook";
const OPEN: &str = "/open";

/// The one site of a configuration.
fn site(conf: &str) -> Value {
    let finished = run(
        mtls().args(["lint", conf, "--format", "json", "--exit-zero"]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    let cases = document["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{conf}: one address ends TLS");
    cases[0]["site"].clone()
}

fn row<'a>(site: &'a Value, client: &str) -> &'a Value {
    let rows = site["predicted"].as_array().unwrap();
    rows.iter().find(|row| row["client"] == client).unwrap()
}

/// Every row that is told is so; the answer says how many were.
fn compare(site: &Value, simulated: &Simulated, server: &Server, what: &str) -> usize {
    let mut compared = 0;
    for predicted in site["predicted"].as_array().unwrap() {
        let client = predicted["client"].as_str().unwrap();
        if predicted["outcome"] == "unknown" {
            continue;
        }
        let call = simulated.call(client);
        assert_eq!(
            call["outcome"],
            predicted["outcome"],
            "{what}, {client}: predicted because {}; {call:#}\n{}",
            predicted["why"],
            server.said()
        );
        compared += 1;
    }
    compared
}

/// A way to be configured.
struct Shape {
    name: &'static str,
    /// The revocation lists, of those that `mtls pki` writes.
    lists: Option<&'static str>,
    /// Whether only one path needs a certificate.
    part: bool,
    /// What becomes of a good client, and of one without a certificate.
    wanted: [&'static str; 2],
}

const SHAPES: [Shape; 4] = [
    Shape {
        name: "one path",
        lists: None,
        part: true,
        wanted: ["accepted", "unknown"],
    },
    Shape {
        name: "good lists",
        lists: Some("crl.pem"),
        part: false,
        wanted: ["accepted", "rejected"],
    },
    Shape {
        name: "stale lists",
        lists: Some("crl-stale.pem"),
        part: false,
        wanted: ["rejected", "rejected"],
    },
    Shape {
        name: "no list of the root",
        lists: Some("crl-without-root.pem"),
        part: false,
        wanted: ["rejected", "rejected"],
    },
];

fn all(
    program: &str,
    shapes: impl Iterator<Item = &'static Shape>,
    conf: impl Fn(&Rehearsal, &Shape, u16) -> (String, Command),
) {
    if peer(program).is_none() {
        return;
    }
    for shape in shapes {
        let files = Rehearsal::new();
        files.write(
            "both.pem",
            ["server/fullchain.pem", "server/key.pem"]
                .map(|name| std::fs::read_to_string(files.pki(name)).unwrap())
                .concat(),
        );
        files.write("www/hook", "{}");
        files.write("www/open", "{}");
        let port = free_port();
        let (path, mut command) = conf(&files, shape, port);
        let server = Server::start(files.root(), &mut command, port);
        let site = site(&path);
        let told = ["valid", "client-cert-not-sent"].map(|client| row(&site, client));
        for (row, wanted) in told.iter().zip(shape.wanted) {
            assert_eq!(row["outcome"], wanted, "{program}, {}: {row:#}", shape.name);
        }
        let flags = ["--matrix", "--insecure", "--tls-max", "1.2"];
        let hook = files.simulate_at(server.port(), HOOK, &flags);
        let compared = compare(&site, &hook, &server, shape.name);
        if shape.part {
            // What cannot be told is since both happen.
            let open = files.simulate_at(server.port(), OPEN, &flags);
            compare(&site, &open, &server, shape.name);
            let outcome = |calls: &Simulated| calls.call("client-cert-not-sent")["outcome"].clone();
            assert_eq!(outcome(&hook), "rejected", "{}", server.said());
            assert_eq!(outcome(&open), "accepted", "{}", server.said());
            let why = told[1]["why"].as_str().unwrap();
            assert!(why.contains("depends on"), "{why}");
        } else {
            assert!(compared >= 12, "{program}, {}: {compared}", shape.name);
            let revoked = hook.call("client-revoked");
            assert_eq!(revoked["outcome"], "rejected", "{revoked:#}");
        }
    }
}

#[test]
fn nginx_parts() {
    all("nginx", SHAPES.iter(), |files, shape, port| {
        let at = files.path("");
        let lists = shape.lists.map_or(String::new(), |name| {
            format!("ssl_crl {};", files.pki(name))
        });
        let (verify, condition) = if shape.part {
            (
                "optional",
                "if ($ssl_client_verify != SUCCESS) { return 403; }",
            )
        } else {
            ("on", "")
        };
        let conf = files.write(
            "nginx.conf",
            format!(
                "daemon off; master_process off; pid {at}/pid; error_log stderr; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s; log_format own ${{ssl_client_verify}}x;
                    server {{ listen 127.0.0.1:{port} ssl;
                        ssl_certificate {}; ssl_certificate_key {}; ssl_client_certificate {};
                        ssl_verify_client {verify}; ssl_verify_depth 2; {lists}
                        location /open {{ return 200 '{{}}'; }}
                        location /hook {{ {condition} return 200 '{{}}'; }} }} }}",
                files.pki("server/fullchain.pem"),
                files.pki("server/key.pem"),
                files.pki("client-ca.pem"),
            ),
        );
        let mut command = clean("nginx");
        command.args(["-p", &at, "-c", &conf]);
        (conf, command)
    });
}

#[test]
fn apache_parts() {
    all("apache2", SHAPES.iter(), |files, shape, port| {
        let at = files.path("");
        let modules = "/usr/lib/apache2/modules";
        let lists = shape.lists.map_or(String::new(), |name| {
            format!(
                "SSLCARevocationFile {}\nSSLCARevocationCheck chain",
                files.pki(name)
            )
        });
        let (verify, part) = if shape.part {
            (
                "optional",
                "<Location /hook>\nRequire ssl-verify-client\n</Location>",
            )
        } else {
            ("require", "")
        };
        let conf = files.write(
            "apache.conf",
            format!(
                "ServerRoot {at}\nServerName localhost\nPidFile {at}/pid\nErrorLog {at}/error.log\nListen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
DocumentRoot {at}/www
<VirtualHost *:{port}>
  SSLEngine on
  SSLCertificateFile {}
  SSLCertificateKeyFile {}
  SSLCACertificateFile {}
  SSLVerifyClient {verify}
  SSLVerifyDepth 2
  {lists}
  <Directory {at}/www>
    ForceType application/json
    Require all granted
  </Directory>
  {part}
</VirtualHost>\n",
                files.pki("server/fullchain.pem"),
                files.pki("server/key.pem"),
                files.pki("client-ca.pem"),
            ),
        );
        let mut command = clean("apache2");
        command.args(["-X", "-f", &conf]);
        (conf, command)
    });
}

/// The certificates stand in a list, which asks for those of clients.
#[test]
fn haproxy_parts() {
    all("haproxy", SHAPES.iter(), |files, shape, port| {
        let lists = shape.lists.map_or(String::new(), |name| {
            format!(" crl-file {}", files.pki(name))
        });
        let (verify, part) = if shape.part {
            (
                "optional",
                " http-request deny deny_status 403 if { path_beg /hook } !{ ssl_c_used }\n",
            )
        } else {
            ("required", "")
        };
        let list = files.write(
            "certificates.list",
            format!(
                "{} [ca-file {} verify {verify}{lists}] localhost\n",
                files.path("both.pem"),
                files.pki("client-ca.pem")
            ),
        );
        let conf = files.write(
            "haproxy.cfg",
            format!(
                "global\n ssl-default-bind-options ssl-min-ver TLSv1.2\ndefaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s
frontend hook\n bind 127.0.0.1:{port} ssl crt-list {list}\n{part} http-request return status 200 content-type application/json string {{}}\n"
            ),
        );
        let mut command = clean("haproxy");
        command.args(["-db", "-f", &conf]);
        (conf, command)
    });
}

#[test]
fn caddy_parts() {
    // It has no revocation lists.
    let shapes = SHAPES.iter().filter(|shape| shape.lists.is_none());
    all("caddy", shapes, |files, _, port| {
        let conf = files.write(
            "Caddyfile",
            format!(
                "{{\n admin off\n auto_https off\n}}
https://localhost:{port} {{\n bind 127.0.0.1\n tls {} {} {{\n  client_auth {{\n   mode verify_if_given\n   trusted_ca_cert_file {}\n  }}\n }}
 @nobody not vars_regexp {{http.request.tls.client.subject}} \"CN=simulated sender\"\n handle /hook {{\n  respond @nobody 403\n  respond `{{}}` 200\n }}\n handle {{\n  respond `{{}}` 200\n }}\n}}\n",
                files.pki("server/fullchain.pem"),
                files.pki("server/key.pem"),
                files.pki("client-ca.pem"),
            ),
        );
        let mut command = clean("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config", &conf])
            .env("HOME", files.path(""));
        (conf, command)
    });
}
