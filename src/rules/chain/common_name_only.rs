//! MT273.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::{is_plain_host, owner, place, request_for},
    verify::hosts,
};

rule! {
    /// ## What it finds
    ///
    /// A server's leaf without a DNS name or IP address among its alternative names: at most its
    /// common name says which host it is for.
    ///
    /// ## Why it matters
    ///
    /// Names have been in the subjectAltName extension since 2000, and RFC 9525 drops the common
    /// name for good. Browsers and Go reject such a certificate ("certificate relies on legacy
    /// Common Name field, use SANs instead"), and Dialogflow's page on custom CAs requires
    /// alternative names. curl, Node, Python's urllib, Java's HttpsURLConnection and GnuTLS still
    /// accepted the common name when tested, so a test with one of them proves nothing.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued with the host as an alternative name. `openssl req` does not
    /// add one by itself:
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
        None => "no host name".into(),
    };
    let mut hit = Hit::new(
        format!("the server's leaf has {has}, expected the host in its alternative names"),
        leaf.label(),
        place(chain, chain.leaf),
        "have the certificate reissued with the host as an alternative name: send the CA this request",
    )
    .evidence("subject", leaf.subject.clone())
    .act(owner(chain.role));
    if !leaf.sans.is_empty() {
        hit = hit.evidence("alternative names", leaf.sans.join(", "));
    }
    // A name that was asked for can be put into the command, else the common name; one that is not a
    // host is another finding's.
    let host = context
        .hosts
        .iter()
        .map(|host| host.trim_end_matches('.'))
        .chain(leaf.common_name())
        .find(|host| is_plain_host(host))
        .unwrap_or("hook.example");
    let kind = if hosts::is_address(host) { "IP" } else { "DNS" };
    Verdict::hit(hit.step(request_for(chain, host, &format!("{kind}:{host}"))))
}
