//! `mtls inspect`: servers broken on purpose, files, fleets, formats; the modes of other people's
//! servers stand in `simulate`.

mod broken;
mod endpoint;
mod farm;
mod files;
mod fleet;
mod formats;
mod hostile;
pub(crate) mod run;
mod shown;
mod unseen;
