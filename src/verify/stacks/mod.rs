//! What each verifier of the field does with a chain: who accepts it, who refuses it, for what.
//!
//! Three kinds of evidence: webpki is asked itself; OpenSSL is emulated callback by callback
//! (`verify::openssl`), as servers run it, strictly as Python does, and with BoringSSL's choice of
//! issuers; Go, Java and pyca go over every path there is. What one path then has that a stack
//! refuses is said by a table of measured features (`table/*.toml`). A chain with a feature that
//! was not measured with a stack has no answer of it: not known, never a guess.
//!
//! For: `verify::rfc5280` and `verify::openssl`, which put the answers beside theirs. Must not:
//! judge by the letter, or guess.

mod asked;
mod certificate;
mod encoding;
mod hosts;
mod lists;
mod path;
mod subtrees;
pub mod table;

pub(super) use asked::of_problem;

use self::asked::{Asked, Judged};
use super::{
    Link,
    rfc5280::{Paths, Question},
};
use crate::facts::{ChainFeature, PathPlace, Stack, StackAnswer, StackVerdict, TrustStatus};

/// Whose answer is the status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StatusBy {
    /// The mainstream verifiers'.
    #[default]
    Mainstream,
    /// Those of these stacks, each in a version or in the usual one.
    Named(Vec<Choice>),
    /// RFC 5280's and the web PKI's rules.
    Letter,
}

impl StatusBy {
    /// Whether nobody whose answer counts looks at revocation lists: Go's crypto/x509 knows none.
    pub fn looks_at_no_list(&self) -> bool {
        match self {
            Self::Named(choices) => {
                !choices.is_empty() && choices.iter().all(|choice| choice.stack == Stack::Go)
            }
            Self::Mainstream | Self::Letter => false,
        }
    }
}

/// A stack that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The stack.
    pub stack: Stack,
    /// Its version; `None` = the usual one.
    pub version: Option<String>,
    /// How the program that was named runs it.
    pub habit: Habit,
}

/// How a program runs its library where it leaves the library's defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// As many CAs may stand between a client's leaf and the anchor, if nothing else is said
    /// (nginx: `ssl_verify_depth`, 1).
    pub client_depth: Option<usize>,
    /// Where revocation lists are given, every CA of the path needs one too
    /// (`X509_V_FLAG_CRL_CHECK_ALL`: nginx, HAProxy, Node, curl).
    pub every_list: bool,
    /// An anchor that is not self-signed ends a path (`X509_V_FLAG_PARTIAL_CHAIN`: curl since
    /// 7.68).
    pub partial_chain: bool,
}

/// A feature at its place in a path.
#[derive(Clone, Copy, Debug)]
struct Occurrence {
    feature: ChainFeature,
    depth: usize,
    place: PathPlace,
}

/// The answers of all stacks on the first of `links`; `paths` are all its paths.
pub(super) fn verdicts(
    links: &[Link<'_>],
    paths: &Paths<'_>,
    question: &Question<'_>,
) -> Vec<StackVerdict> {
    if question.anchors.is_empty() || links.is_empty() {
        return Vec::new();
    }
    let judged: Vec<Judged<'_, '_>> = paths
        .found
        .iter()
        .filter(|found| found.anchored)
        .map(|found| Judged {
            occurrences: path::occurrences(&found.links, question),
            found,
        })
        .collect();
    let beside = beside(links, question);
    Stack::ALL
        .into_iter()
        .map(|stack| {
            let asked = Asked {
                stack,
                version: version(stack, question.status_by),
                habit: habit(stack, question.status_by),
                question,
            };
            let (answer, reasons) = match stack {
                Stack::Openssl | Stack::OpensslStrict | Stack::Boringssl => asked.walk(links),
                Stack::Rustls => asked.webpki(links, &judged),
                Stack::Go | Stack::Java | Stack::Pyca => asked.every_path(paths, &judged),
            };
            let (answer, reasons) = asked.read(&beside, (answer, reasons));
            StackVerdict {
                stack,
                version: asked.version.to_owned(),
                answer,
                decides: decides(stack, question.status_by) && !is_left_out(stack, question),
                reasons,
            }
        })
        .collect()
}

/// What the certificates that are sent above the leaf are by themselves. Those of the path count
/// here too: who cannot read one refuses it anywhere.
fn beside<'a>(links: &[Link<'a>], question: &Question<'a>) -> Vec<(ChainFeature, Link<'a>)> {
    let is_sent = |link: &&Link<'a>| {
        let mut sent = question.presented.iter();
        sent.any(|sent| std::ptr::eq(sent.as_ref(), link.certificate))
    };
    let mut found = Vec::new();
    for &link in links.iter().skip(1).filter(is_sent) {
        let (purpose, now) = (question.purpose, question.now);
        let own = certificate::features(link, PathPlace::Beside, None, purpose, now);
        found.extend(own.into_iter().map(|feature| (feature, link)));
        subtrees::beside(link, &mut |feature, _| found.push((feature, link)));
    }
    found
}

fn version(stack: Stack, status_by: &StatusBy) -> &str {
    let named = match status_by {
        StatusBy::Named(choices) => choices
            .iter()
            .filter(|choice| choice.stack == stack)
            .find_map(|choice| choice.version.as_deref()),
        StatusBy::Mainstream | StatusBy::Letter => None,
    };
    named.unwrap_or_else(|| table::usual_version(stack))
}

fn habit(stack: Stack, status_by: &StatusBy) -> Habit {
    match status_by {
        StatusBy::Named(choices) => choices
            .iter()
            .find(|choice| choice.stack == stack)
            .map(|choice| choice.habit)
            .unwrap_or_default(),
        StatusBy::Mainstream | StatusBy::Letter => Habit::default(),
    }
}

/// Whether a stack's answer counts for the status.
fn decides(stack: Stack, status_by: &StatusBy) -> bool {
    match status_by {
        StatusBy::Mainstream => stack.is_mainstream(),
        StatusBy::Named(choices) => choices.iter().any(|choice| choice.stack == stack),
        StatusBy::Letter => false,
    }
}

/// Go reads no revocation lists (crypto/x509): where some were given, its answer is about something
/// else.
fn is_left_out(stack: Stack, question: &Question<'_>) -> bool {
    stack == Stack::Go && !question.lists.is_empty() && *question.status_by == StatusBy::Mainstream
}

/// The status that follows: trusted when everyone who counts accepts, untrusted when everyone
/// refuses. Where nobody accepts, few answers are not known and the letter refuses too, the chain
/// is untrusted; else it is unknown.
pub(super) fn status(verdicts: &[StackVerdict], letter: TrustStatus) -> TrustStatus {
    let count = |answer: StackAnswer| {
        verdicts
            .iter()
            .filter(|verdict| verdict.decides && verdict.answer == answer)
            .count()
    };
    match (
        count(StackAnswer::Accepts),
        count(StackAnswer::Refuses),
        count(StackAnswer::NotKnown),
    ) {
        (0, 0, 0) => letter,
        (1.., 1.., _) => TrustStatus::Disputed,
        (1.., 0, 0) => TrustStatus::Trusted,
        (0, 1.., 0) => TrustStatus::Untrusted,
        (0, refusing, open) if refusing > open && letter == TrustStatus::Untrusted => {
            TrustStatus::Untrusted
        }
        _ => TrustStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(answers: [StackAnswer; 7]) -> Vec<StackVerdict> {
        Stack::ALL
            .into_iter()
            .zip(answers)
            .map(|(stack, answer)| StackVerdict {
                stack,
                version: String::new(),
                answer,
                decides: decides(stack, &StatusBy::Mainstream),
                reasons: Vec::new(),
            })
            .collect()
    }

    #[test]
    fn the_status_is_what_those_who_count_agree_about() {
        use StackAnswer::{Accepts as A, NotKnown as N, Refuses as R};
        use TrustStatus::{Disputed, Trusted, Unknown, Untrusted};
        // The second and the last are told beside it.
        for (answers, letter, expected) in [
            ([A, A, A, A, A, A, A], Trusted, Trusted),
            ([A, R, A, A, A, A, R], Untrusted, Trusted),
            ([R, A, R, R, R, R, A], Trusted, Untrusted),
            ([A, A, R, A, A, A, A], Trusted, Disputed),
            ([A, A, N, A, A, A, A], Trusted, Unknown),
            ([R, R, N, R, R, R, R], Untrusted, Untrusted),
            ([R, R, N, R, R, R, R], Trusted, Unknown),
            ([A, A, N, R, A, A, A], Untrusted, Disputed),
        ] {
            assert_eq!(status(&verdicts(answers), letter), expected, "{answers:?}");
        }
        assert_eq!(status(&[], Unknown), Unknown);
    }
}
