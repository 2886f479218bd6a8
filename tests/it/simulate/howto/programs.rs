//! Webhooks that end TLS themselves.

use std::process::Command;

use super::{Webhook, blocks};
use crate::support::{Server, clean, free_port, peer, run};

/// Runs a page's program twice: with the sender of the rehearsal among the names that it accepts,
/// it treats every client as it should; as it is, it accepts the two names of the page.
fn compares(webhook: &Webhook, page: &str, language: &str, start: impl Fn(String) -> Command) {
    const NAMES: &str = "\"*.dialogflow.com\"";
    let program = &blocks(page, language)[0];
    assert!(program.contains(NAMES), "{page} compares no subject");
    let more = program.replace(NAMES, &format!("{NAMES}, \"simulated sender\""));
    let serve = |text: &str| {
        let port = free_port();
        let mut command = start(webhook.placed(text, port, 0));
        Server::start(webhook.folder.root(), &mut command, port)
    };
    webhook.holds(&serve(&more));
    webhook.compares_the_subject(&serve(program));
}

#[test]
fn node() {
    if peer("node").is_none() {
        return;
    }
    let webhook = Webhook::new();
    compares(&webhook, "node", "js", |text| {
        let mut node = clean("node");
        node.arg(webhook.folder.write("server.js", text));
        node
    });
}

#[test]
fn go() {
    if peer("go").is_none() {
        return;
    }
    let webhook = Webhook::new();
    compares(&webhook, "go", "go", |text| {
        let source = webhook.folder.write("main.go", text);
        let program = webhook.folder.path("webhook");
        crate::simulate::servers::build_go(&webhook.folder, &source, &program);
        clean(&program)
    });
}

#[test]
fn python() {
    if peer("python3").is_none() {
        return;
    }
    let webhook = Webhook::new();
    compares(&webhook, "python", "python", |text| {
        let mut python = clean("python3");
        python.arg(webhook.folder.write("server.py", text));
        python
    });
}

#[test]
fn java() {
    if peer("java").is_none() || peer("openssl").is_none() {
        return;
    }
    let webhook = Webhook::new();
    // The page's own command makes the file that the program reads.
    let commands = &blocks("java", "console")[0];
    let store = commands
        .replace("-inkey key.pem", "-inkey pki/server/key.pem")
        .replace("-in fullchain.pem", "-in pki/server/fullchain.pem");
    let mut shell = clean("sh");
    shell
        .current_dir(webhook.folder.root())
        .args(["-ec", &store]);
    run(&mut shell, 60).ok();
    compares(&webhook, "java", "java", |text| {
        let mut java = clean("java");
        java.arg(webhook.folder.write("Webhook.java", text));
        java
    });
}
