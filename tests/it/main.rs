//! The integration tests, one crate of them: a module for each command or subject, and `support`
//! for what they share.
//!
//! `cargo test --test it lint::` runs those of one module. Every test shares this process with the
//! others, so none changes its environment, its current directory or its limits; who needs many
//! descriptors asks [`support::descriptors`] for them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, says what it measures and skips, and reads the clock and the environment"
)]

mod support;

mod bounds;
mod cli;
mod corpora;
mod docs;
mod explain;
#[cfg(unix)]
mod fetch;
mod fired;
mod formats;
#[cfg(unix)]
mod forward;
mod hostile;
mod inspect;
mod layers;
mod lines;
#[cfg(unix)]
mod lint;
mod loopback;
mod openssl_format;
mod openssl_verify;
mod pages;
#[cfg(unix)]
mod peers;
#[cfg(unix)]
mod proof;
mod proxy;
mod readme;
#[cfg(unix)]
mod record;
mod requests;
#[cfg(unix)]
mod rotation;
mod senders;
mod simulate;
mod stacks;
#[cfg(unix)]
mod ui;
mod words;
