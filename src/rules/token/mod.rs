//! The bearer token of a request.

use crate::finding::Rule;

pub mod algorithm_refused;
pub mod expired;
pub(super) mod help;
pub mod key_unknown;
pub mod malformed;
pub mod missing;
pub mod not_yet_valid;
pub mod opaque;
pub mod sender_not_named;
pub mod signature_bad;
pub mod signature_not_checked;
pub mod wrong_audience;
pub mod wrong_issuer;
pub mod wrong_project;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &missing::RULE,
    &malformed::RULE,
    &opaque::RULE,
    &algorithm_refused::RULE,
    &key_unknown::RULE,
    &signature_bad::RULE,
    &signature_not_checked::RULE,
    &expired::RULE,
    &not_yet_valid::RULE,
    &wrong_issuer::RULE,
    &wrong_audience::RULE,
    &wrong_project::RULE,
    &sender_not_named::RULE,
];
