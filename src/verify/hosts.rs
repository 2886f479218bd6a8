//! Whether a certificate is valid for a host: RFC 9525 (2023-11), which every verifier of today
//! follows in the main.
//!
//! For: `trust` (OpenSSL's errors 62 and 64) and the rules about names. Must not: look names up, or
//! read the common name, which browsers, Go, rustls, Java and Node ignore and RFC 9525 section 2
//! rules out.
//!
//! International names are compared in the form that stands in certificates, the A-label (`xn--…`,
//! RFC 5890): a host that is given with other letters is refused with a reason rather than
//! converted, since no conversion is at hand here.

use std::net::IpAddr;

use crate::facts::Certificate;

/// Why a host is not covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// What was given is no host name: in words, why.
    NotAHost(String),
    /// The host has letters beyond ASCII: its A-label form is wanted.
    NotAscii,
    /// The certificate has no alternative name that a TLS server can be known by (DNS or IP).
    NoNames,
    /// The host is an address, and the certificate has only other addresses or none. A DNS name
    /// with the address as its text does not count (RFC 9525 section 6.2); then it is given here.
    Address {
        /// The address as a DNS name of the certificate, which is a common mistake.
        as_dns: bool,
    },
    /// A wildcard of the certificate would cover the host if it stood for more or fewer labels: it
    /// stands for exactly one (RFC 9525 section 6.3). The wildcard is given.
    WildcardDepth(String),
    /// A wildcard within a label, twice, not at the left, or directly below a top-level domain,
    /// which verifiers do not accept. The name is given.
    WildcardForm(String),
    /// None of the names is the host's.
    Other,
}

impl Mismatch {
    /// The reason in words, for the end of a sentence.
    pub fn why(&self) -> String {
        match self {
            Self::NotAHost(why) => why.clone(),
            Self::NotAscii => "the name has non-ASCII letters: give it in its xn-- form".into(),
            Self::NoNames => {
                "the certificate has no DNS name and no IP address among its alternative names"
                    .into()
            }
            Self::Address { as_dns: true } => {
                "the IP address is listed as a DNS name, where no verifier looks for it".into()
            }
            Self::Address { as_dns: false } => {
                "the IP address is not among its alternative names".into()
            }
            Self::WildcardDepth(name) => format!("\"{name}\" covers exactly one label"),
            Self::WildcardForm(name) => {
                format!("verifiers do not accept the wildcard \"{name}\"")
            }
            Self::Other => "none of its names matches".into(),
        }
    }
}

/// What a host is, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    /// Lower case, no dot at the end.
    Name(String),
}

/// Whether `certificate` is valid for `host`: a DNS name, or an address with or without brackets.
pub fn matches(host: &str, certificate: &Certificate) -> bool {
    covering(host, certificate).is_ok()
}

/// Whether `certificate` is valid for `host`, with the reason in words where it is not.
///
/// # Errors
/// The reason, for the end of a sentence.
pub fn check(host: &str, certificate: &Certificate) -> Result<(), String> {
    covering(host, certificate)
        .map(|_| ())
        .map_err(|mismatch| mismatch.why())
}

/// The alternative name (`DNS:…` or `IP:…`) that covers `host`, or the reason why none does.
///
/// # Errors
/// A [`Mismatch`] with the closest reason.
pub fn covering(host: &str, certificate: &Certificate) -> Result<String, Mismatch> {
    match read(host)? {
        Host::Address(wanted) => address(wanted, certificate),
        Host::Name(wanted) => name(&wanted, certificate),
    }
}

/// Whether the host is an address: OpenSSL's error is then 64 and not 62.
pub fn is_address(host: &str) -> bool {
    matches!(read(host), Ok(Host::Address(_)))
}

/// Whether this is a host at all: a name that can be looked up, or an address.
pub fn is_host(host: &str) -> bool {
    read(host).is_ok()
}

/// The alternative names that a TLS server can be known by: `DNS:…` and `IP:…`, in the
/// certificate's order.
pub fn server_names(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate
        .sans
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("DNS:") || name.starts_with("IP:"))
}

fn read(host: &str) -> Result<Host, Mismatch> {
    let no_host = |why: &str| Err(Mismatch::NotAHost(why.to_owned()));
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(Host::Address(address));
    }
    if !host.is_ascii() {
        return Err(Mismatch::NotAscii);
    }
    // The dot at the end marks a name as absolute for the resolver; TLS leaves it out (RFC 6066
    // section 3).
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return no_host("the host name has an empty label");
    }
    // RFC 1035 section 2.3.4.
    if name.len() > 253 || name.split('.').any(|label| label.len() > 63) {
        return no_host("the host name is too long: 253 characters, 63 a label");
    }
    if name.contains('*') {
        return no_host("a wildcard is not a host: give a name that callers use");
    }
    if name.contains("://") || name.contains('/') {
        return no_host("this is a URL: give only the host");
    }
    if name.contains(':') {
        return no_host("a port or a malformed address: give only the host");
    }
    // The underscore is no letter of host names, but callers use it and verifiers compare it.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.bytes().all(plain) {
        return no_host("the host name has an invalid character");
    }
    Ok(Host::Name(name))
}

fn address(wanted: IpAddr, certificate: &Certificate) -> Result<String, Mismatch> {
    let parsed = |text: &str| text.parse::<IpAddr>().is_ok_and(|found| found == wanted);
    for name in server_names(certificate) {
        if name.strip_prefix("IP:").is_some_and(parsed) {
            return Ok(name.to_owned());
        }
    }
    if server_names(certificate).next().is_none() {
        return Err(Mismatch::NoNames);
    }
    let as_dns =
        server_names(certificate).any(|name| name.strip_prefix("DNS:").is_some_and(parsed));
    Err(Mismatch::Address { as_dns })
}

fn name(wanted: &str, certificate: &Certificate) -> Result<String, Mismatch> {
    let mut closest = Mismatch::Other;
    for whole in server_names(certificate) {
        let Some(name) = whole.strip_prefix("DNS:") else {
            continue;
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Ok(whole.to_owned());
        }
        if !name.contains('*') {
            continue;
        }
        let base = name.strip_prefix("*.").filter(|base| {
            // OpenSSL and browsers want two labels below the star; nobody may vouch for all of a
            // top-level domain.
            !base.contains('*') && base.split('.').count() >= 2
        });
        let Some(base) = base else {
            if likely_meant(name, wanted) {
                closest = Mismatch::WildcardForm(name.to_owned());
            }
            continue;
        };
        match wanted.split_once('.') {
            Some((_, rest)) if rest.eq_ignore_ascii_case(base) => return Ok(whole.to_owned()),
            _ if below_or_at(wanted, base) => {
                closest = Mismatch::WildcardDepth(name.to_owned());
            }
            _ => {}
        }
    }
    if closest == Mismatch::Other && server_names(certificate).next().is_none() {
        closest = Mismatch::NoNames;
    }
    Err(closest)
}

/// Whether `name` is `base` or ends with it after a dot.
fn below_or_at(name: &str, base: &str) -> bool {
    let Some(start) = name.len().checked_sub(base.len()) else {
        return false;
    };
    // A host is ASCII; a hostile base need not be.
    let Some((left, right)) = name.split_at_checked(start) else {
        return false;
    };
    right.eq_ignore_ascii_case(base) && (left.is_empty() || left.ends_with('.'))
}

/// Whether a wildcard of a form that is not accepted was meant for this host: what follows the last
/// star ends it.
fn likely_meant(name: &str, wanted: &str) -> bool {
    let tail = name.rsplit('*').next().unwrap_or_default();
    tail.contains('.')
        && wanted
            .len()
            .checked_sub(tail.len())
            .and_then(|start| wanted.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture;

    fn with(names: &[&str]) -> Certificate {
        Certificate {
            sans: names.iter().map(|&name| name.to_owned()).collect(),
            ..fixture::root()
        }
    }

    fn covers(name: &str, host: &str) -> bool {
        matches(host, &with(&[name]))
    }

    #[test]
    fn names_are_compared_whole_and_without_regard_to_case() {
        assert!(covers("DNS:hook.example", "hook.example"));
        assert!(covers("DNS:Hook.Example", "hOOK.example"));
        assert!(covers("DNS:localhost", "localhost"));
        assert!(covers("DNS:my_hook.example", "my_hook.example"));
        assert!(!covers("DNS:hook.example", "xhook.example"));
        assert!(!covers("DNS:hook.example", "hook.example.org"));
        assert!(!covers("email:hook.example", "hook.example"));
        assert!(!covers(
            "DNS:hook.example\\x00.evil.example",
            "hook.example"
        ));
    }

    #[test]
    fn a_dot_at_the_end_belongs_to_the_resolver() {
        assert!(covers("DNS:hook.example", "hook.example."));
        assert!(!covers("DNS:hook.example.", "hook.example"));
        assert!(!covers("DNS:hook.example", "hook.example.."));
    }

    #[test]
    fn a_wildcard_is_the_whole_leftmost_label_and_stands_for_one() {
        assert!(covers("DNS:*.example.org", "hook.example.org"));
        assert!(covers("DNS:*.EXAMPLE.org", "HOOK.example.ORG."));
        assert!(covers("DNS:*.example.org", "xn--bcher-kva.example.org"));
        assert!(!covers("DNS:*.example.org", "example.org"));
        assert!(!covers("DNS:*.example.org", "a.hook.example.org"));
        assert!(!covers("DNS:h*.example.org", "hook.example.org"));
        assert!(!covers("DNS:*k.example.org", "hook.example.org"));
        assert!(!covers("DNS:hook.*.org", "hook.example.org"));
        assert!(!covers("DNS:*.*.org", "hook.example.org"));
        assert!(!covers("DNS:*.org", "example.org"));
        assert!(!covers("DNS:*", "localhost"));
    }

    #[test]
    fn addresses_are_compared_as_addresses() {
        assert!(covers("IP:192.0.2.7", "192.0.2.7"));
        assert!(covers("IP:2001:db8::1", "2001:DB8:0:0::1"));
        assert!(covers("IP:2001:db8::1", "[2001:db8::1]"));
        assert!(!covers("IP:192.0.2.7", "192.0.2.8"));
        assert!(!covers("DNS:*.0.2.7", "192.0.2.7"));
        assert!(!covers("IP:192.0.2.7", "hook.example"));
        assert!(is_address("[::1]") && is_address("127.0.0.1") && !is_address("hook.example"));
        let mismatch = covering("192.0.2.7", &with(&["DNS:192.0.2.7"]));
        assert_eq!(mismatch, Err(Mismatch::Address { as_dns: true }));
        let mismatch = covering("192.0.2.7", &with(&["DNS:hook.example"]));
        assert_eq!(mismatch, Err(Mismatch::Address { as_dns: false }));
    }

    #[test]
    fn international_names_are_compared_as_they_stand_in_certificates() {
        assert!(covers("DNS:xn--bcher-kva.example", "XN--BCHER-KVA.example"));
        let mismatch = covering("bücher.example", &with(&["DNS:xn--bcher-kva.example"]));
        assert_eq!(mismatch, Err(Mismatch::NotAscii));
    }

    #[test]
    fn the_closest_reason_is_given() {
        let reason = |names: &[&str], host: &str| covering(host, &with(names)).unwrap_err();
        assert_eq!(reason(&[], "hook.example"), Mismatch::NoNames);
        assert_eq!(
            reason(&["email:a@b.example"], "192.0.2.7"),
            Mismatch::NoNames
        );
        for host in ["example.org", "a.b.example.org"] {
            assert_eq!(
                reason(&["DNS:*.example.org", "DNS:other.example"], host),
                Mismatch::WildcardDepth("*.example.org".into())
            );
        }
        assert_eq!(
            reason(&["DNS:h*.example.org"], "hook.example.org"),
            Mismatch::WildcardForm("h*.example.org".into())
        );
        assert_eq!(
            reason(&["DNS:*.org"], "example.org"),
            Mismatch::WildcardForm("*.org".into())
        );
        assert_eq!(reason(&["DNS:a.example"], "hook.example"), Mismatch::Other);
    }

    #[test]
    fn what_is_no_host_is_said_to_be_none() {
        let long = "a".repeat(64);
        for host in [
            "",
            ".",
            "a..b",
            "https://hook.example/x",
            "hook.example:443",
            "hook.example/x",
            "*.example.org",
            "a b.example",
            long.as_str(),
        ] {
            let mismatch = covering(host, &with(&["DNS:*.example.org"])).unwrap_err();
            assert!(
                matches!(mismatch, Mismatch::NotAHost(_)),
                "{host}: {mismatch:?}"
            );
            assert!(!mismatch.why().is_empty());
        }
    }

    #[test]
    fn hostile_names_do_no_harm() {
        for name in [
            "DNS:",
            "DNS:*",
            "DNS:*.",
            "DNS:**",
            "DNS:*.é",
            "IP:",
            "DNS:é*é.é",
        ] {
            assert!(!covers(name, "a.b.example"), "{name}");
            assert!(!covers(name, "a"), "{name}");
        }
    }
}
