//! MT433.

use crate::{
    context::Context,
    facts::{ServerSoftware, Site},
    finding::{Severity, Verdict},
    outlook::readiness,
    rule,
    rules::site::help::hit,
};

rule! {
    /// ## What it finds
    ///
    /// A verification depth that is too small for the sender's chain. Without `--profile`, a depth
    /// that allows no intermediate.
    ///
    /// ## Why it matters
    ///
    /// The webhook rejects every call: OpenSSL reports error 22, certificate chain too long. nginx
    /// counts intermediates; Apache also counts the root, so one intermediate needs `SSLVerifyDepth
    /// 2`. The default of both is 1.
    ///
    /// ## How to fix it
    ///
    /// Raise the depth. A greater one costs nothing: the client-CA file decides what is trusted.
    ///
    /// ```text
    /// # nginx    ssl_verify_depth 2;
    /// # Apache   SSLVerifyDepth 2
    /// # Envoy    max_verify_depth: 2
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23 (a depth of at least 2)
    /// - SSL_CTX_set_verify_depth(3), OpenSSL 3.0
    pub static RULE = MT433 {
        name: "site-depth-too-small",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.intermediates = Some(site_fixture::set(0, "ssl_verify_depth 0"))).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    let limit = site
        .intermediates
        .as_ref()
        .map(|setting| setting.value)
        .or(site.intermediates_default);
    let Some(limit) = limit else {
        return Verdict::NotApplicable("no depth is configured");
    };
    if !site.mode().asks {
        return Verdict::NotApplicable("no client certificate is requested");
    }
    let day = readiness::day(context.now);
    let longest = context.profile.and_then(|profile| {
        profile
            .identity
            .iter()
            .filter(|identity| identity.used_on(day))
            .filter_map(|identity| identity.intermediates_sent)
            .max()
    });
    let wanted = longest.unwrap_or(1);
    if limit >= wanted {
        return Verdict::Pass;
    }
    let whose = match (longest, context.profile) {
        (Some(_), Some(profile)) => format!(
            "the chain of {} has {wanted}: it rejects every call of that sender",
            profile.title
        ),
        _ => "most chains have one: it rejects those".to_owned(),
    };
    let (place, text) = match &site.intermediates {
        Some(setting) => (&setting.place, setting.text.clone()),
        None => (&site.place, "the server's default".to_owned()),
    };
    let allowed = match (limit, &site.intermediates) {
        (0, None) => "no intermediate (its default: no depth is configured)".to_owned(),
        (0, Some(_)) => "no intermediate".to_owned(),
        (limit, _) => format!("{limit} intermediates"),
    };
    let depth = wanted.max(2);
    let command = match site.software {
        // mod_ssl counts the root as well.
        ServerSoftware::Apache => format!("SSLVerifyDepth {}", depth.max(wanted + 1)),
        ServerSoftware::Envoy => format!("max_verify_depth: {depth}"),
        _ => format!("ssl_verify_depth {depth};"),
    };
    Verdict::hit(
        hit(
            site,
            place,
            format!("{} allows {allowed}, {whose}", site.name),
            format!("raise the depth to {depth}"),
        )
        .severity(if longest.is_some() {
            Severity::Error
        } else {
            Severity::Warning
        })
        .evidence("as written", text)
        .setting(command),
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        rules::site::fixture::{SiteFixture, set},
    };

    #[test]
    fn one_intermediate_is_what_the_sender_sends() {
        for (depth, wanted) in [(0, 1), (1, 0), (2, 0)] {
            let (case, context) = SiteFixture::strict()
                .with(|site| site.intermediates = Some(set(depth, "ssl_verify_depth")))
                .done();
            assert_eq!(judge(case, &context).findings.len(), wanted, "{depth}");
        }
    }
}
