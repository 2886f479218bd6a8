//! Any bytes as a JSON report of this program: read as a state without a panic; nobody loses access
//! and nothing changes from a state to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    jobs::diff::of_json,
    report::diff::{Effect, compare},
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(report) = serde_json::from_slice(bytes) else {
        return;
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let state = of_json(&report, now);
    let seen = compare(&state, &state);
    assert_eq!((seen.count(Effect::Loses), seen.changes.len()), (0, 0));
});
