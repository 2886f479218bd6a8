//! Bytes to facts. No input or output, no clock; every function takes bytes and gives owned facts
//! or a reason why not.
//!
//! For: `net` and `cli`. Must not: judge what it reads, panic on any input, or keep a borrowed
//! parser type in its answer.

pub mod bundle;
pub mod case;
pub mod cert;
pub mod config;
pub mod crl;
pub mod escape;
pub mod first_bytes;
pub mod hello;
pub mod http1;
pub mod ids;
pub mod input;
pub mod ja4;
pub mod json;
pub mod jwt;
pub mod key;
pub mod name;
pub mod ocsp;
pub mod pem;
pub mod profile;
pub mod punycode;
pub mod records;
pub mod redact;
pub mod request;
pub mod sct;
pub mod server_hello;
pub mod spiffe;
mod vectors;

/// Says that a test has nothing to compare with, on the real stderr, since the test runner swallows
/// what passing tests print. `MTLS_REQUIRE_PEERS=1` makes it a failure: a continuous integration
/// that skips proves nothing.
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "a test does read the environment"
)]
pub(crate) fn skipped(why: &str) {
    use std::io::Write;
    let required = std::env::var_os("MTLS_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(!required, "{why}, and MTLS_REQUIRE_PEERS=1 wants it");
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
