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
    /// TLS versions that are older than 1.2, or none that a sender of today offers.
    ///
    /// ## Why it matters
    ///
    /// SSL 3.0, TLS 1.0 and 1.1 must not be negotiated any more (RFC 7568, RFC 8996). A server without 1.2 and 1.3 refuses every sender of
    /// today.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook offers TLS 1.2 and 1.3. Whether a sender still needs 1.2 stands in its profile, or among what is not known
    /// of it.
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
        return Verdict::NotApplicable("the TLS versions are the server's own choice");
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
            "{} offers {}, wanted nothing older than TLS 1.2",
            site.name,
            list(&old, version)
        )
    } else {
        format!(
            "{} offers neither TLS 1.2 nor 1.3: senders of today are refused",
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
            .command(site.software.dialect().versions),
    )
}
