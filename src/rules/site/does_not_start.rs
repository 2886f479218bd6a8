//! MT450.

use crate::{context::Context, facts::Site, finding::Verdict, rule, rules::site::help::hit};

rule! {
    /// ## What it finds
    ///
    /// A line with which the server refuses its configuration: a directive twice in a block, in a
    /// block where it is not allowed, misspelt, with a value that it does not take, or without the
    /// `;` before it.
    ///
    /// ## Why it matters
    ///
    /// The server does not start; on a reload it keeps its old configuration, and the file has no effect.
    ///
    /// ## How to fix it
    ///
    /// Correct the line, and have the server check its configuration.
    ///
    /// ```text
    /// nginx -t
    /// apachectl configtest
    /// haproxy -c -f haproxy.cfg
    /// envoy --mode validate -c envoy.yaml
    /// caddy validate --config Caddyfile
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html
    /// - envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/tls.proto
    pub static RULE = MT450 {
        name: "site-does-not-start",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx 1.22.1, Apache 2.4.71, HAProxy 2.6.12, Envoy 1.40, Caddy 2.6.2, their tests of a configuration", "2026-11-30")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.refused = vec![site_fixture::set("ssl_verify_client appears twice in one block: nginx does not start".into(), "ssl_verify_client on")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let hits = site
        .refused
        .iter()
        .map(|setting| {
            let message = format!("{}: {}", site.name, setting.value);
            let remedy =
                "correct this line, and test the configuration before the server is restarted";
            let hit = hit(site, &setting.place, message, remedy)
                .evidence("as written", setting.text.clone());
            match site.software.dialect().test {
                Some(command) => hit.check(command),
                None => hit,
            }
        })
        .collect();
    Verdict::from_hits(hits)
}
