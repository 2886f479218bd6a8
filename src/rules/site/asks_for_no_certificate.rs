//! MT432.

use crate::{
    context::Context,
    facts::Site,
    finding::{Severity, Verdict},
    rule,
    rules::site::help::{hit, only_for, unless_understood, written},
};

rule! {
    /// ## What it finds
    ///
    /// A server that does not ask clients for a certificate. With a client-CA file named beside it, or a sender named with `--profile`, it
    /// is an error.
    ///
    /// ## Why it matters
    ///
    /// There is no mutual TLS. A client-CA file that is named and never used looks like protection and is none.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook switches it on, or takes the client-CA file out.
    ///
    /// ```text
    /// mtls simulate https://hook.example.com/ --matrix --pki ./pki
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client
    pub static RULE = MT432 {
        name: "site-asks-for-no-certificate",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org, ngx_http_ssl_module, read", "2026-11-24"), ("atlas of 18 servers, modes of client authentication", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().nobody().with(|site| { site.client_auth = None; site.client_ca.clear(); site.pins.clear(); }).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    if site.mode().asks || site.asks_every_request() {
        return Verdict::Pass;
    }
    if site.not_read() {
        return Verdict::NotApplicable("the configuration could not be read");
    }
    let wanted = !site.client_ca.is_empty()
        || context
            .profile
            .is_some_and(|profile| !profile.identity.is_empty());
    let parts = only_for(site).filter(|_| site.asks_later());
    let message = match (parts.as_ref(), site.client_ca.first()) {
        (Some(parts), _) => format!(
            "{} asks for a certificate for {parts} only, after the handshake: every other request gets in without one",
            site.name
        ),
        (None, Some(file)) => format!(
            "{} names the client-CA file {} and asks for no certificate: everybody gets in",
            site.name, file.value
        ),
        (None, None) => format!("{} asks clients for no certificate", site.name),
    };
    Verdict::hit(
        hit(
            site,
            site.client_auth_place(),
            message,
            "ask for the certificate and require it",
        )
        .severity(match (parts, wanted) {
            (None, true) => unless_understood(site).0,
            (Some(_), _) => Severity::Warning,
            (None, false) => Severity::Note,
        })
        .certainty(unless_understood(site).1)
        .evidence("as written", written(site))
        .command(site.software.dialect().require),
    )
}
