//! subjectAltName and common name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Exam, oid};
use crate::facts::{NameKind, Requirement as R};
use crate::parse::{cert::general_name, escape, punycode};

/// RFC 1034 section 3.1.
const LABEL: usize = 63;
/// RFC 1035 section 2.3.4: 255 octets on the wire are 253 characters in text.
const NAME: usize = 253;
/// From this date of issue on public authorities may not certify an underscore (BR 1.6.2, ballot
/// SC-012).
const UNDERSCORES: &str = "2019-04-01T00:00:00Z";
/// DNS names that get a look each; the rest of a hostile heap is counted.
const LOOKED_AT: usize = 1000;

pub(super) fn check(exam: &mut Exam<'_>) {
    if !exam.is_leaf() {
        return;
    }
    let certificate = exam.certificate;
    let form = &certificate.form;
    match &form.names {
        None => {
            if exam.serves() && !exam.has(oid::ALTERNATIVE_NAMES) {
                exam.refuse(
                    R::AlternativeNames,
                    None,
                    "it has no subjectAltName; current clients look for names nowhere else",
                );
            }
        }
        Some(names) if names.is_empty() => {
            exam.refuse(R::AlternativeNamesCount, 87, "its subjectAltName is empty");
        }
        Some(_) => {}
    }
    if form.names.is_some() {
        let critical = form.critical(oid::ALTERNATIVE_NAMES);
        if form.subject_empty && !critical {
            exam.refuse(
                R::AlternativeNamesCritical,
                88,
                "its subject is empty, and its subjectAltName is not critical",
            );
        } else if !form.subject_empty && critical {
            let why = "its subjectAltName is critical, although it has a subject";
            if exam.serves() {
                exam.refuse(R::AlternativeNamesNotCritical, None, why);
            } else {
                exam.advise(R::AlternativeNamesNotCritical, why);
            }
        }
    }
    kinds(exam);
    for name in form.names_of(NameKind::Dns).take(LOOKED_AT) {
        dns(exam, name);
    }
    for address in form.names_of(NameKind::Ip) {
        if !matches!(address.len(), 4 | 16) {
            let why = format!("{} is not an IP address", general_name(0x87, address));
            exam.refuse(R::NameEncoding, None, why);
        }
    }
    common_names(exam);
}

fn kinds(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let names = certificate.form.names.as_deref().unwrap_or_default();
    if exam.serves() {
        for (kind, word) in [
            (NameKind::Uri, "URI"),
            (NameKind::Email, "mail address"),
            (NameKind::Directory, "directory name"),
            (NameKind::Other, "name of another kind"),
        ] {
            if let Some(count) = Some(names.iter().filter(|name| name.kind == kind).count())
                .filter(|&count| count > 0)
            {
                let why = format!(
                    "its subjectAltName has {count} {word}{}, expected only DNS names and IP addresses",
                    if count == 1 { "" } else { "s" }
                );
                exam.advise(R::AlternativeNameKinds, why);
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    let twice = names.iter().find(|name| {
        let value = match name.kind {
            NameKind::Dns => name.value.to_ascii_lowercase(),
            _ => name.value.clone(),
        };
        !seen.insert((name.kind, value))
    });
    if let Some(name) = twice {
        let why = format!("its subjectAltName lists {} twice", shown(&name.value));
        exam.advise(R::AlternativeNamesOnce, why);
    }
    for address in certificate.form.names_of(NameKind::Ip) {
        if let Some(address) = ip(address).filter(is_reserved) {
            exam.advise(
                R::InternalName,
                format!("its subjectAltName has the reserved IP address {address}"),
            );
        }
    }
}

fn dns(exam: &mut Exam<'_>, name: &[u8]) {
    let text = shown(name);
    if !name.is_ascii() {
        let why = format!("DNS name `{text}` has non-ASCII letters, expected the xn-- form");
        exam.refuse(R::NameEncoding, None, why);
        return;
    }
    if let Some(why) = malformed(name) {
        exam.refuse(R::DnsName, None, format!("DNS name `{text}` {why}"));
        return;
    }
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    if let Some(why) = wildcard(&lower) {
        exam.refuse(R::WildcardPlace, None, format!("DNS name `{text}` {why}"));
        return;
    }
    let host = lower.strip_prefix("*.").unwrap_or(&lower);
    if lower.starts_with("*.") && is_public_suffix(host) {
        let why = format!("DNS name `{text}` covers every domain under the public suffix {host}");
        exam.refuse(R::WildcardSuffix, None, why);
        return;
    }
    if lower.contains('_') && exam.issued_from(UNDERSCORES) {
        exam.advise(
            R::Underscore,
            format!("DNS name `{text}` has an underscore"),
        );
    }
    let top = host.rsplit('.').next().unwrap_or_default();
    if !host.contains('.') || is_internal(top) {
        exam.advise(
            R::InternalName,
            format!("DNS name `{text}` is internal: it does not resolve in public DNS"),
        );
    } else if !known_top_level(top) {
        let why = format!(
            "DNS name `{text}` ends in .{top}, which is not a top-level domain of the Public Suffix List"
        );
        exam.advise(R::TopLevelDomain, why);
    }
}

/// Why no resolver can look it up.
fn malformed(name: &[u8]) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    if name == b" " {
        return Some("is a blank".to_owned());
    }
    if name.contains(&0) {
        return Some("has a NUL".to_owned());
    }
    if name.starts_with(b".") {
        return Some("begins with a period".to_owned());
    }
    if name.len() > NAME {
        return Some(format!(
            "has {} characters, expected at most {NAME}",
            name.len()
        ));
    }
    // A certificate cannot hold the root's final dot (RFC 5280 section 4.2.1.6 in the preferred
    // name syntax).
    for label in name.split(|&byte| byte == b'.') {
        if label.is_empty() {
            return Some("has an empty label".to_owned());
        }
        if label.len() > LABEL {
            return Some(format!(
                "has a label of {} characters, expected at most {LABEL}",
                label.len()
            ));
        }
        if let Some(&byte) = label
            .iter()
            .find(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*')))
        {
            return Some(format!(
                "has {}, which is not allowed in a host name",
                shown(&[byte])
            ));
        }
        if label.starts_with(b"-") || label.ends_with(b"-") {
            return Some("has a label that begins or ends with a hyphen".to_owned());
        }
    }
    None
}

/// Why its wildcard matches nothing.
fn wildcard(name: &str) -> Option<&'static str> {
    if !name.contains('*') {
        return None;
    }
    match name.strip_prefix("*.") {
        _ if name == "*" => Some("is a bare wildcard, expected a domain after it"),
        Some(rest) if !rest.contains('*') => None,
        Some(_) => Some("has a wildcard after the first label"),
        None if name
            .split('.')
            .next()
            .is_some_and(|label| label.contains('*')) =>
        {
            Some("has a wildcard within its first label, expected it to be the whole label")
        }
        None => Some("has a wildcard after the first label"),
    }
}

fn common_names(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let form = &certificate.form;
    if form.common_names.len() > 1 {
        let why = format!("its subject has {} common names", form.common_names.len());
        exam.advise(R::OneCommonName, why);
    }
    for name in form.common_names.iter().take(LOOKED_AT) {
        let address = name.parse::<IpAddr>().ok();
        if address.as_ref().is_some_and(is_reserved) {
            exam.advise(
                R::InternalName,
                format!("its common name is the reserved IP address {name}"),
            );
        }
        let as_address = address.is_some() || is_dotted_quad(name);
        // Without alternative names at all that is what there is to say.
        if form.names.is_none() || !(as_address || looks_like_host(name)) {
            continue;
        }
        let listed = match address {
            // BR 7.1.4.3: in the form that RFC 5952 gives an address, which is how it is printed
            // here.
            Some(address) => {
                address.to_string() == *name
                    && form
                        .names_of(NameKind::Ip)
                        .any(|octets| ip(octets) == Some(address))
            }
            None => covered(name, form.names_of(NameKind::Dns).take(LOOKED_AT)),
        };
        if !listed {
            let why = format!(
                "its common name {} looks like a host, but is not among its alternative names",
                escape::text(name)
            );
            // The rule is about names of one kind: beside a mail address a host's name contradicts
            // nothing.
            let kind = if as_address {
                NameKind::Ip
            } else {
                NameKind::Dns
            };
            let contradicted = form.names_of(kind).next().is_some();
            exam.add(
                R::CommonNameListed,
                None,
                exam.serves() && contradicted,
                why,
            );
        }
    }
}

/// Whether one of the DNS names is this one or a wildcard over it, international letters and their
/// `xn--` form being the same.
fn covered<'a>(common_name: &str, mut names: impl Iterator<Item = &'a [u8]>) -> bool {
    let wanted = punycode::unicode(common_name);
    let parent = wanted.split_once('.').map(|(_, parent)| parent);
    names.any(|listed| {
        let Ok(listed) = std::str::from_utf8(listed) else {
            return false;
        };
        let listed = punycode::unicode(listed);
        listed == wanted || parent.is_some_and(|parent| listed.strip_prefix("*.") == Some(parent))
    })
}

/// Four numbers with dots between: an address, in an unusual way of writing where it does not parse
/// (`192.000.002.001`).
fn is_dotted_quad(name: &str) -> bool {
    name.split('.').count() == 4
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Two labels or more of host name characters: `Example Webhook` is a label for people,
/// `hook.example` is not. Letters beyond ASCII count as well: they were meant for a host.
fn looks_like_host(name: &str) -> bool {
    let in_a_label = |character: char| {
        character.is_alphanumeric()
            || matches!(character, '-' | '_' | '*')
            || (!character.is_ascii() && !character.is_whitespace() && !character.is_control())
    };
    name.contains('.')
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(in_a_label))
        // `Example CA 1.2` has a blank; `v1.2` has a number for its last label.
        && name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.chars().any(char::is_alphabetic))
}

fn shown(bytes: &[u8]) -> String {
    crate::parse::name::escaped(bytes)
}

fn ip(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        Some(Ipv4Addr::from(octets).into())
    } else {
        <[u8; 16]>::try_from(octets)
            .ok()
            .map(|octets| Ipv6Addr::from(octets).into())
    }
}

/// Addresses that the IANA special-purpose registries keep from the public internet (RFC 6890).
fn is_reserved(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            matches!(a, 0 | 10 | 127)
                || a >= 224
                || (a == 100 && (64..128).contains(&b))
                || (a == 169 && b == 254)
                || (a == 172 && (16..32).contains(&b))
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && matches!(c, 0 | 2))
                || (a == 198 && matches!(b, 18 | 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113)
        }
        IpAddr::V6(address) => {
            let first = address.segments()[0];
            // Everything outside 2000::/3, and documentation.
            first & 0xe000 != 0x2000 || (first == 0x2001 && address.segments()[1] == 0x0db8)
        }
    }
}

/// Top-level domains that never are on the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN's
/// reservation of `internal`). `onion` is none: public authorities issue for it (BR appendix B).
fn is_internal(top: &str) -> bool {
    matches!(
        top,
        "local"
            | "localhost"
            | "internal"
            | "lan"
            | "home"
            | "corp"
            | "test"
            | "example"
            | "invalid"
            | "localdomain"
            | "intranet"
            | "private"
    )
}

/// Whether anybody may register under it: the list's "ICANN DOMAINS" only, as a footnote of BR
/// section 3.2.2.6 asks. Its "PRIVATE DOMAINS" are those of hosters, whose wildcards public
/// authorities do issue: `*.a.run.app`, `*.cloudfunctions.net`.
fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| {
        suffix.as_bytes() == domain.as_bytes() && suffix.typ() == Some(psl::Type::Icann)
    })
}

fn known_top_level(top: &str) -> bool {
    // Some have no line of their own, only one for the level below (`*.np`).
    let below = format!("a.{top}");
    psl::suffix(below.as_bytes()).is_some_and(|suffix| suffix.is_known())
}
