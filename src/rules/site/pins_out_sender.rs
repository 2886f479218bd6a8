//! MT434.

use crate::{
    context::Context,
    facts::{Pin, Pinned, ServerSoftware, Site},
    finding::{Certainty, Severity, Verdict},
    outlook::{admission::holds, readiness},
    profiles::{self, Identity, Profile},
    rule,
    rules::site::help::hit,
};

rule! {
    /// ## What it finds
    ///
    /// A condition on the subject of the certificate that the sender's current certificate does not
    /// meet. Without `--profile`, a condition that names a certificate which a known sender stops
    /// presenting.
    ///
    /// ## Why it matters
    ///
    /// The handshake succeeds and the request is answered with 403. A sample published by Google
    /// pins the name in Dialogflow's legacy certificate; a server that follows it works until that
    /// certificate is no longer presented. It is unknown whether a rejection by HTTP status makes
    /// the sender fall back.
    ///
    /// ## How to fix it
    ///
    /// Make the condition accept the name in the current certificate as well, and check the bearer
    /// token, which alone names the project. For nginx, a map of `$ssl_client_s_dn`:
    ///
    /// ```text
    /// map $ssl_client_s_dn $known_sender { default 0; "~(^|[^\\\\],)CN=Google LLC(,|$)" 1; }
    /// if ($known_sender = 0) { return 403; }
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    /// - GoogleCloudPlatform/dialogflow-integrations at 52abe7d, mtls-authentication/000-default-le-ssl.conf
    pub static RULE = MT434 {
        name: "site-pins-out-sender",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.pins = vec![site_fixture::set(site_fixture::pin_on("somebody"), "if ($ssl_client_s_dn_cn != somebody)")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    let conditions: Vec<_> = site
        .conditions()
        .filter(|one| !matches!(one.pin.of, Pinned::Verified | Pinned::NoError))
        .collect();
    if conditions.is_empty() {
        return Verdict::NotApplicable("no condition on the certificate's subject was found");
    }
    let day = readiness::day(context.now);
    let named = context
        .profile
        .filter(|profile| !profile.identity.is_empty());
    let candidates: Vec<&Profile> = match named {
        Some(profile) => vec![profile],
        None => profiles::all().iter().collect(),
    };
    let mut hits = Vec::new();
    for condition in conditions {
        for profile in &candidates {
            let passes = |identity: &Identity| passes(condition.pin, identity);
            let lasting: Vec<&Identity> = profile
                .identity
                .iter()
                .filter(|identity| identity.lasting(day))
                .collect();
            let turned_away = !lasting.is_empty()
                && lasting
                    .iter()
                    .all(|identity| passes(identity) == Some(false));
            let passing = profile
                .identity
                .iter()
                .find(|identity| identity.until.is_some() && passes(identity) == Some(true));
            if !turned_away || (named.is_none() && passing.is_none()) {
                continue;
            }
            let name = &lasting[0].common_name().unwrap_or_default().to_owned();
            let words = lasting[0].leaf_words();
            let refused = format!(
                "{} rejects the {} certificate of {} ({words}){}",
                site.name,
                lasting[0].name,
                profile.title,
                condition.for_part()
            );
            let message = match passing.and_then(|identity| Some((identity, identity.until?))) {
                Some((old, until)) if until.latest() >= day => format!(
                    "{refused}; its condition fits the {} one ({}): {}, {}",
                    old.name,
                    old.leaf_words(),
                    until.as_last_day(),
                    until.refused_from()
                ),
                Some((old, until)) => format!(
                    "{refused}; its condition fits the {} one ({}), no longer used: last day was {until}",
                    old.name,
                    old.leaf_words()
                ),
                None => refused,
            };
            // Whether the webhook is in this part is not known.
            let proven = named.is_some()
                && condition.pin.of != Pinned::AlternativeName
                && condition.part.is_none();
            let mut hit = hit(site, condition.place, message, remedy(profile, &words))
                .certainty(if proven {
                    Certainty::Proven
                } else {
                    Certainty::Likely
                })
                .evidence("as written", condition.text.to_owned());
            if condition.part.is_some() {
                hit = hit.severity(Severity::Warning);
            }
            for source in &lasting[0].sources {
                hit = hit.evidence("source", format!("{source}, read {}", lasting[0].seen));
            }
            // Whoever pastes it must not lose the certificate that is still presented.
            let legacy = passing
                .filter(|old| old.used_on(day))
                .and_then(Identity::common_name);
            hits.push(
                match accepting(site.software, name, legacy).filter(|_| !name.is_empty()) {
                    // One condition on one name cannot hold two: a map does.
                    Some(line) if site.software == ServerSoftware::Nginx => hit
                        .setting(format!(
                            "map $ssl_client_s_dn $known_sender {{ default 0; {line} }}   # in http {{ }}"
                        ))
                        .setting("if ($known_sender = 0) { return 403; }   # in place of the old condition"),
                    Some(line) => hit.setting(line),
                    None => hit.check(format!("mtls profiles show {}", profile.name)),
                },
            );
            break;
        }
    }
    Verdict::from_hits(hits)
}

/// The line that accepts this common name beside the one that is accepted already; `None` where the
/// software has no such condition of its own.
fn accepting(software: ServerSoftware, name: &str, legacy: Option<&str>) -> Option<String> {
    let all = |quote: &str, between: &str| {
        let names = legacy.into_iter().chain([name]);
        let quoted: Vec<String> = names.map(|name| format!("{quote}{name}{quote}")).collect();
        quoted.join(between)
    };
    match software {
        // In the map of $ssl_client_s_dn; a comma behind a backslash is part of somebody's name.
        ServerSoftware::Nginx => {
            let names = legacy.into_iter().chain([name]);
            let lines: Vec<String> = names
                .map(|name| format!(r#""~(^|[^\\\\],)CN={}(,|$)" 1;"#, in_expression(name)))
                .collect();
            Some(lines.join(" "))
        }
        ServerSoftware::Apache => Some(format!(
            r#"Require expr "%{{SSL_CLIENT_S_DN_CN}} in {{ {} }}""#,
            all("'", ", ")
        )),
        ServerSoftware::Haproxy => Some(format!(
            "http-request deny unless {{ ssl_c_s_dn(cn) -m str {} }}",
            all("\"", " ")
        )),
        ServerSoftware::Envoy | ServerSoftware::Caddy | ServerSoftware::Traefik => None,
    }
}

/// What to do, and what else shows for whom the sender calls.
fn remedy(profile: &Profile, words: &str) -> String {
    let more = match (&profile.token, &profile.also_check) {
        (Some(_), _) => ", and check the bearer token, which names the project".to_owned(),
        (None, Some(also)) => format!(" ({also})"),
        (None, None) => String::new(),
    };
    format!("make the condition accept {words} as well{more}")
}

/// A name within a regular expression.
fn in_expression(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if !character.is_alphanumeric() && character != ' ' {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Whether the identity gets past this pin, as far as that can be told. The alternative names of a
/// sender are mostly unknown; a pin on them is compared with the common name, which its author saw.
fn passes(pin: &Pin, identity: &Identity) -> Option<bool> {
    let mut caller = readiness::caller(identity, true);
    if pin.of == Pinned::AlternativeName && caller.alternative_names.is_none() {
        caller.alternative_names = identity.common_name().map(|name| vec![name.to_owned()]);
    }
    holds(pin, &caller, true)
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        rules::{
            client::fixture::sender,
            site::fixture::{SiteFixture, pin_on, set},
        },
    };

    #[test]
    fn the_legacy_name_alone_is_found_without_a_profile_too() {
        let legacy = &sender().identity[1];
        let (case, context) = SiteFixture::strict()
            .nobody()
            .with(|site| site.pins = vec![set(pin_on(legacy.common_name().unwrap()), "pin")])
            .done();
        let found = judge(case, &context).findings;
        assert_eq!(found.len(), 1);
        let until = legacy.until.unwrap().to_string();
        assert!(
            found[0].hit.message.contains(&until),
            "{}",
            found[0].hit.message
        );
    }

    #[test]
    fn both_names_pass() {
        let (case, context) = SiteFixture::strict()
            .with(|site| {
                let both = sender()
                    .identity
                    .iter()
                    .filter_map(|identity| identity.common_name().map(str::to_owned));
                site.pins[0].value.values = both.collect();
            })
            .done();
        assert!(judge(case, &context).findings.is_empty());
    }
}
