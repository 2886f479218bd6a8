//! MT425.

use crate::{
    context::Context,
    facts::{Outlook, Place, Probe, Side},
    finding::{Hit, Verdict},
    outlook::readiness,
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A server that names the certificate authorities whose client certificates it takes, and none of them stands above the certificate
    /// that the sender goes on presenting. Where `--profile` names no sender, only a server that names a CA of the first sender's certificate
    /// that ends is told so.
    ///
    /// ## Why it matters
    ///
    /// The names are a hint: a server may trust more than it names (nginx: `ssl_trusted_certificate`), and whether a sender looks at them
    /// is mostly not known. But servers take them from the file that they verify clients by, so a missing name is most often a missing
    /// root. A client that looks at them (Go, Java) sends no certificate at all where none fits.
    ///
    /// ## How to fix it
    ///
    /// Add the sender's root to the file of client CAs.
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
        return Verdict::NotApplicable("no sender was named");
    };
    let Some(request) = &probe.request else {
        return Verdict::NotApplicable("no client certificate was asked for");
    };
    if request.ca_names.is_empty() {
        return Verdict::NotApplicable("the server names no CA");
    }
    let outlook = readiness::of_names(profile, &request.ca_names, context.now);
    match outlook.outlook {
        Outlook::Breaks => {}
        Outlook::Broken if context.profile_assumed => {
            return Verdict::NotApplicable(
                "the server names none of the sender's CAs, and nobody said that it should",
            );
        }
        Outlook::Broken => {}
        Outlook::Ready | Outlook::Uncertain => return Verdict::Pass,
    }
    let id = outlook.id();
    let mut hit = Hit::new(
        outlook.sentence,
        probe.visit.url.clone(),
        Place::wire(Side::Server, "CertificateRequest"),
        "add the root of the sender's certificate to the file of client CAs and load it",
    )
    .readiness(id)
    .evidence("CA names sent", request.ca_names.len().to_string());
    for anchor in &outlook.add {
        hit = hit
            .evidence(format!("lacks {}", anchor.subject), anchor.sha256.clone())
            .command(format!("mtls profiles pem {} >> clients.pem", anchor.id));
    }
    Verdict::hit(hit)
}
