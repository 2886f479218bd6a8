//! MT213.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Verdict},
    rule,
    rules::help::{holds, owner, place, problems, repair, sent_index, show},
};

rule! {
    /// ## What it finds
    ///
    /// A chain that includes its self-signed root.
    ///
    /// ## Why it matters
    ///
    /// It does no harm: the other side trusts its own copy of the root or does not trust it. It
    /// costs a kilobyte or two per handshake, and sending a root does not make it trusted.
    ///
    /// ## How to fix it
    ///
    /// Leave the root out of `fullchain.pem`. Nothing breaks otherwise.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.2 (the trust anchor may be omitted)
    pub static RULE = MT213 {
        name: "root-sent-along",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::good().root_sent().done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    let Some((index, root)) = chain
        .certificates()
        .enumerate()
        .find(|(index, certificate)| *index != chain.leaf && certificate.self_issued)
    else {
        return if chain.links.len() < 2 {
            Verdict::NotApplicable("the chain has no certificate above the leaf")
        } else {
            Verdict::Pass
        };
    };
    // That it is not trusted weighs more, and another rule says it.
    if problems(chain, &[19]).any(|problem| sent_index(chain, problem) == Some(index)) {
        return Verdict::NotApplicable("the root sent is not trusted, which is another finding");
    }
    let hit = Hit::new(
        format!(
            "{} the root; only the certificates below it are needed",
            holds(chain)
        ),
        root.label(),
        place(chain, index),
        "nothing breaks; leave the root out of the file",
    )
    .act(owner(chain.role));
    Verdict::hit(match repair(chain) {
        Some(command) => hit.fix(command),
        None => hit.check(show(chain, "Subject:|Issuer:")),
    })
}
