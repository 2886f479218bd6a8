//! Sockets to facts: the only home of rustls, tokio and hyper.
//!
//! For: `cli`, which hands over a plan and gets cases back. Must not: judge, print, or let a type
//! of those libraries out, except where a plan is built from one.

mod accept;
mod body;
mod budget;
pub mod dial;
mod ending;
pub mod event;
pub mod fetch;
mod http;
pub mod identity;
mod known;
mod leaving;
pub mod listen;
mod observed;
mod payload;
mod places;
pub mod plan;
mod prompt;
mod small_rsa;
mod tap;
mod timeline;
mod underway;
mod verifier;
