//! Certificates on a calendar: how long each is good, beside the days that matter.

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use super::tree::{Kind, Node};
use crate::{
    engine::Judged,
    facts::{Chain, ChainUse, Outlook, Readiness, Side},
    profiles::calendar::calendar,
    report,
};

/// The longest stretch that is drawn, in days: beyond it bars of 90 days are specks.
const LONGEST: i64 = 760;

/// A day that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Mark {
    /// The day.
    pub(in crate::render) day: Date,
    /// What happens on it; not escaped.
    pub(in crate::render) what: String,
}

/// One certificate's time.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::render) struct Bar {
    /// What to call it; not escaped.
    pub(in crate::render) label: String,
    /// Its first moment.
    pub(in crate::render) not_before: Timestamp,
    /// Its last moment.
    pub(in crate::render) not_after: Timestamp,
    /// Where the bar begins and ends, in hundredths of the stretch.
    pub(in crate::render) from: f64,
    /// Where it ends.
    pub(in crate::render) to: f64,
    /// Whether it goes on before the stretch.
    pub(in crate::render) before: bool,
    /// Whether it goes on behind it.
    pub(in crate::render) behind: bool,
}

/// The whole drawing.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::render) struct Calendar {
    /// The stretch that is drawn.
    pub(in crate::render) from: Timestamp,
    /// Its end.
    pub(in crate::render) to: Timestamp,
    /// The moment of the judgement, in hundredths of the stretch.
    pub(in crate::render) now: f64,
    /// The certificates.
    pub(in crate::render) bars: Vec<Bar>,
    /// The days, in their order, each with its place in hundredths.
    pub(in crate::render) marks: Vec<(f64, Mark)>,
}

/// The calendar of a chain's certificates; `None` where no date is known.
pub(in crate::render) fn of(
    judged: &Judged,
    chain: &Chain,
    nodes: &[Node<'_>],
) -> Option<Calendar> {
    let now = judged.judged_at;
    let shown: Vec<(&Node<'_>, Timestamp, Timestamp)> = nodes
        .iter()
        .filter(|node| !matches!(node.kind, Kind::Again | Kind::Missing))
        .filter_map(|node| Some((node, node.certificate?)))
        .filter(|(_, certificate)| certificate.unreadable.is_none())
        .map(|(node, certificate)| (node, certificate.not_before, certificate.not_after))
        .collect();
    let marks = marks(judged, chain);
    // The shortest-lived sets the measure; what lives longer runs off the page.
    let (_, first, last) = shown
        .iter()
        .min_by_key(|(_, from, to)| to.duration_since(*from))?;
    let begin = (*first).min(now);
    let mut end = (*last).max(now);
    for mark in &marks {
        let day = midnight(mark.day);
        if day.duration_since(now).as_hours() / 24 <= 400 {
            end = end.max(day);
        }
    }
    let (begin, end) = within(begin, end, now);
    let margin = end.duration_since(begin).as_secs() / 25;
    let from = shifted(begin, -margin);
    let to = shifted(end, margin);
    let at = |moment: Timestamp| -> f64 {
        let whole = to.duration_since(from).as_secs_f64().max(1.0);
        (moment.duration_since(from).as_secs_f64() / whole * 100.0).clamp(0.0, 100.0)
    };
    Some(Calendar {
        now: at(now),
        bars: shown
            .iter()
            .map(|(node, not_before, not_after)| Bar {
                label: node.label.clone(),
                not_before: *not_before,
                not_after: *not_after,
                from: at(*not_before),
                to: at(*not_after),
                before: *not_before < from,
                behind: *not_after > to,
            })
            .collect(),
        marks: marks
            .into_iter()
            .filter(|mark| (from..=to).contains(&midnight(mark.day)))
            .map(|mark| (at(midnight(mark.day)), mark))
            .collect(),
        from,
        to,
    })
}

/// The days on which a sender's certificate ends, and those from which server certificates have to
/// be shorter.
fn marks(judged: &Judged, chain: &Chain) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    // A server that was only looked at need not be meant for the sender.
    let meant =
        |one: &&Readiness| judged.case.inspected().is_none() || report::concerns(judged, one);
    for readiness in judged.readiness.iter().filter(meant) {
        for identity in &readiness.identities {
            if let Some(until) = identity.until {
                let day = until.latest();
                marks.push(Mark {
                    day,
                    what: format!(
                        "last day of the {} certificate of {}",
                        identity.identity, readiness.title
                    ),
                });
            }
        }
        if readiness.outlook == Outlook::Breaks
            && let Some(day) = readiness.breaks_on
            && marks.iter().all(|mark| mark.day != day)
        {
            marks.push(Mark {
                day,
                what: format!("calls of {} stop getting through", readiness.title),
            });
        }
    }
    let public = chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.anchor_public == Some(true));
    if chain.role == Side::Server && chain.holds == ChainUse::Identity && public {
        for step in &calendar().validity {
            marks.push(Mark {
                day: step.from,
                what: format!(
                    "server certificates issued from here on are valid for at most {} days ({})",
                    step.days, step.source
                ),
            });
        }
    }
    marks.sort_by_key(|mark| mark.day);
    marks.dedup();
    marks
}

/// A stretch no longer than [`LONGEST`], with `now` in it.
fn within(begin: Timestamp, end: Timestamp, now: Timestamp) -> (Timestamp, Timestamp) {
    let longest = LONGEST * 86_400;
    if end.duration_since(begin).as_secs() <= longest {
        return (begin, end);
    }
    let begin = begin.max(shifted(now, -longest / 2));
    (begin, end.min(shifted(begin, longest)))
}

fn shifted(moment: Timestamp, seconds: i64) -> Timestamp {
    moment
        .checked_add(Span::new().try_seconds(seconds).unwrap_or_default())
        .unwrap_or(moment)
}

fn midnight(day: Date) -> Timestamp {
    TimeZone::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn drawn(fixture: Fixture) -> Calendar {
        let (case, context) = fixture.done();
        let judged = judge(case, &context);
        let chain = judged.case.chains().next().unwrap();
        let nodes = super::super::tree::tree(&judged, 0);
        of(&judged, chain, &nodes).unwrap()
    }

    #[test]
    fn the_leaf_is_drawn_whole_and_the_day_of_judgement_stands_in_it() {
        let good = drawn(Fixture::good());
        let leaf = &good.bars[0];
        assert!(!leaf.before && !leaf.behind, "{leaf:?}");
        assert!(leaf.from < good.now && good.now < leaf.to, "{good:?}");
        let expired = drawn(Fixture::good().leaf_expired());
        assert!(expired.bars[0].to < expired.now, "{expired:?}");
    }

    #[test]
    fn every_place_is_within_the_drawing() {
        let good = drawn(Fixture::good());
        for bar in &good.bars {
            assert!(
                0.0 <= bar.from && bar.from <= bar.to && bar.to <= 100.0,
                "{bar:?}"
            );
        }
        for (at, mark) in &good.marks {
            assert!((0.0..=100.0).contains(at), "{mark:?}");
        }
    }

    #[test]
    fn long_stretches_are_cut() {
        let day = |text: &str| format!("{text}T00:00:00Z").parse::<Timestamp>().unwrap();
        let (begin, end) = within(day("2016-02-12"), day("2041-02-12"), day("2026-11-29"));
        assert!(begin < day("2026-11-29") && day("2026-11-29") < end);
        assert!(end.duration_since(begin).as_hours() / 24 <= LONGEST);
    }
}
