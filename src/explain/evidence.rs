//! What facts make of causes: proven, or struck.
//!
//! For: `cli`, which gets the facts (a recorded case, files, a call). Must not: judge anew: rules
//! that fired prove, rules that passed strike.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Cause, Explanation, Likelihood, Match, RootCause, RuledOut,
    causes::REJECTED,
    fault::{Area, Fault, fault},
};
use crate::{
    engine::Judged,
    facts::{Side, TrustFacts},
    rules,
};

/// What was looked at: a rule that found nothing in a server's certificate says nothing about a
/// client's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A client's certificate and key.
    pub client: bool,
    /// A server's certificate and key.
    pub server: bool,
    /// The authorities that clients are checked against.
    pub anchors: bool,
    /// What is said on the wire: versions, names, ports, answers.
    pub wire: bool,
}

impl Scope {
    fn covers(self, fault: &Fault) -> bool {
        match fault.area {
            Area::Authorities(_) => self.anchors,
            Area::Party(Side::Client) if fault.id == "client-root-expired" => self.anchors,
            Area::Party(Side::Client) if fault.id == "client-unknown-ca" => {
                self.client || self.anchors
            }
            Area::Party(Side::Client) | Area::Files(Side::Client) => self.client,
            Area::Party(Side::Server) | Area::Files(Side::Server) => self.server,
            _ => self.wire,
        }
    }
}

/// A rule that looked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    code: String,
    found: bool,
    scope: Scope,
}

/// Rules that looked, and at what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Where it comes from, in words: a file's name, a host.
    pub sources: Vec<String>,
    /// The chains that were judged, as far as a verifier was asked about them: a text of one
    /// verifier says nothing of another.
    pub chains: Vec<TrustFacts>,
    looks: Vec<Look>,
}

impl Evidence {
    /// Adds what was judged.
    pub fn add(&mut self, source: &str, judged: &Judged, scope: Scope) {
        self.sources.push(source.to_owned());
        self.chains.extend(
            judged
                .case
                .chains()
                .filter_map(|chain| chain.trust.clone())
                .filter(|trust| !trust.stacks.is_empty()),
        );
        let fired = judged
            .findings
            .iter()
            .map(|finding| (finding.rule.code, true));
        let passed = judged.passed.iter().map(|rule| (rule.code, false));
        for (code, found) in fired.chain(passed) {
            self.look(code, found, scope);
        }
    }

    /// Adds what a document or a line of this program's own JSON says: every `findings[].code` and
    /// `passed[]` in it.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(&mut self, source: &str, text: &str) -> Result<(), String> {
        let mut any = false;
        let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        for value in values {
            let value = value
                .map_err(|error| format!("{source}: not JSON: {}", crate::failure::json(&error)))?;
            let scope = scope_of(&value);
            any |= self.gather(&value, scope);
        }
        if !any {
            return Err(format!(
                "{source}: no `findings` and no `passed` in it; expected the output of mtls with --format json or jsonl"
            ));
        }
        self.sources.push(source.to_owned());
        Ok(())
    }

    fn look(&mut self, code: &str, found: bool, scope: Scope) {
        let look = Look {
            code: code.to_owned(),
            found,
            scope,
        };
        if !self.looks.contains(&look) {
            self.looks.push(look);
        }
    }

    fn gather(&mut self, value: &Value, scope: Scope) -> bool {
        match value {
            Value::Object(fields) => {
                let mut any = false;
                for (key, value) in fields {
                    match (key.as_str(), value) {
                        ("findings", Value::Array(findings)) => {
                            any = true;
                            for code in findings
                                .iter()
                                .filter_map(|finding| finding.get("code")?.as_str())
                            {
                                self.look(code, true, scope);
                            }
                        }
                        ("passed", Value::Array(codes)) => {
                            any = true;
                            for code in codes.iter().filter_map(Value::as_str) {
                                self.look(code, false, scope);
                            }
                        }
                        _ => any |= self.gather(value, scope),
                    }
                }
                any
            }
            Value::Array(values) => {
                let mut any = false;
                for value in values {
                    any |= self.gather(value, scope);
                }
                any
            }
            _ => false,
        }
    }

    /// What the rules that know this fault say of it. The rule that fires for the fewest other
    /// faults has the first word.
    fn about(&self, id: &str) -> Word {
        let Some(fault) = fault(id) else {
            return Word::Nothing;
        };
        let mut rules: Vec<(usize, &'static str)> = fault
            .rules
            .iter()
            .map(|code| (breadth(code), *code))
            .collect();
        rules.sort_unstable();
        for (breadth, code) in rules {
            let looked = |found: bool| {
                self.looks.iter().any(|look| {
                    look.found == found && look.code == code && look.scope.covers(fault)
                })
            };
            if looked(true) {
                return if breadth == 1 {
                    Word::Proven(code)
                } else {
                    Word::Supported(code)
                };
            }
            if looked(false) {
                return Word::RuledOut(code);
            }
        }
        Word::Nothing
    }
}

/// What evidence says of a fault, and the rule that says it.
enum Word {
    Proven(&'static str),
    Supported(&'static str),
    RuledOut(&'static str),
    Nothing,
}

/// For how many faults a rule fires; the same fault at the other side is no other.
fn breadth(code: &str) -> usize {
    let faults = rules::find(code).map_or(&[][..], |rule| rule.faults);
    faults
        .iter()
        .map(|id| fault(id).map_or(*id, Fault::kind))
        .collect::<BTreeSet<_>>()
        .len()
}

/// What a recorded document is about, by the roles of the chains in it.
fn scope_of(value: &Value) -> Scope {
    let mut roles = BTreeSet::new();
    gather_roles(value, &mut roles);
    let known = !roles.is_empty();
    Scope {
        client: roles.contains("client") || !known,
        server: roles.contains("server") || !known,
        anchors: !known,
        wire: true,
    }
}

fn gather_roles<'a>(value: &'a Value, roles: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("trust", Value::Array(chains)) => roles.extend(
                        chains
                            .iter()
                            .filter_map(|chain| chain.get("role")?.as_str()),
                    ),
                    _ => gather_roles(value, roles),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather_roles(value, roles)),
        _ => {}
    }
}

impl Explanation {
    /// Proves and strikes causes by what was seen.
    pub fn narrow(&mut self, evidence: &Evidence) {
        if evidence.sources.is_empty() {
            return;
        }
        let from = evidence.sources.join(", ");
        for found in &mut self.matches {
            narrow_one(found, evidence, &from);
        }
        let found_by = self.matches.iter().find_map(|found| {
            let cause = found.causes.first()?;
            match evidence.about(cause.fault) {
                Word::Proven(rule) | Word::Supported(rule) => Some((cause, found, rule)),
                Word::RuledOut(_) | Word::Nothing => None,
            }
        });
        if let Some((cause, found, rule)) = found_by {
            self.root_cause = Some(RootCause {
                fault: cause.fault,
                text: found.text.clone(),
                why: format!("{rule} found it in {from}"),
            });
            return;
        }
        let left = || {
            self.matches
                .iter()
                .flat_map(|found| found.causes.iter().map(move |cause| (found, cause)))
        };
        let stands = self
            .root_cause
            .as_ref()
            .is_some_and(|root| left().any(|(_, cause)| cause.fault == root.fault));
        if !stands {
            self.root_cause = left().next().map(|(found, cause)| RootCause {
                fault: cause.fault,
                text: found.text.clone(),
                why: format!("the most likely cause that is not ruled out by {from}"),
            });
        }
    }
}

fn narrow_one(found: &mut Match, evidence: &Evidence, from: &str) {
    let (mut proven, mut supported, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for mut cause in std::mem::take(&mut found.causes) {
        match evidence.about(cause.fault) {
            Word::Proven(_) => {
                cause.likelihood = Likelihood::Certain;
                proven.push(cause);
            }
            Word::Supported(_) => {
                cause.likelihood = Likelihood::Likely;
                supported.push(cause);
            }
            Word::RuledOut(rule) => found.struck.push(RuledOut {
                fault: cause.fault,
                rule,
                why: format!("{rule} checked {from} and found nothing"),
            }),
            Word::Nothing => left.push(cause),
        }
    }
    if !proven.is_empty() || !supported.is_empty() {
        for cause in &mut left {
            cause.likelihood = Likelihood::Possible;
        }
    }
    proven.append(&mut supported);
    proven.append(&mut left);
    let all: f64 = proven.iter().map(|cause| cause.weight).sum();
    for cause in &mut proven {
        cause.weight /= all;
    }
    found.tell_apart = tell_apart(&proven);
    found.causes = proven;
}

/// The one command that tells these causes apart, by the side that the leading ones are at.
pub(super) fn tell_apart(causes: &[Cause]) -> Option<&'static str> {
    let leading: Vec<Area> = causes
        .iter()
        .take(3)
        .filter_map(|cause| Some(fault(cause.fault)?.area))
        .collect();
    let first = *leading.first()?;
    let most = |fits: fn(&Area) -> bool| {
        fits(&first) || leading.iter().filter(|area| fits(area)).count() * 2 > leading.len()
    };
    let files = |side: Side| {
        leading
            .iter()
            .any(|area| matches!(area, Area::Files(of) | Area::Authorities(of) if *of == side))
    };
    let at_the_client = |area: &Area| {
        area.side() == Some(Side::Client)
            || matches!(
                area,
                Area::NoCommon | Area::Alpn | Area::Peer(Some(Side::Client)) | Area::PlainHttp
            )
    };
    let server = |area: &Area| {
        matches!(
            area,
            Area::Party(Side::Server) | Area::Peer(Some(Side::Server)) | Area::Sni
        )
    };
    Some(if first == Area::Webhook {
        "mtls simulate https://HOST/ --event es"
    } else if matches!(first, Area::Authorities(Side::Server)) {
        "mtls lint --client-ca clients.pem"
    } else if matches!(first, Area::Authorities(Side::Client))
        || server(&first)
        || of_server(causes.first()?.fault)
    {
        "mtls inspect HOST:443"
    } else if matches!(first, Area::Party(Side::Client)) {
        // Whoever owns the server has not got the client's files: it shows what arrives.
        "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem"
    } else if files(Side::Server) {
        "mtls lint --cert fullchain.pem --key key.pem --client-ca clients.pem"
    } else if files(Side::Client) {
        "mtls lint --role client --cert client.pem --key client-key.pem"
    } else if most(at_the_client) {
        "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem"
    } else if most(|area| *area == Area::Upstream) {
        "mtls inspect UPSTREAM:443"
    } else {
        "mtls simulate https://HOST/ --client none"
    })
}

/// Faults of the server's certificate that another side's id names.
fn of_server(fault: &str) -> bool {
    fault == REJECTED
}
