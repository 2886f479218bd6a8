//! Other ways in: addresses at which the requests of a server that wants a certificate are served
//! without one.
//!
//! For: the readers, once all their servers are there. Must not: claim one where the address is
//! not reached from outside, where something else may turn requests away, or where it was not seen
//! that the same application answers.

use std::collections::{HashMap, HashSet};

use crate::facts::{Door, Lacks, Served, Setting, Site};

/// Ways in that are listed of one site.
pub(super) const MOST: usize = 8;
/// Addresses that hand on to a site's applications and are looked at.
const MOST_LOOKED_AT: usize = 1_000;

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
        let paths: HashSet<&(String, String)> = own.paths.iter().collect();
        let reaching = own.targets.iter().flat_map(|(target, _)| {
            let ways = to.get(target.as_str()).into_iter().flatten();
            ways.map(move |way| (target, way))
        });
        for (target, (way, always)) in reaching.take(MOST_LOOKED_AT) {
            let (address, lacks, other, of) = &ways[*way];
            if *of == Some(index) {
                continue;
            }
            // The same paths of one application are the same requests.
            let same = |path: &(String, String)| path.0 == *target && paths.contains(path);
            let certain =
                (*always || other.paths.iter().any(same)) && overlap(&own.names, &other.names);
            // It may be the very request that is meant.
            site.open_in_part |= !certain && overlap(&own.names, &other.names);
            let told = Setting {
                value: Door {
                    address: address.value.clone(),
                    lacks: *lacks,
                    target: Some(target.clone()),
                    certain,
                },
                place: address.place.clone(),
                text: address.text.clone(),
            };
            let full = site.doors.len() >= MOST;
            let mut known = site.doors.iter_mut();
            match known.find(|door| door.value.address == told.value.address) {
                Some(door) if certain && !door.value.certain => *door = told,
                Some(_) => {}
                None if full => {}
                None => site.doors.push(told),
            }
        }
    }
}

/// Notes that an earlier server answers in the place of a later one.
pub(super) fn behind(later: usize, before: usize, at: &str, sites: &mut [Site]) {
    let Some(earlier) = sites.get(before) else {
        return;
    };
    if before == later || earlier.mode().asks {
        return;
    }
    let door = Door {
        address: format!("the earlier server of this name on {at}"),
        lacks: Lacks::Certificate,
        target: None,
        certain: asks_nothing(earlier),
    };
    let told = Setting {
        value: door,
        place: earlier.place.clone(),
        text: earlier.name.clone(),
    };
    if let Some(site) = sites.get_mut(later).filter(|site| site.mode().asks)
        && site.doors.iter().all(|door| door.value != told.value)
    {
        site.doors.push(told);
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
        None => rest.split(['/', '?']).next().map(host_and_port),
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

/// What stands before a variable that begins with the path: `127.0.0.1:3000$request_uri`.
fn host_and_port(authority: &str) -> &str {
    const PATHS: [&str; 3] = ["request_uri", "uri", "document_uri"];
    let path = |variable: &str| {
        let name = variable.trim_matches(['{', '}']);
        PATHS.contains(&name.split('$').next().unwrap_or_default())
    };
    match authority.split_once('$') {
        Some((before, variable)) if path(variable) => before,
        _ => authority,
    }
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
            ("http://app:3000$request_uri", Some("app:3000")),
            ("http://app:30$port", None),
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
