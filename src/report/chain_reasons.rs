//! The codes behind a chain's status: which rules know why it is as it is.
//!
//! For: `render`, beside a chain's verdict. Must not: judge a chain anew.

use crate::{
    engine::Judged,
    facts::{Chain, Place, Side, StackReason, TrustFacts, TrustStatus},
    finding::{Finding, Symptom},
    rules,
};

/// The rule that knows why a stack refuses a chain.
pub fn stack_reason(reason: &StackReason, role: Side) -> Option<&'static str> {
    let breaks = reason.requirement.and_then(|requirement| {
        let symptom = Symptom::Breaks(requirement);
        rules::ALL
            .iter()
            .find(|rule| rule.symptoms.contains(&symptom))
            .map(|rule| rule.code)
    });
    breaks.or_else(|| rules::code_for_verify_error(reason.error?.num, role))
}

/// The codes behind `status`: of what every verifier that counts refuses, or of what some refuse;
/// by the letter where that decides, and where no verifier was asked.
pub fn chain_reasons(judged: &Judged, place: usize) -> Vec<&'static str> {
    let Some((chain, trust)) = judged_chain(judged, place) else {
        return Vec::new();
    };
    let letter = letter_reasons(judged, place);
    if trust.letter.is_none() || !letter.is_empty() && trust.letter == Some(trust.status) {
        return letter;
    }
    let mut reasons = Vec::new();
    if matches!(trust.status, TrustStatus::Untrusted | TrustStatus::Disputed) {
        for reason in trust.stacks.iter().flat_map(|verdict| &verdict.reasons) {
            let code = stack_reason(reason, chain.role);
            reasons.extend(code.filter(|code| !reasons.contains(code)));
        }
    }
    reasons
}

/// The codes behind a chain's problems: the rules that hit and know the problem's number, else the
/// one that catches the rest, else the first rule that knows the number. Each once, in the order of
/// the problems.
pub fn letter_reasons(judged: &Judged, place: usize) -> Vec<&'static str> {
    let Some((chain, trust)) = judged_chain(judged, place) else {
        return Vec::new();
    };
    let here: Vec<&Finding> = judged
        .findings
        .iter()
        .filter(|finding| is_about(judged, finding, place))
        .collect();
    let mut reasons = Vec::new();
    for problem in &trust.problems {
        let having = |symptom: Symptom| -> Vec<&'static str> {
            here.iter()
                .filter(|finding| finding.rule.symptoms.contains(&symptom))
                .map(|finding| finding.rule.code)
                .collect()
        };
        // A requirement has one rule; a number may have several.
        let mut codes = problem
            .requirement
            .map(|requirement| having(Symptom::Breaks(requirement)))
            .unwrap_or_default();
        if codes.is_empty() {
            codes = having(Symptom::Verify(problem.error.num));
        }
        // A file that nobody judged is at fault for what was found only: that its path ends is then
        // none.
        let asked =
            trust.status == TrustStatus::Untrusted || trust.unanswered() || !chain.in_file();
        if codes.is_empty() && asked {
            codes.extend(
                here.iter()
                    .map(|finding| finding.rule.code)
                    .find(|&code| code == rules::chain::chain_not_trusted::RULE.code)
                    .or_else(|| rules::code_for_verify_error(problem.error.num, chain.role)),
            );
        }
        for code in codes {
            if !reasons.contains(&code) {
                reasons.push(code);
            }
        }
    }
    reasons
}

/// The chain at this place of the case, and what path validation said of it.
fn judged_chain(judged: &Judged, place: usize) -> Option<(&Chain, &TrustFacts)> {
    let chain = judged.case.chain(place)?;
    Some((chain, chain.trust.as_ref()?))
}

/// Whether a finding is about the chain at this place, or about the file that it is in.
pub fn is_about(judged: &Judged, finding: &Finding, place: usize) -> bool {
    match finding.about.chain() {
        Some(chain) => chain == place,
        None => match &finding.hit.place {
            Place::File { path, .. } => judged
                .case
                .chain(place)
                .is_some_and(|chain| chain.is_in(path)),
            Place::Wire { .. } | Place::Http { .. } => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn reasons(fixture: Fixture) -> Vec<&'static str> {
        let (case, context) = fixture.done();
        chain_reasons(&judge(case, &context), 0)
    }

    #[test]
    fn reasons_are_the_rules_that_hit() {
        let good = Fixture::good;
        assert!(reasons(good()).is_empty());
        assert_eq!(reasons(good().signature_not_checked()), ["MT426"]);
        let missing = good().leaf_only().problem(0, 20).problem(0, 21);
        assert_eq!(reasons(missing), ["MT203"]);
        assert_eq!(reasons(good().problem(1, 20)), ["MT403"]);
        assert_eq!(
            reasons(good().leaf_expired().problem(1, 20)),
            ["MT201", "MT403"]
        );
        assert_eq!(reasons(good().problem(0, 45)), ["MT410"]);
    }

    #[test]
    fn without_a_finding_the_number_still_names_its_rule() {
        let fixture = good_without_anchors();
        assert_eq!(reasons(fixture), ["MT203"]);
    }

    fn good_without_anchors() -> Fixture {
        Fixture::good().no_anchors().chain(|chain| {
            crate::rules::fixture::add_problem(chain, 0, 20);
            if let Some(trust) = &mut chain.trust {
                trust.status = crate::facts::TrustStatus::Unknown;
            }
        })
    }
}
