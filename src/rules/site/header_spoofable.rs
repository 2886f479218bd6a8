//! MT441.

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
    /// A header about the client certificate that is added to one of the same name from outside,
    /// instead of replacing it.
    ///
    /// ## Why it matters
    ///
    /// Any caller can send that header too, and an application that reads the first one believes
    /// it.
    ///
    /// ## How to fix it
    ///
    /// Set the header, or delete it from the request first.
    ///
    /// ```text
    /// # HAProxy  http-request set-header X-Client-Subject %[ssl_c_s_dn]
    /// # Apache   RequestHeader set X-Client-Subject %{SSL_CLIENT_S_DN}s
    /// # Envoy    forward_client_cert_details: SANITIZE_SET
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9440 section 2.4 (sanitising Client-Cert)
    /// - envoyproxy.io, HTTP connection manager, forward_client_cert_details
    pub static RULE = MT441 {
        name: "site-header-spoofable",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9440 section 2.4", "2023-07")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.forwards = vec![site_fixture::set(site_fixture::forwarded(false), "http-request add-header")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().with(|site| site.forwards = vec![site_fixture::set(site_fixture::forwarded(true), "proxy_set_header")]).done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    if site.forwards.is_empty() {
        return Verdict::NotApplicable("no header carries the certificate");
    }
    let hits = site
        .forwards
        .iter()
        .filter(|setting| !setting.value.overwrites)
        .map(|setting| {
            let command = match site.software {
                ServerSoftware::Envoy => "forward_client_cert_details: SANITIZE_SET".to_owned(),
                ServerSoftware::Apache => format!(
                    "RequestHeader set {} {}",
                    setting.value.header, setting.value.value
                ),
                _ => format!(
                    "http-request set-header {} {}",
                    setting.value.header, setting.value.value
                ),
            };
            hit(
                site,
                &setting.place,
                format!(
                    "{} passes on the caller's own header {}: anyone can forge it",
                    site.name, setting.value.header
                ),
                "set the header instead of adding it",
            )
            .evidence("as written", setting.text.clone())
            .setting(command)
        })
        .collect();
    Verdict::from_hits(hits)
}
