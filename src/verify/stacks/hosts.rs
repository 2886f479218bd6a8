//! The ways in which a certificate's names cover a host that verifiers differ about.
//!
//! For: `stacks`. Must not: know a stack. What is right by RFC 9525 is `verify::hosts`' business.

use std::net::IpAddr;

use crate::{
    facts::{Certificate, ChainFeature as F, NameKind, Purpose},
    verify::{
        hosts::{self, Mismatch},
        rfc5280::Question,
    },
};

/// Adds what there is to say about each host that was asked for.
pub(super) fn check(leaf: &Certificate, question: &Question<'_>, add: &mut impl FnMut(F)) {
    if question.purpose == Purpose::ServerAuth {
        for host in question.hosts {
            one(host, leaf, add);
        }
    }
}

fn one(host: &str, leaf: &Certificate, add: &mut impl FnMut(F)) {
    if matches!(
        hosts::covering(host, leaf),
        Err(Mismatch::NotAHost(_) | Mismatch::NotAscii)
    ) {
        add(F::HostNotCovered);
        return;
    }
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        if !leaf.form.names_of(NameKind::Ip).any(|name| name == octets) {
            add(F::HostNotCovered);
        }
        return;
    }
    let wanted = host.to_ascii_lowercase();
    let name = wanted.strip_suffix('.').unwrap_or(&wanted);
    if wanted.ends_with('.') {
        add(F::HostWithDot);
    }
    if wanted.contains('_') {
        add(F::HostUnderscore);
    }
    let names: Vec<String> = leaf
        .form
        .names_of(NameKind::Dns)
        .filter_map(|name| std::str::from_utf8(name).ok())
        .map(str::to_ascii_lowercase)
        .collect();
    if !names.is_empty() {
        let best = names.iter().map(|pattern| covers(pattern, name)).max();
        add_cover(best.unwrap_or(Cover::None), add);
        let label = name.split('.').next().unwrap_or_default();
        let exact = names.iter().any(|pattern| pattern == name);
        if best == Some(Cover::Whole) && !exact && label.contains('_') {
            add(F::HostUnderscoreByWildcard);
        }
        return;
    }
    // RFC 9525 section 6.3 has done away with it; OpenSSL, Java and BoringSSL still fall back to
    // the common name.
    let in_common_name = leaf
        .form
        .common_names
        .iter()
        .any(|common| covers(&common.to_ascii_lowercase(), name) == Cover::Whole);
    match (in_common_name, leaf.form.names_of(NameKind::Ip).next()) {
        (true, None) => add(F::HostInCommonName),
        (true, Some(_)) => add(F::HostInCommonNameBesideAddress),
        (false, _) => add(F::HostNotCovered),
    }
}

/// How a pattern covers a name; the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cover {
    None,
    /// By a wildcard alone: `*`, for a host of one label.
    ByStar,
    /// By a wildcard behind the first label: `www.*.example`.
    ByInnerLabel,
    /// By a wildcard within a label: `w*.example.com`.
    WithinLabel,
    /// But for a dot at the pattern's end.
    WithDot,
    /// By a wildcard over a top-level domain.
    OverTopLevel,
    Whole,
}

fn add_cover(cover: Cover, add: &mut impl FnMut(F)) {
    match cover {
        Cover::Whole => {}
        Cover::None => add(F::HostNotCovered),
        Cover::ByStar => add(F::HostCoveredByStar),
        Cover::ByInnerLabel => add(F::HostCoveredByInnerLabel),
        Cover::WithinLabel => add(F::HostCoveredWithinLabel),
        Cover::WithDot => add(F::HostCoveredWithDot),
        Cover::OverTopLevel => add(F::HostCoveredOverTld),
    }
}

fn covers(pattern: &str, name: &str) -> Cover {
    if pattern == name {
        return Cover::Whole;
    }
    if pattern.strip_suffix('.') == Some(name) {
        return Cover::WithDot;
    }
    let Some((label, rest)) = name.split_once('.') else {
        return match pattern {
            "*" => Cover::ByStar,
            _ => Cover::None,
        };
    };
    let Some((star, base)) = pattern.split_once('.') else {
        return Cover::None;
    };
    if star == label && behind_the_first(base, rest) {
        return Cover::ByInnerLabel;
    }
    if base != rest || base.contains('*') {
        return Cover::None;
    }
    match star.split_once('*') {
        Some(("", "")) if base.contains('.') => Cover::Whole,
        Some(("", "")) => Cover::OverTopLevel,
        Some((before, after))
            if label.len() >= before.len() + after.len()
                && label.starts_with(before)
                && label.ends_with(after) =>
        {
            Cover::WithinLabel
        }
        _ => Cover::None,
    }
}

/// Whether label by label they are the same, but for labels that are a wildcard.
fn behind_the_first(pattern: &str, name: &str) -> bool {
    let labels = || pattern.split('.').zip(name.split('.'));
    pattern.contains('*')
        && pattern.split('.').count() == name.split('.').count()
        && labels().all(|(pattern, label)| pattern == "*" || pattern == label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_one_label_and_verifiers_differ_about_odd_ones() {
        for (pattern, name, cover) in [
            ("www.a.example", "www.a.example", Cover::Whole),
            ("*.a.example", "www.a.example", Cover::Whole),
            ("*.a.example", "x.www.a.example", Cover::None),
            ("*.a.example", "a.example", Cover::None),
            ("*.example", "a.example", Cover::OverTopLevel),
            ("w*.a.example", "www.a.example", Cover::WithinLabel),
            ("w*w.a.example", "w.a.example", Cover::None),
            ("www.*.example", "www.a.example", Cover::ByInnerLabel),
            ("*", "localhost", Cover::ByStar),
            ("www.a.example.", "www.a.example", Cover::WithDot),
        ] {
            assert_eq!(covers(pattern, name), cover, "{pattern} {name}");
        }
    }
}
