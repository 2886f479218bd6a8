//! Figures of many calls.

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::facts::Outcome;

/// Calls that ended in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LoadRow {
    /// What the webhook did.
    pub outcome: Outcome,
    /// How.
    pub how: String,
    /// How many calls.
    pub calls: u64,
    /// Whether that is what the client certificate asks for.
    pub as_expected: bool,
}

/// A bar of the histogram.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Bar {
    /// Calls that took no longer than this, in milliseconds, and longer than the bar before.
    pub up_to_ms: f64,
    /// How many.
    pub calls: u64,
}

/// How long whole calls took, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Latency {
    /// The shortest.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// Half of the calls took no longer.
    pub p50: f64,
    /// Nine in ten took no longer.
    pub p90: f64,
    /// 99 in a hundred took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// Each bar is twice as wide as the one before.
    pub histogram: Vec<Bar>,
}

/// Figures of a run of many calls.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Load {
    /// The client certificate.
    pub client: String,
    /// How many calls.
    pub calls: u64,
    /// How many at once.
    pub jobs: u64,
    /// How long all of them took, in seconds.
    pub seconds: f64,
    /// Calls a second.
    pub per_second: f64,
    /// Calls that the webhook treated as the client certificate asks for.
    pub as_expected: u64,
    /// The ways in which they ended.
    pub rows: Vec<LoadRow>,
    /// How long they took.
    pub latency: Latency,
}

impl Latency {
    /// The figures of a histogram of microseconds.
    pub fn of(histogram: &Histogram<u64>) -> Self {
        let ms = |microseconds: u64| microseconds as f64 / 1000.0;
        // The first bar reaches to the power of two at or above the shortest call.
        let first = histogram.min().max(1).next_power_of_two();
        let bars = histogram
            .iter_log(first, 2.0)
            .map(|step| Bar {
                up_to_ms: ms(step.value_iterated_to()),
                calls: step.count_since_last_iteration(),
            })
            .collect();
        Self {
            min: ms(histogram.min()),
            mean: histogram.mean() / 1000.0,
            p50: ms(histogram.value_at_quantile(0.5)),
            p90: ms(histogram.value_at_quantile(0.9)),
            p99: ms(histogram.value_at_quantile(0.99)),
            max: ms(histogram.max()),
            histogram: bars,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_hold_every_call() {
        let mut histogram = Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap();
        for microseconds in [300, 900, 1000, 1500, 40_000] {
            histogram.record(microseconds).unwrap();
        }
        let latency = Latency::of(&histogram);
        let counted: u64 = latency.histogram.iter().map(|bar| bar.calls).sum();
        assert_eq!(counted, 5);
        assert!(latency.p50 >= 1.0 && latency.p50 < 1.01, "{latency:?}");
        assert!(latency.max >= 40.0 && latency.max < 40.1);
    }
}
