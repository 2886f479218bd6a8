//! Servers and proxies.

use super::{Webhook, added, application, blocks, server_and_subject};
use crate::support::{Server, clean, envoy_with, free_port, peer};

#[test]
fn nginx() {
    if peer("nginx").is_none() {
        return;
    }
    let [server, map] = server_and_subject("nginx", "nginx");
    let webhook = Webhook::new();
    let at = webhook.folder.path("");
    let start = |content: &str| {
        let (port, backend) = (free_port(), application());
        let conf = webhook.folder.write(
            format!("nginx-{port}.conf"),
            format!(
                "daemon off; master_process off; pid {at}/{port}.pid; error_log stderr; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                    {} }}",
                webhook.placed(content, port, backend)
            ),
        );
        let mut command = clean("nginx");
        command.args(["-p", &at, "-c", &conf]);
        (
            Server::start(webhook.folder.root(), &mut command, port),
            conf,
        )
    };
    let (strict, _) = start(&server);
    webhook.holds(&strict);
    let compare = "if ($is_dialogflow = 0) { return 403; } ";
    let named = added(&server, "proxy_set_header", compare);
    let (named, conf) = start(&format!("{map}{named}"));
    webhook.compares_the_subject(&named);
    webhook.lints_clean(&conf, "nginx.conf", "MT2");
}

#[test]
fn apache() {
    if peer("apache2").is_none() {
        return;
    }
    let [server, subject] = server_and_subject("apache", "apache");
    let webhook = Webhook::new();
    let at = webhook.folder.path("");
    let start = |content: &str| {
        let (port, backend) = (free_port(), application());
        let mut conf = format!(
            "ServerRoot {at}\nServerName localhost\nPidFile {at}/{port}.pid\nErrorLog {at}/{port}.log\nListen 127.0.0.1:{port}\n"
        );
        // Those that the page names, and two without which there is no server.
        for module in "mpm_event authz_core ssl headers proxy proxy_http".split(' ') {
            conf +=
                &format!("LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n");
        }
        conf += &webhook.placed(content, port, backend);
        let conf = webhook.folder.write(format!("apache-{port}.conf"), conf);
        let mut command = clean("apache2");
        command.args(["-X", "-f", &conf]);
        (
            Server::start(webhook.folder.root(), &mut command, port),
            conf,
        )
    };
    let (strict, _) = start(&server);
    webhook.holds(&strict);
    let (named, conf) = start(&added(&server, "</VirtualHost>", &subject));
    webhook.compares_the_subject(&named);
    webhook.lints_clean(&conf, "apache.conf", "MT2");
}

#[test]
fn haproxy() {
    if peer("haproxy").is_none() {
        return;
    }
    let [server, subject] = server_and_subject("haproxy", "haproxy");
    let webhook = Webhook::new();
    let start = |content: &str| {
        let (port, backend) = (free_port(), application());
        let conf = webhook.folder.write(
            format!("haproxy-{port}.cfg"),
            webhook.placed(content, port, backend),
        );
        let mut command = clean("haproxy");
        command.args(["-db", "-f", &conf]);
        (
            Server::start(webhook.folder.root(), &mut command, port),
            conf,
        )
    };
    let (strict, _) = start(&server);
    webhook.holds(&strict);
    let (named, conf) = start(&added(&server, "    default_backend", &subject));
    webhook.compares_the_subject(&named);
    webhook.lints_clean(&conf, "haproxy.cfg", "MT2");
}

#[test]
fn caddy() {
    if peer("caddy").is_none() {
        return;
    }
    let [server, subject] = server_and_subject("caddy", "caddy");
    let webhook = Webhook::new();
    let start = |content: &str| {
        let (port, backend) = (free_port(), application());
        let global = "{\n\tadmin off\n\tauto_https off\n}\n";
        let site = format!("{global}https://localhost:{port} {{\n\tbind 127.0.0.1\n");
        let conf = webhook.folder.write(
            format!("{port}/Caddyfile"),
            webhook
                .placed(content, port, backend)
                .replace("hook.example.com {\n", &site),
        );
        let mut command = clean("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config", &conf])
            .env("HOME", webhook.folder.path(""));
        (
            Server::start(webhook.folder.root(), &mut command, port),
            conf,
        )
    };
    let (strict, _) = start(&server);
    webhook.holds(&strict);
    let (named, conf) = start(&added(&server, "\treverse_proxy", &subject));
    webhook.compares_the_subject(&named);
    webhook.lints_clean(&conf, "Caddyfile", "MT2");
    // Why the page has a file for each root: this version reads the first certificate only.
    let read = |name: &str| std::fs::read_to_string(webhook.folder.path(name)).unwrap();
    let two = read("clients-old.pem") + &read("pki/client-ca.pem");
    let two = webhook.folder.write("two.pem", two);
    let first_only = server.replace("/etc/webhook/clients.pem", &two);
    let (first_only, _) = start(&first_only);
    let flags = ["--client", "valid", "--exit-zero"];
    let refused = webhook.folder.simulate(first_only.port(), &flags);
    assert_eq!(
        refused.call("valid")["outcome"],
        "rejected",
        "docs/howto/caddy.md says otherwise: {:#}",
        refused.document
    );
}

#[test]
fn traefik() {
    if peer("traefik").is_none() {
        return;
    }
    let webhook = Webhook::new();
    let (port, backend) = (free_port(), application());
    let conf = webhook.folder.write(
        "hook.yaml",
        webhook.placed(&blocks("traefik", "yaml")[0], port, backend),
    );
    let mut command = clean("traefik");
    command.args([
        &format!("--entryPoints.websecure.address=127.0.0.1:{port}"),
        &format!("--providers.file.filename={conf}"),
        "--global.checkNewVersion=false",
        "--global.sendAnonymousUsage=false",
    ]);
    let server = Server::start(webhook.folder.root(), &mut command, port);
    // It accepts before it has read its file.
    let ready = ["--client", "valid", "--exit-zero"];
    for _ in 0..100 {
        if webhook.folder.simulate(port, &ready).call("valid")["outcome"] == "accepted" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    webhook.holds(&server);
    webhook.lints_clean(&conf, "hook.yaml", "MT439");
}

#[test]
fn envoy() {
    if peer("envoy").is_none() {
        return;
    }
    let webhook = Webhook::new();
    let (port, backend) = (free_port(), application());
    let conf = webhook.folder.write(
        "envoy.yaml",
        webhook.placed(&blocks("envoy", "yaml")[0], port, backend),
    );
    webhook.holds(&Server::start(
        webhook.folder.root(),
        &mut envoy_with(&conf),
        port,
    ));
    webhook.lints_clean(&conf, "envoy.yaml", "MT439");
}
