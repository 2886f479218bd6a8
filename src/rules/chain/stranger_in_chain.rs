//! MT270.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{argument, holds, owner, place},
    },
};

rule! {
    /// ## What it finds
    ///
    /// An authority's certificate in a chain on no path from its leaf: it issued neither the leaf nor anything above it, by name
    /// and key identifier. A root among them is a note, since it can do even less.
    ///
    /// ## Why it matters
    ///
    /// It does nothing for the leaf, and often it is what was left of an older chain, while the intermediate that is needed is missing. TLS
    /// 1.2 asks that each certificate certify the one before it, and verifiers of old stop at one that does not.
    ///
    /// ## How to fix it
    ///
    /// The owner of the chain leaves it out, and makes sure that the leaf's own issuer is there.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -issuer      # the next certificate has to have this subject
    /// mtls lint --cert fullchain.pem --fix --out clean.pem
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
        return Verdict::NotApplicable(
            "the chain has no end entity that others could be strangers to",
        );
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
        count => format!(", and {} more such certificates", count - 1),
    };
    let mut hit = Hit::new(
        format!(
            "{} a certificate that issued nothing in this chain{more}",
            holds(chain)
        ),
        certificate.label(),
        place(chain, index),
        "leave it out, and make sure that the leaf's own issuer is in the chain",
    )
    .evidence("leaf's issuer", leaf.issuer.clone())
    .act(owner(chain.role));
    for (_, other) in strangers.iter().take(8) {
        hit = hit.evidence("stranger", other.label());
    }
    if certificate.self_issued {
        hit = hit.severity(Severity::Note);
    }
    let file = argument(chain, "fullchain.pem");
    hit = hit.command(format!("openssl x509 -in {file} -noout -subject -issuer"));
    Verdict::hit(if chain.in_file() {
        hit.command(format!("mtls lint --cert {file} --fix --out clean.pem"))
    } else {
        hit
    })
}
