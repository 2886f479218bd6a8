//! Webhook senders as people write them: Go, Node, Java, Python. Each calls with a client
//! certificate, without one, and once without trust in our server's certificate.

use std::{path::Path, process::Command};

use mtls::dialogflow;
use serde_json::Value;

use super::client::codes;
use crate::support::{Pki, clean, peer, run};

/// How one language makes its call: port, client folder or nothing, anchor file; the body lies in
/// `body.json`.
type Caller<'a> = dyn Fn(u16, Option<&str>, &str) -> Command + 'a;

fn files() -> Pki {
    let pki = Pki::new();
    pki.write("body.json", dialogflow::es_hi_request().to_string());
    pki
}

/// A caller with the arguments that all of them take, in their order.
fn caller(program: &[&Path], pki: &Pki, port: u16, client: Option<&str>, anchor: &str) -> Command {
    let mut command = clean(program[0]);
    command
        .args(&program[1..])
        .arg(port.to_string())
        .arg(anchor)
        .arg(pki.path("body.json"))
        .args(client);
    command
}

/// The three calls, and what must be seen of each.
fn three_calls(pki: &Pki, call: &Caller<'_>) {
    let mut listen = pki.listen(&["--count", "3"]);
    let client = pki.path("clients/valid");

    let finished = run(
        &mut call(listen.port(), Some(&client), &pki.path("server-ca.pem")),
        60,
    )
    .ok();
    let seen = listen.next();
    assert!(finished.stdout.contains("fulfillmentText"), "{finished:?}");
    assert_eq!(seen["client_certificate"], "presented", "{seen:#}");
    assert_eq!(
        seen["client_chain"].as_array().unwrap().len(),
        2,
        "{seen:#}"
    );
    assert_eq!(seen["trust"][0]["status"], "trusted", "{seen:#}");
    assert_eq!(seen["signature"]["verified"], true, "{seen:#}");
    assert_eq!(seen["http"]["kind"], "es", "{seen:#}");
    assert_eq!(seen["http"]["json_ok"], true, "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 200, "{seen:#}");
    assert_eq!(seen["ending"]["kind"], "completed", "{seen:#}");
    assert!(!seen["client_hello"]["ja4"].as_str().unwrap().is_empty());

    run(
        &mut call(listen.port(), None, &pki.path("server-ca.pem")),
        60,
    )
    .ok();
    let seen = listen.next();
    assert_eq!(seen["client_certificate"], "not-sent", "{seen:#}");
    assert!(codes(&seen).contains(&"MT401"), "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 200, "{seen:#}");

    // An anchor that has nothing to do with our server: the client turns away, with an alert or
    // without a word.
    let finished = run(
        &mut call(listen.port(), Some(&client), &pki.path("client-ca.pem")),
        60,
    );
    assert_ne!(finished.code, Some(0), "{finished:?}");
    let seen: Value = listen.next();
    let kind = seen["ending"]["kind"].as_str().unwrap();
    assert!(
        ["peer-alert", "closed", "reset", "protocol-error"].contains(&kind),
        "{seen:#}"
    );
    assert_eq!(seen["ending"]["phase"], "handshake", "{seen:#}");
    let known = ["MT406", "MT906", "MT908"];
    assert!(
        codes(&seen).iter().any(|code| known.contains(code)),
        "{seen:#}"
    );
    listen.wait();
}

#[test]
fn python() {
    if peer("python3").is_none() {
        return;
    }
    let pki = files();
    let script = pki.write("call.py", PYTHON);
    three_calls(&pki, &|port, client, anchor| {
        caller(
            &["python3".as_ref(), script.as_ref()],
            &pki,
            port,
            client,
            anchor,
        )
    });
}

const PYTHON: &str = r#"
import http.client, ssl, sys
port, anchor, body = int(sys.argv[1]), sys.argv[2], open(sys.argv[3], "rb").read()
context = ssl.create_default_context(cafile=anchor)
if len(sys.argv) > 4:
    context.load_cert_chain(sys.argv[4] + "/fullchain.pem", sys.argv[4] + "/key.pem")
call = http.client.HTTPSConnection("localhost", port, context=context, timeout=20)
call.request("POST", "/hook", body, {"content-type": "application/json"})
answer = call.getresponse()
print(answer.status, answer.read().decode())
sys.exit(0 if answer.status == 200 else 1)
"#;

#[test]
fn node() {
    if peer("node").is_none() {
        return;
    }
    let pki = files();
    let script = pki.write("call.js", NODE);
    three_calls(&pki, &|port, client, anchor| {
        caller(
            &["node".as_ref(), script.as_ref()],
            &pki,
            port,
            client,
            anchor,
        )
    });
}

const NODE: &str = r#"
const https = require("https"), fs = require("fs");
const [port, anchor, body, client] = process.argv.slice(2);
const options = { host: "localhost", port, path: "/hook", method: "POST", ca: fs.readFileSync(anchor),
  headers: { "content-type": "application/json" }, agent: false };
if (client) {
  options.cert = fs.readFileSync(client + "/fullchain.pem");
  options.key = fs.readFileSync(client + "/key.pem");
}
const call = https.request(options, answer => {
  let text = "";
  answer.on("data", part => text += part);
  answer.on("end", () => { console.log(answer.statusCode, text); process.exit(answer.statusCode === 200 ? 0 : 1); });
});
call.setTimeout(20000, () => process.exit(3));
call.on("error", error => { console.error(error); process.exit(2); });
call.end(fs.readFileSync(body));
"#;

#[test]
fn go() {
    if peer("go").is_none() {
        return;
    }
    let pki = files();
    pki.write("go/main.go", GO);
    pki.write("go/go.mod", "module call\n\ngo 1.19\n");
    let mut build = clean("go");
    build
        .args(["build", "-o", "call", "."])
        .current_dir(pki.path("go"))
        .env("GOCACHE", pki.path("go-cache"))
        .env("GOPATH", pki.path("go-path"))
        .env("GOFLAGS", "-mod=mod")
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0");
    run(&mut build, 300).ok();
    let program = pki.path("go/call");
    three_calls(&pki, &|port, client, anchor| {
        caller(&[program.as_ref()], &pki, port, client, anchor)
    });
}

const GO: &str = r#"
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func main() {
	anchor, err := os.ReadFile(os.Args[2])
	check(err)
	body, err := os.ReadFile(os.Args[3])
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(anchor)
	config := &tls.Config{RootCAs: pool}
	if len(os.Args) > 4 {
		pair, err := tls.LoadX509KeyPair(os.Args[4]+"/fullchain.pem", os.Args[4]+"/key.pem")
		check(err)
		config.Certificates = []tls.Certificate{pair}
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}, Timeout: 20 * time.Second}
	answer, err := client.Post("https://localhost:"+os.Args[1]+"/hook", "application/json", bytes.NewReader(body))
	check(err)
	text, err := io.ReadAll(answer.Body)
	check(err)
	fmt.Println(answer.StatusCode, string(text))
}
"#;

#[test]
fn java() {
    if peer("java").is_none() || peer("openssl").is_none() {
        return;
    }
    let pki = files();
    let script = pki.write("Call.java", JAVA);
    // Java reads a client's key from PKCS#12 only.
    let store = pki.path("client.p12");
    let (chain, key) = (
        pki.client("valid", "fullchain.pem"),
        pki.client("valid", "key.pem"),
    );
    let mut pack = clean("openssl");
    pack.args([
        "pkcs12",
        "-export",
        "-passout",
        "pass:simulated",
        "-in",
        &chain,
        "-inkey",
        &key,
        "-out",
        &store,
    ]);
    run(&mut pack, 20).ok();
    three_calls(&pki, &|port, client, anchor| {
        let store = client.map(|_| store.as_str());
        caller(
            &["java".as_ref(), script.as_ref()],
            &pki,
            port,
            store,
            anchor,
        )
    });
}

const JAVA: &str = r#"
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import javax.net.ssl.*;

public class Call {
  public static void main(String[] args) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    try (InputStream in = Files.newInputStream(Path.of(args[1]))) {
      anchors.setCertificateEntry("anchor", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    KeyManager[] keys = null;
    if (args.length > 3) {
      char[] password = "simulated".toCharArray();
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(Path.of(args[3]))) { store.load(in, password); }
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, password);
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    HttpsURLConnection call = (HttpsURLConnection) new URL("https://localhost:" + args[0] + "/hook").openConnection();
    call.setSSLSocketFactory(context.getSocketFactory());
    call.setReadTimeout(20000);
    call.setRequestMethod("POST");
    call.setRequestProperty("content-type", "application/json");
    call.setRequestProperty("connection", "close");
    call.setDoOutput(true);
    call.getOutputStream().write(Files.readAllBytes(Path.of(args[2])));
    System.out.println(call.getResponseCode() + " " + new String(call.getInputStream().readAllBytes()));
  }
}
"#;
