//! MT425.

use crate::{
    context::Context,
    facts::{Outlook, Place, Probe, Side},
    finding::{Hit, Severity, Verdict},
    outlook::readiness,
    profiles::Presented,
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A server that sends the names of its client CAs, and none of them is above the certificate
    /// that the sender continues to present. Without `--profile`, only a server that names a CA of
    /// Dialogflow's legacy certificate is reported.
    ///
    /// ## Why it matters
    ///
    /// The names are a hint: a server may trust more CAs than it names (nginx:
    /// `ssl_trusted_certificate`), and for most senders it is unknown whether they use them. But
    /// servers take the names from the file that they verify clients with, so a missing name is
    /// most often a missing root. A client that uses them (Go, Java) sends no certificate at all if
    /// none matches.
    ///
    /// ## How to fix it
    ///
    /// Add the sender's root to the client-CA file.
    ///
    /// ```text
    /// mtls profiles pem dialogflow >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 sections 4.2.4 and 4.4.2.3, 2018-08
    pub static RULE = MT425 {
        name: "ca-names-lack-sender",
        severity: Warning,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 sections 4.2.4 and 4.4.2.3", "2018-08")],
        faults: [],
        symptoms: [],
        check: Probe(check),
        fires_on: || ProbeFixture::good().names(1..2).done(),
        silent_on: || ProbeFixture::good().done(),
    }
}

fn check(probe: &Probe, context: &Context) -> Verdict {
    let Some(profile) = context
        .profile
        .filter(|profile| !profile.identity.is_empty())
    else {
        return Verdict::NotApplicable("no sender profile was given");
    };
    let Some(request) = &probe.request else {
        return Verdict::NotApplicable("no client certificate was requested");
    };
    if request.ca_names.is_empty() {
        return Verdict::NotApplicable("the server names no CA");
    }
    let outlook = readiness::of_names(profile, &request.ca_names, context.now);
    match outlook.outlook {
        Outlook::Breaks => {}
        Outlook::Broken if context.profile_assumed => {
            return Verdict::NotApplicable(
                "the server names none of the sender's CAs, and no profile says that it should",
            );
        }
        Outlook::Broken => {}
        Outlook::Ready | Outlook::Uncertain => return Verdict::Pass,
    }
    let id = outlook.id();
    let needed = profile.presented == Presented::IfCaNamesMatch;
    let mut hit = Hit::new(
        outlook.sentence,
        probe.dialled.url.clone(),
        Place::wire(Side::Server, "CertificateRequest"),
        "add the root of the sender's certificate to the client-CA file and reload it",
    )
    .readiness(id)
    .evidence("CA names sent", request.ca_names.len().to_string());
    if needed {
        hit = hit.severity(Severity::Error);
    }
    for anchor in &outlook.add {
        hit = hit
            .evidence(format!("missing {}", anchor.subject), anchor.sha256.clone())
            .step(format!("mtls profiles pem {} >> clients.pem", anchor.id));
    }
    Verdict::hit(hit)
}
