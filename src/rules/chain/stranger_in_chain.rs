//! MT270.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{holds, owner, place, repair, show},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A CA certificate in a chain that is not on any path from the leaf: it issued neither the
    /// leaf nor anything above it, by name and key identifier. A root among them is a note.
    ///
    /// ## Why it matters
    ///
    /// It does nothing for the leaf. Often it is left over from an older chain, and the
    /// intermediate that is needed is missing. TLS 1.2 requires each certificate to certify the one
    /// before it, and old verifiers stop at one that does not.
    ///
    /// ## How to fix it
    ///
    /// Remove it, and make sure that the leaf's own issuer is in the chain.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -issuer      # the next certificate must have this subject
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5246, section 7.4.2 (each certificate certifies the one before it)
    /// - RFC 8446, section 4.4.2 (receivers should be ready for extraneous certificates)
    pub static RULE = MT270 {
        name: "stranger-in-chain",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5246 section 7.4.2", "2008-08"), ("RFC 8446 section 4.4.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files()
            .also(fixture::authority_of("Old Intermediate", "Old Root")).done(),
        silent_on: || Fixture::files().file(|chain| {
            let again = chain.links[1].clone();
            chain.links.push(again);
            let cross = chain.certificate_mut(2);
            cross.sha256 = "cross-signed".into();
            cross.issuer = "CN = Another Root".into();
        }).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.len() < 2 {
        return Verdict::NotApplicable("the chain has fewer than two certificates");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() || leaf.is_ca {
        return Verdict::NotApplicable("the chain has no leaf to compare with");
    }
    let path = match &chain.trust {
        Some(trust) => trust.path.as_slice(),
        None => &[],
    };
    // What a path of verified signatures goes through belongs, whatever its names look like.
    let strangers: Vec<_> = Shape::of(chain)
        .strangers
        .into_iter()
        .filter_map(|index| Some((index, chain.certificate(index)?)))
        .filter(|(_, certificate)| !path.contains(&certificate.sha256))
        .collect();
    let worst = strangers
        .iter()
        .find(|(_, certificate)| !certificate.self_issued)
        .or(strangers.first());
    let Some(&(index, certificate)) = worst else {
        return Verdict::Pass;
    };
    let more = match strangers.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let mut hit = Hit::new(
        format!(
            "{} an unrelated CA certificate, which issued nothing in this chain{more}",
            holds(chain)
        ),
        certificate.label(),
        place(chain, index),
        "remove it, and make sure that the leaf's own issuer is in the chain",
    )
    .evidence("leaf's issuer", leaf.issuer.clone())
    .act(owner(chain.role));
    for (_, other) in strangers.iter().take(8) {
        hit = hit.evidence("unrelated", other.label());
    }
    if certificate.self_issued {
        hit = hit.severity(Severity::Note);
    }
    Verdict::hit(match repair(chain) {
        Some(command) => hit.fix(command),
        None => hit.check(show(chain, "Subject:|Issuer:")),
    })
}
