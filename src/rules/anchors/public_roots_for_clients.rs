//! MT454.

use std::collections::HashSet;

use crate::{
    context::Context,
    facts::{Case, Certificate, Pinned},
    finding::{Hit, Verdict},
    profiles, rule,
    rules::{anchors::help::each, help::whole},
    verify::public,
};

/// So many public roots are nobody's choice of a sender.
const BULK: usize = 3;
/// Roots that are named.
const NAMED: usize = 3;

rule! {
    /// ## What it finds
    ///
    /// A client-CA file with several public web roots that no known sender needs: often the system's
    /// whole store (`/etc/ssl/certs/ca-certificates.crt`).
    ///
    /// ## Why it matters
    ///
    /// Whoever holds a client certificate from any of these CAs is accepted, and anybody can get
    /// one. The certificate then proves nothing about the sender, unless the server or the
    /// application compares the subject.
    ///
    /// ## How to fix it
    ///
    /// Keep only the roots that the sender's documentation names.
    ///
    /// ```text
    /// mtls profiles pem dialogflow > clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - nginx, ngx_http_ssl_module, ssl_client_certificate
    /// - RFC 5280, section 6.1.1 (trust anchor information)
    pub static RULE = MT454 {
        name: "public-roots-for-clients",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.1", "2008-05")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || {
            let mut public = crate::verify::public::all();
            let mut next = || crate::parse::cert::certificate(&public.next().unwrap());
            Fixture::client_ca().also(next()).also(next()).also(next()).also(next()).done()
        },
        silent_on: || Fixture::client_ca().done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    let compares = |site: &crate::facts::Site| {
        let mut pins = site.pins.iter();
        pins.any(|pin| !matches!(pin.value.of, Pinned::Verified | Pinned::NoError))
    };
    if case.site().is_some_and(compares) {
        return Verdict::NotApplicable("the server compares the client's certificate itself");
    }
    each(case, |file| {
        // Fewer are not looked up.
        if file.chain.links.len() < BULK {
            return Verdict::Pass;
        }
        let senders: HashSet<&str> = profiles::all()
            .iter()
            .flat_map(|profile| &profile.identity)
            .flat_map(|identity| &identity.roots)
            .map(|root| root.spki_sha256.as_str())
            .collect();
        let found: Vec<&Certificate> = file
            .anchors()
            .map(|(_, anchor)| anchor)
            .filter(|anchor| !senders.contains(anchor.spki_sha256.as_str()))
            .filter(|anchor| anchor.self_issued && public::is_public(anchor))
            .collect();
        if found.len() < BULK {
            return Verdict::Pass;
        }
        let names: Vec<&str> = found
            .iter()
            .filter_map(|anchor| anchor.common_name())
            .take(NAMED)
            .collect();
        let more = match found.len() - names.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Verdict::hit(Hit::new(
            format!(
                "{} has {} public web roots ({}{more}): whoever holds a client certificate from any of these CAs is accepted",
                file.name(),
                found.len(),
                names.join(", ")
            ),
            file.name(),
            whole(file.chain),
            "keep the roots that the sender's documentation names, or compare the subject of the certificate",
        ))
    })
}
