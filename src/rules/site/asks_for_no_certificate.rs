//! MT432.

use crate::{
    context::Context,
    facts::{ServerSoftware, Site},
    finding::{Certainty, Severity, Verdict},
    rule,
    rules::site::help::{hit, only_for, unless_understood, written},
};

rule! {
    /// ## What it finds
    ///
    /// A server that does not request a client certificate. If a client-CA file is configured, or a
    /// sender given with `--profile`, it is an error; so it is where nginx or Apache request a
    /// certificate on a port without TLS, where TLS options of Traefik require a certificate and no
    /// router uses them, and where Envoy has `require_client_certificate` and nothing to verify a
    /// certificate by. A directive that was not understood makes it a warning.
    ///
    /// ## Why it matters
    ///
    /// There is no mutual TLS. A client-CA file that is configured and never used looks like
    /// protection and is none.
    ///
    /// ## How to fix it
    ///
    /// Turn client certificates on, or remove the client-CA file.
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
    if site.mode().asks {
        return Verdict::Pass;
    }
    if site.asks_every_request() {
        return later(site);
    }
    if site.client_auth.is_none() && !site.refused.is_empty() {
        return Verdict::NotApplicable("the server does not start with it");
    }
    if site.not_read() {
        return Verdict::NotApplicable("the configuration could not be read");
    }
    let wanted = !site.client_ca.is_empty()
        || context
            .profile
            .is_some_and(|profile| !profile.identity.is_empty())
        || match site.software {
            ServerSoftware::Traefik | ServerSoftware::Envoy => !site.without_effect.is_empty(),
            // A port without TLS that would ask; of a revocation list the same may be said.
            ServerSoftware::Nginx | ServerSoftware::Apache => {
                !site.without_effect.is_empty() && site.crl.is_empty()
            }
            _ => false,
        };
    let parts = only_for(site).filter(|_| site.asks_later());
    let message = match (parts.as_ref(), site.client_ca.first()) {
        (None, _) if site.mode_unread().is_some() => not_known(site),
        (Some(parts), _) => format!(
            "{} requests a certificate for {parts}, after the handshake; requests elsewhere are accepted without one",
            site.name
        ),
        (None, Some(file)) => format!(
            "{} has the client-CA file {}, but requests no client certificate: everyone is accepted",
            site.name, file.value
        ),
        (None, None) => format!("{} requests no client certificate", site.name),
    };
    let message = match (parts.as_ref(), site.undecided()) {
        (None, Some(_)) if site.mode_unread().is_none() => {
            format!("{message}, as far as the configuration was understood")
        }
        _ => message,
    };
    Verdict::hit(
        hit(
            site,
            site.client_auth_place(),
            message,
            "request a client certificate and require it",
        )
        .severity(match (parts, wanted) {
            (None, true) => unless_understood(site).0,
            (Some(_), _) => Severity::Warning,
            (None, false) => Severity::Note,
        })
        .certainty(unless_understood(site).1)
        .evidence("as written", written(site))
        .setting(site.software.dialect().require),
    )
}

/// A server that asks for the certificate once the request is there: TLS 1.3 leaves it to the client
/// whether it can be asked then (RFC 8446 section 4.6.2), and HTTP/2 forbids it (RFC 9113 sections
/// 9.2.1 and 9.2.3).
fn later(site: &Site) -> Verdict {
    Verdict::hit(
        hit(
            site,
            site.partly.first().map_or(&site.place, |partly| &partly.place),
            format!(
                "{} requests the certificate after the handshake, and rejects clients that cannot send it then, over HTTP/2 all of them",
                site.name
            ),
            "require the certificate in the handshake, for the whole server",
        )
        .severity(Severity::Warning)
        .certainty(Certainty::Likely)
        .setting(site.software.dialect().require),
    )
}

/// What may request one, and was not understood.
fn not_known(site: &Site) -> String {
    let why = site.mode_unread().map(|open| open.value.to_string());
    format!(
        "unknown whether {} requests a client certificate: {}",
        site.name,
        why.unwrap_or_default()
    )
}
