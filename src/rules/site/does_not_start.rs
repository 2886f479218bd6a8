//! MT450.

use crate::{
    context::Context,
    facts::{ServerSoftware, Site},
    finding::Verdict,
    rule,
    rules::site::help::hit,
};

rule! {
    /// ## What it finds
    ///
    /// A line with which the server refuses its configuration: nginx takes some directives once in a
    /// block, Envoy knows its fields, Caddy its modes.
    ///
    /// ## Why it matters
    ///
    /// The server does not start; on a reload it keeps its old configuration, and the file has no effect.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook corrects the line or takes it out, and has the server check its
    /// configuration.
    ///
    /// ```text
    /// nginx -t
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
        cites: [("nginx 1.22.1, nginx -t", "2026-11-30"), ("Envoy 1.40, --mode validate", "2026-11-30")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.refused = vec![site_fixture::set("ssl_verify_client appears twice in one block: nginx does not start".into(), "ssl_verify_client on")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

/// What to do about the line, and the command that checks the configuration.
fn mended(software: ServerSoftware) -> (&'static str, Option<&'static str>) {
    let correct = "correct the line or remove it";
    match software {
        ServerSoftware::Nginx => ("remove one of the two lines", Some("nginx -t")),
        ServerSoftware::Apache => (correct, Some("apachectl configtest")),
        ServerSoftware::Haproxy => (correct, Some("haproxy -c -f haproxy.cfg")),
        ServerSoftware::Envoy => (correct, Some("envoy --mode validate -c envoy.yaml")),
        ServerSoftware::Caddy => (correct, Some("caddy validate --config Caddyfile")),
        ServerSoftware::Traefik => (correct, None),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let hits = site
        .refused
        .iter()
        .map(|setting| {
            let message = format!("{}: {}", site.name, setting.value);
            let (fix, check) = mended(site.software);
            let hit = hit(site, &setting.place, message, fix)
                .evidence("as written", setting.text.clone());
            match check {
                Some(command) => hit.check(command),
                None => hit,
            }
        })
        .collect();
    Verdict::from_hits(hits)
}
