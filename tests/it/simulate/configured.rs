//! What `lint` predicts from a configuration is what `simulate --matrix` measures at the server
//! that runs it: five servers, each strict, lax, pinned to a subject, too shallow for the chain,
//! with a server certificate without its intermediate, and with an intermediate in the client-CA
//! file in the place of the root.

use std::process::Command;

use serde_json::Value;

use crate::{
    simulate::{run::Rehearsal, servers::ANSWER},
    support::{Envoy, Server, clean, envoy_with, free_port, mtls, peer, run},
};

/// The ways to be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Strict,
    Lax,
    Pinned,
    Shallow,
    LeafOnly,
    Intermediate,
}

use Shape::{Intermediate, Lax, LeafOnly, Pinned, Shallow, Strict};

const SHAPES: [Shape; 6] = [Strict, Lax, Pinned, Shallow, LeafOnly, Intermediate];

/// Files that configurations name.
struct Files {
    folder: Rehearsal,
}

impl Files {
    fn new() -> Self {
        let folder = Rehearsal::new();
        let read = |name: &str| std::fs::read_to_string(folder.pki(name)).unwrap();
        let end = "-----END CERTIFICATE-----\n";
        let blocks = |name: &str| -> Vec<String> {
            read(name).split_inclusive(end).map(str::to_owned).collect()
        };
        folder.write("leaf.pem", &blocks("server/fullchain.pem")[0]);
        folder.write(
            "intermediate.pem",
            &blocks("clients/valid/fullchain.pem")[1],
        );
        folder.write("www/hook", ANSWER);
        for (name, chain) in [
            ("both.pem", read("server/fullchain.pem")),
            ("leaf-both.pem", blocks("server/fullchain.pem")[0].clone()),
        ] {
            folder.write(name, &(chain + &read("server/key.pem")));
        }
        Self { folder }
    }

    fn certificate(&self, shape: Shape) -> String {
        match shape {
            LeafOnly => self.folder.path("leaf.pem"),
            _ => self.folder.pki("server/fullchain.pem"),
        }
    }

    /// The client-CA file; `by_file` is how a server without a depth is too shallow: the
    /// intermediate stands in the root's place.
    fn client_ca(&self, shape: Shape, by_file: bool) -> String {
        if shape == Intermediate || shape == Shallow && by_file {
            self.folder.path("intermediate.pem")
        } else {
            self.folder.pki("client-ca.pem")
        }
    }

    fn key(&self) -> String {
        self.folder.pki("server/key.pem")
    }
}

/// What `lint` says about a configuration: the site, the codes.
fn lint(conf: &str) -> (Value, Vec<String>) {
    let finished = run(
        mtls().args(["lint", conf, "--format", "json", "--exit-zero"]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.stderr));
    let cases = document["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{conf}: one address ends TLS");
    let codes = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert!(
                finding["place"].is_object() && finding["remedy"]["text"].is_string(),
                "{finding:#}"
            );
            finding["code"].as_str().unwrap().to_owned()
        })
        .collect();
    (cases[0]["site"].clone(), codes)
}

/// The finding that each shape has to have.
fn expected(shape: Shape, by_file: bool) -> Option<&'static str> {
    match shape {
        Strict => None,
        Lax => Some("MT430"),
        // Found without a profile: the name is the one that a known sender gives up.
        Pinned => Some("MT434"),
        Shallow | Intermediate if by_file || shape == Intermediate => None,
        Shallow | Intermediate => Some("MT433"),
        LeafOnly => Some("MT203"),
    }
}

fn check(files: &Files, shape: Shape, conf: &str, by_file: bool, server: &Server) {
    let (site, codes) = lint(conf);
    if let Some(code) = expected(shape, by_file) {
        assert!(
            codes.iter().any(|found| found == code),
            "{shape:?}: wanted {code}, found {codes:?}"
        );
    }
    for code in [
        "MT430", "MT431", "MT432", "MT433", "MT434", "MT435", "MT437",
    ] {
        assert!(
            expected(shape, by_file) == Some(code) || !codes.iter().any(|found| found == code),
            "{shape:?}: {code}"
        );
    }
    // A sender refuses a chain without its intermediate; what the server does with clients is
    // measured all the same.
    if shape == LeafOnly {
        let refused = files.folder.simulate(server.port(), &["--client", "valid"]);
        let call = refused.call("valid");
        assert_eq!(call["findings"][0]["code"], "MT203", "{call:#}");
        assert_ne!(call["outcome"], "accepted", "{call:#}");
    }
    for version in ["1.2", "1.3"] {
        let flags = ["--matrix", "--insecure", "--tls-max", version];
        let simulated = files.folder.simulate(server.port(), &flags);
        let mut compared = 0;
        for predicted in site["predicted"].as_array().unwrap() {
            let client = predicted["client"].as_str().unwrap();
            let wanted = predicted["outcome"].as_str().unwrap();
            if wanted == "unknown" {
                continue;
            }
            let call = simulated.call(client);
            assert_eq!(
                call["outcome"],
                wanted,
                "{shape:?} TLS {version} {client}: predicted because {}; {call:#}\n{}",
                predicted["why"],
                server.said()
            );
            if wanted == "rejected" && !predicted["rejected_by"].is_null() {
                let how = if call["rejected_by"] == "http-status" {
                    "http-status"
                } else {
                    "alert"
                };
                assert_eq!(
                    how, predicted["rejected_by"],
                    "{shape:?} TLS {version} {client}: {call:#}"
                );
            }
            compared += 1;
        }
        assert!(compared >= 14, "{compared} rows compared");
    }
}

fn all(peer_name: &str, by_file: bool, conf: impl Fn(&Files, Shape, u16) -> (String, Command)) {
    if peer(peer_name).is_none() {
        return;
    }
    for shape in SHAPES {
        let files = Files::new();
        let port = free_port();
        let (path, mut command) = conf(&files, shape, port);
        let server = Server::start(files.folder.root(), &mut command, port);
        check(&files, shape, &path, by_file, &server);
    }
}

#[test]
fn nginx() {
    all("nginx", false, |files, shape, port| {
        let at = files.folder.path("");
        let verify = if shape == Lax { "optional" } else { "on" };
        let depth = if shape == Shallow { 0 } else { 2 };
        let pin = if shape == Pinned {
            r#"if ($ssl_client_s_dn !~ "CN=\*\.dialogflow\.com") { return 403; }"#
        } else {
            ""
        };
        // The settings stand in a file of their own, as they do in real life.
        let snippet = files.folder.write(
            "tls.inc",
            format!(
                "ssl_certificate {};\nssl_certificate_key {};\nssl_client_certificate {};\nssl_verify_client {verify};\nssl_verify_depth {depth};\n",
                files.certificate(shape), files.key(), files.client_ca(shape, false)
            ),
        );
        let conf = files.folder.write(
            "nginx.conf",
            format!(
                "daemon off; master_process off; pid {at}/pid; error_log stderr; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                    server {{ listen 127.0.0.1:{port} ssl; # the webhook
                        include {snippet}; {pin}
                        location / {{ default_type application/json; return 200 '{ANSWER}'; }} }} }}"
            ),
        );
        let mut command = clean("nginx");
        command.args(["-p", &at, "-c", &conf]);
        (conf, command)
    });
}

#[test]
fn apache() {
    all("apache2", false, |files, shape, port| {
        let at = files.folder.path("");
        let modules = "/usr/lib/apache2/modules";
        let verify = if shape == Lax { "optional" } else { "require" };
        let depth = if shape == Shallow { 1 } else { 2 };
        let pin = if shape == Pinned {
            "<If \"%{SSL_CLIENT_S_DN_CN} != '*.dialogflow.com'\">\nRequire all denied\n</If>"
        } else {
            "Require all granted"
        };
        let conf = files.folder.write(
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
  SSLVerifyDepth {depth}
  <Directory {at}/www>
    ForceType application/json
    {pin}
  </Directory>
</VirtualHost>\n",
                files.certificate(shape), files.key(), files.client_ca(shape, false)
            ),
        );
        let mut command = clean("apache2");
        command.args(["-X", "-f", &conf]);
        (conf, command)
    });
}

#[test]
fn haproxy() {
    all("haproxy", true, |files, shape, port| {
        let pem = files.folder.path(if shape == LeafOnly {
            "leaf-both.pem"
        } else {
            "both.pem"
        });
        let verify = if shape == Lax { "optional" } else { "required" };
        let pin = if shape == Pinned {
            " http-request deny deny_status 403 unless { ssl_c_s_dn(cn) -m str *.dialogflow.com }\n"
        } else {
            ""
        };
        let conf = files.folder.write(
            "haproxy.cfg",
            format!(
                "global\n ssl-default-bind-options ssl-min-ver TLSv1.2\ndefaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s
frontend hook\n bind 127.0.0.1:{port} ssl crt {pem} ca-file {} verify {verify}\n{pin} http-request return status 200 content-type application/json lf-string '{{\"fulfillmentText\":\"ok\"}}'\n",
                files.client_ca(shape, true)
            ),
        );
        let mut command = clean("haproxy");
        command.args(["-db", "-f", &conf]);
        (conf, command)
    });
}

#[test]
fn caddy() {
    all("caddy", true, |files, shape, port| {
        let mode = if shape == Lax {
            "verify_if_given"
        } else {
            "require_and_verify"
        };
        let pin = if shape == Pinned {
            " @stranger not vars_regexp {http.request.tls.client.subject} CN=\\*\\.dialogflow\\.com\n respond @stranger 403\n"
        } else {
            ""
        };
        let conf = files.folder.write(
            "Caddyfile",
            format!(
                "{{\n admin off\n auto_https off\n}}\n(mutual) {{\n client_auth {{\n  mode {mode}\n  trusted_ca_cert_file {}\n }}\n}}
https://localhost:{port} {{\n bind 127.0.0.1\n tls {} {} {{\n  import mutual\n }}\n{pin} header Content-Type application/json\n respond `{ANSWER}` 200\n}}\n",
                files.client_ca(shape, true), files.certificate(shape), files.key()
            ),
        );
        let mut command = clean("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config", &conf])
            .env("HOME", files.folder.path(""));
        (conf, command)
    });
}

#[test]
fn envoy() {
    all("envoy", false, |files, shape, port| {
        let require = shape != Lax;
        let depth = if shape == Shallow { 0 } else { 2 };
        let mut validation = vec![format!("max_verify_depth: {depth}")];
        if shape == Pinned {
            validation.push("match_typed_subject_alt_names:".to_owned());
            let pin = r#"- { san_type: DNS, matcher: { exact: "*.dialogflow.com" } }"#;
            validation.push(pin.to_owned());
        }
        let envoy = Envoy {
            port,
            certificate: files.certificate(shape),
            key: files.key(),
            client_ca: files.client_ca(shape, false),
            require,
            validation,
            answer: ANSWER,
        };
        let conf = files.folder.write("envoy.yaml", envoy.yaml());
        let command = envoy_with(&conf);
        (conf, command)
    });
}
