//! MT437.

use crate::{
    context::Context,
    facts::{Checks, Site},
    finding::Verdict,
    rule,
    rules::site::help::{hit, written},
};

rule! {
    /// ## What it finds
    ///
    /// A server that verifies client certificates but has no client-CA file.
    ///
    /// ## Why it matters
    ///
    /// nginx does not start; Caddy and Go fall back to the machine's root certificates, and so
    /// accept everyone with a certificate below one of them; Apache and HAProxy reject everyone.
    ///
    /// ## How to fix it
    ///
    /// Configure a file with the sender's root.
    ///
    /// ```text
    /// mtls profiles pem dialogflow > clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_client_certificate
    /// - go.dev, crypto/tls, Config.ClientCAs
    pub static RULE = MT437 {
        name: "site-client-ca-missing",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org, ngx_http_ssl_module, read", "2026-11-24"), ("atlas of 18 servers, modes of client authentication", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.client_ca.clear()).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    let mode = site.mode();
    if (!mode.asks || mode.checks != Checks::All) && !site.asks_later() {
        return Verdict::NotApplicable("client certificates are not verified");
    }
    if !site.client_ca.is_empty() {
        return Verdict::Pass;
    }
    if site.authorities_unread() {
        return Verdict::NotApplicable("the part that may name the client-CA file was not read");
    }
    let profile = context
        .profile
        .map_or("NAME", |profile| profile.name.as_str());
    Verdict::hit(
        hit(
            site,
            site.client_auth_place(),
            format!(
                "{} verifies client certificates but has no client-CA file",
                site.name
            ),
            "configure a file with the sender's root",
        )
        .evidence("as written", written(site))
        .step(format!("mtls profiles pem {profile} >> clients.pem")),
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::{judge, judge_with},
        facts::{FileRole, NotUnderstood, Unreadable},
        rules::site::fixture::{SiteFixture, set},
    };

    /// What was not read proves nothing: a pass would rule out causes in `explain --with`.
    #[test]
    fn authorities_that_may_be_elsewhere_are_neither_missing_nor_there() {
        let nowhere = || SiteFixture::strict().with(|site| site.client_ca.clear());
        let secret = nowhere().with(|site| {
            let why = NotUnderstood::AuthoritiesInSecrets;
            site.not_understood.push(set(why, "secretNames: [clients]"));
        });
        let gone = nowhere().with(|site| {
            let file = Unreadable {
                path: "nginx.conf".into(),
                why: "no such file".into(),
                meant_as: FileRole::Config,
                forbidden: false,
            };
            site.unreadable.push(set(file, "ca clients.pem"));
        });
        for fixture in [secret, gone] {
            let (case, context) = fixture.done();
            let judged = judge_with(&[&super::RULE], case, &context);
            assert!(judged.findings.is_empty() && judged.passed.is_empty());
            assert_eq!(judged.skipped.len(), 1);
        }
        // Whatever it is, it is not silent.
        let (case, context) = nowhere()
            .with(|site| {
                let why = NotUnderstood::AuthoritiesInSecrets;
                site.not_understood.push(set(why, "secretNames: [clients]"));
            })
            .done();
        let found = judge(case, &context).findings;
        assert!(found.iter().any(|one| one.rule.code == "MT438"));
    }
}
