//! `mtls explain`: the dictionary against what real stacks printed, against the libraries' own lists, and the command as its user sees it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and says what it measured"
)]

#[path = "../support/mod.rs"]
mod support;

mod atlas;
mod command;
mod counts;
mod evidence;
mod logs;
mod measured;
mod variants;
