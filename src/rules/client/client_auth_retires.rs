//! MT280.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Eku, Side},
    finding::{Hit, Severity, Verdict},
    outlook::readiness,
    profiles::calendar::calendar,
    rule,
    rules::help::{argument, place},
};

rule! {
    /// ## What it finds
    ///
    /// A client's leaf from a public CA that has announced to stop issuing certificates for TLS clients, in a hierarchy for TLS servers: the
    /// leaf, or the CA above it, is good for servers too. Hierarchies made for clients or for S/MIME are not concerned.
    ///
    /// ## Why it matters
    ///
    /// It works until it expires, and cannot be renewed as it is: browsers' root programs allow
    /// only server certificates from public CAs. The dates differ by CA and have changed before.
    ///
    /// ## How to fix it
    ///
    /// Move to a private CA, or to a public hierarchy made for clients, before the next renewal;
    /// the webhook then has to trust another root.
    ///
    /// ```text
    /// openssl x509 -in client.pem -noout -issuer -enddate -ext extendedKeyUsage
    /// ```
    ///
    /// ## References
    ///
    /// - Chrome Root Program Policy 1.8, section 1.3.2
    /// - pki.goog/updates/may2025-clientauth.html
    /// - CA/Browser Forum S/MIME Baseline Requirements, ballot SMC018 (clientAuth stays optional there)
    /// - src/profiles/calendar.toml, with the source of each date
    pub static RULE = MT280 {
        name: "client-auth-retires",
        severity: Note,
        certainty: Likely,
        act: Client,
        since: "0.1.0",
        cites: [("Chrome Root Program Policy 1.8 section 1.3.2", "2026-02-05")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::good().certificate(0, |leaf| leaf.form.issuer_organization = Some(calendar().client_auth[3].organizations[0].clone())).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    let Some(leaf) = chain
        .certificate(chain.leaf)
        .filter(|leaf| leaf.unreadable.is_none())
    else {
        return Verdict::NotApplicable("the client sent no certificate");
    };
    let Some(organization) = &leaf.form.issuer_organization else {
        return Verdict::NotApplicable("the issuer has no organization name");
    };
    if !of_servers_hierarchy(chain, leaf) {
        return Verdict::NotApplicable("not from a hierarchy for TLS servers");
    }
    let calendar = calendar();
    let public = chain.trust.as_ref().and_then(|trust| trust.anchor_public) == Some(true);
    let Some(end) = calendar
        .client_auth_of(organization)
        .filter(|end| public || !end.organizations.is_empty())
    else {
        return Verdict::NotApplicable("the issuer is not a known public CA");
    };
    // A sender that is known has a profile, which says what comes next.
    if chain.profile.is_some() || leaf.self_issued {
        return Verdict::Pass;
    }
    let today = readiness::day(context.now);
    let over = end.last_day.is_some_and(|last| last <= today);
    let word = if over {
        "cannot be renewed as it is"
    } else {
        "will not be renewed as it is"
    };
    let last = leaf.not_after.strftime("%Y-%m-%d");
    Verdict::hit(
        Hit::new(
            format!(
                "the client's certificate expires on {last} and {word}: {}",
                end.text
            ),
            leaf.label(),
            place(chain, chain.leaf),
            "move to a private CA, or to a hierarchy made for clients, before it expires",
        )
        .severity(if over {
            Severity::Warning
        } else {
            Severity::Note
        })
        .evidence("issuer", leaf.issuer.clone())
        .evidence("source", format!("{}, read {}", end.source, end.seen))
        .check(format!(
            "openssl x509 -in {} -noout -issuer -enddate -ext extendedKeyUsage",
            argument(chain, "client.pem")
        )),
    )
}

/// Whether the leaf is from a hierarchy that issues TLS servers' certificates: it serves as well, or
/// its issuer may issue what does. What ends is clientAuth there; hierarchies for clients and for
/// S/MIME keep it (fact `client-hierarchies-keep-it` of the profile `generic`).
fn of_servers_hierarchy(chain: &Chain, leaf: &Certificate) -> bool {
    let serves = |usages: &[Eku]| usages.contains(&Eku::ServerAuth) || usages.contains(&Eku::Any);
    if leaf.eku.as_deref().is_some_and(serves) {
        return true;
    }
    let issuer = chain
        .certificates()
        .find(|one| one.is_ca && one.subject_der() == leaf.issuer_der());
    issuer.is_some_and(|issuer| issuer.eku.as_deref().is_none_or(serves))
}
