//! MT451.

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
    /// A setting about client certificates that changes nothing where it is: on a port without TLS, in options that no router uses, a revocation list that is never looked into.
    ///
    /// ## Why it matters
    ///
    /// It looks like protection and is none.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook moves it to the address that needs it, or takes it out.
    ///
    /// ```text
    /// mtls simulate https://hook.example.com/ --matrix --pki ./pki
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client
    /// - httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslcarevocationcheck
    /// - doc.traefik.io/traefik/https/tls/#tls-options
    pub static RULE = MT451 {
        name: "site-without-effect",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org/en/docs/http/ngx_http_ssl_module.html, httpd.apache.org/docs/2.4/mod/mod_ssl.html, doc.traefik.io/traefik/https/tls, read", "2026-11-29")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.without_effect = vec![site_fixture::set("there is no TLS on this port: `listen` lacks `ssl`".into(), "ssl_verify_client on")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let hits = site
        .without_effect
        .iter()
        .map(|setting| {
            let message = format!("{}: {}", site.name, setting.value);
            let list = site.crl.iter().any(|list| list.place == setting.place);
            let remedy = match site.software {
                _ if list => "have the list looked into, or remove it",
                // Filter chains and contexts are where they belong; something that they need lacks.
                ServerSoftware::Envoy => "add what is missing, or remove what has no effect",
                _ => "move the setting to the address that needs it, or remove it",
            };
            let hit = hit(site, &setting.place, message, remedy)
                .evidence("as written", setting.text.clone());
            match site.software {
                ServerSoftware::Apache if list => hit.setting("SSLCARevocationCheck chain"),
                _ => hit,
            }
        })
        .collect();
    Verdict::from_hits(hits)
}
