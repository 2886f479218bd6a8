//! MT283.

use crate::{
    context::Context,
    facts::{Part, Side},
    finding::{CertificateAt, Hit, Severity, Verdict},
    rule,
    rules::help::{kind, owner, place, show, word},
    verify::hosts,
};

rule! {
    /// ## What it finds
    ///
    /// A CA certificate whose name constraints exclude every DNS name, every IP address, or both. A
    /// constraint that was meant so and is written otherwise (two quotation marks, a period) is a
    /// warning: verifiers read it as a name that no host has.
    ///
    /// ## Why it matters
    ///
    /// No server certificate with such a name is valid below it: verifiers reject the path with
    /// "excluded subtree violation". Such CAs issue certificates for people. It is an error where a
    /// host is given with --host that the constraints exclude, a warning for a server's chain, and a
    /// note for a client's, whose certificate needs no host name.
    ///
    /// ## How to fix it
    ///
    /// Have the server's certificate issued by a CA without this constraint.
    ///
    /// ```text
    /// openssl x509 -in ca.pem -noout -ext nameConstraints
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.10 (name constraints)
    pub static RULE = MT283 {
        name: "ca-excludes-hosts",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.10", "2008-05")],
        faults: [],
        symptoms: [],
        check: Certificate(check),
        fires_on: || Fixture::files().block(1, |authority| authority.form.excludes.names = true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, context: &Context) -> Verdict {
    let excludes = at.certificate.form.excludes;
    let what = match (excludes.names, excludes.names_meant, excludes.addresses) {
        (false, false, false) => return Verdict::Pass,
        (true, _, true) => "every DNS name and every IP address",
        (true, _, false) => "every DNS name",
        (false, true, true) => {
            "every IP address and a DNS name that no host has, which was probably meant to be every one"
        }
        (false, true, false) => {
            "a DNS name that no host has, which was probably meant to be every one"
        }
        (false, false, true) => "every IP address",
    };
    if at.part() == Part::Leaf && !at.certificate.is_ca {
        return Verdict::NotApplicable("constraints of a leaf constrain nothing");
    }
    let server = at.chain.role == Side::Server;
    let excluded: Vec<&str> = context
        .hosts
        .iter()
        .filter(|host| match hosts::is_address(host) {
            true => excludes.addresses,
            false => excludes.names || excludes.names_meant,
        })
        .map(String::as_str)
        .collect();
    let (severity, consequence) = match (server, excluded.first()) {
        (true, Some(host)) if !excludes.names && !hosts::is_address(host) => (
            Severity::Warning,
            format!("a certificate for {host} was not meant to be valid below it"),
        ),
        (true, Some(host)) => (
            Severity::Error,
            format!("no certificate below it is valid for {host}"),
        ),
        // A constraint on addresses alone is usual, and few servers are called by one.
        (true, None) if excludes.names => (
            Severity::Warning,
            "no certificate below it is valid for a server's host name".to_owned(),
        ),
        (true, None) if excludes.names_meant => {
            (Severity::Warning, "it is not a CA for servers".to_owned())
        }
        _ => (
            Severity::Note,
            "no certificate with such a name is valid below it".to_owned(),
        ),
    };
    let hit = Hit::new(
        format!(
            "the name constraints of the {}'s {} exclude {what}: {consequence}",
            word(at.chain.role),
            kind(at.chain, at.index)
        ),
        at.certificate.label(),
        place(at.chain, at.index),
        "have the server's certificate issued by a CA without this constraint",
    )
    .severity(severity)
    .check(show(at.chain, "Name Constraints|Excluded|DNS:|IP:"))
    .act(owner(at.chain.role));
    Verdict::hit(hit)
}
