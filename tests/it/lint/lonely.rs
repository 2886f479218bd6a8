//! Keys without a certificate and certificates without a key, in directories.

use std::fs;

use crate::lint::requests::{forge, lint};

#[test]
fn a_directory_says_which_key_and_which_certificate_are_alone() {
    let Some(forge) = forge() else { return };
    forge.make(
        "root",
        "/CN=root",
        "root",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
        "",
    );
    for name in ["a", "b"] {
        forge.make(
            name,
            "/CN=hook.example.com",
            "root",
            "subjectAltName=DNS:hook.example.com\nextendedKeyUsage=serverAuth\n",
            "",
        );
    }
    let folder = |name: &str, files: &[&str]| {
        let at = forge.root().join(name);
        fs::create_dir(&at).unwrap();
        for file in files {
            fs::copy(forge.root().join(file), at.join(file)).unwrap();
            #[cfg(unix)]
            fs::set_permissions(
                at.join(file),
                std::os::unix::fs::PermissionsExt::from_mode(0o600),
            )
            .unwrap();
        }
        let (report, _) = lint(&forge, &[name, "--cacert", "root.crt"]);
        let findings = report["findings"].as_array().unwrap();
        let mut found: Vec<String> = findings
            .iter()
            .filter(|finding| {
                ["MT140", "MT142", "MT143"].contains(&finding["code"].as_str().unwrap())
            })
            .map(|finding| {
                format!(
                    "{} {} {}",
                    finding["severity"].as_str().unwrap(),
                    finding["code"].as_str().unwrap(),
                    finding["place"]["path"].as_str().unwrap()
                )
            })
            .collect();
        found.sort();
        found
    };
    assert_eq!(folder("whole", &["a.crt", "a.key", "root.crt"]), [""; 0]);
    assert_eq!(folder("cas", &["root.crt"]), [""; 0]);
    assert_eq!(folder("certificates", &["a.crt", "b.crt"]), [""; 0]);
    assert_eq!(folder("keys", &["a.key", "b.key"]), [""; 0]);
    assert_eq!(
        folder("old_key", &["a.crt", "a.key", "b.key"]),
        ["note MT142 old_key/b.key"]
    );
    assert_eq!(
        folder("no_key", &["a.crt", "b.crt", "b.key"]),
        ["note MT143 no_key/a.crt"]
    );
    assert_eq!(
        folder("mixed", &["a.crt", "b.key", "root.crt"]),
        ["warning MT142 mixed/b.key", "warning MT143 mixed/a.crt"]
    );
    // A request explains a key.
    assert_eq!(
        folder("asked", &["b.crt", "b.key", "a.key", "hook.csr"]),
        [""; 0]
    );
}

/// Files that are named together are looked at together: a key that fits none of them is no pass.
#[test]
fn files_that_are_named_together_say_it_too() {
    let Some(forge) = forge() else { return };
    let make = |name: &str| {
        let extensions = "subjectAltName=DNS:hook.example.com\nextendedKeyUsage=serverAuth\n";
        forge.make(name, "/CN=hook.example.com", name, extensions, "");
    };
    make("a");
    make("b");
    let codes = |paths: &[&str]| -> Vec<String> {
        let (report, _) = lint(&forge, &[paths, &["--no-default-roots"]].concat());
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .filter(|code| ["MT142", "MT143"].contains(&code.as_str()))
            .collect()
    };
    assert_eq!(codes(&["a.crt", "b.key"]), ["MT142"]);
    assert_eq!(codes(&["a.crt", "a.key"]), [""; 0]);
    // No key has to be named, and a key by itself fits nothing since there is nothing.
    assert_eq!(codes(&["a.crt", "b.crt", "b.key"]), [""; 0]);
    assert_eq!(codes(&["a.key", "b.key"]), [""; 0]);
}
