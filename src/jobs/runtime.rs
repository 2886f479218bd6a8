//! The runtimes that connections are made on.

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};

/// Many connections at once, on as many threads as there are cores.
pub(crate) fn of_many() -> Result<Runtime> {
    built(&mut Builder::new_multi_thread())
}

/// One connection after the other, on the thread that waits for them.
pub(crate) fn of_one() -> Result<Runtime> {
    built(&mut Builder::new_current_thread())
}

fn built(builder: &mut Builder) -> Result<Runtime> {
    builder
        .enable_all()
        .build()
        .context("cannot start the runtime")
}
