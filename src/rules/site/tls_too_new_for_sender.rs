//! MT463.

use crate::{
    context::Context,
    facts::Site,
    finding::Verdict,
    rule,
    rules::{
        help::{list, version},
        site::help::hit,
    },
};

rule! {
    /// ## What it finds
    ///
    /// A server that offers only versions of TLS newer than the sender's highest: TLS 1.3 alone,
    /// for a sender that speaks TLS 1.2 alone.
    ///
    /// ## Why it matters
    ///
    /// Every handshake ends with alert 70, protocol_version, before a certificate is asked for. A
    /// sender may drop the call without a retry.
    ///
    /// ## How to fix it
    ///
    /// Offer the sender's version as well.
    ///
    /// ```text
    /// # nginx    ssl_protocols TLSv1.2 TLSv1.3;
    /// # Apache   SSLProtocol -all +TLSv1.2 +TLSv1.3
    /// # Envoy    tls_minimum_protocol_version: TLSv1_2
    /// ```
    ///
    /// ## References
    ///
    /// - PagerDuty/developer-docs at 53fa3f9, docs/webhooks/03-Mutual-TLS.md, read 2026-11-30
    /// - RFC 8446 section 6.2
    pub static RULE = MT463 {
        name: "site-tls-too-new-for-sender",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().up_to_tls12().with(|site| {
            site.pins.clear();
            site.bearer.push(site_fixture::set((), "auth_jwt on"));
            site.forwards.push(site_fixture::set(site_fixture::forwarded(true), "proxy_set_header"));
            site.versions = Some(site_fixture::set(vec![0x0304], "ssl_protocols TLSv1.3"));
        }).done(),
        silent_on: || site_fixture::SiteFixture::strict().up_to_tls12().with(|site| {
            site.pins.clear();
            site.bearer.push(site_fixture::set((), "auth_jwt on"));
            site.forwards.push(site_fixture::set(site_fixture::forwarded(true), "proxy_set_header"));
            site.versions = Some(site_fixture::set(vec![0x0303, 0x0304], "ssl_protocols TLSv1.2 TLSv1.3"));
        }).done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    let Some((profile, highest)) = context
        .profile
        .and_then(|profile| Some((profile, profile.highest_tls?.wire())))
    else {
        return Verdict::NotApplicable("no sender was named whose highest version of TLS is known");
    };
    let Some(setting) = &site.versions else {
        return Verdict::NotApplicable("the TLS versions are the server's default");
    };
    if setting.value.iter().any(|offered| *offered <= highest) {
        return Verdict::Pass;
    }
    Verdict::hit(
        hit(
            site,
            &setting.place,
            format!(
                "{} offers {} only, and {} speaks {} at the most: every handshake fails",
                site.name,
                list(&setting.value, version),
                profile.title,
                version(highest)
            ),
            format!("offer {} as well", version(highest)),
        )
        .evidence("as written", setting.text.clone())
        .setting(site.software.dialect().versions),
    )
}
