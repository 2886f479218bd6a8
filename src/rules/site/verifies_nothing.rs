//! MT431.

use crate::{
    context::Context,
    facts::{Checks, Comparison, Condition, Errors, Pinned, Site, listed},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::site::help::{hit, unless_understood, written},
    verify::x509_error,
};

rule! {
    /// ## What it finds
    ///
    /// A server that accepts any client certificate, or does not check its issuer:
    /// `optional_no_ca`, Caddy's `request` and `require`, Traefik's `RequireAnyClientCert`, Envoy's
    /// `ACCEPT_UNTRUSTED` or no `trusted_ca`, HAProxy's `crt-ignore-err all`.
    ///
    /// ## Why it matters
    ///
    /// A certificate that anyone can make in a second is accepted. That is useful only if the
    /// application checks the chain itself.
    ///
    /// ## How to fix it
    ///
    /// Verify the chain against a client-CA file, and reject clients that fail.
    ///
    /// ```text
    /// mtls simulate https://hook.example.com/ --matrix --pki ./pki
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_verify_client
    /// - caddyserver.com/docs/caddyfile/directives/tls#client_auth
    pub static RULE = MT431 {
        name: "site-verifies-nothing",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx.org, ngx_http_ssl_module, read", "2026-11-24"), ("atlas of 18 servers, modes of client authentication", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().mode(ClientAuthMode { checks: Checks::ButIssuer, ..ClientAuthMode::REQUIRED }).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

/// Whether a condition lets in those certificates only that it names by fingerprint, everywhere.
fn names_certificates(condition: &Condition<'_>) -> bool {
    let pin = condition.pin;
    let whole =
        pin.comparison == Comparison::Equals && pin.values.iter().all(|value| !value.is_empty());
    condition.part.is_none() && pin.of == Pinned::Fingerprint && whole && !pin.negated
}

/// Errors that are passed over one by one.
fn passes_over(site: &Site) -> Verdict {
    let Some(setting) = &site.ignores else {
        return Verdict::Pass;
    };
    let named = |errors: &Errors| match errors {
        Errors::All => "every error".to_owned(),
        Errors::These(errors) => listed(errors.iter().map(|error| x509_error(*error).text), ", "),
    };
    let mut which = vec![
        named(&setting.value.of_leaf),
        named(&setting.value.of_authorities),
    ];
    which.retain(|which| !which.is_empty());
    which.dedup();
    if which.is_empty() {
        return Verdict::Pass;
    }
    Verdict::hit(
        hit(
            site,
            &setting.place,
            format!(
                "{} ignores errors of client certificates: {}",
                site.name,
                which.join("; ")
            ),
            "reject the client on every error, or check in the application what is ignored here",
        )
        .severity(Severity::Warning)
        .evidence("as written", setting.text.clone()),
    )
}

fn check(site: &Site, _: &Context) -> Verdict {
    let mode = site.mode();
    if !mode.asks {
        return Verdict::NotApplicable("no client certificate is requested");
    }
    let seen = match mode.checks {
        Checks::All => return passes_over(site),
        _ if site.verified_later() => return Verdict::Pass,
        _ if site.conditions().any(|one| names_certificates(&one)) => {
            return Verdict::NotApplicable("a condition names the certificates that are accepted");
        }
        Checks::ButIssuer => "accepts certificates from any issuer",
        Checks::Nothing if site.pins.iter().any(|pin| pin.value.in_handshake) => {
            "accepts any certificate with the expected name"
        }
        Checks::Nothing => "accepts any certificate",
    };
    let dialect = site.software.dialect();
    let (remedy, file) = if site.client_ca.is_empty() {
        (
            "configure a client-CA file and verify the certificate against it",
            Some(dialect.client_ca),
        )
    } else {
        ("verify the certificate against the client-CA file", None)
    };
    let found = hit(
        site,
        site.client_auth_place(),
        format!(
            "{} {seen}, expected verification against a client-CA file",
            site.name
        ),
        remedy,
    )
    .severity(unless_understood(site).0)
    .certainty(unless_understood(site).1)
    .evidence("as written", written(site));
    let lines = file.into_iter().chain(dialect.verify.iter().copied());
    Verdict::hit(lines.fold(found, Hit::setting))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::{ClientAuthMode, Pin},
        rules::site::fixture::{SiteFixture, set},
    };

    #[test]
    fn a_fingerprint_names_a_certificate_and_a_serial_number_does_not() {
        let pin = |of, comparison, value: &str| Pin {
            of,
            comparison,
            values: vec![value.to_owned()],
            negated: false,
            in_handshake: false,
        };
        for (pin, found) in [
            (pin(Pinned::Fingerprint, Comparison::Equals, "a1b2"), false),
            (pin(Pinned::Fingerprint, Comparison::Matches, ".+"), true),
            (pin(Pinned::Fingerprint, Comparison::Equals, ""), true),
            (pin(Pinned::Serial, Comparison::Equals, "01"), true),
        ] {
            let words = format!("{pin:?}");
            let (case, context) = SiteFixture::strict()
                .mode(ClientAuthMode {
                    checks: Checks::ButIssuer,
                    ..ClientAuthMode::REQUIRED
                })
                .with(|site| site.pins = vec![set(pin, "if")])
                .done();
            let site = case.site().unwrap();
            let hit = matches!(check(site, &context), Verdict::Hit(_));
            assert_eq!(hit, found, "{words}");
        }
    }
}
