//! `mtls simulate` against real webhooks: servers of many makers, strict and lax, and answers good and bad.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod listener;
mod refusals;
mod run;
mod servers;
mod tokens;
