//! Facts as drawings that no output has yet: which certificate hangs on which, which days matter.
//!
//! For: `render::text`, which draws them with characters, and `render::html`, which draws them as a
//! page. Must not: know how a drawing looks, or show anything that the facts do not hold.

pub(super) mod calendar;
pub(super) mod phases;
pub(super) mod tree;
