//! Reports to text: one file a format, all pure.
//!
//! For: `cli`, which hands over a stream. Must not: open files, read the clock or decide an exit code.

pub mod ci;
pub mod json;
pub mod nagios;
pub mod openssl;
pub mod page;
pub mod prometheus;
mod shown;
mod snippet;
pub mod text;
