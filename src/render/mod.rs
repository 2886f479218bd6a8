//! Reports to text: one file a format, all pure.
//!
//! For: `cli`, which hands over a stream. Must not: open files, read the clock or decide an exit
//! code.

pub mod ascii;
pub mod ci;
pub mod html;
pub mod json;
pub mod nagios;
pub mod openssl;
pub mod page;
mod picture;
pub mod prometheus;
mod shown;
pub(crate) mod snippet;
pub mod stacks;
pub mod text;
mod verdict;
mod verifiers;
mod words;
