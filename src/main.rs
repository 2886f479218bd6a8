//! The `mtls` command: parses nothing itself, calls [`mtls::cli::run`] and exits with what it
//! answers.

use std::process::ExitCode;

/// Meant to give memory back once a burst is over (`docs/security.md` has how far it does). glibc
/// gives back only the end of its heap: after thousands of connections it would hold all that they
/// took for ever.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mtls::cli::run(std::env::args_os())
}
