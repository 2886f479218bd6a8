//! MT271.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{owner, place, show},
    },
};

rule! {
    /// ## What it finds
    ///
    /// Two or more leaf certificates in one chain.
    ///
    /// ## Why it matters
    ///
    /// A server presents one leaf from a file, the first; the others are sent as if they were
    /// intermediates and do nothing. Usually a renewed certificate was appended instead of
    /// replacing the old one: then the old one is still presented until it expires.
    ///
    /// ## How to fix it
    ///
    /// Keep the intended leaf with its issuers, and give every other one its own file. nginx takes
    /// one pair of `ssl_certificate` and `ssl_certificate_key` for RSA and one for ECDSA.
    ///
    /// ```text
    /// openssl storeutl -noout -text -certs fullchain.pem | grep -E "Subject:|Not After"
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.2 (one end-entity certificate, first in the list)
    pub static RULE = MT271 {
        name: "multiple-leaf-certificates",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files()
            .also(fixture::certificate_of("old.example", "Server Intermediate")).done(),
        silent_on: || Fixture::files().file(|chain| {
            let again = chain.links[0].clone();
            chain.links.push(again);
        }).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.links.len() < 2 {
        return Verdict::NotApplicable("the chain has fewer than two certificates");
    }
    let others = Shape::of(chain).other_leafs;
    let first = others
        .first()
        .and_then(|&index| Some((index, chain.certificate(index)?)));
    let (Some((index, certificate)), Some(leaf)) = (first, chain.certificate(chain.leaf)) else {
        return Verdict::Pass;
    };
    let state = if certificate.not_after < context.now {
        " (expired)"
    } else {
        ""
    };
    let mut hit = Hit::new(
        format!(
            "expected one leaf certificate, found {}: \"{}\" and \"{}\"{state}",
            others.len() + 1,
            leaf.label(),
            certificate.label()
        ),
        certificate.label(),
        place(chain, index),
        "keep the intended leaf with its issuers, and give every other one its own file",
    )
    .evidence(
        "leaf",
        format!("{}, expires {}", leaf.label(), leaf.not_after),
    );
    for other in others
        .iter()
        .filter_map(|&index| chain.certificate(index))
        .take(8)
    {
        hit = hit.evidence(
            "another",
            format!("{}, expires {}", other.label(), other.not_after),
        );
    }
    Verdict::hit(
        hit.check(show(chain, "Subject:|Not After"))
            .act(owner(chain.role)),
    )
}
