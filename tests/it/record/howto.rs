//! The commands of `docs/howto/record.md`, run as they stand, in their order.

use std::fs;

use super::files;
use crate::support::{Folder, Listener, clean, free_port, run};

const PAGE: &str = include_str!("../../../docs/howto/record.md");

/// The commands of the page's console blocks, each with the exit status that it says.
fn commands() -> Vec<(String, i32)> {
    let blocks = PAGE.split("```console\n").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .flat_map(str::lines)
        .map(|line| {
            let (command, remark) = line.split_once(" # ").unwrap_or((line, ""));
            (
                command.trim().to_owned(),
                i32::from(remark.contains("exit status 1")),
            )
        })
        .collect()
}

#[test]
fn the_commands_of_the_page_do_what_it_says() {
    let folder = Folder::new();
    let port = free_port();
    fs::write(folder.path("answer.json"), r#"{"fulfillmentText":"Hello"}"#).unwrap();
    fs::write(
        folder.path("changed.json"),
        r#"{"fulfillmentText":"Goodbye"}"#,
    )
    .unwrap();
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_mtls"))
        .parent()
        .unwrap();
    let mut listener: Option<Listener> = None;
    let commands = commands();
    assert!(commands.len() >= 10, "{commands:?}");
    for (command, status) in commands {
        let placed = command
            .replace("'*:443'", &format!("127.0.0.1:{port}"))
            .replace("--host hook.example.com", "--host localhost")
            .replace("hook.example.com", &format!("localhost:{port}"))
            .replace(
                "--save-certs certs",
                "--listen 127.0.0.1:0 --timeout 1s --save-certs certs",
            );
        let mut shell = clean("sh");
        shell
            .args(["-c", &format!("exec {placed}")])
            .current_dir(folder.path(""))
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        if command.starts_with("mtls listen --listen") {
            // One takes the place of the other.
            if let Some(before) = listener.take() {
                before.finish();
            }
            listener = Some(Listener::start(&mut shell));
            continue;
        }
        if command.starts_with("mtls case show")
            && let Some(before) = listener.take()
        {
            // Cases are written when their connections are over.
            before.finish();
        }
        let seen = run(&mut shell, 120);
        assert_eq!(seen.code, Some(status), "{placed}\n{}", seen.said());
        if status == 1 {
            assert!(
                seen.stdout.contains("MT422") && seen.stdout.contains("Goodbye"),
                "{}",
                seen.said()
            );
        }
    }
    assert_eq!(files(folder.path("cases")).len(), 1);
    let junit = fs::read_to_string(folder.path("calls.xml")).unwrap();
    assert!(junit.contains("<testsuite"), "{junit}");
}
