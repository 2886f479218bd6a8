//! What `--output` leaves alone, and what it leaves behind.

#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _},
    path::Path,
    process::Command,
};

use crate::{
    cli::{files::Files, run_in},
    support::{self, Finished, run},
};

/// Formats whose files are made each in its own way: at the end, or line by line.
const FORMATS: &[&str] = &["", "html=", "json=", "jsonl=", "sarif="];

fn refused(finished: &Finished, what: &str) {
    assert_eq!(finished.code, Some(2), "{what}: {}", finished.said());
    assert!(finished.stderr.contains("--output"), "{}", finished.said());
}

#[test]
fn an_input_is_never_written_over() {
    let files = Files::new();
    let folder = files.path();
    run_in(folder, &["pki", "pki"]).ok();
    fs::write(folder.join("mtls.toml"), "fail-on = \"never\"\n").unwrap();
    fs::hard_link(folder.join("key.pem"), folder.join("hard.pem")).unwrap();
    fs::create_dir(folder.join("sub")).unwrap();
    fs::copy(folder.join("fullchain.pem"), folder.join("sub/chain.pem")).unwrap();
    fs::write(folder.join("targets"), "127.0.0.1:1\n").unwrap();
    let config =
        "server { listen 443 ssl; ssl_certificate fullchain.pem; ssl_certificate_key key.pem; }";
    fs::write(folder.join("n.conf"), config).unwrap();
    let all = |folder: &Path| -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let mut found: Vec<_> = glob(folder)
            .into_iter()
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        found.sort();
        found
    };
    let before = all(folder);
    let pair = ["lint", "--cert", "fullchain.pem", "--key", "key.pem"];
    for (words, output) in [
        (&pair[..], "key.pem"),
        (&pair, "./sub/../key.pem"),
        (&pair, "hard.pem"),
        (&pair, "fullchain.pem"),
        (&pair, "mtls.toml"),
        (&["lint", "sub"], "sub/chain.pem"),
        (&["lint", "."], "key.pem"),
        (&["lint", "n.conf"], "key.pem"),
        (&["lint", "n.conf"], "n.conf"),
        (&["inspect", "fullchain.pem"], "fullchain.pem"),
        (&["inspect", "--targets", "targets", "-m", "1s"], "targets"),
        (
            &["simulate", "https://localhost:1/", "--pki", "pki"],
            "pki/client-ca.pem",
        ),
        (
            &[
                "simulate",
                "https://localhost:1/",
                "--cert",
                "fullchain.pem",
                "--key",
                "key.pem",
            ],
            "key.pem",
        ),
        (
            &[
                "listen",
                "--listen",
                "127.0.0.1:0",
                "--timeout",
                "1s",
                "--cert",
                "fullchain.pem",
                "--key",
                "key.pem",
            ],
            "key.pem",
        ),
    ] {
        for format in FORMATS {
            // What a listener does not have is refused for another reason.
            if words[0] == "listen" && *format == "sarif=" {
                continue;
            }
            let output = format!("{format}{output}");
            let finished = run_in(folder, &[words, &["-o", &output]].concat());
            refused(&finished, &format!("{words:?} -o {output}"));
        }
    }
    assert!(all(folder) == before, "a file was changed, or left behind");
    // A report beside the files of a folder is one's own, and may be written anew.
    for _ in 0..2 {
        let again = run_in(folder, &["lint", "sub", "-o", "html=sub/report.html"]);
        assert_ne!(again.code, Some(2), "{}", again.said());
    }
}

/// Every regular file below a folder.
fn glob(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(glob(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn pipes_and_devices_are_written_through_and_stay() {
    let files = Files::new();
    let folder = files.path();
    for format in FORMATS {
        let pipe = folder.join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: pipes_and_devices_are_written_through_and_stay: no mkfifo");
            return;
        }
        let reader = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read_to_string(pipe).unwrap())
        };
        let output = format!("{format}pipe");
        let finished = run_in(folder, &["lint", "fullchain.pem", "-o", &output]);
        assert_ne!(finished.code, Some(2), "{output}: {}", finished.said());
        // Had it been replaced, the reader would wait for ever.
        assert!(
            fs::metadata(&pipe).unwrap().file_type().is_fifo(),
            "{output}"
        );
        assert!(reader.join().unwrap().len() > 20, "{output}");
        fs::remove_file(&pipe).unwrap();
    }
    // A node of one's own where that can be made: a fault must not cost the machine its /dev/null.
    // Whoever cannot make one cannot lose it.
    let own = folder.join("null");
    let made = Command::new("mknod")
        .arg(&own)
        .args(["c", "1", "3"])
        .output();
    let own_is_there = made.is_ok_and(|made| made.status.success());
    let device = if own_is_there {
        own.to_str().unwrap()
    } else {
        "/dev/null"
    };
    for format in FORMATS {
        let output = format!("{format}{device}");
        let finished = run_in(folder, &["lint", "fullchain.pem", "-o", &output]);
        assert_ne!(finished.code, Some(2), "{}", finished.said());
        let kind = fs::metadata(device).unwrap().file_type();
        assert!(kind.is_char_device(), "{output}");
    }
    assert!(!left_behind(folder));
}

#[test]
fn a_link_is_not_followed_to_a_file() {
    let files = Files::new();
    let folder = files.path();
    fs::write(folder.join("profile"), "mine").unwrap();
    std::os::unix::fs::symlink("profile", folder.join("out")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("lost")).unwrap();
    for format in FORMATS {
        for name in ["out", "lost"] {
            let output = format!("{format}{name}");
            refused(
                &run_in(folder, &["lint", "fullchain.pem", "-o", &output]),
                &output,
            );
        }
    }
    assert_eq!(fs::read_to_string(folder.join("profile")).unwrap(), "mine");
    assert!(!folder.join("nowhere").exists());
}

#[test]
fn a_new_file_has_the_permissions_that_the_mask_leaves() {
    let files = Files::new();
    let folder = files.path();
    let mode = |name: &str| {
        let metadata = fs::metadata(folder.join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    for (mask, wanted) in [("077", 0o600), ("022", 0o644), ("027", 0o640)] {
        for format in FORMATS {
            let output = format!("{format}out-{mask}-{}", format.trim_end_matches('='));
            let script = format!("umask {mask}; exec \"$0\" lint fullchain.pem -o {output}");
            let mut shell = Command::new("sh");
            let shell = shell.current_dir(folder).args(["-c", &script]);
            let finished = run(shell.arg(support::mtls().get_program()), 20);
            assert_ne!(finished.code, Some(2), "{}", finished.said());
            let name = output.trim_start_matches(format);
            assert_eq!(mode(name), wanted, "{mask} {format}");
        }
    }
    // One that was there keeps its own.
    fs::write(folder.join("kept"), "").unwrap();
    fs::set_permissions(folder.join("kept"), fs::Permissions::from_mode(0o640)).unwrap();
    run_in(folder, &["lint", "fullchain.pem", "-o", "html=kept"]);
    assert_eq!(mode("kept"), 0o640);
}

#[test]
fn nothing_is_left_behind_when_a_run_cannot_do_its_job() {
    let files = Files::new();
    let folder = files.path();
    for words in [
        &["lint", "missing.pem"][..],
        &["lint", "fullchain.pem", "-o", "json=no/such/folder"],
        &[
            "lint",
            "fullchain.pem",
            "-o",
            "json=key.pem",
            "--key",
            "key.pem",
        ],
        &["simulate", "https://localhost:1/", "--cert", "missing.pem"],
    ] {
        let words = [words, &["-o", "html=page.html", "-o", "sarif=out.sarif"]].concat();
        assert_eq!(run_in(folder, &words).code, Some(2), "{words:?}");
        assert!(!left_behind(folder), "{words:?}");
    }
}

fn left_behind(folder: &Path) -> bool {
    glob(folder).iter().any(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(".mtls-")
    })
}
