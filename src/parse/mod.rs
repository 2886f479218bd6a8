//! Bytes to facts. No input or output, no clock; every function takes bytes and gives owned facts or a reason why not.
//!
//! For: `net` and `cli`. Must not: judge what it reads, panic on any input, or keep a borrowed parser type in its answer.

pub mod cert;
pub mod escape;
pub mod first_bytes;
pub mod hello;
pub mod ids;
pub mod ja4;
pub mod jwt;
pub mod key;
pub mod name;
pub mod pem;
