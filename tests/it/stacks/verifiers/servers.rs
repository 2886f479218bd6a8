//! Servers that run, each with a listener a case, called with the case's certificate and key.
//!
//! For: that programs judge clients as the library they are built on does; and BoringSSL, which is
//! asked through Envoy only. Must not: be asked what the clock of the day would change.

use std::{
    fmt::Write as _,
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::{Answer, Answers, places};
use crate::{
    stacks::{
        chain::Role,
        corpus::{Case, Corpus},
    },
    support::{Server, clean, peer, run},
};

/// What every server is asked; Envoy is asked everything.
const SAMPLE: &[&str] = &[
    "plain",
    "sent-nothing",
    "anchor-other-key",
    "anchor-is-issuing",
    "eku-leaf-server",
    "ids-leaf-no-aki",
    "ids-leaf-aki-of-other",
    "serial-negative",
    "hash-sha1-leaf",
    "basic-root-plain",
    "length-root-violated",
    "nc-dns-broken",
    "ext-unknown-critical-leaf",
    "dn-case",
    "days-leaf-over",
    "crl-good",
    "crl-leaf-revoked",
];

/// What a TLS client cannot offer, though X.509 has it, and what ends within the second.
const NOT_LIVE: &[&str] = &[
    "key-p224-leaf",
    "key-brainpool",
    "key-secp256k1",
    "key-unknown-leaf",
    "days-last-second",
    "days-first-second",
    "days-second-after",
];

/// Whether a case of this variation makes sense here.
pub(crate) fn fits(variation: &str, role: Role) -> bool {
    role == Role::Client && !NOT_LIVE.contains(&variation)
}

/// A kind of server.
struct Kind {
    name: &'static str,
    /// Everything, or the sample.
    everything: bool,
    start: fn(&Site<'_>) -> Command,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "nginx",
        everything: false,
        start: nginx,
    },
    Kind {
        name: "apache2",
        everything: false,
        start: apache,
    },
    Kind {
        name: "haproxy",
        everything: false,
        start: haproxy,
    },
    Kind {
        name: "node",
        everything: false,
        start: node,
    },
    Kind {
        name: "envoy",
        everything: true,
        start: envoy,
    },
];

/// What a server is to do.
struct Site<'a> {
    folder: &'a Path,
    program: &'a Path,
    /// The server's own certificate and key; both in one file, too.
    certificate: String,
    key: String,
    both: String,
    listeners: Vec<Listener<'a>>,
}

struct Listener<'a> {
    port: u16,
    case: &'a Case,
    client: (String, String),
    anchors: String,
    lists: Option<String>,
}

/// Each server that is here, its version, and whom it let in.
pub(crate) fn live(corpus: &Corpus) -> Vec<(&'static str, String, Answers)> {
    if peer("curl").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for kind in KINDS {
        let mut places = places(kind.name);
        if kind.name == "envoy" && places.len() > 1 {
            places.remove(0);
        } else if peer(kind.name).is_none() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let site = site(corpus, kind, folder.path(), &places[0]);
        let version = version(kind.name, &places[0]);
        found.push((kind.name, version, serve(kind, &site)));
    }
    found
}

/// The first thing that looks like a version in what a program says about itself.
fn version(name: &str, program: &Path) -> String {
    let flag = match name {
        "node" | "envoy" => "--version",
        _ => "-v",
    };
    let said = run(clean(program).arg(flag), 60).ok().said();
    let mut words = said.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let looks = |word: &&str| word.matches('.').count() == 2 && word.len() > 4;
    words.find(looks).unwrap().to_owned()
}

fn site<'a>(corpus: &'a Corpus, kind: &Kind, folder: &'a Path, program: &'a Path) -> Site<'a> {
    let list = &corpus.cases.list;
    let text = |case: &Case, part: &str| corpus.cases.file(case, part).display().to_string();
    let own = list.iter().position(|case| case.variation == "plain");
    let own = own.expect("the plain case is among them");
    let certificate = text(&list[own], "chain.pem");
    let key = corpus.key(own).display().to_string();
    let both = folder.join("both.pem");
    let read = |path: &String| fs::read_to_string(path).unwrap();
    fs::write(&both, read(&certificate) + &read(&key)).unwrap();
    let wanted: Vec<_> = (0..list.len())
        .filter(|at| kind.everything || SAMPLE.contains(&list[*at].variation.as_str()))
        .collect();
    // All at once, so that none is given twice.
    let sockets: Vec<_> = wanted
        .iter()
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
        .collect();
    let listener = |(at, socket): (&usize, &TcpListener)| Listener {
        port: socket.local_addr().unwrap().port(),
        case: &list[*at],
        client: (
            text(&list[*at], "chain.pem"),
            corpus.key(*at).display().to_string(),
        ),
        anchors: text(&list[*at], "anchors.pem"),
        lists: list[*at].lists.then(|| text(&list[*at], "lists.pem")),
    };
    Site {
        folder,
        program,
        certificate,
        key,
        both: both.display().to_string(),
        listeners: wanted.iter().zip(&sockets).map(listener).collect(),
    }
}

fn serve(kind: &Kind, site: &Site<'_>) -> Answers {
    // What is listed last is started last.
    let last = site.listeners.last().unwrap().port;
    let _server = Server::start(site.folder, &mut (kind.start)(site), last);
    let config = site.folder.join("openssl.cnf");
    let lenient = "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n\
                   CipherString = DEFAULT@SECLEVEL=0\nOptions = UnsafeLegacyRenegotiation\n";
    fs::write(&config, lenient).unwrap();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut answers = Answers::new();
        while let Some(listener) = site.listeners.get(next.fetch_add(1, Ordering::Relaxed)) {
            answers.insert(listener.case.name.clone(), call(listener, &config));
        }
        answers
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut answers = work();
        answers.extend(other.join().unwrap());
        answers
    })
}

fn call(listener: &Listener<'_>, config: &Path) -> Answer {
    let mut curl = clean("curl");
    curl.env("OPENSSL_CONF", config)
        .args([
            "-skS",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--max-time",
            "20",
        ])
        .args(["--cert", &listener.client.0, "--key", &listener.client.1])
        .arg(format!("https://127.0.0.1:{}/", listener.port));
    let finished = run(&mut curl, 60);
    let letter = match (finished.code, finished.stdout.as_str()) {
        (Some(0), "200") => 'A',
        // It could not load what it was to present, or the server could not load what it was to
        // judge by.
        (Some(7 | 58), _) => '-',
        (Some(28), _) => panic!("{}: no answer", listener.case.name),
        _ => 'R',
    };
    Answer {
        letter,
        why: finished.said().replace('\n', " "),
    }
}

fn configured(site: &Site<'_>, name: &str, text: &str) -> String {
    let path = site.folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn nginx(site: &Site<'_>) -> Command {
    let at = site.folder.display();
    let mut servers = String::new();
    for listener in &site.listeners {
        let lists = listener.lists.as_ref();
        let lists = lists.map_or_else(String::new, |path| format!("ssl_crl {path};"));
        writeln!(
            servers,
            "server {{ listen 127.0.0.1:{} ssl; ssl_certificate {}; ssl_certificate_key {};
               ssl_client_certificate {}; ssl_verify_client on; ssl_verify_depth 30; {lists} return 200; }}",
            listener.port, site.certificate, site.key, listener.anchors
        )
        .unwrap();
    }
    let text = format!(
        "daemon off; master_process off; pid {at}/pid; error_log stderr; events {{}}
         http {{ access_log off; client_body_temp_path {at}/a; proxy_temp_path {at}/b; fastcgi_temp_path {at}/c;
         uwsgi_temp_path {at}/d; scgi_temp_path {at}/e; {servers} }}"
    );
    let config = configured(site, "nginx.conf", &text);
    let mut command = clean(site.program);
    command.args(["-p", &at.to_string(), "-c", &config]);
    command
}

fn apache(site: &Site<'_>) -> Command {
    let at = site.folder.display();
    fs::create_dir_all(site.folder.join("www")).unwrap();
    fs::write(site.folder.join("www/index.html"), "in").unwrap();
    let modules = "/usr/lib/apache2/modules";
    let mut text = format!(
        "ServerRoot {at}\nServerName localhost\nPidFile {at}/pid\nErrorLog {at}/errors\n
         LoadModule mpm_event_module {modules}/mod_mpm_event.so
         LoadModule authz_core_module {modules}/mod_authz_core.so
         LoadModule dir_module {modules}/mod_dir.so
         LoadModule ssl_module {modules}/mod_ssl.so
         <Directory {at}/www>\nRequire all granted\n</Directory>\n"
    );
    for listener in &site.listeners {
        let lists = listener.lists.as_ref().map_or_else(String::new, |path| {
            format!("SSLCARevocationFile {path}\nSSLCARevocationCheck leaf\n")
        });
        writeln!(
            text,
            "Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nDocumentRoot {at}/www\nSSLEngine on
             SSLCertificateFile {}\nSSLCertificateKeyFile {}\nSSLCACertificateFile {}
             SSLVerifyClient require\nSSLVerifyDepth 30\n{lists}</VirtualHost>",
            site.certificate,
            site.key,
            listener.anchors,
            port = listener.port,
        )
        .unwrap();
    }
    let config = configured(site, "apache.conf", &text);
    let mut command = clean(site.program);
    command.args(["-X", "-f", &config]);
    command
}

fn haproxy(site: &Site<'_>) -> Command {
    let mut text = String::from(
        "defaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s\n",
    );
    for listener in &site.listeners {
        let lists = listener.lists.as_ref();
        let lists = lists.map_or_else(String::new, |path| format!("crl-file {path}"));
        writeln!(
            text,
            "frontend f{port}\n bind 127.0.0.1:{port} ssl crt {} ca-file {} verify required {lists}
 http-request return status 200",
            site.both,
            listener.anchors,
            port = listener.port
        )
        .unwrap();
    }
    let config = configured(site, "haproxy.cfg", &text);
    let mut command = clean(site.program);
    command.args(["-db", "-f", &config]);
    command
}

fn node(site: &Site<'_>) -> Command {
    let mut list = Vec::new();
    for listener in &site.listeners {
        list.push(serde_json::json!({
            "port": listener.port, "ca": listener.anchors, "crl": listener.lists,
        }));
    }
    let text = format!(
        "const https = require('https'), fs = require('fs');
for (const {{ port, ca, crl }} of {}) https.createServer({{
  cert: fs.readFileSync('{}'), key: fs.readFileSync('{}'), ca: fs.readFileSync(ca), requestCert: true,
  crl: crl === null ? undefined : fs.readFileSync(crl, 'utf8').split(/(?=-----BEGIN)/),
}}, (request, response) => response.end('in')).listen(port, '127.0.0.1');",
        serde_json::Value::from(list),
        site.certificate,
        site.key
    );
    let script = configured(site, "servers.js", &text);
    let mut command = clean(site.program);
    command.arg(script);
    command
}

/// The listeners come from a file of their own: one with anchors that BoringSSL cannot read must
/// not keep out the others.
fn envoy(site: &Site<'_>) -> Command {
    const TYPE: &str = "type.googleapis.com/envoy";
    let mut listeners = Vec::new();
    for listener in &site.listeners {
        let mut by = serde_json::json!({ "trusted_ca": { "filename": listener.anchors } });
        if let Some(path) = &listener.lists {
            by["crl"] = serde_json::json!({ "filename": path });
            by["only_verify_leaf_cert_crl"] = true.into();
        }
        listeners.push(serde_json::json!({
            "@type": format!("{TYPE}.config.listener.v3.Listener"),
            "name": listener.case.name,
            "address": { "socket_address": { "address": "127.0.0.1", "port_value": listener.port } },
            "filter_chains": [{
                "transport_socket": { "name": "tls", "typed_config": {
                    "@type": format!("{TYPE}.extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
                    "require_client_certificate": true,
                    "common_tls_context": {
                        "tls_certificates": [{
                            "certificate_chain": { "filename": site.certificate },
                            "private_key": { "filename": site.key },
                        }],
                        "validation_context": by,
                    },
                } },
                "filters": [{ "name": "http", "typed_config": {
                    "@type": format!("{TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                    "stat_prefix": "http",
                    "route_config": { "virtual_hosts": [{
                        "name": "all", "domains": ["*"],
                        "routes": [{ "match": { "prefix": "/" }, "direct_response": { "status": 200 } }],
                    }] },
                    "http_filters": [{ "name": "router", "typed_config": {
                        "@type": format!("{TYPE}.extensions.filters.http.router.v3.Router"),
                    } }],
                } }],
            }],
        }));
    }
    let listeners = serde_json::json!({ "resources": listeners }).to_string();
    let listeners = configured(site, "listeners.json", &listeners);
    let config = serde_json::json!({
        "node": { "id": "stacks", "cluster": "stacks" },
        "dynamic_resources": { "lds_config": { "path_config_source": { "path": listeners } } },
    });
    let config = configured(site, "envoy.json", &config.to_string());
    let mut command = clean(site.program);
    command.args([
        "-c",
        &config,
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "warning",
    ]);
    command
}
