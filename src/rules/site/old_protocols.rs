//! MT436.

use crate::{
    context::Context,
    facts::Site,
    finding::{Severity, Verdict},
    rule,
    rules::{
        help::{list, version},
        site::help::hit,
    },
};

rule! {
    /// ## What it finds
    ///
    /// TLS versions older than 1.2, or none that current senders offer.
    ///
    /// ## Why it matters
    ///
    /// SSL 3.0, TLS 1.0 and 1.1 must not be negotiated any more (RFC 7568, RFC 8996). A server
    /// without 1.2 and 1.3 rejects every current sender.
    ///
    /// ## How to fix it
    ///
    /// Offer TLS 1.2 and 1.3. The sender's profile says whether it still needs 1.2, or that this is
    /// unknown.
    ///
    /// ```text
    /// # nginx    ssl_protocols TLSv1.2 TLSv1.3;
    /// # Apache   SSLProtocol -all +TLSv1.2 +TLSv1.3
    /// # HAProxy  ssl-min-ver TLSv1.2
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8996
    /// - RFC 9325 section 3.1.1
    pub static RULE = MT436 {
        name: "site-old-protocols",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8996", "2021-03"), ("RFC 9325 section 3.1.1", "2022-11")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.versions = Some(site_fixture::set(vec![0x0301, 0x0303], "ssl_protocols TLSv1 TLSv1.2"))).done(),
        silent_on: || site_fixture::SiteFixture::strict().with(|site| site.versions = Some(site_fixture::set(vec![0x0303, 0x0304], "ssl_protocols TLSv1.2 TLSv1.3"))).done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let Some(setting) = &site.versions else {
        return Verdict::NotApplicable("the TLS versions are the server's default");
    };
    let old: Vec<u16> = setting
        .value
        .iter()
        .copied()
        .filter(|version| *version < 0x0303)
        .collect();
    let new = setting.value.iter().any(|version| *version >= 0x0303);
    if old.is_empty() && new {
        return Verdict::Pass;
    }
    let message = if new {
        format!(
            "{} offers {}, expected TLS 1.2 or newer",
            site.name,
            list(&old, version)
        )
    } else {
        format!(
            "{} offers neither TLS 1.2 nor 1.3: current senders are rejected",
            site.name
        )
    };
    Verdict::hit(
        hit(site, &setting.place, message, "offer TLS 1.2 and 1.3")
            .severity(if new {
                Severity::Warning
            } else {
                Severity::Error
            })
            .evidence("as written", setting.text.clone())
            .setting(site.software.dialect().versions),
    )
}
