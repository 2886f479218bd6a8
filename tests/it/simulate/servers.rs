//! The matrix against other people's servers: strict ones treat every client as expected, lax ones are found out.

use std::{
    net::{Ipv4Addr, TcpStream},
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    simulate::run::Folder,
    support::{Owned, clean, free_port, mtls, peer, run},
};

/// How a server treats client certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Requires and verifies.
    Strict,
    /// Verifies what comes, lets in who has none.
    Optional,
    /// Asks, and verifies nothing.
    Unverified,
    /// Does not ask.
    Off,
}

use Mode::{Off, Optional, Strict, Unverified};

/// A server under test; it ends with the test.
pub(crate) struct Server {
    child: Owned,
    port: u16,
    log: std::path::PathBuf,
    /// Whether it says in its request whose certificates it takes.
    names_its_ca: bool,
}

impl Server {
    /// Starts `command` and waits until its port accepts.
    pub(crate) fn start(folder: &Folder, command: &mut Command, port: u16) -> Self {
        let log = std::path::PathBuf::from(folder.path(&format!("{port}.log")));
        let server = Self {
            child: Owned::serve(command, &log),
            port,
            log,
            names_its_ca: true,
        };
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                Instant::now() < until,
                "{command:?} does not listen: {}",
                server.said()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn said(&self) -> String {
        let _ = &self.child;
        let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
        read(&self.log) + &read(&self.log.with_extension("err"))
    }
}

/// What a server lets in that it should not, for each way to be lax.
fn must_be_wrong(mode: Mode) -> &'static [&'static str] {
    match mode {
        Strict | Off => &[],
        Optional => &["client-cert-not-sent"],
        Unverified => &[
            "client-cert-not-sent",
            "client-self-signed",
            "client-unknown-ca",
        ],
    }
}

/// What `inspect` finds out of it without any client certificate, in both TLS versions.
fn inspect(folder: &Folder, server: &Server, mode: Mode) {
    let wanted = match mode {
        Strict => "required",
        Optional | Unverified => "requested",
        Off => "none",
    };
    for version in ["1.2", "1.3"] {
        let target = format!("localhost:{}", server.port);
        let finished = run(
            mtls()
                .args(["inspect", &target, "--cacert", &folder.pki("server-ca.pem")])
                .args([
                    "--resolve",
                    &format!("{target}:127.0.0.1"),
                    "--tls-max",
                    version,
                    "--format",
                    "json",
                ]),
            60,
        );
        let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
        let seen = &document["targets"][0];
        let said = || format!("{mode:?} TLS {version}: {seen:#}\n{}", server.said());
        assert_eq!(seen["client_auth"], wanted, "{}", said());
        assert_eq!(seen["reachable"], true, "{}", said());
        assert_eq!(seen["trust"][0]["status"], "trusted", "{}", said());
        assert_eq!(finished.code, Some(0), "{}", said());
        assert!(
            seen["server_chain"].as_array().unwrap().len() >= 2,
            "{}",
            said()
        );
        let names = seen["accepted_ca_names"].as_array().unwrap().len();
        // Whoever verifies nothing may name nobody.
        let wanted = usize::from(server.names_its_ca && mode != Off);
        assert!(names == wanted || mode == Unverified, "{}", said());
    }
}

/// Runs the matrix in both TLS versions and compares.
fn check(folder: &Folder, server: &Server, mode: Mode) {
    inspect(folder, server, mode);
    if mode == Off {
        return;
    }
    for version in ["1.2", "1.3"] {
        let simulated = folder.simulate(server.port, &["--matrix", "--tls-max", version]);
        let wrong = simulated.wrong();
        let said = || format!("{mode:?} TLS {version}: {wrong:#?}\n{}", server.said());
        if mode == Strict {
            assert!(wrong.is_empty(), "{}", said());
            assert_eq!(simulated.code, 0, "{}", said());
            // The same refusal every time: no race between the request and the server's last words.
            let flags = [
                "--client",
                "none",
                "--repeat",
                "60",
                "--jobs",
                "4",
                "--tls-max",
                version,
            ];
            let again = folder.simulate(server.port, &flags);
            let rows = again.document["repeat"]["rows"].as_array().unwrap();
            // Java's HttpsServer sends no alert: it closes, and its system resets where it had not read the whole request.
            let silent = |row: &serde_json::Value| {
                ["closed without a word", "connection reset"]
                    .iter()
                    .any(|how| row["how"] == *how)
            };
            assert_eq!(again.code, 0, "{rows:#?}");
            assert!(rows.len() == 1 || rows.iter().all(silent), "{rows:#?}");
            continue;
        }
        assert_eq!(simulated.code, 1, "{}", said());
        for client in must_be_wrong(mode) {
            let call = simulated.call(client);
            assert_eq!(call["outcome"], "accepted", "{client}: {}", said());
            assert_eq!(call["as_expected"], false, "{client}");
            assert_eq!(call["findings"][0]["code"], "MT420", "{client}: {call:#}");
        }
        if mode == Optional {
            assert_eq!(wrong.len(), 1, "{}", said());
        }
        assert_eq!(simulated.call("valid")["as_expected"], true, "{}", said());
    }
}

pub(crate) const ANSWER: &str = r#"{"fulfillmentText":"ok"}"#;

#[test]
fn nginx() {
    if peer("nginx").is_none() {
        return;
    }
    let folder = Folder::new();
    for (word, mode) in [
        ("on", Strict),
        ("optional", Optional),
        ("optional_no_ca", Unverified),
        ("off", Off),
    ] {
        let port = free_port();
        let at = folder.path("");
        let conf = folder.write(
            &format!("nginx-{word}.conf"),
            &format!(
                "daemon off; master_process off; pid {at}/{word}.pid; error_log stderr; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                    server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {at}/pki/server/fullchain.pem;
                        ssl_certificate_key {at}/pki/server/key.pem; ssl_client_certificate {at}/pki/client-ca.pem;
                        ssl_verify_client {word}; ssl_verify_depth 2;
                        location / {{ default_type application/json; return 200 '{ANSWER}'; }} }} }}"
            ),
        );
        let server = Server::start(&folder, clean("nginx").args(["-p", &at, "-c", &conf]), port);
        check(&folder, &server, mode);
    }
}

#[test]
fn apache() {
    if peer("apache2").is_none() {
        return;
    }
    let folder = Folder::new();
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
            &format!("apache-{word}.conf"),
            &format!(
                "ServerRoot {at}\nServerName localhost\nPidFile {at}/{word}.pid\nErrorLog {at}/apache-{word}.log\nListen 127.0.0.1:{port}
                LoadModule mpm_event_module {modules}/mod_mpm_event.so
                LoadModule authz_core_module {modules}/mod_authz_core.so
                LoadModule ssl_module {modules}/mod_ssl.so
                DocumentRoot {at}/www
                <Directory {at}/www>\nRequire all granted\nForceType application/json\n</Directory>
                SSLEngine on\nSSLCertificateFile {at}/pki/server/fullchain.pem\nSSLCertificateKeyFile {at}/pki/server/key.pem
                SSLCACertificateFile {at}/pki/client-ca.pem\nSSLVerifyClient {word}\nSSLVerifyDepth 2\n"
            ),
        );
        let server = Server::start(&folder, clean("apache2").args(["-X", "-f", &conf]), port);
        check(&folder, &server, mode);
    }
}

#[test]
fn haproxy() {
    if peer("haproxy").is_none() {
        return;
    }
    let folder = Folder::new();
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
            &format!(
                "defaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s
frontend hook\n bind 127.0.0.1:{port} ssl crt {pem} ca-file {ca} {words}
 http-request return status 200 content-type application/json lf-string '{{\"fulfillmentText\":\"ok\"}}'\n"
            ),
        );
        let server = Server::start(&folder, clean("haproxy").args(["-db", "-f", &conf]), port);
        check(&folder, &server, mode);
    }
}

#[test]
fn caddy() {
    if peer("caddy").is_none() {
        return;
    }
    let folder = Folder::new();
    for (word, mode) in [
        ("require_and_verify", Strict),
        ("verify_if_given", Optional),
        ("request", Unverified),
    ] {
        let port = free_port();
        let conf = folder.write(
            &format!("{word}/Caddyfile"),
            &format!(
                "{{\n admin off\n auto_https off\n}}\nhttps://localhost:{port} {{\n bind 127.0.0.1\n tls {} {} {{\n  client_auth {{\n   mode {word}\n   trusted_ca_cert_file {}\n  }}\n }}
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
        let server = Server::start(&folder, &mut command, port);
        check(&folder, &server, mode);
    }
}

#[test]
fn node() {
    if peer("node").is_none() {
        return;
    }
    let folder = Folder::new();
    let script = folder.write(
        "server.js",
        r#"const https = require("https"), fs = require("fs");
const [port, at, mode] = process.argv.slice(2);
https.createServer({
  cert: fs.readFileSync(at + "/server/fullchain.pem"), key: fs.readFileSync(at + "/server/key.pem"),
  ca: fs.readFileSync(at + "/client-ca.pem"), requestCert: mode !== "off", rejectUnauthorized: mode === "strict",
}, (request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  response.end('{"fulfillmentText":"ok"}');
}).listen(+port, "127.0.0.1");"#,
    );
    for (word, mode) in [("strict", Strict), ("lax", Unverified), ("off", Off)] {
        let port = free_port();
        let mut command = clean("node");
        command.args([&script, &port.to_string(), &folder.path("pki"), word]);
        let server = Server::start(&folder, &mut command, port);
        check(&folder, &server, mode);
    }
}

/// Builds a Go program of one file.
pub(crate) fn build_go(folder: &Folder, source: &str, program: &str) {
    let mut build = clean("go");
    build
        .args(["build", "-o", program, source])
        .env("HOME", folder.path(""))
        .env("GOFLAGS", "-mod=mod")
        .env("GO111MODULE", "off");
    if let Some(cache) =
        std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".cache/go-build"))
    {
        // The standard library is built once a machine, not once a test.
        build.env("GOCACHE", cache);
    }
    run(&mut build, 300).ok();
}

/// Envoy with this configuration, by itself and quiet.
pub(crate) fn envoy_with(conf: &str) -> Command {
    let mut command = clean("envoy");
    command.args([
        "-c",
        conf,
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "warning",
    ]);
    command
}

#[test]
fn go() {
    if peer("go").is_none() {
        return;
    }
    let folder = Folder::new();
    let source = folder.write(
        "server.go",
        r#"package main

import ("crypto/tls"; "crypto/x509"; "net/http"; "os")

func main() {
	port, at, mode := os.Args[1], os.Args[2], os.Args[3]
	pem, _ := os.ReadFile(at + "/client-ca.pem")
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	auth := map[string]tls.ClientAuthType{"strict": tls.RequireAndVerifyClientCert, "optional": tls.VerifyClientCertIfGiven, "unverified": tls.RequestClientCert, "off": tls.NoClientCert}[mode]
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"fulfillmentText":"ok"}`))
	})
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: handler, TLSConfig: &tls.Config{ClientCAs: pool, ClientAuth: auth}}
	panic(server.ListenAndServeTLS(at+"/server/fullchain.pem", at+"/server/key.pem"))
}
"#,
    );
    let program = folder.path("server");
    build_go(&folder, &source, &program);
    for (word, mode) in [
        ("strict", Strict),
        ("optional", Optional),
        ("unverified", Unverified),
        ("off", Off),
    ] {
        let port = free_port();
        let mut command = clean(&program);
        command.args([&port.to_string(), &folder.path("pki"), word]);
        let server = Server::start(&folder, &mut command, port);
        check(&folder, &server, mode);
    }
}

#[test]
fn java() {
    let (Some(_), Some(mut openssl)) = (peer("java"), peer("openssl")) else {
        return;
    };
    let folder = Folder::new();
    let store = folder.path("server.p12");
    openssl.args([
        "pkcs12",
        "-export",
        "-passout",
        "pass:changeit",
        "-name",
        "server",
        "-out",
        &store,
    ]);
    openssl.args([
        "-inkey",
        &folder.pki("server/key.pem"),
        "-in",
        &folder.pki("server/fullchain.pem"),
    ]);
    run(&mut openssl, 60).ok();
    let source = folder.write(
        "Server.java",
        r#"import com.sun.net.httpserver.*;
import javax.net.ssl.*;
import java.io.*;
import java.net.*;
import java.security.*;
import java.security.cert.*;

public class Server {
  public static void main(String[] args) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(new FileInputStream(args[1]), "changeit".toCharArray());
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(own, "changeit".toCharArray());
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(args[2])));
    TrustManagerFactory anchors = TrustManagerFactory.getInstance("PKIX");
    anchors.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), anchors.getTrustManagers(), null);
    String mode = args[3];
    HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context) {
      public void configure(HttpsParameters p) {
        SSLParameters s = context.getDefaultSSLParameters();
        if (mode.equals("strict")) s.setNeedClientAuth(true); else s.setWantClientAuth(mode.equals("want"));
        p.setSSLParameters(s);
      }
    });
    server.createContext("/", exchange -> {
      exchange.getRequestBody().readAllBytes();
      byte[] answer = "{\"fulfillmentText\":\"ok\"}".getBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
  }
}
"#,
    );
    for (word, mode) in [("strict", Strict), ("want", Optional), ("off", Off)] {
        let port = free_port();
        let mut command = clean("java");
        command.args([
            &source,
            &port.to_string(),
            &store,
            &folder.pki("client-ca.pem"),
            word,
        ]);
        let server = Server::start(&folder, &mut command, port);
        check(&folder, &server, mode);
    }
}

#[test]
fn python() {
    if peer("python3").is_none() {
        return;
    }
    let folder = Folder::new();
    let script = folder.write(
        "server.py",
        r#"import http.server, ssl, sys
port, at, mode = sys.argv[1:]
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"fulfillmentText":"ok"}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(at + "/server/fullchain.pem", at + "/server/key.pem")
context.load_verify_locations(at + "/client-ca.pem")
context.verify_mode = {"strict": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "off": ssl.CERT_NONE}[mode]
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Hook)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
"#,
    );
    for (word, mode) in [("strict", Strict), ("optional", Optional), ("off", Off)] {
        let port = free_port();
        let mut command = clean("python3");
        command.args([&script, &port.to_string(), &folder.path("pki"), word]);
        let mut server = Server::start(&folder, &mut command, port);
        // load_verify_locations() leaves the names alone.
        server.names_its_ca = false;
        check(&folder, &server, mode);
    }
}

#[test]
fn openssl() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = Folder::new();
    for (words, mode) in [
        (&["-Verify", "2", "-verify_return_error"][..], Strict),
        (&["-verify", "9"], Unverified),
        (&[], Off),
    ] {
        let port = free_port();
        let mut command = clean("openssl");
        command
            .args([
                "s_server",
                "-accept",
                &format!("127.0.0.1:{port}"),
                "-www",
                "-quiet",
            ])
            .args([
                "-cert",
                &folder.pki("server/fullchain.pem"),
                "-key",
                &folder.pki("server/key.pem"),
            ])
            .args([
                "-cert_chain",
                &folder.pki("server/fullchain.pem"),
                "-CAfile",
                &folder.pki("client-ca.pem"),
            ])
            .args(words);
        let server = Server::start(&folder, &mut command, port);
        inspect(&folder, &server, mode);
        if mode == Off {
            continue;
        }
        // It answers a GET with a page of its own and a POST not at all: who is let in is told by the flexible webhook's GET.
        for version in ["1.2", "1.3"] {
            let simulated = folder.simulate(
                server.port,
                &[
                    "--matrix",
                    "--tls-max",
                    version,
                    "--event",
                    "cx-flexible",
                    "-X",
                    "GET",
                ],
            );
            let wrong = simulated.wrong();
            if mode == Strict {
                assert_eq!(
                    (wrong.as_slice(), simulated.code),
                    (&[][..], 0),
                    "TLS {version} {}",
                    server.said()
                );
                let alert = &simulated.call("client-cert-not-sent")["alert"];
                let wanted = if version == "1.3" { 116 } else { 40 };
                assert_eq!(alert["code"], wanted, "TLS {version}");
            } else {
                assert!(
                    wrong.len() > 10 && simulated.code == 1,
                    "TLS {version} {wrong:?}"
                );
            }
        }
    }
}

#[test]
fn envoy() {
    if peer("envoy").is_none() {
        return;
    }
    let folder = Folder::new();
    for (require, trust, mode) in [
        (true, "VERIFY_TRUST_CHAIN", Strict),
        (false, "VERIFY_TRUST_CHAIN", Optional),
        (false, "ACCEPT_UNTRUSTED", Unverified),
    ] {
        let port = free_port();
        let conf = folder.write(
            "envoy.yaml",
            &format!(
                r#"
static_resources:
  listeners:
  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: {require}
          common_tls_context:
            tls_certificates:
            - certificate_chain: {{ filename: {cert} }}
              private_key: {{ filename: {key} }}
            validation_context:
              trusted_ca: {{ filename: {ca} }}
              trust_chain_verification: {trust}
      filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: hook
          route_config:
            virtual_hosts:
            - name: hook
              domains: ["*"]
              response_headers_to_add:
              - header: {{ key: content-type, value: application/json }}
                append_action: OVERWRITE_IF_EXISTS_OR_ADD
              routes:
              - match: {{ prefix: / }}
                direct_response: {{ status: 200, body: {{ inline_string: '{ANSWER}' }} }}
          http_filters:
          - name: router
            typed_config: {{ "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }}
"#,
                cert = folder.pki("server/fullchain.pem"),
                key = folder.pki("server/key.pem"),
                ca = folder.pki("client-ca.pem"),
            ),
        );
        let mut command = envoy_with(&conf);
        let server = Server::start(&folder, &mut command, port);
        check(&folder, &server, mode);
    }
}
