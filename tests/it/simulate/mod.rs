//! `mtls simulate` against real webhooks: servers of many makers, strict and lax, and answers good
//! and bad.

mod answers;
mod as_sender;
mod configured;
mod configured_parts;
mod howto;
mod listener;
mod printed;
mod refusals;
pub(crate) mod run;
mod sender;
mod servers;
mod shown;
mod tokens;
