//! Servers that are programs of a few lines, and `s_server`.

use super::{
    Mode::{Off, Optional, Strict, Unverified},
    build_go, check, check_naming, inspect,
};
use crate::{
    explain::live::told,
    simulate::run::Rehearsal,
    support::{Server, clean, free_port, peer, run},
};

#[test]
fn node() {
    if peer("node").is_none() {
        return;
    }
    let folder = Rehearsal::new();
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
}).on("tlsClientError", (error, socket) => {
  // A certificate that Node itself rejects has its reason here, and in the error there is none.
  console.error("tlsClientError", socket.authorizationError ?? error.code, error.message);
}).listen(+port, "127.0.0.1");"#,
    );
    for (word, mode) in [("strict", Strict), ("lax", Unverified), ("off", Off)] {
        let port = free_port();
        let mut command = clean("node");
        command.args([&script, &port.to_string(), &folder.path("pki"), word]);
        let server = Server::start(folder.root(), &mut command, port);
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 7);
        }
    }
}

#[test]
fn go() {
    if peer("go").is_none() {
        return;
    }
    let folder = Rehearsal::new();
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
        let server = Server::start(folder.root(), &mut command, port);
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 8);
        }
    }
}

#[test]
fn java() {
    let (Some(_), Some(mut openssl)) = (peer("java"), peer("openssl")) else {
        return;
    };
    let folder = Rehearsal::new();
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
    let logging = folder.write(
        "logging.properties",
        "handlers=java.util.logging.ConsoleHandler\njava.util.logging.ConsoleHandler.level=ALL\ncom.sun.net.httpserver.level=ALL\n",
    );
    for (word, mode) in [("strict", Strict), ("want", Optional), ("off", Off)] {
        let port = free_port();
        let mut command = clean("java");
        command.args([
            &format!("-Djava.util.logging.config.file={logging}"),
            &source,
            &port.to_string(),
            &store,
            &folder.pki("client-ca.pem"),
            word,
        ]);
        let server = Server::start(folder.root(), &mut command, port);
        let runs = check(&folder, &server, mode);
        if mode == Strict {
            told(&server.said(), &runs, 7);
        }
    }
}

#[test]
fn python() {
    if peer("python3").is_none() {
        return;
    }
    let folder = Rehearsal::new();
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
        let server = Server::start(folder.root(), &mut command, port);
        // load_verify_locations() leaves the names alone.
        let runs = check_naming(&folder, &server, mode, false);
        if mode == Strict {
            told(&server.said(), &runs, 10);
        }
    }
}

#[test]
fn openssl() {
    if peer("openssl").is_none() {
        return;
    }
    let folder = Rehearsal::new();
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
        let server = Server::start(folder.root(), &mut command, port);
        inspect(&folder, &server, mode, true);
        if mode == Off {
            continue;
        }
        // It answers a GET with a page of its own and a POST not at all: who is let in is told by
        // the flexible webhook's GET.
        for version in ["1.2", "1.3"] {
            let simulated = folder.simulate(
                server.port(),
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
