//! What a rule says of itself: its code, its name, its page, its sources, what it is found by.

use std::collections::HashSet;

use crate::{
    facts::{Requirement, Side},
    finding::Symptom,
    rules::{ALL, code_for_verify_error, find},
};

const HEADINGS: [&str; 4] = [
    "## What it finds",
    "## Why it matters",
    "## How to fix it",
    "## References",
];

/// IANA "TLS Alerts" registry, 2025-09.
const ALERTS: &[u8] = &[
    0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 60, 70, 71, 80, 86,
    90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120, 121,
];

#[test]
fn codes_are_unique_ordered_and_well_formed() {
    for rule in ALL {
        let digits = rule.code.strip_prefix("MT").unwrap_or_default();
        assert!(
            digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()),
            "{}",
            rule.code
        );
        assert!(
            matches!(digits.as_bytes()[0], b'1'..=b'5' | b'9'),
            "{}: no such hundred",
            rule.code
        );
    }
    for pair in ALL.windows(2) {
        assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
    }
}

#[test]
fn names_are_kebab_case_and_unique() {
    let mut seen = HashSet::new();
    for rule in ALL {
        let kebab = rule.name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        assert!(kebab, "{}", rule.name);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
    }
}

/// A file that no list names would be a rule that nobody asks.
#[test]
fn every_rule_is_the_file_of_its_name_and_every_file_is_listed() {
    let rooms = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut written: Vec<String> = Vec::new();
    for room in std::fs::read_dir(rooms).unwrap() {
        let room = room.unwrap();
        if !room.file_type().unwrap().is_dir() {
            continue;
        }
        let room_name = room.file_name().into_string().unwrap();
        for file in std::fs::read_dir(room.path()).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let Some(at) = text
                .find("\n        name: \"")
                .filter(|_| text.contains("\nrule! {"))
            else {
                continue;
            };
            let name = text[at + 16..].split('"').next().unwrap();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let module = name.replace('-', "_");
            assert!(
                module == stem || module == format!("{room_name}_{stem}"),
                "{}: its rule is {name}",
                path.display()
            );
            written.push(name.to_owned());
        }
    }
    let mut listed: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
    listed.sort_unstable();
    written.sort_unstable();
    assert_eq!(written, listed);
}

#[test]
fn pages_have_their_headings_in_order() {
    for rule in ALL {
        let found: Vec<&str> = rule
            .doc
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(found, HEADINGS, "{}", rule.code);
        for part in rule.doc.split("## ").skip(1) {
            let text = part.split_once('\n').unwrap_or_default().1;
            assert!(!text.trim().is_empty(), "{}: an empty section", rule.code);
        }
    }
}

#[test]
fn sources_are_dated() {
    for rule in ALL {
        assert!(!rule.cites.is_empty(), "{}", rule.code);
        for cite in rule.cites {
            assert!(!cite.source.is_empty(), "{}", rule.code);
            let parts: Vec<usize> = cite.date.split('-').map(str::len).collect();
            assert!(
                parts == [4, 2] || parts == [4, 2, 2],
                "{}: {}",
                rule.code,
                cite.date
            );
        }
    }
}

#[test]
fn faults_are_of_the_common_vocabulary() {
    for rule in ALL {
        for fault in rule.faults {
            assert!(
                crate::explain::fault(fault).is_some(),
                "{}: {fault}",
                rule.code
            );
        }
    }
}

#[test]
fn symptoms_are_registered_numbers_and_lower_case_words() {
    for rule in ALL {
        for symptom in rule.symptoms {
            let good = match symptom {
                Symptom::Alert(number) => ALERTS.contains(number),
                Symptom::Verify(number) => (1..=94).contains(number),
                Symptom::Says(words) => !words.is_empty() && words.to_lowercase() == *words,
                Symptom::Breaks(_) => true,
            };
            assert!(good, "{}: {symptom:?}", rule.code);
        }
    }
}

#[test]
fn since_is_not_the_future() {
    let version =
        |text: &str| -> Vec<u32> { text.split('.').map(|part| part.parse().unwrap()).collect() };
    for rule in ALL {
        assert!(
            version(rule.since) <= version(env!("CARGO_PKG_VERSION")),
            "{}",
            rule.code
        );
    }
}

#[test]
fn rules_are_found_by_code_or_name() {
    assert_eq!(find("mt201").map(|rule| rule.code), Some("MT201"));
    assert_eq!(find(" No-SNI ").map(|rule| rule.code), Some("MT302"));
    assert!(find("MT299").is_none() && find("").is_none());
}

#[test]
fn numbers_lead_to_their_first_rule() {
    for (num, client, server) in [
        (10, Some("MT201"), Some("MT201")),
        (20, Some("MT203"), Some("MT203")),
        (19, Some("MT403"), Some("MT276")),
        (18, Some("MT402"), Some("MT277")),
        (26, Some("MT404"), Some("MT274")),
        (17, None, None),
    ] {
        assert_eq!(code_for_verify_error(num, Side::Client), client, "{num}");
        assert_eq!(code_for_verify_error(num, Side::Server), server, "{num}");
    }
}

#[test]
fn every_requirement_has_exactly_one_rule() {
    for requirement in Requirement::ALL {
        let codes: Vec<&str> = ALL
            .iter()
            .filter(|rule| rule.symptoms.contains(&Symptom::Breaks(*requirement)))
            .map(|rule| rule.code)
            .collect();
        assert_eq!(codes.len(), 1, "{requirement:?}: {codes:?}");
    }
}
