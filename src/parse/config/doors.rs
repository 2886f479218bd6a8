//! Other ways in: addresses at which the requests of a server that wants a certificate are served
//! without one.
//!
//! For: the readers, once all their servers are there. Must not: claim one where the address is
//! not reached from outside, where something else may turn requests away, or where it was not seen
//! that the same application answers.

use std::collections::HashMap;

use crate::facts::{Door, Lacks, Served, Setting, Site};

/// Ways in that are listed of one site.
pub(super) const MOST: usize = 8;

/// An address without TLS that hands requests on.
pub(super) struct Plain {
    /// What it is called, and where it stands.
    pub(super) address: Setting<String>,
    /// What it serves.
    pub(super) serves: Served,
}

/// Puts to each site that asks for certificates the other ways to its applications.
pub(super) fn put(sites: &mut [Site], plain: &[Plain]) {
    let mut ways: Vec<(Setting<String>, Lacks, &Served, Option<usize>)> = Vec::new();
    for one in plain {
        ways.push((one.address.clone(), Lacks::Tls, &one.serves, None));
    }
    let serves: Vec<Served> = sites.iter().map(|site| site.serves.clone()).collect();
    for (index, site) in sites.iter().enumerate() {
        if asks_nothing(site) {
            let address = Setting {
                value: site.name.clone(),
                place: site.place.clone(),
                text: site.name.clone(),
            };
            ways.push((address, Lacks::Certificate, &serves[index], Some(index)));
        }
    }
    let mut to: HashMap<&str, Vec<(usize, bool)>> = HashMap::new();
    for (way, (_, _, serves, _)) in ways.iter().enumerate() {
        for (target, every) in &serves.targets {
            to.entry(target).or_default().push((way, *every));
        }
    }
    for (index, site) in sites.iter_mut().enumerate() {
        if !site.mode().asks {
            continue;
        }
        let own = &serves[index];
        for (target, _) in &own.targets {
            for (way, always) in to.get(target.as_str()).into_iter().flatten() {
                let (address, lacks, other, of) = &ways[*way];
                if *of == Some(index) || site.doors.len() >= MOST {
                    continue;
                }
                let value = Door {
                    address: address.value.clone(),
                    lacks: *lacks,
                    target: Some(target.clone()),
                    certain: *always && overlap(&own.names, &other.names),
                };
                // It may be the very request that is meant.
                site.open_in_part |= !value.certain && overlap(&own.names, &other.names);
                let known = |door: &Setting<Door>| door.value.address == value.address;
                if !site.doors.iter().any(known) {
                    site.doors.push(Setting {
                        value,
                        place: address.place.clone(),
                        text: address.text.clone(),
                    });
                }
            }
        }
    }
}

/// Whether it is certain that an address with TLS looks at no certificate.
pub(super) fn asks_nothing(site: &Site) -> bool {
    !site.mode().asks
        && site.pins.is_empty()
        && site.partly.is_empty()
        && site.undecided().is_none()
        && site.unreadable.is_empty()
}

/// Whether some name is among both; none means any.
fn overlap(one: &[String], other: &[String]) -> bool {
    one.is_empty()
        || other.is_empty()
        || one
            .iter()
            .any(|name| other.iter().any(|own| own.eq_ignore_ascii_case(name)))
}

/// Whether an address, with or without a port, is reached from this machine alone.
pub(super) fn local(address: &str) -> bool {
    let address = address.trim_start_matches("http://");
    ["127.", "localhost", "[::1]", "::1", "unix:", "unix/", "/"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// An address without TLS as what an application's address may be: a server with TLS may hand
/// requests to it on the same machine.
pub(super) fn itself(address: &str) -> Option<(String, bool)> {
    let port = address.rsplit(':').next()?;
    let port = port.split(['/', ' ']).next()?;
    port.parse::<u16>()
        .is_ok()
        .then(|| (format!("127.0.0.1:{port}"), true))
}

/// The host and port, or the socket, of a URL that requests are handed to; `None` where a variable
/// of the server decides.
pub(super) fn target(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = match rest.strip_prefix("unix:") {
        Some(socket) => socket.split([':', '|']).next(),
        None => rest.split(['/', '?']).next(),
    }?;
    let usable = !rest.is_empty() && !rest.contains(['$', '%', '{']);
    usable.then(|| {
        let rest = rest.to_ascii_lowercase();
        // One machine by two names.
        match rest.strip_prefix("localhost") {
            Some(port) if port.is_empty() || port.starts_with(':') => format!("127.0.0.1{port}"),
            _ => rest,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{local, target};

    #[test]
    fn a_target_is_host_and_port() {
        for (url, expected) in [
            ("http://app:3000/x/", Some("app:3000")),
            ("https://APP", Some("app")),
            ("http://localhost:3000/", Some("127.0.0.1:3000")),
            ("localhostess", Some("localhostess")),
            ("unix:/run/app.sock", Some("/run/app.sock")),
            ("http://unix:/run/app.sock:/x", Some("/run/app.sock")),
            ("http://$backend/x", None),
            ("", None),
        ] {
            assert_eq!(target(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn loopback_is_not_reached_from_outside() {
        assert!(["127.0.0.1:80", "[::1]:80", "unix:/run/x"].map(local) == [true; 3]);
        assert!(["80", ":80", "*:80", "[::]:80", "10.0.0.1:80"].map(local) == [false; 5]);
    }
}
