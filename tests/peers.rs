//! `mtls listen` against other people's TLS: what they send is shown, what they ask for is answered.
//!
//! A peer that is not installed is skipped, unless `MTLS_REQUIRE_PEERS=1`.

#![cfg(unix)]
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may fail loudly and say why it has nothing to do; modules of one test binary share"
)]

mod support;

#[path = "peers/client.rs"]
mod client;
#[path = "peers/curl.rs"]
mod curl;
#[path = "peers/faults.rs"]
mod faults;
#[path = "peers/network.rs"]
mod network;
#[path = "peers/runs.rs"]
mod runs;
#[path = "peers/s_client.rs"]
mod s_client;
