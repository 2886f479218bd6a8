//! A state from a JSON report of this program.
//!
//! Must not: say more of it than the report does.

use std::collections::HashMap;

use serde_json::Value;

use super::file_name;
use crate::{
    facts::{ChainUse, Side, common_name},
    report::diff::{Access, Listed, Role, Snapshot, State, Who},
};

/// A state from a report of ours: what it says of certificates, senders and clients.
pub fn of_report(report: &Value) -> Snapshot {
    let mut state = Snapshot::default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for case in list(&report["cases"]) {
        let door = file_name(&text(&case["path"]));
        let certificates = list(&case["certificates"]);
        let by_digest: HashMap<&str, &Value> = certificates
            .iter()
            .rev()
            .filter_map(|one| Some((one["sha256"].as_str()?, one)))
            .collect();
        for bundle in list(&case["bundles"]) {
            let holds = match bundle["holds"].as_str() {
                Some("anchors") => ChainUse::Anchors,
                _ => ChainUse::Identity,
            };
            let side = match bundle["role"].as_str() {
                Some("client") => Side::Client,
                _ => Side::Server,
            };
            let prints: Vec<String> = list(&bundle["sha256"]).iter().map(text).collect();
            for (index, sha256) in prints.iter().enumerate() {
                let Some(one) = by_digest.get(sha256.as_str()) else {
                    continue;
                };
                let day = text(&one["not_after"]);
                state.certificates.push(Listed {
                    role: Role::of(holds, side),
                    sha256: sha256.clone(),
                    label: format!(
                        "{}, until {}",
                        text(&one["subject"]),
                        day.split('T').next().unwrap_or_default()
                    ),
                });
                let leaf = bundle["leaf"].as_u64() == u64::try_from(index).ok();
                let server = holds == ChainUse::Identity && side == Side::Server;
                for name in list(&one["sans"])
                    .iter()
                    .map(text)
                    .filter(|_| leaf && server)
                {
                    if let Some(host) = name.strip_prefix("DNS:").or(name.strip_prefix("IP:")) {
                        state.access.push(Access {
                            door: door.clone(),
                            who: Who::Calls(host.to_owned()),
                            state: State::Accepted,
                            why: "the certificate covers the name".to_owned(),
                        });
                    }
                }
            }
        }
        for one in list(&case["readiness"]) {
            let known = match one["outlook"].as_str() {
                Some("ready") => State::Accepted,
                Some("breaks") => State::Ends,
                Some("broken") => State::Rejected,
                _ => State::Unknown,
            };
            state.access.push(Access {
                door: door.clone(),
                who: Who::Client(format!(
                    "{} (profile {})",
                    text(&one["title"]),
                    text(&one["profile"])
                )),
                state: known,
                why: text(&one["sentence"]),
            });
        }
        for one in list(&case["would_accept"]) {
            let client = text(&one["client"]);
            let name = common_name(&client).unwrap_or(&client);
            let known = match one["outcome"].as_str() {
                Some("accepted") => State::Accepted,
                Some("rejected") => State::Rejected,
                _ => State::Unknown,
            };
            state.access.push(Access {
                door: door.clone(),
                who: Who::Client(format!("{} (CN = {name})", text(&one["path"]))),
                state: known,
                why: text(&one["why"]),
            });
        }
    }
    state
}
