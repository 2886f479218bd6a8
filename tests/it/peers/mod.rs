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

#[path = "../support/mod.rs"]
mod support;

mod client;
mod curl;
mod faults;
mod languages;
mod network;
mod refusals;
mod runs;
mod rustls_peer;
mod s_client;
mod signatures;
mod signed_servers;
