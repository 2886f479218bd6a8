//! MT450.

use crate::{context::Context, facts::Site, finding::Verdict, rule, rules::site::help::hit};

rule! {
    /// ## What it finds
    ///
    /// A line with which the server refuses its configuration: nginx takes some directives once in a block.
    ///
    /// ## Why it matters
    ///
    /// The server does not start; on a reload it keeps its old configuration, and the file has no effect.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook takes the line out, and has the server check its configuration.
    ///
    /// ```text
    /// nginx -t
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html
    pub static RULE = MT450 {
        name: "site-does-not-start",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx 1.22.1, nginx -t", "2026-11-30")],
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
            hit(site, &setting.place, message, "remove one of the two lines")
                .evidence("as written", setting.text.clone())
                .check("nginx -t")
        })
        .collect();
    Verdict::from_hits(hits)
}
