//! Hostile text made safe to show on one line: what [`crate::untrusted`] does, by the name that the
//! readers and renderers know.

pub use crate::untrusted::{is_hostile, line, text};
