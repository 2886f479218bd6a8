//! The words of the rules: the plain English of the field, one term for one thing.
//!
//! Held to it: the names and pages of the rules, every sentence in the sources that findings and
//! reports are made of, and the texts of `explain`. What is quoted from others stays as it is.

use std::{fs, path::Path};

use mtls::rules;

/// What is not said, and what is said instead.
const NOT_SAID: &[(&str, &str)] = &[
    ("wanted", "expected"),
    ("told", "reported"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("stands", "is"),
    ("stand", "is"),
    ("stood", "was"),
    ("hangs on", "depends on"),
    ("signed itself", "is self-signed"),
    ("without a word", "without a TLS alert"),
    ("whose move", "who has to fix it"),
    ("of theirs", "of that sender"),
    ("come across", "found"),
    ("takes the place of", "replaces"),
    ("is over", "has expired"),
    ("used no more", "no longer used"),
    ("authority", "CA"),
    ("authorities", "CAs"),
    ("let in", "accepted"),
    ("lets in", "accepts"),
    ("gets in", "is accepted"),
    ("got in", "was accepted"),
    ("turns away", "rejects"),
    ("turned away", "rejected"),
    ("pass over", "ignore"),
    ("passes over", "ignores"),
    ("passed over", "ignored"),
    ("edition", "certificate"),
    ("by the letter", "by RFC 5280"),
    ("proved who it is", "authenticated"),
    ("everybody", "everyone"),
    ("breaks on", "last day, refused from"),
    ("is no", "is not a"),
    ("are no", "are not"),
    ("an anchor", "a trust anchor"),
    ("the anchor", "the trust anchor"),
    ("anchors", "trust anchors"),
    ("another fault", "what the fault is"),
    ("part of this program", "shipped with mtls"),
    ("nothing shows", "not known"),
    ("nobody says", "not known"),
    ("among the certificate", "sent"),
    ("and name it:", "then pass --profile"),
    ("by this program", "by mtls"),
    ("this program rejected", "mtls rejected"),
    (
        "no trust anchor for it here",
        "pass the issuing CA with --cacert",
    ),
];

/// Where such a word is right: a part of the sentence with it, and why.
const SAID_ALL_THE_SAME: &[(&str, &str)] = &[
    ("authority key identifier", "the name of the extension"),
    ("authority information access", "the name of the extension"),
    ("among the certificates", "more than one"),
    (
        "certificate authority:",
        "what the letters CA are short for",
    ),
    ("certification authority", "the name of a root"),
    ("is no pass", "of a verdict"),
    ("there are no", "of something that is missing"),
    ("unknown authority", "Go's message"),
    ("unknown certificate authority", "Go's message"),
    (
        "(certificate authorities)",
        "the title of RFC 8446, section 4.2.4",
    ),
    ("is no longer", "of time"),
    ("is no tls 1.3", "there is none"),
    ("there is no", "of something that is missing"),
    ("trust anchors", "the term"),
    ("stands for", "a column of a table"),
];

/// Whether `phrase` is in the text as words of its own.
fn says<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let word = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(byte))
    };
    text.match_indices(phrase)
        .map(|(at, _)| at)
        .filter(move |&at| {
            let bytes = text.as_bytes();
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            !word(before)
                && !bytes
                    .get(at + phrase.len())
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b"_-".contains(b))
        })
}

/// What a sentence says that it should not; the names in braces are not said.
fn faults(sentence: &str) -> Vec<String> {
    let mut text = sentence.to_lowercase();
    while let Some((at, end)) = text
        .find('{')
        .and_then(|at| Some((at, at + text[at..].find('}')?)))
    {
        text.replace_range(at..=end, "…");
    }
    let mut found = Vec::new();
    for (phrase, instead) in NOT_SAID {
        for at in says(&text, phrase) {
            let right = SAID_ALL_THE_SAME.iter().any(|(around, _)| {
                text.match_indices(around)
                    .any(|(from, _)| from <= at && at < from + around.len())
            });
            if !right {
                found.push(format!("{phrase:?}, say {instead:?}: {sentence}"));
            }
        }
    }
    found
}

/// The string literals of a source that are sentences, its tests left out.
fn sentences(source: &str) -> Vec<String> {
    let source = source.split("\n#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for line in source.lines() {
        let line = line.trim_start();
        let quoted = line.starts_with("//")
            || [
                "fires_on:",
                "silent_on:",
                "cites:",
                "symptoms:",
                "Says(",
                "(",
            ]
            .iter()
            .any(|start| line.starts_with(start))
            || line.contains("Says(\"");
        if quoted {
            continue;
        }
        let mut parts = line.split('"');
        parts.next();
        while let Some(text) = parts.next() {
            if text.trim().contains(' ') {
                found.push(text.to_owned());
            }
            parts.next();
        }
    }
    found
}

/// The Rust sources below a folder.
fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs")
            && !path.ends_with("tests.rs")
            && !path.ends_with("fixture.rs")
            // OpenSSL's own words.
            && !path.ends_with("errors.rs")
        {
            found.push(path);
        }
    }
}

#[test]
fn names_and_pages_of_rules_say_it_in_the_words_of_the_field() {
    let mut found = Vec::new();
    for rule in rules::ALL {
        // Sources are quoted, and commands are not sentences.
        let prose = rule.doc.split("## References").next().unwrap_or_default();
        let prose: Vec<&str> = prose.split("```").step_by(2).collect();
        for paragraph in prose.join("\n\n").split("\n\n") {
            let words: Vec<&str> = paragraph.split_whitespace().collect();
            let faults = faults(&words.join(" "));
            found.extend(
                faults
                    .into_iter()
                    .map(|one| format!("{}: {one}", rule.code)),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sentences_of_findings_say_it_in_the_words_of_the_field() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for folder in [
        "rules",
        "verify",
        "outlook",
        "dialogflow",
        "explain",
        "render",
        "report",
        "cli",
        "jobs",
        "facts",
        "net",
        "pki",
        "token",
        "parse",
    ] {
        let mut paths = Vec::new();
        sources(&src.join(folder), &mut paths);
        for path in paths {
            if path
                .components()
                .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "fixture")
            {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let shown = path.strip_prefix(&src).unwrap().display().to_string();
            for sentence in sentences(&text) {
                found.extend(
                    faults(&sentence)
                        .into_iter()
                        .map(|one| format!("{shown}: {one}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What `explain` says of a fault or a message, and what the table of verifiers says of a chain.
#[test]
fn texts_of_data_say_it_in_the_words_of_the_field() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let texts = [
        ("explain/dictionary", &["meaning"][..]),
        ("explain", &["title", "tell", "remedy"]),
        ("verify/stacks/table", &["says"]),
    ];
    let (mut found, mut looked_at) = (Vec::new(), 0);
    for (folder, keys) in texts {
        for entry in fs::read_dir(src.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "toml") {
                continue;
            }
            for line in fs::read_to_string(&path).unwrap().lines() {
                let Some((key, text)) = line.split_once(" = ") else {
                    continue;
                };
                if keys.contains(&key) {
                    looked_at += 1;
                    let name = path.display();
                    found.extend(faults(text).iter().map(|one| format!("{name}: {one}")));
                }
            }
        }
    }
    assert!(looked_at > 1000, "{looked_at}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// README and the pages of `docs`, without what is generated from rules and data, and without the
/// page for those who change the program.
#[test]
fn pages_say_it_in_the_words_of_the_field() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "docs/howto"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let apart = ["rules.md", "dictionary.md", "architecture.md"];
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(".md") && !apart.contains(&name.as_ref()) {
                pages.push(path);
            }
        }
    }
    assert!(pages.len() > 20, "{}", pages.len());
    let mut found = Vec::new();
    for path in pages {
        let text = fs::read_to_string(&path).unwrap();
        // Commands and what they print are not sentences.
        let prose: Vec<&str> = text.split("```").step_by(2).collect();
        for paragraph in prose.join("\n\n").split("\n\n") {
            let words: Vec<&str> = paragraph.split('`').step_by(2).collect();
            let words = words.join("…");
            let words: Vec<&str> = words.split_whitespace().collect();
            let name = path.display();
            let faults = faults(&words.join(" "));
            found.extend(faults.iter().map(|one| format!("{name}: {one}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_words_are_found_where_they_are_said() {
    assert_eq!(faults("the leaf signed itself, wanted a CA").len(), 2);
    assert_eq!(faults("this is no mutual TLS").len(), 1);
    assert_eq!(faults("certificate signed by unknown authority").len(), 0);
    assert_eq!(faults("this leads to no anchors").len(), 1);
    assert_eq!(
        faults("there is no certificate, and it is no longer used").len(),
        0
    );
}
