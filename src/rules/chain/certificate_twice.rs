//! MT269.

use crate::{
    context::Context,
    facts::{Chain, Place},
    finding::{Hit, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{holds, owner, place, repair},
    },
};

rule! {
    /// ## What it finds
    ///
    /// The same certificate twice in one chain, byte for byte.
    ///
    /// ## Why it matters
    ///
    /// Usually two files that both contained it were joined, such as `cert.pem` and
    /// `fullchain.pem`. Current verifiers skip the second one; it costs a kilobyte or two in every
    /// handshake, and TLS 1.2 requires each certificate to certify the one before it.
    ///
    /// ## How to fix it
    ///
    /// Remove one of them.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out once.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5246, section 7.4.2 (each certificate certifies the one before it)
    /// - RFC 8446, section 4.4.2 (receivers should be ready for extraneous certificates)
    pub static RULE = MT269 {
        name: "certificate-twice",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.2", "2018-08"), ("RFC 5246 section 7.4.2", "2008-08")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files().file(|chain| {
            let again = chain.links[1].clone();
            chain.links.push(again);
        }).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.len() < 2 {
        return Verdict::NotApplicable("the chain has fewer than two certificates");
    }
    let twice = Shape::of(chain).twice;
    let Some((again, first, certificate)) = twice
        .first()
        .and_then(|&(again, first)| Some((again, first, chain.certificate(again)?)))
    else {
        return Verdict::Pass;
    };
    let before = match place(chain, first) {
        Place::File { first_line, .. } => format!("at line {first_line}"),
        _ => format!("at position {}", first + 1),
    };
    let more = match twice.len() {
        1 => String::new(),
        count => format!(", and {} more duplicates", count - 1),
    };
    let hit = Hit::new(
        format!(
            "{} a duplicate of the certificate {before}{more}",
            holds(chain)
        ),
        certificate.label(),
        place(chain, again),
        "nothing breaks; remove the duplicate",
    )
    .evidence("sha256", certificate.sha256.clone())
    .act(owner(chain.role));
    Verdict::hit(match repair(chain) {
        Some(command) => hit.fix(command),
        None => hit,
    })
}
