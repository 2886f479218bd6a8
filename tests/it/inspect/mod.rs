//! `mtls inspect`: servers broken on purpose, files, fleets, formats; the modes of other people's servers stand in `simulate`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and reads the clock and the environment"
)]

#[path = "../support/mod.rs"]
mod support;

mod broken;
mod endpoint;
mod farm;
mod files;
mod fleet;
mod formats;
mod hostile;
mod run;
mod shown;
mod unseen;
