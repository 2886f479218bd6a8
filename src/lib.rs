//! `mtls` shows, checks, rehearses and explains mutual TLS between a webhook sender and a webhook
//! server.
//!
//! One idea: every command collects *facts*; one list of *rules* judges facts; every *renderer*
//! prints reports. A failed handshake is a result, never an `Err`; `Err` means that this program
//! could not do its job.
//!
//! The command is what is promised: its flags, exit codes, rule codes and JSON schemas. This library
//! is the command's inside, public so that its tests, benches and fuzz targets reach it; its types
//! and functions change with any version.
//!
//! The layers, ground floor first; a module uses only what stands above it (`tests/it/layers.rs`
//! keeps it so):
//!
//! 1. [`untrusted`], [`failure`]: text of others, made safe to show; what the system says when
//!    something fails, in words.
//! 2. [`facts`]: what was seen.
//! 3. [`context`], [`finding`], [`profiles`]: what judging needs besides facts; what a rule is;
//!    senders as data.
//! 4. [`parse`], [`verify`], [`outlook`], [`token`], [`pki`], [`dialogflow`]: bytes to facts; who
//!    accepts a chain; whether a sender gets in, now and later; throwaway certificates; the wire
//!    format.
//! 5. [`rules`]: the list, one file a rule.
//! 6. [`engine`]: walks a case and asks the rules.
//! 7. [`report`]: what came out.
//! 8. [`explain`]: what messages of other programs mean, from the same faults and rules.
//! 9. [`render`], [`net`]: reports to text; sockets to facts.
//! 10. [`jobs`]: requests to judged cases; opens the files that a request names.
//! 11. [`cli`]: flags to requests and plans; the only place that prints and reads clock and
//!     environment.

pub mod cli;
pub mod context;
pub mod dialogflow;
pub mod engine;
pub mod explain;
pub mod facts;
pub mod failure;
pub mod finding;
pub mod jobs;
pub mod net;
pub mod outlook;
pub mod parse;
pub mod pki;
pub mod profiles;
pub mod render;
pub mod report;
pub mod rules;
pub mod token;
pub mod untrusted;
pub mod verify;
