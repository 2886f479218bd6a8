//! The configurations and programs of `docs/howto`, taken out of their pages and run: every client
//! of the matrix is treated as it should be there, and whose subject is compared is what the page
//! says.

mod programs;
mod servers;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    thread,
};

use crate::{
    simulate::{run::Rehearsal, servers::ANSWER},
    support::{Server, mtls, run},
};

/// A folder with the files that the pages speak of, under the names that they have there.
struct Webhook {
    folder: Rehearsal,
}

impl Webhook {
    fn new() -> Self {
        let folder = Rehearsal::new();
        let read = |name: &str| std::fs::read_to_string(folder.pki(name)).unwrap();
        let both = read("server/fullchain.pem") + &read("server/key.pem");
        let key = folder.write("webhook.pem", both);
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
        folder.write("clients-old.pem", roots(&["gts-root-r1"]));
        Self { folder }
    }

    /// A page's text with the places of this test in it.
    fn placed(&self, text: &str, port: u16, backend: u16) -> String {
        let folder = &self.folder;
        let at = |name: &str| folder.path(name);
        [
            ("fullchain.pem", folder.pki("server/fullchain.pem")),
            ("key.pem", folder.pki("server/key.pem")),
            ("clients.pem", folder.pki("client-ca.pem")),
            ("clients-old.pem", at("clients-old.pem")),
            ("webhook.pem", at("webhook.pem")),
            ("webhook.p12", at("webhook.p12")),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, path)| {
            text.replace(&format!("/etc/webhook/{name}"), path)
        })
        .replace("8080", &backend.to_string())
        .replace(
            "address: 0.0.0.0, port_value: 443",
            &format!("address: 127.0.0.1, port_value: {port}"),
        )
        .replace("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl"))
        .replace("*:443", &format!("127.0.0.1:{port}"))
        .replace("bind :443", &format!("bind 127.0.0.1:{port}"))
        .replace("\":443\"", &format!("\"127.0.0.1:{port}\""))
        .replace("(\"\", 443)", &format!("(\"127.0.0.1\", {port})"))
        .replace("listen(443)", &format!("listen({port}, \"127.0.0.1\")"))
        .replace(
            "InetSocketAddress(443)",
            &format!("InetSocketAddress(\"127.0.0.1\", {port})"),
        )
        .replace("Host(`hook.example.com`)", "Host(`localhost`)")
    }

    /// Every client there is, treated as it should be.
    #[track_caller]
    fn holds(&self, server: &Server) {
        let simulated = self.folder.simulate(server.port(), &["--matrix"]);
        assert!(
            simulated.wrong().is_empty(),
            "{:#?} {:?}\n{}",
            simulated.wrong(),
            simulated.found(),
            server.said()
        );
        // On a busy machine an answer comes too late for the sender.
        let found = simulated.found();
        assert!(simulated.code == 0 || found == ["MT510"], "{found:?}");
        let clients = simulated.calls().len();
        assert_eq!(clients, 20, "the pages and the README say 20");
        let valid = simulated.call("valid");
        assert_eq!(valid["http"]["valid_response"], true, "{valid:#}");
        // Every page says what `inspect` finds.
        let mut inspect = mtls();
        inspect
            .args(["inspect", &format!("localhost:{}", server.port())])
            .args(["--cacert", &self.folder.pki("server-ca.pem")])
            .args(["--format", "json"]);
        let inspected = run(&mut inspect, 60);
        let seen: serde_json::Value = serde_json::from_str(&inspected.stdout).unwrap();
        assert_eq!(
            seen["targets"][0]["client_auth"],
            "required",
            "{}",
            inspected.said()
        );
    }

    /// Both names of the sender are accepted; a trusted certificate with another one is not.
    #[track_caller]
    fn compares_the_subject(&self, server: &Server) {
        let rehearsed = self.folder.simulate(server.port(), &["--readiness"]);
        for client in ["sender-current", "sender-legacy"] {
            assert_eq!(
                rehearsed.call(client)["outcome"],
                "accepted",
                "{:#}\n{}",
                rehearsed.document,
                server.said()
            );
        }
        let flags = ["--client", "valid", "--exit-zero"];
        let other = self.folder.simulate(server.port(), &flags);
        assert_eq!(
            other.call("valid")["http"]["status"],
            403,
            "{:#}",
            other.document
        );
    }

    /// `lint` understands the configuration and finds no error and no warning in it, on the last
    /// day of the sender's old certificate and after it, where the client-CA file is the page's.
    /// `besides` is what the page leaves to the application.
    #[track_caller]
    fn lints_clean(&self, conf: &str, name: &str, besides: &str) {
        let text = std::fs::read_to_string(conf).unwrap();
        let both = ["ssl-com-root-rsa", "gts-root-r1"];
        let own = self.folder.write("clients.pem", roots(&both));
        let real = text.replace(&self.folder.pki("client-ca.pem"), &own);
        assert_ne!(real, text, "{name} names no client-CA file");
        let conf = self.folder.write(format!("lint/{name}"), real);
        for day in ["2026-12-01", "2026-12-02"] {
            let mut lint = mtls();
            lint.args(["lint", &conf, "--profile", "dialogflow"])
                .args(["--at-time", day, "--format", "json"])
                // The certificates are those of the rehearsal.
                .args(["--ignore", "MT2", "--ignore", besides]);
            let linted = run(&mut lint, 60);
            let seen: serde_json::Value = serde_json::from_str(&linted.stdout)
                .unwrap_or_else(|error| panic!("{error}: {}", linted.said()));
            let sites = seen["cases"].as_array().unwrap();
            assert_eq!(sites.len(), 1, "{name}: {}", linted.said());
            let summary = &seen["summary"];
            assert_eq!(
                (&summary["error"], &summary["warning"], linted.code),
                (&0.into(), &0.into(), Some(0)),
                "{day}: {seen:#}"
            );
        }
    }
}

/// The commands that make a page's files make files that pass, on the last day of the sender's old
/// certificate and after it.
#[test]
fn the_files_of_the_pages_are_good() {
    let folder = Rehearsal::new();
    let other = folder.path("own");
    run(
        mtls().args(["pki", &other, "--host", "hook.example.com"]),
        60,
    )
    .ok();
    let mut pages = 0;
    for page in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/howto")).unwrap() {
        let page = page.unwrap().path();
        let text = std::fs::read_to_string(&page).unwrap();
        let Some((_, files)) = text.split_once("## The files") else {
            continue;
        };
        pages += 1;
        let commands = files.split("```").nth(1).unwrap();
        let commands = commands.strip_prefix("console\n").unwrap();
        // The certificate of the rehearsal has a root of its own.
        let commands = commands.replace(
            "mtls lint --cert ",
            &format!("mtls lint --cacert {other}/server-ca.pem --ignore MT2 --cert "),
        );
        let at = folder.path(page.file_stem().unwrap().to_str().unwrap());
        let prepare = format!("mkdir {at}; cd {at}; cp {other}/server/*.pem .\n");
        let mut after = String::new();
        for day in ["2026-12-01", "2026-12-02"] {
            after += &format!(
                "mtls lint --client-ca clients.pem --profile dialogflow --at-time {day}\n"
            );
        }
        let all = format!("set -ex\n{prepare}{commands}{after}");
        run(&mut crate::readme::shell(folder.root(), 0, &all), 60).ok();
    }
    assert!(pages >= 6, "{pages} pages");
}

/// The PEM text of roots that the program has.
fn roots(ids: &[&str]) -> String {
    ids.iter()
        .map(|id| run(mtls().args(["profiles", "pem", id]), 60).ok().stdout)
        .collect()
}

/// The blocks of a page in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let path = format!("{}/docs/howto/{page}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let found: Vec<String> = text
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect();
    assert!(!found.is_empty(), "{page} has no block of {language}");
    found
}

/// A page's server, and what is added to it so that the subject is compared.
fn server_and_subject(page: &str, language: &str) -> [String; 2] {
    blocks(page, language)
        .try_into()
        .unwrap_or_else(|found| panic!("{page} has a server and a subject: {found:?}"))
}

/// The text with this added before `mark`, which has to be there.
fn added(text: &str, mark: &str, more: &str) -> String {
    assert!(text.contains(mark), "{text}");
    text.replacen(mark, &format!("{more}{mark}"), 1)
}

/// The application behind a proxy: it answers every request well.
fn application() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let mut part = [0; 4096];
                // Header section, then as much as it says.
                loop {
                    let Ok(read) = stream.read(&mut part) else {
                        return;
                    };
                    bytes.extend_from_slice(&part[..read]);
                    let text = String::from_utf8_lossy(&bytes).to_lowercase();
                    let Some(end) = text.find("\r\n\r\n") else {
                        if read == 0 {
                            return;
                        }
                        continue;
                    };
                    let length = text
                        .split("content-length: ")
                        .nth(1)
                        .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
                        .unwrap_or(0);
                    if bytes.len() >= end + 4 + length || read == 0 {
                        break;
                    }
                }
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{ANSWER}",
                    ANSWER.len()
                );
            });
        }
    });
    port
}
