//! The addresses that servers of nginx listen on. TLS belongs to an address, whichever of its
//! servers says so, and of two servers with one name at it the first answers.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        doors, setting,
        tree::{Directive, named},
    },
    served,
};
use crate::facts::Site;

/// An address in one form: `8443`, `*:8443` and `0.0.0.0:8443` are the same.
pub(super) fn address(listen: &str) -> String {
    let word = listen.to_ascii_lowercase();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if word.starts_with("unix:") {
        return word;
    }
    if number(&word) {
        return format!("*:{word}");
    }
    let (host, port) = match word.rsplit_once(':') {
        Some((host, port)) if number(port) => (host, port),
        _ => (word.as_str(), "80"),
    };
    let host = match host {
        "" | "0.0.0.0" => "*",
        "localhost" => "127.0.0.1",
        host => host,
    };
    format!("{host}:{port}")
}

/// The port of an address in that form.
pub(super) fn port(address: &str) -> Option<&str> {
    (!address.starts_with("unix:")).then_some(())?;
    address.rsplit_once(':').map(|(_, port)| port)
}

/// Where a server on the same machine reaches an address.
pub(super) fn loopback(address: &str) -> Option<String> {
    let (host, port) = address.rsplit_once(':')?;
    let here = host == "*" || host.starts_with("127.") || host.starts_with("[::");
    (here && !address.starts_with("unix:")).then(|| format!("127.0.0.1:{port}"))
}

/// A target, or an address, as others on this machine would call it.
pub(super) fn on_this_machine(target: &str) -> String {
    let address = address(target);
    loopback(&address).unwrap_or(address)
}

/// The addresses at which some server of a block ends TLS.
pub(super) fn with_tls(blocks: &[Directive]) -> HashSet<String> {
    named(blocks, "server")
        .flat_map(|server| named(server.children(), "listen"))
        .filter(|listen| listen.args.iter().any(|word| word == "ssl"))
        .map(|listen| address(listen.arg(0)))
        .collect()
}

/// Whether a `listen` is one with TLS.
pub(super) fn is_tls(listen: &Directive, with_tls: &HashSet<String>) -> bool {
    let mut words = listen.args.iter();
    words.any(|word| word == "ssl" || word == "quic") || with_tls.contains(&address(listen.arg(0)))
}

/// A server with TLS, and which site it became.
pub(super) struct Host<'a> {
    pub(super) site: usize,
    pub(super) server: &'a Directive,
}

/// Puts to each site the servers before it that have its address and its name: nginx passes over
/// the later ones ("conflicting server name … ignored"). Two default servers of one address it
/// refuses.
pub(super) fn conflicts(hosts: &[Host<'_>], sites: &mut [Site]) {
    let mut first: HashMap<(String, String), &Host<'_>> = HashMap::new();
    let mut default: HashSet<String> = HashSet::new();
    for host in hosts {
        let own = host.server.children();
        let names: Vec<String> = named(own, "server_name")
            .flat_map(|name| name.args.iter().map(|name| name.to_ascii_lowercase()))
            .collect();
        let names = if names.is_empty() {
            vec![String::new()]
        } else {
            names
        };
        for listen in named(own, "listen") {
            let at = address(listen.arg(0));
            let is_default = |word: &String| word == "default_server" || word == "default";
            // One for QUIC is another socket.
            let quic = listen.args.iter().any(|word| word == "quic");
            if !quic && listen.args.iter().any(is_default) && !default.insert(at.clone()) {
                let what = format!("{at} has a default server already: nginx does not start");
                if let Some(site) = sites.get_mut(host.site) {
                    site.refused
                        .push(setting(what, &listen.place, &listen.text));
                }
            }
            for name in &names {
                let key = (at.clone(), name.clone());
                match first.get(&key).copied() {
                    None => {
                        first.insert(key, host);
                    }
                    // One that turns everybody away lets nobody in.
                    Some(before) if !served::answers(before.server.children()) => {}
                    Some(before) => doors::behind(host.site, before.site, &at, sites),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{address, loopback, on_this_machine};

    #[test]
    fn one_address_has_one_form() {
        for (written, form) in [
            ("8443", "*:8443"),
            ("0.0.0.0:8443", "*:8443"),
            ("*:8443", "*:8443"),
            ("[::]:8443", "[::]:8443"),
            ("[::1]", "[::1]:80"),
            ("LOCALHOST:1", "127.0.0.1:1"),
            ("10.0.0.1", "10.0.0.1:80"),
            ("unix:/run/x", "unix:/run/x"),
        ] {
            assert_eq!(address(written), form);
        }
        assert_eq!(loopback("10.0.0.1:80"), None);
        assert_eq!(on_this_machine("[::1]:81"), "127.0.0.1:81");
        assert_eq!(on_this_machine("app:81"), "app:81");
    }
}
