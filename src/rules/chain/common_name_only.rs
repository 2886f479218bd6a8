//! MT273.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::{argument, owner, place},
    verify::hosts,
};

rule! {
    /// ## What it finds
    ///
    /// A server's leaf without a DNS name or address among its alternative names: only its common name, if that, says which host it is for.
    ///
    /// ## Why it matters
    ///
    /// Names have stood in the subjectAltName extension since 2000, and RFC 9525 does away with the common name for good. Browsers
    /// and Go refuse such a certificate ("certificate relies on legacy Common Name field, use SANs instead"), and Dialogflow's page on custom authorities
    /// asks for alternative names. curl, Node, Python's urllib, Java's HttpsURLConnection and GnuTLS still took the common name when tried, so a
    /// test with one of them proves nothing.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook has the certificate issued again with the host as an alternative name. The old recipe for `openssl req` does not add one: it has to be asked for.
    ///
    /// ```text
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example" -out new.csr
    /// openssl x509 -req -in new.csr -CA ca.pem -CAkey ca-key.pem -copy_extensions copy -days 90 -out leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9525, section 2 and section 6.2 (the common name is not used)
    /// - RFC 5280, section 4.2.1.6 (alternative names)
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read 2026-11-23
    pub static RULE = MT273 {
        name: "common-name-only",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("RFC 9525 section 2", "2023-11"),
            ("thirteen clients, tried", "2026-11-23"),
        ],
        faults: ["server-cn-only-no-san"],
        symptoms: [
            Verify(62), Verify(64), Breaks(Requirement::AlternativeNames), Alert(42),
            Says("certificate relies on legacy common name field"), Says("no subject alternative names present"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files().block(0, |leaf| leaf.sans.clear()).done(),
        silent_on: || Fixture::files()
            .block(0, |leaf| leaf.sans = vec!["IP:192.0.2.7".into()])
            .context(|context| context.hosts.clear()).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Server {
        return Verdict::NotApplicable("not the server's chain");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() {
        return Verdict::NotApplicable("the leaf could not be read");
    }
    if hosts::server_names(leaf).next().is_some() {
        return Verdict::Pass;
    }
    let has = match leaf.common_name() {
        Some(name) => format!("only the common name \"{name}\""),
        None => "no name of a host".into(),
    };
    let mut hit = Hit::new(
        format!("the server's leaf has {has}, wanted the host among its alternative names"),
        leaf.label(),
        place(chain, chain.leaf),
        "have the certificate issued again with the host as an alternative name",
    )
    .evidence("subject", leaf.subject.clone())
    .act(owner(chain.role));
    if !leaf.sans.is_empty() {
        hit = hit.evidence("alternative names", leaf.sans.join(", "));
    }
    // A name that was asked for can be put into the command; one that is no host is another
    // finding's.
    let host = context
        .hosts
        .iter()
        .map(|host| host.trim_end_matches('.'))
        .find(|host| {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        })
        .unwrap_or("hook.example");
    let kind = if hosts::is_address(host) { "IP" } else { "DNS" };
    Verdict::hit(
        hit.command(format!(
            "openssl x509 -in {} -noout -ext subjectAltName",
            argument(chain, "fullchain.pem")
        ))
        .command(format!(
            "openssl req -new -key key.pem -subj \"/CN={host}\" -addext \"subjectAltName={kind}:{host}\" -out new.csr"
        )),
    )
}
