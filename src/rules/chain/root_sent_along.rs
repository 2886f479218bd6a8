//! MT213.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Verdict},
    rule,
    rules::help::{argument, holds, owner, place, problems, sent_index},
};

rule! {
    /// ## What it finds
    ///
    /// A chain that ends with its self-signed root.
    ///
    /// ## Why it matters
    ///
    /// It does no harm: the other side trusts its own copy of the root or none. It costs a kilobyte or two a handshake and
    /// misleads people into thinking that sending a root makes it trusted.
    ///
    /// ## How to fix it
    ///
    /// The owner may leave the last block out of `fullchain.pem`. Nothing breaks if not.
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
    Verdict::hit(
        Hit::new(
            format!(
                "{} the root along with the chain, wanted only what stands below it",
                holds(chain)
            ),
            root.label(),
            place(chain, index),
            "leave this block out of the file with the chain; nothing breaks if not",
        )
        .command(format!(
            "mtls lint --cert {} --fix --out without-root.pem",
            argument(chain, "fullchain.pem")
        ))
        .act(owner(chain.role)),
    )
}
