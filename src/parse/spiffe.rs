//! SPIFFE IDs (SPIFFE-ID standard, sections 2.1 to 2.3, in its repository spiffe/spiffe, seen 2026-11-30).
//!
//! For: the identities that `listen` expects, and the rule about them. Must not: take a URI for a
//! SPIFFE ID that the standard has readers reject.

/// The longest ID that readers have to take, in bytes (section 2.3).
const LONGEST: usize = 2048;
/// The longest trust domain, in bytes (section 2.1).
const LONGEST_DOMAIN: usize = 255;

/// Why a URI is no SPIFFE ID; `None` when it is one.
pub fn fault(uri: &str) -> Option<&'static str> {
    let Some(rest) = uri.strip_prefix("spiffe://") else {
        return Some("expected spiffe:// in front, in lower case");
    };
    if uri.len() > LONGEST {
        return Some("longer than 2048 bytes");
    }
    let (domain, path) = match rest.find('/') {
        Some(at) => (&rest[..at], &rest[at..]),
        None => (rest, ""),
    };
    if domain.is_empty() || domain.len() > LONGEST_DOMAIN {
        return Some("expected a trust domain of 1 to 255 characters");
    }
    let of_domain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    if !domain.bytes().all(of_domain) {
        return Some("the trust domain has a character other than a-z, 0-9, `.`, `-` and `_`");
    }
    let of_path = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    if !path.bytes().all(of_path) {
        return Some("the path has a character other than letters, digits, `.`, `-` and `_`");
    }
    let mut segments = path.split('/').skip(1);
    segments
        .any(|segment| matches!(segment, "" | "." | ".."))
        .then_some("the path has an empty segment, or one that is `.` or `..`")
}

/// Whether a URI is one of SPIFFE's, well formed or not.
pub fn is_meant(uri: &str) -> bool {
    uri.get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("spiffe:"))
}

/// Whether a URI fits a pattern: `*` stands for one segment, `**` at the end for any number.
pub fn fits(pattern: &str, uri: &str) -> bool {
    let mut wanted = pattern.split('/').peekable();
    let mut seen = uri.split('/');
    while let Some(segment) = wanted.next() {
        if segment == "**" && wanted.peek().is_none() {
            return seen.next().is_some();
        }
        match seen.next() {
            Some(one) if segment == one || segment == "*" && !one.is_empty() => {}
            _ => return false,
        }
    }
    seen.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_held_to_the_standard() {
        for good in [
            "spiffe://example.org",
            "spiffe://a_b.c/ns/web/sa/x-1",
            "spiffe://1.2.3.4/A",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "https://example.org/",
            "SPIFFE://example.org/a",
            "spiffe://",
            "spiffe:///a",
            "spiffe://Example.org/a",
            "spiffe://example.org:80/a",
            "spiffe://u@example.org/a",
            "spiffe://example.org/",
            "spiffe://example.org/a/",
            "spiffe://example.org//a",
            "spiffe://example.org/../a",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a%20b",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
        let long = format!("spiffe://example.org/{}", "a".repeat(2048));
        assert!(fault(&long).is_some());
    }

    #[test]
    fn stars_stand_for_segments() {
        for (pattern, uri, wanted) in [
            ("spiffe://a/x", "spiffe://a/x", true),
            ("spiffe://a/*", "spiffe://a/x", true),
            ("spiffe://a/*", "spiffe://a/x/y", false),
            ("spiffe://a/*", "spiffe://a/", false),
            ("spiffe://a/**", "spiffe://a/x/y", true),
            ("spiffe://a/**", "spiffe://a", false),
            ("spiffe://*/x", "spiffe://b/x", true),
            ("spiffe://a/x", "spiffe://a/x/y", false),
        ] {
            assert_eq!(fits(pattern, uri), wanted, "{pattern} {uri}");
        }
    }
}
