//! The `mtls` command: parses nothing itself, calls [`mtls::cli::run`] and exits with what it answers.

use std::process::ExitCode;

/// Gives memory back once a burst is over (`docs/security.md` has how much). glibc gives back only
/// the end of its heap: after thousands of connections it would hold all that they took for ever.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // Without a thread of its own the allocator gives back only while others allocate, and after a
    // burst nobody does. Without it everything works.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    let _ = tikv_jemalloc_ctl::background_thread::write(true);
    mtls::cli::run(std::env::args_os())
}
