//! `mtls simulate` against real webhooks: servers of many makers, strict and lax, and answers good and bad.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and reads the clock and the environment"
)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod configured;
mod howto;
mod listener;
mod refusals;
mod run;
mod sender;
mod servers;
mod shown;
mod tokens;
