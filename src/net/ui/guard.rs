//! Who may look: the token, the name it was called by, and where a request comes from.
//!
//! For: `route`. Must not: tell a caller which of them was wrong.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    rand::{SecureRandom as _, SystemRandom},
};
use hyper::{
    HeaderMap, Uri,
    header::{COOKIE, HOST, HeaderName, ORIGIN},
};

use crate::parse::cert::der;

/// 128 random bits that whoever looks has to have, in hexadecimal.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn new() -> Result<Self, String> {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| "the system gives no random numbers".to_owned())?;
        Ok(Self(der::hex_lower(&bytes)))
    }

    /// As it stands in the printed URL.
    pub fn text(&self) -> &str {
        &self.0
    }

    fn is(&self, text: &str) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), text.as_bytes()).is_ok()
    }
}

/// The name of the cookie: cookies know no ports, so that two pages of one machine need two names.
pub(super) fn cookie_name(hosts: &[String]) -> String {
    let port = hosts.first().and_then(|host| host.rsplit(':').next());
    format!("mtls-ui-{}", port.unwrap_or_default())
}

/// Whether the request was made to a name of ours: a name of somebody else's that resolves to this
/// machine is not (DNS rebinding).
pub(super) fn is_for_us(uri: &Uri, fields: &HeaderMap, hosts: &[String]) -> bool {
    let mut named = fields.get_all(HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return false;
    };
    let known = |host: &str| hosts.iter().any(|one| one.eq_ignore_ascii_case(host));
    host.to_str().is_ok_and(known)
        && uri
            .authority()
            .is_none_or(|authority| known(authority.as_str()))
}

/// Whether the cookie of the request has the token.
pub(super) fn has_cookie(fields: &HeaderMap, name: &str, token: &Token) -> bool {
    fields
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(key, value)| key == name && token.is(value))
}

/// Whether the query has the token.
pub(super) fn has_token(query: Option<&str>, token: &Token) -> bool {
    query
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.strip_prefix("token="))
        .any(|value| token.is(value))
}

/// Whether a request that is to do something was made by our own page.
pub(super) fn is_from_our_page(fields: &HeaderMap, secure: bool) -> bool {
    let text = |name: &HeaderName| fields.get(name).and_then(|value| value.to_str().ok());
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let scheme = if secure { "https" } else { "http" };
    let own = text(&HOST).map(|host| format!("{scheme}://{host}"));
    let origin = text(&ORIGIN);
    match (site, origin) {
        (Some(site), _) if site != "same-origin" => false,
        // What a page without a referrer posts by itself: a form of another page's is `cross-site`.
        (Some(_), Some("null")) => true,
        (_, Some(origin)) => own.is_some_and(|own| own.eq_ignore_ascii_case(origin)),
        (Some(_), None) => true,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut fields = HeaderMap::new();
        for (name, value) in pairs {
            fields.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        fields
    }

    #[test]
    fn only_names_of_ours_are_answered_to() {
        let hosts = ["127.0.0.1:8080".to_owned(), "localhost:8080".to_owned()];
        let uri: Uri = "/".parse().unwrap();
        for (host, expected) in [
            ("127.0.0.1:8080", true),
            ("LocalHost:8080", true),
            ("localhost", false),
            ("localhost:80", false),
            ("evil.example:8080", false),
            ("127.0.0.1:8080.evil.example", false),
        ] {
            assert_eq!(
                is_for_us(&uri, &fields(&[("host", host)]), &hosts),
                expected
            );
        }
        assert!(!is_for_us(&uri, &fields(&[]), &hosts));
        let two = fields(&[("host", "localhost:8080"), ("host", "localhost:8080")]);
        assert!(!is_for_us(&uri, &two, &hosts));
        let other: Uri = "http://evil.example/".parse().unwrap();
        assert!(!is_for_us(
            &other,
            &fields(&[("host", "localhost:8080")]),
            &hosts
        ));
    }

    #[test]
    fn the_token_counts_whole_and_under_its_own_name() {
        let token = Token::new().unwrap();
        assert_eq!(token.text().len(), 32);
        assert_ne!(token.text(), Token::new().unwrap().text());
        let cookie = |text: String| fields(&[("cookie", &text)]);
        let whole = token.text();
        assert!(has_cookie(
            &cookie(format!("a=b; ui={whole}")),
            "ui",
            &token
        ));
        assert!(!has_cookie(&cookie(format!("other={whole}")), "ui", &token));
        assert!(!has_cookie(
            &cookie(format!("ui={}", &whole[1..])),
            "ui",
            &token
        ));
        assert!(!has_cookie(&cookie("ui=".to_owned()), "ui", &token));
        assert!(has_token(Some(&format!("x=1&token={whole}")), &token));
        assert!(!has_token(Some("token="), &token));
        assert!(!has_token(None, &token));
    }

    #[test]
    fn what_does_something_has_to_come_from_our_page() {
        for (pairs, expected) in [
            (&[("origin", "http://localhost:1")][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "http://evil.example")], false),
            (&[("origin", "null")], false),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
                true,
            ),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", "null")],
                false,
            ),
            (&[("origin", "https://localhost:1")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://localhost:1"),
                ],
                false,
            ),
            (&[], false),
        ] {
            let mut all = fields(pairs);
            all.insert(HOST, "localhost:1".parse().unwrap());
            assert_eq!(is_from_our_page(&all, false), expected, "{pairs:?}");
        }
    }
}
