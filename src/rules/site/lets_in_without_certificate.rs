//! MT430.

use crate::{
    context::Context,
    facts::{Admitted, Door, Lacks, NotUnderstood, Place, Setting, Site},
    finding::{Certainty, Hit, Severity, Verdict},
    outlook::admission::{Caller, admit},
    profiles::Presented,
    rule,
    rules::site::help::{hit, only_for, unless_understood, written},
};

rule! {
    /// ## What it finds
    ///
    /// A server that requests a client certificate but also accepts clients without one:
    /// `optional`, `verify_if_given`, Envoy without `require_client_certificate`, with no condition
    /// on the verification result.
    ///
    /// It also finds another way in: an address without TLS, or one that requests no certificate, that
    /// hands requests to the same application.
    ///
    /// ## Why it matters
    ///
    /// Any client that sends no certificate is accepted. A sender with a valid certificate notices no
    /// difference: all its calls succeed.
    ///
    /// ## How to fix it
    ///
    /// Require the certificate, or reject every request whose verification did not succeed. Then
    /// test it.
    ///
    /// ```text
    /// # nginx    ssl_verify_client on;
    /// # Apache   SSLVerifyClient require
    /// # HAProxy  bind … verify required
    /// # Caddy    mode require_and_verify
    /// # Envoy    require_client_certificate: true
    /// mtls simulate https://hook.example.com/ --matrix --pki ./pki
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client
    /// - httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslverifyclient
    /// - envoyproxy/envoy#615
    pub static RULE = MT430 {
        name: "site-lets-in-without-certificate",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org, ngx_http_ssl_module, read", "2026-11-24"), ("atlas of 18 servers, modes of client authentication", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().nobody().mode(ClientAuthMode::OPTIONAL)
            .with(|site| site.pins.clear()).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    let mode = site.mode();
    if !mode.asks {
        return Verdict::NotApplicable("no client certificate is requested");
    }
    if let Some(door) = way_around(site) {
        return Verdict::hit(around(site, door));
    }
    // A condition on the certificate rejects clients without one.
    if admit(site, &Caller::default()).outcome == Admitted::Rejected {
        return Verdict::Pass;
    }
    if let Some(open) = site.undecided() {
        return Verdict::hit(may(site, open));
    }
    if let Some(parts) = only_for(site) {
        return Verdict::hit(
            hit(
                site,
                site.client_auth_place(),
                format!("{} requires a certificate for {parts}; requests elsewhere are accepted without one", site.name),
                "require the certificate for the path of the webhook, or for every path",
            )
            .severity(Severity::Warning)
            .certainty(unless_understood(site).1)
            .evidence("as written", written(site))
            .setting(site.software.dialect().require),
        );
    }
    Verdict::hit(
        hit(
            site,
            site.client_auth_place(),
            format!(
                "{} accepts clients without a certificate{}",
                site.name,
                probing(context)
            ),
            "require the certificate, or reject every request whose verification did not succeed",
        )
        .evidence("as written", written(site))
        .setting(site.software.dialect().require),
    )
}

/// Something that was not understood may turn away who has no certificate.
fn may(site: &Site, open: &Setting<NotUnderstood>) -> Hit {
    let line = match &open.place {
        Place::File {
            path, first_line, ..
        } => format!(" ({path}:{first_line})"),
        _ => String::new(),
    };
    let what = match open.text.as_str() {
        "" => open.value.to_string(),
        text => format!("`{text}`"),
    };
    hit(
        site,
        site.client_auth_place(),
        format!(
            "unknown whether {} accepts clients without a certificate: the handshake does, and {what}{line} was not understood",
            site.name
        ),
        "test the running server without a certificate, or require one in the handshake",
    )
    .severity(Severity::Warning)
    .certainty(Certainty::Likely)
    .evidence("as written", written(site))
    .setting(site.software.dialect().require)
}

/// The most certain way in by which no certificate is needed. A condition on the verification holds
/// for every request of its server, whichever address it came by; another server has none of it.
fn way_around(site: &Site) -> Option<&Setting<Door>> {
    site.doors
        .iter()
        .filter(|door| {
            let another = door.value.target.is_some() || door.value.lacks == Lacks::Certificate;
            another || !site.verified_later()
        })
        .max_by_key(|door| door.value.certain)
}

fn around(site: &Site, door: &Setting<Door>) -> Hit {
    let Door {
        address,
        lacks,
        target,
        certain,
    } = &door.value;
    let name = &site.name;
    let message = match (target, lacks) {
        (None, Lacks::Tls) if !certain => format!(
            "{address} answers for the host names of {name} without TLS; it is unknown whether the same application answers"
        ),
        (None, Lacks::Certificate) if !certain => format!(
            "{address} answers for the host names of {name} and requests no certificate; it is unknown whether the same application answers"
        ),
        (None, Lacks::Tls) => format!(
            "{name} serves the same requests without TLS on {address}: no certificate is needed there"
        ),
        (None, Lacks::Certificate) => format!(
            "{name} serves the same requests on {address}, where no certificate is requested"
        ),
        (Some(target), Lacks::Tls) => format!(
            "{address} hands requests to {target} as {name} does, without TLS: no certificate is needed there"
        ),
        (Some(target), Lacks::Certificate) => format!(
            "{address} hands requests to {target} as {name} does, and requests no certificate"
        ),
    };
    let fix = match lacks {
        Lacks::Tls => "let this address redirect to the one with TLS, or remove it",
        Lacks::Certificate => "require the certificate at this address too, or remove it",
    };
    let (severity, certainty) = match certain {
        true => unless_understood(site),
        false => (Severity::Warning, Certainty::Likely),
    };
    hit(site, &door.place, message, fix)
        .severity(severity)
        .certainty(certainty)
        .evidence("as written", door.text.clone())
}

/// What that means for a sender which calls without a certificate first.
fn probing(context: &Context) -> String {
    context
        .profile
        .filter(|profile| profile.presented == Presented::AfterABareProbe)
        .map_or_else(String::new, |profile| {
            format!(
                ": {} calls once without one and registers only a webhook that refuses it",
                profile.title
            )
        })
}

#[cfg(test)]
mod tests {
    use crate::{
        context::Context,
        engine::judge,
        facts::{ClientAuthMode, Comparison, NotUnderstood, Pin, Pinned},
        finding::Severity,
        profiles::{self, Presented},
        rules::site::fixture::{SiteFixture, set},
    };

    #[test]
    fn a_sender_that_probes_is_named() {
        for profile in profiles::all() {
            let (case, context) = SiteFixture::strict().mode(ClientAuthMode::OPTIONAL).done();
            let context = Context {
                profile: Some(profile),
                ..context
            };
            let mut case = case;
            if let crate::facts::Subject::Deployment(deployment) = &mut case.subject
                && let Some(site) = &mut deployment.site
            {
                site.pins.clear();
            }
            let found = judge(case, &context).findings;
            let said = found.iter().any(|finding| {
                finding.rule.code == "MT430" && finding.hit.message.contains("calls once without")
            });
            assert_eq!(
                said,
                profile.presented == Presented::AfterABareProbe,
                "{}",
                profile.name
            );
        }
    }

    #[test]
    fn a_condition_on_the_verification_is_enough() {
        let verified = Pin {
            of: Pinned::Verified,
            comparison: Comparison::Equals,
            values: vec!["SUCCESS".into()],
            negated: false,
            in_handshake: false,
        };
        let (case, context) = SiteFixture::strict()
            .mode(ClientAuthMode::OPTIONAL)
            .with(|site| {
                site.pins
                    .push(set(verified, "if ($ssl_client_verify != SUCCESS)"))
            })
            .done();
        let found: Vec<_> = judge(case, &context)
            .findings
            .iter()
            .map(|f| f.rule.code)
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn what_was_not_understood_is_no_claim() {
        for (open, expected) in [
            (true, "unknown whether"),
            (false, "accepts clients without"),
        ] {
            let (case, context) = SiteFixture::strict()
                .mode(ClientAuthMode::OPTIONAL)
                .with(|site| {
                    site.pins.clear();
                    if open {
                        let why = NotUnderstood::Condition;
                        site.not_understood.push(set(why, "if ($v != 1)"));
                    }
                })
                .done();
            let judged = judge(case, &context);
            let found = judged
                .findings
                .iter()
                .find(|one| one.rule.code == "MT430")
                .unwrap();
            assert!(
                found.hit.message.contains(expected),
                "{}",
                found.hit.message
            );
            let severity = if open {
                Severity::Warning
            } else {
                Severity::Error
            };
            assert_eq!(found.severity, severity);
        }
    }
}
