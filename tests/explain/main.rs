//! `mtls explain`: the dictionary against what real stacks printed, against the libraries' own lists, and the command as its user sees it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and says what it measured"
)]

mod atlas;
mod counts;
mod measured;
