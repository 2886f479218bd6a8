//! Whether a server is reached through a proxy: `-x`, or what the environment says, and the hosts
//! that need none.
//!
//! For: `simulate` and `inspect`. Must not: read the environment; what it says is given.

use std::net::IpAddr;

use crate::net::dial::Proxy;

/// A proxy and the hosts that are reached without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// The proxy.
    pub proxy: Proxy,
    /// `NO_PROXY`: hosts and domains, separated by commas or spaces; `*` is every host.
    pub without: String,
    /// Whether the environment named it: then this machine itself is reached without it.
    pub from_environment: bool,
}

impl Through {
    /// The proxy for this host, where it needs one.
    pub(crate) fn for_host(&self, host: &str) -> Option<Proxy> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        let here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        let excepted = self
            .without
            .split([',', ' '])
            .map(|one| one.trim().trim_start_matches('.').to_ascii_lowercase())
            .filter(|one| !one.is_empty())
            .any(|one| {
                let domain = host
                    .strip_suffix(&one)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                one == "*" || one == host || (address.is_none() && domain)
            });
        let direct = excepted || (here && self.from_environment);
        (!direct).then(|| self.proxy.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_without_a_proxy_are_found_as_curl_finds_them() {
        let through = |without: &str, from_environment| Through {
            proxy: Proxy::read("proxy.example:3128").unwrap(),
            without: without.to_owned(),
            from_environment,
        };
        let list = "internal, .corp.example 10.0.0.1,[::1]";
        for (host, expected) in [
            ("hook.example", true),
            ("internal", false),
            ("a.internal", false),
            ("notinternal", true),
            ("corp.example", false),
            ("A.Corp.Example.", false),
            ("10.0.0.1", false),
            ("10.0.0.11", true),
            ("localhost", true),
        ] {
            let found = through(list, false).for_host(host).is_some();
            assert_eq!(found, expected, "{host}");
        }
        assert!(through("*", false).for_host("hook.example").is_none());
        assert!(through("", true).for_host("127.0.0.1").is_none());
        assert!(through("", true).for_host("localhost").is_none());
    }
}
