//! Codes, names and numbers without a sentence around them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use super::{
    Cause, Kind, Likelihood, Match, Printed, Specificity,
    answer::sentence,
    dictionary::Dictionary,
    evidence,
    fault::{self, Fault},
    pattern::plain,
    recognise::{Found, ToldBy},
};
use crate::{finding::Rule, parse::ids};

/// A rule of this program, as an answer.
pub(super) fn rule(rule: &'static Rule) -> Match {
    let causes: Vec<Cause> = rule
        .faults
        .iter()
        .filter_map(|id| fault::fault(id))
        .map(|fault| Cause {
            side_to_act: rule.act,
            rules: vec![rule.code],
            ..Cause::of(fault, Some(rule.act), Likelihood::Certain)
        })
        .collect();
    let meaning = rule
        .doc
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("## "))
        .skip(1)
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let title = format!("{} {}", rule.code, rule.name);
    let sources: Vec<String> = rule
        .cites
        .iter()
        .map(|cite| format!("{} ({})", cite.source, cite.date))
        .collect();
    Match {
        meaning,
        tell_apart: evidence::tell_apart(&causes),
        causes,
        source: sources.join("; "),
        ..Match::without_causes(
            Kind::Rule,
            Specificity::Reason,
            rule.code.to_owned(),
            "mtls",
            &title,
        )
    }
}

/// A fault of the vocabulary, as an answer: what it is, and what stacks print for it.
pub(super) fn fault(dictionary: &Dictionary, fault: &'static Fault) -> Match {
    let mut prints: Vec<(u32, &str, &str)> = dictionary
        .entries
        .iter()
        .filter(|entry| entry.telling == Specificity::Reason || entry.telling == Specificity::Alert)
        .filter_map(|entry| {
            let of = |counts: &super::dictionary::Counts| counts.get(&fault.id).copied();
            let runs = of(&entry.seen.client)
                .into_iter()
                .chain(of(&entry.seen.server))
                .sum::<u32>();
            let first = entry.faults.first();
            let declared = first.is_some_and(|template| {
                [("client", "server"), ("server", "client")]
                    .iter()
                    .any(|(own, peer)| {
                        template.replace("{self}", own).replace("{peer}", peer) == fault.id
                    })
            });
            (runs > 0 || declared).then(|| {
                (
                    runs,
                    entry.stack.as_str(),
                    entry.says.first().map_or("", String::as_str),
                )
            })
        })
        .collect();
    prints.sort_by_key(|(runs, ..)| std::cmp::Reverse(*runs));
    let mut stacks = BTreeSet::new();
    let told: Vec<Printed> = prints
        .iter()
        .filter(|(_, stack, says)| !says.is_empty() && stacks.insert(*stack))
        .map(|(_, stack, says)| Printed {
            stack: (*stack).to_owned(),
            text: says.replace('*', "..."),
        })
        .collect();
    let cause = Cause::of(fault, None, Likelihood::Certain);
    Match {
        meaning: capital(&fault.title) + ".",
        printed_as: told,
        tell_apart: evidence::tell_apart(std::slice::from_ref(&cause)),
        causes: vec![cause],
        source: "the dictionary of mtls".to_owned(),
        ..Match::without_causes(
            Kind::Fault,
            Specificity::Reason,
            fault.id.clone(),
            "mtls",
            &fault.id,
        )
    }
}

/// With a capital letter at the beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Words between the name of a list and a number of it.
const FILLERS: &[&str] = &[
    "says", "said", "gave", "got", "returned", "printed", "fails", "failed", "exits", "with",
    "error", "code", "status", "exit", "a",
];

/// The lists that numbers are looked up in.
const LISTS: &[&str] = &["alert", "verify", "curl"];

/// A number, or the name of one: `48`, `alert 48`, `unknown_ca`, `curl 60`,
/// `X509_V_ERR_CERT_HAS_EXPIRED`. A bare number is looked up in every list.
pub(super) fn numbers(dictionary: &Dictionary, text: &str) -> Vec<Match> {
    let mut bytes = Vec::new();
    plain(text.as_bytes(), &mut bytes);
    let asked = String::from_utf8_lossy(&bytes);
    let asked = asked.trim_matches(|c: char| c == '(' || c == ')' || c == ' ' || c == ':');
    let digits = asked.len() - asked.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (words, number) = asked.split_at(asked.len() - digits);
    let words = words.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    // `curl says 56`, `curl gave error 56`.
    let told: Vec<&str> = words
        .split(' ')
        .filter(|word| !FILLERS.contains(word))
        .collect();
    let told = told.join(" ");
    if !number.is_empty() {
        let lists: Vec<&str> = if words.is_empty() {
            LISTS.to_vec()
        } else {
            dictionary
                .markers
                .iter()
                .filter(|marker| marker.words == words || marker.words == told)
                .map(|marker| marker.of.as_str())
                .collect()
        };
        let lists: BTreeSet<&str> = lists.into_iter().collect();
        let mut matches: Vec<Match> = LISTS
            .iter()
            .filter(|list| lists.contains(*list))
            .filter_map(|list| numbered(dictionary, list, number, text))
            .collect();
        // 56 is an exit code of curl before it is an alert that nobody assigned.
        matches.sort_by_key(|found| found.causes.is_empty());
        return matches;
    }
    // `unknown_ca`, `UnknownCA`, `certificate required`, with or without `alert` before it.
    let bare = asked.strip_prefix("tls ").unwrap_or(asked);
    let bare = bare.strip_prefix("alert ").unwrap_or(bare);
    let squeezed: String = bare.chars().filter(|c| *c != ' ').collect();
    let mut named: Vec<Match> = dictionary
        .entries
        .iter()
        .enumerate()
        .filter(|(index, entry)| entry.concept == *index)
        .filter(|(_, entry)| {
            entry.name.as_deref().is_some_and(|name| {
                let name: String = name.chars().filter(|c| *c != '_').collect();
                name.eq_ignore_ascii_case(&squeezed)
            })
        })
        .map(|(index, entry)| dictionary.describe(found(index, entry.printer), text))
        .collect();
    if !named.is_empty() {
        // `certificate revoked` is the name of an alert and a sentence of OpenSSL's; written as a
        // name it is the name first.
        let said = sentence(dictionary, text)
            .into_iter()
            .filter(|said| named.iter().all(|known| known.id != said.id))
            .collect::<Vec<_>>();
        let at = if text.contains(' ') { 0 } else { named.len() };
        named.splice(at..at, said);
    }
    named
}

fn found(entry: usize, printer: Option<crate::facts::Side>) -> Found {
    Found {
        entry,
        printer,
        told_by: printer.map_or(ToldBy::Nothing, |_| ToldBy::Message),
        firm: true,
        covers: 0,
        program: None,
    }
}

/// The entry of a number in a list; an alert that is not assigned is told as such.
fn numbered(dictionary: &Dictionary, list: &str, number: &str, text: &str) -> Option<Match> {
    let number = number.trim_start_matches('0');
    let number = if number.is_empty() { "0" } else { number };
    if let Some(&index) = dictionary.by_id.get(&format!("{list} {number}")) {
        return Some(dictionary.describe(found(index, dictionary.entries[index].printer), text));
    }
    let code: u8 = number.parse().ok().filter(|_| list == "alert")?;
    let name = ids::alert_name(code);
    Some(Match {
        meaning: if name.starts_with("unknown_alert") {
            format!(
                "Alert {code} is not assigned: the peer that sends it is broken, or the bytes received were not TLS."
            )
        } else {
            format!("{name}: a registered alert that no certificate fault is known to cause.")
        },
        source: "IANA TLS Alerts registry (2026-11-24)".to_owned(),
        ..Match::without_causes(
            Kind::Alert,
            Specificity::Alert,
            format!("alert {code}"),
            "TLS alert",
            text,
        )
    })
}

/// `(library, reason)` of OpenSSL, and of BoringSSL with `true`.
static REASONS: LazyLock<HashMap<(bool, u32, u32), &'static str>> = LazyLock::new(|| {
    include_str!("reasons.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.splitn(3, ' ');
            let library = words.next()?;
            let boring = library.strip_prefix('b');
            let key = (
                boring.is_some(),
                boring.unwrap_or(library).parse().ok()?,
                words.next()?.parse().ok()?,
            );
            Some((key, words.next()?))
        })
        .collect()
});

/// The names of OpenSSL's libraries, as it prints them.
const LIBRARIES: &[(u32, &str)] = &[
    (4, "rsa routines"),
    (6, "digital envelope routines"),
    (9, "PEM routines"),
    (11, "x509 certificate routines"),
    (13, "asn1 encoding routines"),
    (16, "elliptic curve routines"),
    (20, "SSL routines"),
    (32, "BIO routines"),
    (34, "X509 V3 routines"),
    (35, "PKCS12 routines"),
    (44, "STORE routines"),
    (57, "Provider routines"),
    (60, "DECODER routines"),
];

/// A packed error code of OpenSSL 1.x or 3.x (hexadecimal) or of BoringSSL (decimal), with or
/// without `error:` before it.
pub(super) fn packed(dictionary: &Dictionary, text: &str) -> Vec<Match> {
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let hex = word.strip_prefix("0x").unwrap_or(word);
        let reason = if word.len() == 9 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            word.parse().ok().and_then(boring)
        } else if hex.len() == 8 {
            u32::from_str_radix(hex, 16).ok().and_then(openssl)
        } else {
            None
        };
        let Some((library, reason)) = reason else {
            continue;
        };
        let mut matches = sentence(dictionary, &format!("{library}::{reason}"));
        for known in &mut matches {
            text.clone_into(&mut known.text);
            known.kind = Kind::Code;
        }
        if matches.is_empty() {
            let id = format!("{library}: {reason}");
            matches.push(Match {
                meaning: format!("{id}. No cause is known."),
                source: "openssl crypto/err/openssl.txt (2026-11-24)".to_owned(),
                ..Match::without_causes(Kind::Code, Specificity::Code, id, "OpenSSL", text)
            });
        }
        return matches;
    }
    Vec::new()
}

/// Library and reason of an OpenSSL code. OpenSSL 3 packs `library << 23 | reason`, 1.x `library <<
/// 24 | function << 12 | reason`.
fn openssl(code: u32) -> Option<(&'static str, &'static str)> {
    let name = |library: u32| {
        LIBRARIES
            .iter()
            .find(|(number, _)| *number == library)
            .map(|(_, name)| *name)
    };
    let look = |library: u32, reason: u32| {
        let text = REASONS.get(&(false, library, reason)).copied()?;
        Some((name(library)?, text))
    };
    look(code >> 23 & 0xff, code & 0x7f_ffff).or_else(|| look(code >> 24, code & 0xfff))
}

/// Library and reason of a BoringSSL code: `library << 24 | reason`.
fn boring(code: u32) -> Option<(&'static str, &'static str)> {
    let (library, reason) = (code >> 24, code & 0xfff);
    // Alerts have the numbers of OpenSSL.
    let key = if library == 16 && reason >= 1000 {
        (false, 20, reason)
    } else {
        (true, library, reason)
    };
    Some(("OPENSSL_internal", REASONS.get(&key).copied()?))
}
