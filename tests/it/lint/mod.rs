//! `mtls lint` as its users run it: broken files are called what they are, good files raise no alarm.
//!
//! The files are made with the openssl command and with `mtls::pki`. Without openssl there is nothing to do, unless
//! `MTLS_REQUIRE_PEERS=1`.

#![cfg(unix)]
#![allow(
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly; modules of one test binary share, and not every binary uses all of a shared module"
)]

#[path = "../openssl_verify/pki.rs"]
mod pki;
#[path = "../support/mod.rs"]
mod support;

mod broken;
mod broken_files;
mod certificates;
mod clean;
mod files;
mod layouts;
mod measured;
mod private_cas;
mod private_shapes;
mod readiness;
mod real_chains;
mod run;
mod signatures;
