//! What the rules about tokens share: each speaks about its own problems only.

use crate::{
    facts::{Place, Token, TokenFault},
    finding::{Hit, Verdict},
};

/// Hits for these problems of a token that was checked.
pub(in crate::rules) fn judge(token: &Token, faults: &[TokenFault], remedy: &str) -> Verdict {
    let Some(check) = &token.check else {
        return Verdict::NotApplicable("no token check was requested");
    };
    let hits = check
        .problems
        .iter()
        .filter(|problem| faults.contains(&problem.problem))
        .map(|problem| {
            Hit::new(
                problem.message.clone(),
                "bearer token",
                Place::http("header authorization"),
                remedy,
            )
            .check("mtls token decode - < token.txt   # shows the claims, checks nothing")
        });
    Verdict::from_hits(hits.collect())
}

#[cfg(test)]
use crate::{
    context::Context,
    facts::{Case, TokenCheck, TokenProblem},
    rules::fixture::Fixture,
};

/// A request with a token that has this problem.
#[cfg(test)]
pub(in crate::rules) fn with(fault: TokenFault) -> (Case, Context) {
    checked(vec![TokenProblem {
        problem: fault,
        message: "expected that, found this".to_owned(),
    }])
}

/// A request with a token that was checked and holds.
#[cfg(test)]
pub(in crate::rules) fn good() -> (Case, Context) {
    checked(Vec::new())
}

#[cfg(test)]
fn checked(problems: Vec<TokenProblem>) -> (Case, Context) {
    Fixture::good()
        .http(|exchange| {
            if let Some(token) = &mut exchange.token {
                token.check = Some(TokenCheck {
                    problems,
                    ..TokenCheck::default()
                });
            }
        })
        .done()
}
