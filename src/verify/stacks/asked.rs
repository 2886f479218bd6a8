//! One stack that is asked: by its own walk, by every path there is, or by webpki itself, and by
//! the table.
//!
//! For: `stacks`. Must not: guess where the table has nothing.

use super::{
    Habit, Occurrence, path,
    table::{self, Effect, TABLE},
};
use crate::{
    facts::{
        ChainFeature, PathPlace, Problem, Purpose, SIGNATURE_NOT_CHECKED, Stack, StackAnswer,
        StackReason,
    },
    verify::{
        Link, openssl,
        rfc5280::{Found, Paths, Question},
        webpki_check, x509_error,
    },
};

/// One path to an anchor and what it has.
pub(super) struct Judged<'p, 'a> {
    pub(super) found: &'p Found<'a>,
    pub(super) occurrences: Vec<Occurrence>,
}

/// One stack that is asked.
pub(super) struct Asked<'q, 'a> {
    pub(super) stack: Stack,
    pub(super) version: &'q str,
    pub(super) habit: Habit,
    pub(super) question: &'q Question<'a>,
}

/// An answer, and why it is not acceptance.
type Answer = (StackAnswer, Vec<StackReason>);

impl Asked<'_, '_> {
    /// What the table says about a path's features: what it is refused for, or else what is not
    /// known.
    fn by_table(&self, links: &[Link<'_>], occurrences: &[Occurrence]) -> Answer {
        let mut refused = Vec::new();
        let mut unknown = Vec::new();
        for occurrence in occurrences {
            let Some(row) = TABLE.row(occurrence.feature) else {
                // Every feature has a row (test); without one nothing is known about it.
                unknown.push(StackReason {
                    feature: Some(occurrence.feature),
                    place: occurrence.place,
                    subject: subject(links, occurrence.depth),
                    error: None,
                    requirement: None,
                    why: "unknown to the table of measurements".to_owned(),
                });
                continue;
            };
            let effect = row.effect(
                self.stack,
                self.version,
                occurrence.place,
                self.question.purpose,
            );
            let list = match effect {
                Effect::None => continue,
                Effect::Refuses => &mut refused,
                Effect::NotKnown => &mut unknown,
            };
            let subject = subject(links, occurrence.depth);
            list.push(reason(row, occurrence.place, subject));
        }
        if !refused.is_empty() {
            (StackAnswer::Refuses, refused)
        } else if !unknown.is_empty() {
            (StackAnswer::NotKnown, unknown)
        } else {
            (StackAnswer::Accepts, Vec::new())
        }
    }

    /// What becomes of its answer where it cannot read everything that is sent.
    pub(super) fn read(&self, beside: &[(ChainFeature, Link<'_>)], answer: Answer) -> Answer {
        if answer.0 == StackAnswer::Refuses {
            return answer;
        }
        let (mut refused, mut unknown) = (Vec::new(), Vec::new());
        let place = PathPlace::Beside;
        for (feature, link) in beside {
            let Some(row) = TABLE.row(*feature) else {
                continue;
            };
            let list = match row.effect(self.stack, self.version, place, self.question.purpose) {
                Effect::None => continue,
                Effect::Refuses => &mut refused,
                Effect::NotKnown => &mut unknown,
            };
            list.push(reason(row, place, link.certificate.label()));
        }
        if !refused.is_empty() {
            (StackAnswer::Refuses, refused)
        } else if !unknown.is_empty() {
            (StackAnswer::NotKnown, unknown)
        } else {
            answer
        }
    }

    /// A stack that goes back and tries another issuer: it accepts when one path holds.
    pub(super) fn every_path(&self, paths: &Paths<'_>, judged: &[Judged<'_, '_>]) -> Answer {
        let mut best: Option<Answer> = None;
        for one in judged {
            let mut answer = self.by_table(&one.found.links, &self.heard(one));
            if answer.0 == StackAnswer::Accepts && one.found.unchecked {
                answer = (StackAnswer::NotKnown, vec![unchecked(&one.found.links)]);
            }
            let better = best.as_ref().is_none_or(|best| rank(&answer) < rank(best));
            if better {
                best = Some(answer);
            }
        }
        match best {
            Some((StackAnswer::Refuses, reasons)) if paths.bounded => {
                (StackAnswer::NotKnown, reasons)
            }
            Some(answer) => answer,
            None => {
                let obstacle = paths.found.iter().find_map(|found| found.obstacle.as_ref());
                let answer = if paths.bounded {
                    StackAnswer::NotKnown
                } else {
                    StackAnswer::Refuses
                };
                let reason = obstacle.map(|problem| of_problem(problem, usize::MAX, false));
                (answer, reason.into_iter().collect())
            }
        }
    }

    /// What of a path's features it looks at: Java asks a leaf that is trusted itself for nothing
    /// but its names.
    fn heard(&self, one: &Judged<'_, '_>) -> Vec<Occurrence> {
        let all = one.occurrences.iter().copied();
        if self.stack != Stack::Java || one.found.links.len() > 1 {
            return all.collect();
        }
        all.filter(|one| OF_HOSTS.contains(&one.feature)).collect()
    }

    /// A stack that builds one path and stands by it.
    pub(super) fn walk(&self, links: &[Link<'_>]) -> Answer {
        let boring = self.stack == Stack::Boringssl;
        let options = openssl::Options {
            now: self.question.now,
            purpose: self.question.purpose,
            max_depth: self.question.max_depth.or(match self.question.purpose {
                Purpose::ClientAuth => self.habit.client_depth,
                Purpose::ServerAuth => None,
            }),
            partial_chain: self.stack != Stack::Openssl || self.habit.partial_chain,
            issuers: if boring {
                openssl::IssuerChoice::First
            } else {
                openssl::IssuerChoice::ValidFirst
            },
            // What a list says is a feature of the path, below.
            lists: std::sync::Arc::default(),
            looked_up: crate::facts::RevocationCheck::Never,
        };
        let Some(walked) = openssl::walk(links, self.question.anchors, &options) else {
            return (StackAnswer::NotKnown, Vec::new());
        };
        let mut occurrences = path::occurrences(&walked.chain, self.question);
        if walked.chain.len() == 1 {
            // X509_V_FLAG_X509_STRICT holds chains of two and more to its form (x509_vfy.c,
            // check_extensions).
            occurrences.retain(|one| !STRICT_FORM.contains(&one.feature));
        }
        let (mut answer, mut reasons) = if walked.reached {
            self.by_table(&walked.chain, &occurrences)
        } else {
            // Without a path nobody accepts, whatever the walk's last word was.
            (StackAnswer::Refuses, Vec::new())
        };
        if self.habit.every_list {
            reasons.extend(self.for_want_of_lists(&walked.chain, &occurrences));
            if answer == StackAnswer::Accepts && !reasons.is_empty() {
                answer = StackAnswer::Refuses;
            }
        }
        let has_unchecked = walked
            .problems
            .iter()
            .any(|problem| problem.error.num == SIGNATURE_NOT_CHECKED);
        // What OpenSSL's callbacks say. Of BoringSSL's the path's own count; the table has the
        // rest.
        let told: Vec<StackReason> = walked
            .problems
            .iter()
            .filter(|problem| problem.error.num != SIGNATURE_NOT_CHECKED)
            .filter(|problem| !boring || OF_THE_PATH.contains(&problem.error.num))
            .map(|problem| of_problem(problem, walked.chain.len(), walked.reached))
            .collect();
        if !told.is_empty() {
            let known = |reason: &StackReason| {
                reasons.iter().any(|known: &StackReason| {
                    known.place == reason.place && known.error == reason.error
                })
            };
            let more: Vec<StackReason> = told.into_iter().filter(|reason| !known(reason)).collect();
            if answer != StackAnswer::Refuses {
                reasons.clear();
            }
            answer = StackAnswer::Refuses;
            reasons.extend(more);
        } else if !walked.reached {
            // Its only words were about something else.
            reasons.push(StackReason {
                feature: None,
                place: PathPlace::Leaf,
                subject: subject(&walked.chain, 0),
                error: Some(x509_error(NO_ISSUER)),
                requirement: None,
                why: "it finds no path to a trust anchor".to_owned(),
            });
        } else if answer == StackAnswer::Accepts && has_unchecked {
            return (StackAnswer::NotKnown, vec![unchecked(&walked.chain)]);
        }
        (answer, reasons)
    }

    /// What a program that wants a list of every CA has against the CAs of a path.
    fn for_want_of_lists(
        &self,
        links: &[Link<'_>],
        occurrences: &[Occurrence],
    ) -> Vec<StackReason> {
        let about_lists = |one: &&Occurrence| {
            matches!(
                one.feature,
                ChainFeature::RevokedCa | ChainFeature::ListMissingForCa
            )
        };
        let rows = occurrences.iter().filter(about_lists);
        rows.filter_map(|one| {
            let row = TABLE.row(one.feature)?;
            Some(StackReason {
                feature: Some(one.feature),
                place: one.place,
                subject: subject(links, one.depth),
                error: row.error.map(x509_error),
                requirement: row.requirement,
                why: row.says.clone(),
            })
        })
        .collect()
    }

    /// webpki is here to be asked.
    pub(super) fn webpki(&self, links: &[Link<'_>], judged: &[Judged<'_, '_>]) -> Answer {
        // The table has better words than the error's name, where one of its rows is the reason.
        let by_table = || {
            judged
                .iter()
                .map(|one| self.by_table(&one.found.links, &one.occurrences))
                .min_by_key(rank)
        };
        let Err(error) = webpki_check::ask(self.question) else {
            let too_deep = |one: &Judged<'_, '_>| {
                let mut features = one.occurrences.iter().map(|one| one.feature);
                features.any(|feature| feature == ChainFeature::TooDeep)
            };
            return match by_table() {
                Some(refusal) if judged.iter().all(too_deep) => refusal,
                _ => (StackAnswer::Accepts, Vec::new()),
            };
        };
        let by_table = by_table();
        let reasons = match by_table {
            Some((StackAnswer::Refuses, reasons)) => reasons,
            _ => vec![StackReason {
                feature: None,
                place: PathPlace::Leaf,
                subject: subject(links, 0),
                error: error.number().map(x509_error),
                requirement: error.requirement(),
                why: error.words(),
            }],
        };
        (StackAnswer::Refuses, reasons)
    }
}

/// A row of the table as a reason.
fn reason(row: &table::Row, place: PathPlace, subject: String) -> StackReason {
    StackReason {
        feature: Some(row.feature),
        place,
        subject,
        error: row.error.map(x509_error),
        requirement: row.requirement,
        why: row.says.clone(),
    }
}

/// The best answer first; of two refusals the one with less to say.
fn rank((answer, reasons): &Answer) -> (u8, usize) {
    let order = match answer {
        StackAnswer::Accepts => 0,
        StackAnswer::NotKnown => 1,
        StackAnswer::Refuses => 2,
    };
    (order, reasons.len())
}

/// X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY.
const NO_ISSUER: u32 = 20;
/// OpenSSL's numbers that are about building the path and its signatures.
const OF_THE_PATH: [u32; 14] = [1, 2, 4, 6, 7, 18, 19, 20, 21, 22, 27, 28, 29, 30];

/// Features that are about the host that was asked for.
const OF_HOSTS: [ChainFeature; 10] = [
    ChainFeature::HostNotCovered,
    ChainFeature::HostInCommonName,
    ChainFeature::HostInCommonNameBesideAddress,
    ChainFeature::HostCoveredWithinLabel,
    ChainFeature::HostCoveredOverTld,
    ChainFeature::HostWithDot,
    ChainFeature::HostCoveredWithDot,
    ChainFeature::HostUnderscore,
    ChainFeature::NamesEmpty,
    ChainFeature::AddressMalformed,
];

/// What only X509_V_FLAG_X509_STRICT asks of a certificate's form.
const STRICT_FORM: [ChainFeature; 7] = [
    ChainFeature::AuthorityKeyIdMissing,
    ChainFeature::SubjectKeyIdMissing,
    ChainFeature::CaUsageMissing,
    ChainFeature::ConstraintsNotCritical,
    ChainFeature::LeafSigns,
    ChainFeature::NamesEmpty,
    ChainFeature::NamesNotCritical,
];

fn subject(links: &[Link<'_>], depth: usize) -> String {
    links
        .get(depth)
        .map(|link| link.certificate.label())
        .unwrap_or_default()
}

/// A problem of a path of `length` certificates, the last of them an anchor when it was reached.
pub(in crate::verify) fn of_problem(
    problem: &Problem,
    length: usize,
    reached: bool,
) -> StackReason {
    StackReason {
        feature: None,
        place: match problem.depth {
            0 => PathPlace::Leaf,
            depth if reached && depth + 1 == length => PathPlace::Anchor,
            _ => PathPlace::Intermediate,
        },
        subject: problem.subject.clone(),
        error: Some(problem.error),
        requirement: problem.requirement,
        why: problem.why.clone(),
    }
}

/// A signature that this program has no implementation for.
fn unchecked(links: &[Link<'_>]) -> StackReason {
    StackReason {
        feature: Some(ChainFeature::SignedByOther),
        place: PathPlace::Leaf,
        subject: subject(links, 0),
        error: None,
        requirement: None,
        why: "mtls cannot check a signature on the path".to_owned(),
    }
}
