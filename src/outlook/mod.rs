//! Whether a webhook lets a sender in, on a day and after the days on which the sender changes.
//!
//! `admission` says what a server configuration does with a client; `readiness` what becomes of a
//! known sender, from a client-CA file, from connections that came, from rehearsals; `would` what
//! becomes of a client whose certificate lies at hand.
//!
//! For: rules, `engine`, `report` and `pki`. Must not: know a sender by name, or call settled what
//! a profile calls inferred.

pub mod admission;
pub mod readiness;
pub mod would;
