//! `mtls listen` against other people's TLS: what they send is shown, what they ask for is
//! answered.
//!
//! A peer that is not installed is skipped, unless `MTLS_REQUIRE_PEERS=1`.

mod client;
mod curl;
mod faults;
mod languages;
mod network;
mod refusals;
mod revocation;
mod runs;
mod rustls_peer;
mod s_client;
mod signatures;
mod signed_servers;
