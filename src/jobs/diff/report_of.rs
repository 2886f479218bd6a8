//! A state from a JSON report of this program.
//!
//! Must not: say more of it than the report does; of whom the report says nothing, nothing is
//! known.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    DiffRequest,
    chains::{BY_NAMES, PUBLIC, below_ca, ends, is_known, issuer, useless_for},
    clients::{NO_CERTIFICATE, named},
    file_name,
};
use crate::{
    facts::{ChainUse, Eku, Format, Side, common_name},
    finding::Severity,
    report::diff::{Access, Fault, Limit, Limited, Listed, Role, Said, Snapshot, State, Who},
};

/// What a report leaves open.
const SILENT: &str = "the report does not say; write it with the same --profile and --would-accept, or compare the files";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A state from a report of ours: what it says of certificates, senders, clients and servers.
pub(super) fn of_report(report: &Value, name: &str, request: &DiffRequest) -> Snapshot {
    let mut state = Snapshot {
        partial: Some(SILENT),
        ..Snapshot::default()
    };
    for case in list(&report["cases"]) {
        let site = &case["site"];
        let door = match site["name"].as_str() {
            Some(name) => name.to_owned(),
            None => file_name(&text(&case["path"])),
        };
        let mut read = Reading {
            case,
            door: &door,
            report: name,
            request,
            state: &mut state,
        };
        read.bundles();
        read.outlooks();
        read.findings();
        if site.is_object() {
            read.state.sites.push(door.clone());
            read.settings(site);
            read.limits(site);
        } else if let Some(form) = form(case) {
            state.forms.push((door.clone(), form));
        }
    }
    // What chains were judged by is no part of a state.
    let beside = |one: &Listed| one.role == Role::TrustAnchors;
    if state.settings.is_empty() && !state.certificates.iter().all(beside) {
        state.certificates.retain(|one| !beside(one));
    }
    state
}

/// When a certificate ends.
fn until(certificate: &Value) -> Option<Timestamp> {
    certificate["not_after"].as_str()?.parse().ok()
}

/// How the one file of a case is written.
fn form(case: &Value) -> Option<Format> {
    let mut files = list(&case["files"]).iter();
    let file = files.find(|file| file["path"] == case["path"])?;
    match file["format"].as_str()? {
        "pem" => Some(Format::Pem),
        "der" => Some(Format::Der),
        "pkcs12" => Some(Format::Pkcs12),
        "java-keystore" => Some(Format::JavaKeystore),
        _ => None,
    }
}

/// A case of a report, as it is read.
struct Reading<'a> {
    case: &'a Value,
    door: &'a str,
    /// The report's file.
    report: &'a str,
    request: &'a DiffRequest,
    state: &'a mut Snapshot,
}

impl Reading<'_> {
    fn say(&mut self, who: Who, state: State, why: String) {
        self.say_until(None, who, state, why);
    }

    fn say_until(&mut self, ends: Option<Timestamp>, who: Who, state: State, why: String) {
        self.state.access.push(Access {
            door: self.door.to_owned(),
            who,
            state,
            why,
            ends,
        });
    }

    fn bundles(&mut self) {
        let case = self.case;
        let by_digest: HashMap<&str, &Value> = list(&case["certificates"])
            .iter()
            .rev()
            .filter_map(|one| Some((one["sha256"].as_str()?, one)))
            .collect();
        // Anchors have no entry there.
        let mut trust = list(&case["trust"]).iter();
        let bundles = list(&case["bundles"]);
        // As of a file: CAs by themselves are those that clients are verified by.
        let by_themselves =
            case["site"].is_null() && bundles.iter().all(|one| one["holds"] == "anchors");
        for bundle in bundles {
            let holds = match bundle["holds"].as_str() {
                Some("anchors") => ChainUse::Anchors,
                _ => ChainUse::Identity,
            };
            let side = match bundle["role"].as_str() {
                Some("client") => Side::Client,
                _ if by_themselves => Side::Client,
                _ => Side::Server,
            };
            let held: Vec<&Value> = list(&bundle["sha256"])
                .iter()
                .filter_map(|print| by_digest.get(print.as_str()?).copied())
                .collect();
            for one in &held {
                let day = text(&one["not_after"]);
                let day = day.split('T').next().unwrap_or_default();
                self.state.certificates.push(Listed {
                    role: Role::of(holds, side),
                    sha256: text(&one["sha256"]),
                    label: format!("{}, until {day}", text(&one["subject"])),
                });
            }
            if holds == ChainUse::Identity {
                let leaf = bundle["leaf"].as_u64();
                let leaf =
                    leaf.and_then(|leaf| list(&bundle["sha256"]).get(usize::try_from(leaf).ok()?));
                let leaf = leaf.and_then(|print| by_digest.get(print.as_str()?).copied());
                self.chain(side, leaf, held.last().copied(), trust.next());
            } else if side == Side::Client {
                self.below(&held);
            }
        }
    }

    fn below(&mut self, held: &[&Value]) {
        if !self.request.profiles.is_empty() {
            return;
        }
        let named = !self.request.would_accept.is_empty();
        self.state.lists_cas |= !named;
        for one in held {
            let key = text(&one["spki_sha256"]);
            if one["unreadable"].is_string() || (named && !is_known(&key)) {
                continue;
            }
            let access = Access {
                door: self.door.to_owned(),
                who: below_ca(&text(&one["subject"]), &key),
                state: State::Accepted,
                why: "their CA is in the file".to_owned(),
                ends: until(one).and_then(|until| ends(until, self.request.now)),
            };
            if is_known(&key) {
                self.state.of_senders.push(access);
            } else {
                self.state.access.push(access);
            }
        }
    }

    fn chain(
        &mut self,
        side: Side,
        leaf: Option<&Value>,
        top: Option<&Value>,
        trust: Option<&Value>,
    ) {
        let (Some(leaf), Some(top)) = (leaf, top) else {
            return;
        };
        let useless = self.useless(leaf, side);
        let ends = until(leaf).and_then(|until| ends(until, self.request.now));
        let names = list(&leaf["sans"]).iter().filter_map(Value::as_str);
        let subject = leaf["subject"].as_str().filter(|name| !name.is_empty());
        let names: Vec<Who> = match side {
            Side::Server => names
                .filter_map(|name| name.strip_prefix("DNS:").or(name.strip_prefix("IP:")))
                .map(|host| Who::Calls(host.to_owned()))
                .collect(),
            Side::Client => subject
                .into_iter()
                .chain(names)
                .map(|name| Who::LooksFor(name.to_owned()))
                .collect(),
        };
        let (covered, who): (_, fn(String) -> Who) = match side {
            Side::Server => ("the certificate covers the name", Who::TrustsRoot),
            Side::Client => ("the certificate has the name", Who::ServersTrust),
        };
        for name in names {
            match &useless {
                Some(why) => self.say_until(ends, name, State::Rejected, why.clone()),
                None => self.say_until(ends, name, State::Accepted, covered.to_owned()),
            }
        }
        let Some(trust) = trust else {
            return;
        };
        // By what the other state is judged decides what the root is called.
        let anchor = trust["anchor"].as_str();
        let anchor = anchor.filter(|_| self.request.cacert.is_some());
        let root = match (trust["anchor_public"].as_bool(), anchor) {
            (Some(true), _) => PUBLIC.to_owned(),
            (_, Some(anchor)) => common_name(anchor).unwrap_or(anchor).to_owned(),
            (_, None) => issuer(&text(&top["issuer"]), top["authority_key_id"].as_str()),
        };
        let problem = text(&trust["problems"][0]["why"]);
        let named = trust["anchor"].is_null() && list(&trust["stacks"]).is_empty();
        let (known, why) = match (useless, trust["status"].as_str()) {
            (Some(why), _) => (State::Rejected, why),
            (None, Some("trusted")) => (State::Accepted, "the chain leads there".to_owned()),
            (None, Some("untrusted")) => (State::Rejected, problem),
            (None, Some("unknown")) if named => (State::Accepted, BY_NAMES.to_owned()),
            (None, _) => (State::Unknown, problem),
        };
        self.say_until(ends, who(root), known, why);
    }

    /// Why nobody accepts the leaf.
    fn useless(&self, leaf: &Value, side: Side) -> Option<String> {
        let from = leaf["not_before"].as_str()?.parse().ok()?;
        let days = (from, until(leaf)?);
        let usage: Option<Vec<Eku>> = leaf["eku"].as_array().map(|all| {
            let known = [Eku::ServerAuth, Eku::ClientAuth, Eku::Any];
            let of = |one: &Value| {
                known
                    .iter()
                    .find(|eku| one.as_str() == Some(&eku.to_string()))
                    .cloned()
            };
            all.iter().filter_map(of).collect()
        });
        useless_for(usage.as_deref(), side, days, self.request.now)
    }

    fn outlooks(&mut self) {
        let case = self.case;
        for one in list(&case["readiness"]) {
            let known = match one["outlook"].as_str() {
                Some("ready") => State::Accepted,
                Some("breaks") => State::Ends,
                Some("broken") => State::Rejected,
                _ => State::Unknown,
            };
            let profile = text(&one["profile"]);
            let who = format!("{} (profile {profile})", text(&one["title"]));
            self.state.senders.push(profile);
            self.say(Who::Sender(who), known, text(&one["sentence"]));
        }
        for one in list(&case["would_accept"]) {
            let known = admitted(&one["outcome"]);
            let who = named(&text(&one["path"]), &text(&one["client"]));
            self.say(Who::Client(who), known, text(&one["why"]));
        }
    }

    fn findings(&mut self) {
        let case = self.case;
        let errors = list(&case["findings"]).iter();
        for one in errors {
            let (code, why) = (text(&one["code"]), text(&one["message"]));
            let (subject, path) = (text(&one["subject"]), one["place"]["path"].as_str());
            let severity = match one["severity"].as_str() {
                Some("error") => Severity::Error,
                Some("warning") => Severity::Warning,
                _ => Severity::Note,
            };
            let known = (code.as_str(), severity);
            let found = Fault::of(known, self.door, (&subject, path), &why);
            self.state.faults.extend(found);
        }
    }

    fn settings(&mut self, site: &Value) {
        let door = self.door;
        for (what, key) in [
            ("asked by", "client_auth"),
            ("depth", "intermediates"),
            ("TLS versions", "versions"),
            ("condition", "pins"),
            ("condition", "partly"),
            ("revocation lists", "crl"),
        ] {
            let said = &site[key];
            let one = said.is_object().then_some(said);
            for setting in one.into_iter().chain(list(said)) {
                let value = match setting["value"]["part"].as_str() {
                    Some(part) => format!("{part}: {}", text(&setting["text"])),
                    None => text(&setting["text"]),
                };
                self.state.settings.push(Said {
                    what: format!("{door}: {what}"),
                    value,
                    derived: false,
                });
            }
        }
        let mut predicted = list(&site["predicted"]).iter();
        let none = predicted.find(|one| one["client"] == "client-cert-not-sent");
        let mut doors = list(&site["doors"]).iter();
        let (known, why) = match none {
            _ if doors.any(|door| door["value"]["certain"] == true) => {
                (State::Accepted, "by another way in".to_owned())
            }
            Some(one) => (admitted(&one["outcome"]), text(&one["why"])),
            None => (State::Unknown, SILENT.to_owned()),
        };
        self.say(Who::Client(NO_CERTIFICATE.to_owned()), known, why);
    }

    /// What the server asks of clients beyond a CA.
    fn limits(&mut self, site: &Value) {
        let mut found = Vec::new();
        if let Some(versions) = site["versions"]["value"].as_array() {
            let numbers = versions.iter().filter_map(Value::as_u64);
            let numbers = numbers.filter_map(|number| u16::try_from(number).ok());
            found.push(Limited::Versions(numbers.collect()));
        }
        let mode = &site["client_auth"]["value"];
        let no_client = self.request.would_accept.is_empty();
        if no_client {
            if mode["asks"] == true && mode["checks"] == "all" {
                found.push(Limited::Checked);
                let most = site["intermediates"]["value"].as_u64();
                let most = most.or(site["intermediates_default"].as_u64());
                let most = most.and_then(|most| u32::try_from(most).ok());
                found.extend(most.map(Limited::Intermediates));
            }
            for setting in list(&site["pins"]) {
                found.push(Limited::Condition(text(&setting["text"])));
            }
            for setting in list(&site["partly"]) {
                let part = text(&setting["value"]["part"]);
                found.push(Limited::Condition(format!(
                    "{part}: {}",
                    text(&setting["text"])
                )));
            }
            // What is on a list is not in a report: one is the same as itself alone.
            for setting in list(&site["crl"]) {
                found.push(Limited::List(format!(
                    "{} {}",
                    self.report,
                    text(&setting["text"])
                )));
            }
        }
        if self.request.profiles.is_empty() {
            let door = self.door.to_owned();
            self.state
                .limits
                .extend(found.into_iter().map(|asks| Limit {
                    door: door.clone(),
                    asks,
                }));
        }
    }
}

fn admitted(outcome: &Value) -> State {
    match outcome.as_str() {
        Some("accepted") => State::Accepted,
        Some("rejected") => State::Rejected,
        _ => State::Unknown,
    }
}
