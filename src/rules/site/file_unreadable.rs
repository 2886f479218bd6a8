//! MT435.

use crate::{
    context::Context,
    facts::Site,
    finding::{Severity, Verdict},
    rule,
    rules::{help::shell, site::help::hit},
};

rule! {
    /// ## What it finds
    ///
    /// A file that the configuration names and that could not be read, or a configuration with a
    /// syntax error.
    ///
    /// ## Why it matters
    ///
    /// The server does not start, or starts without the file. On another machine or as another user
    /// the path may be right: then the finding only says that the file was not checked.
    ///
    /// ## How to fix it
    ///
    /// Correct the path, or run the program where the server runs, as a user who may read the file.
    ///
    /// ```text
    /// ls -l fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate
    pub static RULE = MT435 {
        name: "site-file-unreadable",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org, ngx_http_ssl_module, read", "2026-11-24"), ("atlas of 18 servers, modes of client authentication", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.unreadable = vec![site_fixture::set(Unreadable { path: "clients.pem".into(), why: "no such file".into(), meant_as: FileRole::ClientCa, forbidden: false }, "ssl_client_certificate clients.pem")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let hits = site
        .unreadable
        .iter()
        .map(|setting| {
            if setting.value.forbidden {
                return hit(
                    site,
                    &setting.place,
                    format!("{}: not checked: {}", site.name, setting.value),
                    "run the program as a user who may read the file",
                )
                .severity(Severity::Note)
                .evidence("as written", setting.text.clone())
                .check(format!("ls -l {}", shell(&setting.value.path)));
            }
            hit(
                site,
                &setting.place,
                format!("{}: a file could not be read: {}", site.name, setting.value),
                "correct the path, or check the configuration where the server runs",
            )
            .evidence("as written", setting.text.clone())
            .check(format!("ls -l {}", shell(&setting.value.path)))
        })
        .collect();
    Verdict::from_hits(hits)
}
