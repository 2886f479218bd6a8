//! The verdicts on chains: what path validation says, and what each verifier does.
//!
//! For: every command that shows a chain. Must not: have a shape of its own for one of them.

use serde::Serialize;

use crate::{
    engine::Judged,
    facts::{
        Candidate, ChainFeature, PathPlace, Problem, Purpose, Side, Stack, StackAnswer, TrustFacts,
        TrustStatus,
    },
    report,
};

/// One chain's verdict. Shared by every command.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TrustObject<'a> {
    role: Side,
    purpose: Purpose,
    status: TrustStatus,
    reasons: Vec<&'static str>,
    path: &'a [String],
    anchor: Option<&'a str>,
    anchor_public: Option<bool>,
    problems: &'a [Problem],
    candidates: &'a [Candidate],
    openssl_differs: Option<&'a str>,
    webpki_differs: Option<&'a str>,
    stacks: Vec<StackObject<'a>>,
    letter: Option<LetterObject>,
}

/// What one verifier does with a chain.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StackObject<'a> {
    stack: Stack,
    versions: &'a str,
    stands_for: &'static [&'static str],
    verdict: StackAnswer,
    reasons: Vec<StackReasonObject<'a>>,
}

/// Why it refuses it, or why its answer is not known.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StackReasonObject<'a> {
    /// The rule that knows the reason; null where none does.
    code: Option<&'static str>,
    /// The feature of the chain by the table of verifiers; null for what a verifier itself said.
    #[schemars(with = "Option<String>")]
    feature: Option<ChainFeature>,
    place: PathPlace,
    subject: &'a str,
    why: &'a str,
}

/// What RFC 5280 and the web PKI's rules say.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LetterObject {
    status: TrustStatus,
    reasons: Vec<&'static str>,
}

/// What each verifier does with it.
pub(super) fn stacks(trust: &TrustFacts) -> Vec<StackObject<'_>> {
    trust
        .stacks
        .iter()
        .map(|verdict| StackObject {
            stack: verdict.stack,
            versions: &verdict.version,
            stands_for: verdict.stack.stands_for(),
            verdict: verdict.answer,
            reasons: verdict
                .reasons
                .iter()
                .map(|reason| StackReasonObject {
                    code: report::stack_reason(reason, trust.role),
                    feature: reason.feature,
                    place: reason.place,
                    subject: &reason.subject,
                    why: &reason.why,
                })
                .collect(),
        })
        .collect()
}

/// The verdicts on a case's chains.
pub fn trust(judged: &Judged) -> Vec<TrustObject<'_>> {
    judged
        .case
        .chains()
        .enumerate()
        .filter_map(|(place, chain)| {
            let trust = chain.trust.as_ref()?;
            Some(TrustObject {
                role: trust.role,
                purpose: trust.purpose,
                status: trust.status,
                reasons: report::chain_reasons(judged, place),
                path: &trust.path,
                anchor: trust.anchor.as_deref(),
                anchor_public: trust.anchor_public,
                problems: &trust.problems,
                candidates: &trust.candidates,
                openssl_differs: trust.openssl_differs.as_deref(),
                webpki_differs: trust.webpki_differs.as_deref(),
                stacks: stacks(trust),
                letter: trust.letter.map(|status| LetterObject {
                    status,
                    reasons: report::letter_reasons(judged, place),
                }),
            })
        })
        .collect()
}
