//! What a command does, as functions: a typed request in, judged cases out.
//!
//! For: `cli`, which makes requests of flags, and any command that needs the work of another. Opens
//! the files that a request names, standard input among them, and calls whom it names. Must not:
//! know a flag's syntax or a settings file, print, or read the clock or the environment; the
//! moment, passwords and the like are values of the request, and what there is to say comes back as
//! values too.

pub(crate) mod anchors;
pub mod cases;
pub mod diff;
pub(crate) mod duration;
pub mod fetch;
pub(crate) mod files;
pub mod inspect;
pub mod lint;
pub(crate) mod profile;
pub mod proxy;
pub(crate) mod runtime;
pub mod simulate;
pub(crate) mod target;
