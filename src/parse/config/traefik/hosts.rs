//! Which routers get the TLS options that they name, by the hosts that they share.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::setting,
    DEFAULT,
    routers::{Router, Routers},
};
use crate::facts::{NotUnderstood, Site};

impl<'a> Router<'a> {
    /// The entry points that it names; an empty name stands for any.
    fn named_points(&self) -> Vec<&'a str> {
        match self.points.is_empty() {
            true => vec![""],
            false => self.points.clone(),
        }
    }
}

impl Routers<'_> {
    /// Gives the default options to the routers that do not get theirs: those of one name that
    /// name several, and those without a name.
    pub(super) fn share_hosts(&mut self) {
        let mut by_host: BTreeMap<String, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
        for router in self.tls.iter().filter(|router| !router.tcp) {
            for host in &router.hosts {
                let at = by_host.entry(host.to_ascii_lowercase()).or_default();
                for point in router.named_points() {
                    at.entry(point).or_default().insert(router.options);
                }
            }
        }
        let divided = |router: &Router<'_>, host: &str| {
            let all = by_host.get(&host.to_ascii_lowercase());
            let named: BTreeSet<&str> = all
                .into_iter()
                .flatten()
                .filter(|(point, _)| {
                    router.points.is_empty() || point.is_empty() || router.points.contains(point)
                })
                .flat_map(|(_, options)| options.iter().copied())
                .collect();
            named.len() > 1
        };
        let mut kept = Vec::with_capacity(self.tls.len());
        for mut router in std::mem::take(&mut self.tls) {
            if router.tcp || router.options == DEFAULT {
                kept.push(router);
                continue;
            }
            let (shared, own): (Vec<&str>, Vec<&str>) = router
                .hosts
                .iter()
                .copied()
                .partition(|host| divided(&router, host));
            let why = match (shared.first(), router.hosts.is_empty()) {
                (Some(host), _) => format!(
                    "the routers of {host} name several TLS options: Traefik uses the default options for it, and not `{}`",
                    router.options
                ),
                (None, true) => format!(
                    "router {} has no Host in its rule: Traefik uses the default options for it, and not `{}`",
                    router.name, router.options
                ),
                (None, false) => {
                    kept.push(router);
                    continue;
                }
            };
            self.lost.entry(router.options).or_insert(why);
            if !own.is_empty() {
                kept.push(Router {
                    hosts: own,
                    points: router.points.clone(),
                    services: router.services.clone(),
                    addresses: router.addresses.clone(),
                    ..router
                });
            }
            router.hosts = shared;
            router.options = DEFAULT;
            kept.push(router);
        }
        self.tls = kept;
    }

    /// Notes where it is not certain that routers get the options that they name: which router for
    /// connections is the first is not followed.
    pub(super) fn doubts(&self, options: &str, path: &str, site: &mut Site) {
        let tcp = || self.tls.iter().filter(|router| router.tcp);
        let mut by_host: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for router in tcp() {
            for host in &router.hosts {
                let at = by_host.entry(host.to_ascii_lowercase()).or_default();
                at.insert(router.options);
            }
        }
        let several = |host: &&&str| {
            let all = by_host.get(&host.to_ascii_lowercase());
            all.is_some_and(|all| all.len() > 1)
        };
        for router in tcp().filter(|router| router.options == options) {
            if let Some(host) = router.hosts.iter().find(several) {
                let why = format!("the order of the TCP routers of {host}");
                let place = router.node.place(path);
                site.not_understood.push(setting(
                    NotUnderstood::Elsewhere(why),
                    &place,
                    router.name,
                ));
                return;
            }
        }
    }
}
