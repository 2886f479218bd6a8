//! MT275.

use crate::{
    context::Context,
    facts::{Chain, KeyUsage, listed},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::help::{argument, owner, place, word},
};

rule! {
    /// ## What it finds
    ///
    /// A CA certificate, one whose basic constraints are `CA:TRUE`, where the leaf is expected.
    ///
    /// ## Why it matters
    ///
    /// rustls rejects it (`CaUsedAsEndEntity`), and so do OpenSSL, Node, Java and GnuTLS if its key
    /// usage is that of a CA (error 26). Go accepts it. `openssl req -x509` writes `CA:TRUE` by
    /// default, so a self-signed test certificate works with curl and fails with rustls. Its key
    /// can also issue certificates for any name to everyone who trusts it.
    ///
    /// ## How to fix it
    ///
    /// Make a CA and a leaf below it, or at least a self-signed certificate that is not a CA. If
    /// this is the file with the CA certificates for clients, give it as `--client-ca`.
    ///
    /// ```text
    /// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out leaf.pem -days 90 \
    ///   -subj "/CN=hook.example" -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:hook.example
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.9 (basic constraints)
    /// - CA/Browser Forum, Baseline Requirements, section 7.1.2.7.8 (a subscriber's certificate has cA FALSE)
    pub static RULE = MT275 {
        name: "ca-used-as-leaf",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.2.1.9", "2008-05"),
            ("sixteen clients, tried", "2026-11-23"),
        ],
        faults: ["server-ca-cert-as-leaf"],
        symptoms: [
            Breaks(Requirement::LeafNoAuthority), Alert(46), Says("causedasendentity"), Says("ca used as end entity"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files().block(0, |leaf| leaf.is_ca = true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() {
        return Verdict::NotApplicable("the leaf could not be read");
    }
    if !leaf.is_ca {
        return Verdict::Pass;
    }
    let side = word(chain.role);
    let signs_only = leaf
        .key_usage
        .as_ref()
        .is_some_and(|usages| !usages.contains(&KeyUsage::DigitalSignature));
    let alone = if leaf.self_issued {
        " and self-signed"
    } else {
        ""
    };
    let mut hit = Hit::new(
        format!("the {side}'s leaf is a CA certificate (CA:TRUE){alone}, expected a leaf (CA:FALSE)"),
        leaf.label(),
        place(chain, chain.leaf),
        if chain.in_file() {
            "have a leaf certificate issued for this key; if this is the file with the CA certificates for clients, give it as --client-ca"
        } else {
            "have a leaf certificate issued instead"
        },
    )
    .evidence("sha256", leaf.sha256.clone())
    .check(format!(
        "openssl x509 -in {} -noout -ext basicConstraints,keyUsage",
        argument(chain, "leaf.pem")
    ))
    .act(owner(chain.role));
    if let Some(usages) = &leaf.key_usage {
        hit = hit.evidence("key usage", listed(usages, ", "));
    }
    // Without a key usage that forbids it, OpenSSL and Go take it; rustls does not.
    Verdict::hit(if signs_only {
        hit
    } else {
        hit.severity(Severity::Warning)
    })
}
