//! MT272.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::{owner, place, request_for},
    verify::hosts::{self, Mismatch},
};

rule! {
    /// ## What it finds
    ///
    /// A host name or IP address given with `--host` that the server's leaf is not valid for; one
    /// finding per host.
    ///
    /// ## Why it matters
    ///
    /// Every client compares the host that it calls with the alternative names of the leaf and
    /// closes the connection when none matches. A wildcard covers one whole label, the
    /// leftmost: `*.example.org` covers `hook.example.org`, but neither `example.org` nor
    /// `a.hook.example.org`. IP addresses are compared with IP addresses only. The common name is
    /// not used.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued with all of the names, or give callers a URL with a name that
    /// it has.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -ext subjectAltName
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example,DNS:www.hook.example" -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9525, section 6 (matching), section 6.3 (wildcards), section 6.5 (addresses)
    /// - RFC 5280, section 4.2.1.6 (alternative names)
    pub static RULE = MT272 {
        name: "host-not-covered",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9525 section 6", "2023-11"), ("RFC 5280 section 4.2.1.6", "2008-05")],
        faults: ["server-hostname-mismatch", "server-ip-not-in-san", "upstream-hostname-mismatch"],
        symptoms: [
            Verify(62), Verify(64), Alert(42), Alert(46),
            Says("hostname mismatch"), Says("ip address mismatch"), Says("no alternative certificate subject name matches"),
            Says("certificate is valid for"), Says("err_tls_cert_altname_invalid"), Says("notvalidforname"),
            Says("no subject alternative dns name matching"), Says("no subject alternative names matching ip address"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files()
            .context(|context| context.hosts.push("api.hook.example".into()))
            .file_problem(0, 62).done(),
        silent_on: || Fixture::files()
            .block(0, |leaf| leaf.sans.push("DNS:*.hook.example".into()))
            .context(|context| context.hosts.push("API.hook.example.".into())).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Server {
        return Verdict::NotApplicable("not the server's chain");
    }
    if context.hosts.is_empty() {
        return Verdict::NotApplicable("no host was given");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() {
        return Verdict::NotApplicable("the leaf could not be read");
    }
    if hosts::server_names(leaf).next().is_none() {
        return Verdict::NotApplicable("the leaf has no host name, which is another finding");
    }
    let hits = context
        .hosts
        .iter()
        .filter_map(|host| Some((host, hosts::covering(host, leaf).err()?)))
        .map(|(host, mismatch)| hit(chain, leaf, host, &mismatch))
        .collect();
    Verdict::from_hits(hits)
}

fn hit(chain: &Chain, leaf: &Certificate, host: &str, mismatch: &Mismatch) -> Hit {
    let names: Vec<&str> = hosts::server_names(leaf).collect();
    let shown = match names.len() {
        0..=12 => names.join(", "),
        count => format!("{} and {} more", names[..12].join(", "), count - 12),
    };
    let known = matches!(mismatch, Mismatch::NotAHost(_) | Mismatch::NotAscii);
    let remedy = if known {
        "give the host as callers write it, without scheme, port and path".to_owned()
    } else {
        suggestion(host, mismatch)
    };
    let hit = Hit::new(
        format!(
            "the server's leaf is not valid for \"{host}\": {}",
            mismatch.why()
        ),
        leaf.label(),
        place(chain, chain.leaf),
        remedy,
    )
    .evidence("host", host)
    .evidence("names", shown)
    .act(owner(chain.role));
    if known {
        return hit;
    }
    let kind = if hosts::is_address(host) { "IP" } else { "DNS" };
    let bare = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .trim_end_matches('.');
    let wanted = names
        .iter()
        .filter(|name| plain(name))
        .take(20)
        .map(|&name| name.to_owned())
        .chain([format!("{kind}:{bare}")])
        .collect::<Vec<_>>()
        .join(",");
    hit.step(request_for(chain, bare, &wanted))
}

/// Whether a name of the certificate can stand in a command as it is.
fn plain(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._*:".contains(&byte))
}

fn suggestion(host: &str, mismatch: &Mismatch) -> String {
    match mismatch {
        Mismatch::WildcardDepth(name) => format!(
            "have the certificate reissued with {host} beside {name}, or give callers a host directly below it"
        ),
        Mismatch::Address { .. } => {
            "have the certificate reissued with the IP address as an IP name, or give callers a host name that it has".into()
        }
        _ => "have the certificate reissued with this name too, or give callers a URL with a name that it has".into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{engine::judge, rules::fixture::Fixture};

    #[test]
    fn each_host_is_told_apart() {
        let (case, context) = Fixture::files()
            .context(|context| {
                context.hosts = ["hook.example", "192.0.2.7", "h\u{f6}k.example"]
                    .map(Into::into)
                    .into();
            })
            .done();
        let messages: Vec<String> = judge(case, &context)
            .findings
            .into_iter()
            .map(|finding| finding.hit.message)
            .collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].contains("192.0.2.7") && messages[1].contains("xn--"));
    }
}
