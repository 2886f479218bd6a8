//! The layers hold: a module uses only what stands above it in the list of `src/lib.rs`, and some
//! words stay in their house.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// Within one layer modules are strangers, but for these: a rule is a function of facts and
/// context, paths and throwaway certificates are made of parsed ones, and what a server does with
/// those is told by what paths are made of.
const NEIGHBOURS: &[(&str, &str)] = &[
    ("finding", "context"),
    ("context", "profiles"),
    ("verify", "parse"),
    ("pki", "parse"),
    ("pki", "verify"),
    ("pki", "outlook"),
    ("outlook", "parse"),
    ("outlook", "verify"),
    ("token", "parse"),
    ("dialogflow", "parse"),
];

/// Words, and the only modules that may write them.
const HOUSES: &[(&[&str], &[&str])] = &[
    (&["rustls::", "hyper::"], &["net"]),
    (&["tokio::"], &["net", "jobs", "cli"]),
    // An error is put into words in one place, which knows what the system and the libraries say.
    (&["{error:#}"], &["failure"]),
    (&["std::fs"], &["jobs", "cli"]),
    (&["TcpStream", "TcpListener", "UdpSocket"], &["net", "cli"]),
    (
        &["println!(", "eprintln!(", "print!(", "eprint!("],
        &["cli", "main"],
    ),
];

#[test]
fn modules_use_only_lower_layers() {
    let layers = layers();
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        let Some(&own) = layers.get(&module) else {
            panic!("{module} stands in no layer of src/lib.rs");
        };
        for used in references(&text) {
            // `crate::rule!` is a macro of `finding`.
            let used = if used == "rule" { "finding" } else { &used };
            let allowed = used == module
                || NEIGHBOURS.contains(&(module.as_str(), used))
                || layers.get(used).is_some_and(|&layer| layer < own);
            if !allowed {
                wrong.push(format!("{}: {module} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_stay_in_their_house() {
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        for (words, houses) in HOUSES {
            for word in *words {
                if !houses.contains(&module.as_str()) && text.contains(word) {
                    wrong.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Layers that decide or show: what they ask of a fact is a value, not a word in a message, a
/// printed name or a Debug text.
const DECIDE: &[&str] = &["rules", "verify", "outlook", "report", "render"];

/// Where text is what is looked at, and why: a file, and what its line has.
const TEXT_IS_THE_MATTER: &[(&str, &str, &str)] = &[
    ("rules/chain/refusals.rs", "\"*.\"", "a wildcard's star"),
    (
        "rules/connection/alpn_without_http.rs",
        "\"h2\"",
        "ALPN names as sent",
    ),
    ("rules/certificate/help.rs", "\"*.\"", "a wildcard's star"),
    (
        "rules/chain/missing_intermediate.rs",
        "\"http://\"",
        "a URL's scheme",
    ),
    ("rules/commands.rs", "\"-\"", "standard input has no path"),
    ("rules/commands.rs", "\"://\"", "a URL's scheme"),
    (
        "rules/webhook/body_not_json.rs",
        "\"POST\"",
        "an HTTP method as sent",
    ),
    (
        "rules/webhook/content_type.rs",
        "\"+json\"",
        "a media type as sent",
    ),
    (
        "rules/webhook/no_credential.rs",
        "\"authorization\"",
        "a header's name as sent",
    ),
    (
        "rules/webhook/not_a_webhook_request.rs",
        "\"POST\"",
        "an HTTP method as sent",
    ),
    (
        "outlook/admission.rs",
        "\"CN",
        "a pattern out of a configuration",
    ),
    (
        "outlook/admission.rs",
        "value == \".\"",
        "a pattern out of a configuration",
    ),
    (
        "rules/site/subject_match_unanchored.rs",
        "\"CN=\"",
        "a pattern out of a configuration",
    ),
    ("verify/conformance/names.rs", "\"*", "a wildcard's star"),
    (
        "verify/hosts.rs",
        "\"DNS:\"",
        "an alternative name, which begins with its kind",
    ),
    (
        "verify/hosts.rs",
        "\"IP:\"",
        "an alternative name, which begins with its kind",
    ),
    ("verify/hosts.rs", "\"://\"", "a host as its user wrote it"),
    ("verify/hosts.rs", "\"*.\"", "a wildcard's star"),
    ("verify/signature/algorithm.rs", "\"1.2.840", "an OID"),
    ("verify/stacks/hosts.rs", "\"*\"", "a wildcard's star"),
    (
        "verify/stacks/table.rs",
        "row.feature",
        "a fault of our own table, for its test",
    ),
    (
        "verify/stacks/table.rs",
        "\">\"",
        "our own table's notation",
    ),
    (
        "verify/webpki_check.rs",
        "{error:?}",
        "the name that rustls logs; shown, and nothing decided by it",
    ),
    (
        "report/fingerprint.rs",
        "\"-\"",
        "standard input has no path",
    ),
    ("report/policy.rs", "\"./\"", "a path as its user wrote it"),
    (
        "render/openssl.rs",
        "\"TLSv1.3\"",
        "a version's name, until it is a value",
    ),
    ("render/page.rs", "\"## \"", "our own Markdown"),
    ("render/page.rs", "\"- \"", "our own Markdown"),
    (
        "render/matrix.rs",
        "\"client-\"",
        "an id cut short to be shown",
    ),
    ("render/text/explain/rule.rs", "\"- \"", "our own Markdown"),
    ("render/text/explain/rule.rs", "\"```\"", "our own Markdown"),
    ("render/text/explain/rule.rs", "\"](#\"", "our own Markdown"),
    (
        "render/text/explain/mod.rs",
        "\"-\"",
        "standard input has no path",
    ),
    ("render/text/readiness.rs", "\"valid\"", "a client's id"),
];

/// Each of these once decided something, and broke when somebody improved a sentence.
#[test]
fn nothing_is_decided_by_searching_in_words() {
    let searches = regex::Regex::new(
        r#"\.(contains|starts_with|ends_with|strip_prefix|strip_suffix|find|rfind|split|split_once|rsplit_once)\(\s*&?"[^"]*"|:\?\}|[!=]= ""#,
    )
    .unwrap();
    let mut used = vec![false; TEXT_IS_THE_MATTER.len()];
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        if !DECIDE.contains(&module.as_str()) {
            continue;
        }
        let file = path.strip_prefix("src").unwrap();
        for found in searches.find_iter(&text) {
            let start = text[..found.start()].rfind('\n').map_or(0, |at| at + 1);
            let end = text[found.end()..]
                .find('\n')
                .map_or(text.len(), |at| found.end() + at);
            let line = &text[start..end];
            let allowed = TEXT_IS_THE_MATTER
                .iter()
                .position(|(of, has, _)| Path::new(of) == file && line.contains(has));
            match allowed {
                Some(index) => used[index] = true,
                None => wrong.push(format!("{}: {}", path.display(), line.trim())),
            }
        }
    }
    for ((file, has, _), used) in TEXT_IS_THE_MATTER.iter().zip(used) {
        if !used {
            wrong.push(format!("{file}: nothing has `{has}` any more"));
        }
    }
    assert!(
        wrong.is_empty(),
        "wanted a value of `facts` in place of a search in words, or a reason in the list:\n{}",
        wrong.join("\n")
    );
}

/// The most lines of a file, and of a function.
const FILE: usize = 450;
const FUNCTION: usize = 100;

#[test]
fn files_and_functions_are_short() {
    let mut wrong = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        if lines > FILE {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        for (name, lines) in functions(&text) {
            if lines > FUNCTION {
                wrong.push(format!("{}: {name} has {lines} lines", path.display()));
            }
        }
    }
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "expected at most {FILE} lines a file and {FUNCTION} a function (split by subject):\n{}",
        wrong.join("\n")
    );
}

/// The functions of a file and how many lines each has, from its `fn` to the brace that closes it,
/// which rustfmt puts below it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let head =
        regex::Regex::new(r"^(\s*)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?fn (\w+)").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let Some(head) = head.captures(line) else {
            continue;
        };
        let close = format!("{}}}", &head[1]);
        let mut opened = false;
        for (length, line) in (1..).zip(&lines[first..]) {
            opened |= line.contains('{');
            // One without a body, of a trait, ends with its first semicolon; one in a line has a
            // body in it.
            let ends = *line == close || (!opened && line.ends_with(';'));
            if ends || (length == 1 && line.ends_with('}')) {
                found.push((head[2].to_owned(), length));
                break;
            }
        }
    }
    found
}

#[test]
fn functions_are_measured_to_their_closing_brace() {
    let text = "trait A {\n    fn a(\n        b: u8,\n    );\n\n    fn c() {\n        if x {\n        }\n    }\n}\nconst fn d() {}\n";
    let expected = [("a", 3), ("c", 4), ("d", 1)];
    assert_eq!(
        functions(text),
        expected.map(|(name, lines)| (name.to_owned(), lines))
    );
}

/// The layer of each module, from the numbered list in the crate's documentation; `main` stands on
/// top.
fn layers() -> HashMap<String, usize> {
    let mut layers = HashMap::from([("main".to_owned(), usize::MAX)]);
    for line in fs::read_to_string("src/lib.rs").unwrap().lines() {
        let Some((number, rest)) = line
            .strip_prefix("//! ")
            .and_then(|rest| rest.split_once(". "))
        else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        let names = rest.split(':').next().unwrap_or_default();
        for name in names
            .split("[`")
            .skip(1)
            .filter_map(|name| name.split('`').next())
        {
            layers.insert(name.to_owned(), number);
        }
    }
    assert!(layers.len() > 10, "the list in src/lib.rs was not found");
    layers
}

/// Every source file with its top module and its text, comments and tests taken out.
fn sources() -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    for path in files() {
        if path != Path::new("src/lib.rs") && !is_test(&path) {
            let module = top_module(&path);
            let text = code(&fs::read_to_string(&path).unwrap());
            found.push((path, module, text));
        }
    }
    found
}

/// Every source file.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// Files that their parent declares under `cfg(test)`.
fn is_test(path: &Path) -> bool {
    path.components()
        .filter_map(|part| part.as_os_str().to_str())
        .any(|name| name == "tests" || name.starts_with("tests.") || name.starts_with("fixture"))
}

/// `src/rules/no_sni.rs` belongs to `rules`, `src/engine.rs` to `engine`.
fn top_module(path: &Path) -> String {
    let first = path
        .components()
        .nth(1)
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The text without comment lines and without what follows the tests' opening, which stand last in
/// a file.
fn code(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        // What a rule's cases begin with is for tests alone.
        .filter(|line| !line.trim_start().starts_with("//") && !line.contains("rules::prelude"))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// The modules named after `crate::`, those of a braced list included. What a macro names after
/// `$crate::` is used by those who call it.
fn references(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in text.replace("$crate::", "").split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 0_usize;
        let mut start = 0;
        for (at, letter) in list.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' | ',' if depth == 0 => {
                    names.push(word(&list[start..at]));
                    start = at + 1;
                    if letter == '}' {
                        break;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The identifier at the start.
fn word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

#[test]
fn references_are_found_in_lists() {
    let text =
        "use crate::{\n    facts::{A, B},\n    rule,\n};\nuse crate::net;\nuse $crate::rules;";
    assert_eq!(references(text), ["facts", "rule", "net"]);
}

/// What profiles and calendar say about senders and authorities stands there and nowhere else in
/// the program: names of leafs, intermediates and roots, ids of anchors, days, issuers, keys. Tests
/// may say them; the wire format of a sender has a house of its own (`dialogflow`).
#[test]
fn no_fact_about_a_sender_stands_in_code() {
    let mut words: Vec<String> = Vec::new();
    for profile in mtls::profiles::all() {
        for identity in &profile.identity {
            words.extend(identity.leaf_common_name.clone());
            words.extend(identity.intermediates.iter().cloned());
            // A month is part of many a day.
            let day = identity.until.filter(|until| until.is_exact());
            words.extend(day.map(|day| day.to_string()));
            words.extend(identity.anchors.iter().cloned());
            for root in &identity.roots {
                words.push(root.sha256.clone());
                words.extend(root.subject.split("CN = ").nth(1).map(str::to_owned));
            }
        }
        if let Some(token) = &profile.token {
            words.extend(token.issuers.iter().cloned());
            words.push(token.keys.clone());
            words.extend(token.email.split('@').nth(1).map(str::to_owned));
        }
    }
    let calendar = mtls::profiles::calendar::calendar();
    words.extend(
        calendar
            .client_auth
            .iter()
            .filter(|end| end.authority != "Chrome Root Program")
            .map(|end| end.authority.clone()),
    );
    words.push("SSL.com".to_owned());
    // A name that stands for more than a sender.
    words.retain(|word| word != "GlobalSign");
    assert!(words.len() > 20);
    let mut wrong = Vec::new();
    for (path, module, text) in sources() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if module == "profiles" || name.starts_with("tests") || name.starts_with("fixture") {
            continue;
        }
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for word in &words {
            if text.contains(word.as_str()) {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
