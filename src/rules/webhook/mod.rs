//! HTTP: the request that came, and the answer that a webhook gave.

use crate::finding::Rule;
pub mod answer_ignored;
pub mod answer_misfit;
pub mod answer_not_json;
pub mod answer_too_large;
pub mod answer_unreadable;
pub mod body_not_json;
pub mod certificate_refused;
pub mod content_type;
#[cfg(test)]
pub(crate) mod fixture;
pub mod forward_broke_off;
pub mod forward_down;
pub mod forward_header_spoofed;
pub mod forward_slow;
pub mod forward_status_not_ok;
mod forwarded;
pub mod handshake_failed;
pub mod no_credential;
pub mod not_a_webhook_request;
pub mod redirects;
pub mod request_abandoned;
pub mod request_limit_hit;
pub mod requests_not_kept;
pub mod session_parameter_missing;
pub mod speaks_no_tls;
pub mod status_not_ok;
pub mod too_slow;
pub mod unreachable;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &certificate_refused::RULE,
    &body_not_json::RULE,
    &no_credential::RULE,
    &request_limit_hit::RULE,
    &not_a_webhook_request::RULE,
    &status_not_ok::RULE,
    &redirects::RULE,
    &answer_not_json::RULE,
    &answer_misfit::RULE,
    &answer_too_large::RULE,
    &too_slow::RULE,
    &content_type::RULE,
    &answer_unreadable::RULE,
    &request_abandoned::RULE,
    &requests_not_kept::RULE,
    &answer_ignored::RULE,
    &session_parameter_missing::RULE,
    &forward_down::RULE,
    &forward_slow::RULE,
    &forward_broke_off::RULE,
    &forward_header_spoofed::RULE,
    &forward_status_not_ok::RULE,
    &unreachable::RULE,
    &speaks_no_tls::RULE,
    &handshake_failed::RULE,
];
