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

/// Whether a rule names hosts and is for requests of any host too: one of its alternatives has none.
pub(super) fn beside_hosts(rule: &str) -> bool {
    let parts = alternatives(rule);
    let without = |part: &&str| hosts(part).is_empty();
    parts.iter().any(without) && !parts.iter().all(without)
}

/// The parts of a rule between `||`, outside of brackets and quotation marks.
fn alternatives(rule: &str) -> Vec<&str> {
    let (mut found, mut from, mut depth) = (Vec::new(), 0, 0_usize);
    let mut quoted: Option<u8> = None;
    let bytes = rule.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (*byte, quoted) {
            (own, Some(open)) if own == open => quoted = None,
            (_, Some(_)) => {}
            (open @ (b'`' | b'"' | b'\''), None) => quoted = Some(open),
            (b'(', None) => depth += 1,
            (b')', None) => depth = depth.saturating_sub(1),
            (b'|', None) if depth == 0 && bytes.get(at + 1) == Some(&b'|') => {
                found.push(&rule[from..at]);
                from = at + 2;
            }
            _ => {}
        }
    }
    found.push(&rule[from.min(rule.len())..]);
    found
}

/// The addresses of the servers of a service.
pub(super) fn servers(service: &str, documents: &[Node]) -> Vec<String> {
    let name = service.split('@').next().unwrap_or(service);
    let found = documents.iter().flat_map(|document| {
        ["http", "tcp"].into_iter().flat_map(move |protocol| {
            let all = document.any_case(&[protocol, "services"]);
            let own = all.and_then(|all| all.get_any_case(name));
            let servers = own.and_then(|own| own.any_case(&["loadBalancer", "servers"]));
            servers.map(Node::list).unwrap_or_default()
        })
    });
    found
        .filter_map(|server| {
            let address = server.get_any_case("url").or(server.get_any_case("address"))?;
            doors::target(address.text()?)
        })
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{beside_hosts, hosts};

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

    #[test]
    fn an_alternative_without_a_name_is_for_any() {
        for (rule, expected) in [
            ("Host(`a`) || PathPrefix(`/x`)", true),
            ("Host(`a`) && (PathPrefix(`/x`) || PathPrefix(`/y`))", false),
            ("(Host(`a`) || Host(`b`)) && Path(`/`)", false),
            ("Host(`a`) && HeaderRegexp(`x`, `a||b`)", false),
            ("PathPrefix(`/x`)", false),
        ] {
            assert_eq!(beside_hosts(rule), expected, "{rule}");
        }
    }
}
