//! The names that the rule of a router is for, and the addresses behind its service.

use super::super::{doors, node::Node};

/// Servers of a service that are looked at.
const MOST: usize = 8;

/// The names of ``Host(`a`, `b`)`` and ``HostSNI(`a`)`` in a rule; what is not to be such a name is
/// none.
pub(super) fn hosts(rule: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for start in ["Host(", "HostSNI("] {
        for (at, _) in rule.match_indices(start) {
            let before = rule[..at].trim_end();
            let inside_word = rule[..at].ends_with(|one: char| one.is_ascii_alphanumeric());
            if before.ends_with('!') || inside_word {
                continue;
            }
            let inner = rule[at + start.len()..].split(')').next();
            found.extend(
                inner
                    .unwrap_or_default()
                    .split(',')
                    .map(|name| name.trim().trim_matches(['`', '"', '\'']))
                    .filter(|name| !name.is_empty() && *name != "*"),
            );
        }
    }
    found
}

/// The addresses of the servers of a service.
pub(super) fn servers(service: &str, documents: &[Node]) -> Vec<String> {
    let name = service.split('@').next().unwrap_or(service);
    let found = documents.iter().flat_map(|document| {
        let all = document.any_case(&["http", "services"]);
        let own = all.and_then(|all| all.get_any_case(name));
        let servers = own.and_then(|own| own.any_case(&["loadBalancer", "servers"]));
        servers.map(Node::list).unwrap_or_default()
    });
    found
        .filter_map(|server| doors::target(server.get_any_case("url")?.text()?))
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::hosts;

    #[test]
    fn a_name_that_is_excluded_is_none() {
        for (rule, expected) in [
            ("Host(`a`) && PathPrefix(`/x`)", &["a"][..]),
            ("!Host(`a`) && PathPrefix(`/x`)", &[]),
            ("! Host(`a`)", &[]),
            ("Host(`a`, `b`) || HostSNI(`c`)", &["a", "b", "c"]),
        ] {
            assert_eq!(hosts(rule), expected, "{rule}");
        }
    }
}
