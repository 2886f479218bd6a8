//! MT438.

use crate::{
    context::Context,
    facts::Site,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::located,
        site::help::{hit, try_it},
    },
};

rule! {
    /// ## What it finds
    ///
    /// Directives near TLS that mtls does not read, files that could not be included, and
    /// conditions on the certificate that are more than one comparison.
    ///
    /// ## Why it matters
    ///
    /// The findings about this configuration ignore them. They may make it stricter or laxer than
    /// it looks. If they may name the client CAs, or decide about a client that everything understood accepts or rejects, it is unknown
    /// who is accepted: that is a warning, and the verdict is `unknown`.
    ///
    /// ## How to fix it
    ///
    /// Read them yourself, and test the running server: that covers everything.
    ///
    /// ```text
    /// mtls simulate https://hook.example.com/ --matrix --pki ./pki
    /// ```
    ///
    /// ## References
    ///
    /// - docs/architecture.md, configurations
    pub static RULE = MT438 {
        name: "site-not-understood",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("mtls, parse::config", "2026-11-24")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.not_understood = vec![site_fixture::set(NotUnderstood::Program, "js_access hook.check")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    // What may decide goes first.
    let Some(first) = site.undecided().or(site.not_understood.first()) else {
        return Verdict::Pass;
    };
    let more = match site.not_understood.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let hit = hit(
        site,
        &first.place,
        format!("{}: not fully understood: {}{more}", site.name, first.value),
        "read it yourself, and test the running server",
    )
    .check(try_it(site));
    // Who is accepted is the question asked of a configuration.
    let hit = if site.authorities_unread() || site.undecided().is_some() {
        hit.severity(Severity::Warning)
    } else {
        hit
    };
    Verdict::hit(
        site.not_understood
            .iter()
            .take(LISTED)
            .fold(hit, |hit, setting| {
                hit.evidence(
                    "not understood",
                    located(
                        &setting.place,
                        &format!("{} ({})", setting.text, setting.value),
                    ),
                )
            }),
    )
}

/// Directives that are listed.
const LISTED: usize = 8;
