//! `mtls listen` against other people's TLS: what they send is shown, what they ask for is answered.
//!
//! A peer that is not installed is skipped, unless `MTLS_REQUIRE_PEERS=1`.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly"
)]

mod support;

#[path = "peers/runs.rs"]
mod runs;
