//! The wire formats of webhooks: Dialogflow's (which request a body is, what to answer, what a
//! request looks like), and those that a profile describes as data (`described`).
//!
//! For: `listen` (which answers), `simulate` and `demo` (which ask), rules about HTTP. Must not: do
//! input or output.
//!
//! Field names: googleapis/googleapis at f8291d2b (2026-08-22),
//! `google/cloud/dialogflow/v2/webhook.proto` and `google/cloud/dialogflow/cx/v3/webhook.proto`.
//! Their JSON form is proto3's: names are written in camelCase, readers take snake_case as well,
//! and `null` is the same as absent.

mod answer;
mod api;
mod build;
mod described;
mod judge;
mod kind;
mod parameters;
mod request;
mod schema;

use std::time::Duration;

use build::set;

pub use answer::default_answer;
pub use api::Api;
pub use build::{RequestSpec, build, parse_set};
pub use described::{body as described_body, judge_described, path as described_path};
pub use judge::judge;
pub use kind::request_kind;
pub use parameters::session_parameters;
pub use request::{cx_hi_request, es_hi_request, headers, simulated_bearer, simulated_claims};

/// The largest answer body that Dialogflow takes, in bytes: 64 KiB in ES
/// (docs.cloud.google.com/dialogflow/docs/fulfillment-webhook) and in CX
/// (docs.cloud.google.com/dialogflow/cx/docs/concept/webhook), both seen 2026-11-23.
pub const ANSWER_LIMIT: usize = 64 * 1024;

/// How long Dialogflow ES waits for the answer
/// (docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, seen 2026-11-23). The same page
/// speaks of longer thresholds that can be set without saying how long: this is the default.
pub const ES_TIMEOUT: Duration = Duration::from_secs(5);

/// How long Dialogflow CX waits unless the webhook resource says otherwise (`Webhook.timeout` in
/// `google/cloud/dialogflow/cx/v3/webhook.proto`, 2026-08-22).
pub const CX_TIMEOUT_DEFAULT: Duration = Duration::from_secs(5);

/// The longest that Dialogflow CX can be told to wait (the same comment, 2026-08-22).
pub const CX_TIMEOUT_MAX: Duration = Duration::from_secs(30);

/// The camelCase name of a field as snake_case, the other spelling that proto3's JSON form allows.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// The field of an object under its camelCase name or its snake_case one; `null` is absent.
fn field<'a>(object: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    [name, &snake_case(name)]
        .into_iter()
        .find_map(|name| object.get(name).filter(|value| !value.is_null()))
}
