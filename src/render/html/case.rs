//! One case: its findings, its connection, its chains, and the rest folded away.

use maud::{Markup, html};

use super::{badge, calendar, connection, finding, rows, timeline, tree};
use crate::{
    engine::Judged,
    facts::{
        Admitted, BundleKey, Chain, ChainUse, Side, Site, TrustFacts, TrustStatus, TurnedAway,
    },
    parse::escape,
    render::{
        answer, fetched,
        picture::{self, phases},
        verifiers, words,
    },
    report,
};

/// The client that every webhook is to accept.
const VALID: &str = "valid";
/// Clients that none is to accept, whatever its verifier.
const BAD: [&str; 3] = [
    "client-cert-not-sent",
    "client-unknown-ca",
    "client-expired",
];

/// The case; `only` when there is no other on the page.
pub(super) fn case(judged: &Judged, number: usize, only: bool) -> Markup {
    let id = format!("case-{number}");
    if only {
        return html! {
            section.case id=(id) aria-label=(escape::text(&judged.case.title)) { h2.hidden { "In detail" } (body(judged, &id, true)) }
        };
    }
    let verdict = report::verdict(judged);
    html! {
        details.case id=(id) {
            summary {
                h2 { (badge(verdict)) " " (escape::text(&judged.case.title)) }
                " " span.sentence { (answer::reason(judged, judged.judged_at)) }
            }
            (body(judged, &id, false))
        }
    }
}

/// What is known of it; `remedies` says that they are not on the page already.
fn body(judged: &Judged, id: &str, remedies: bool) -> Markup {
    html! {
        (finding::all(judged, id, remedies))
        (connection::facts(judged))
        @if let Some(site) = judged.case.site() { (predicted(site)) }
        (chains(judged, id))
        @if let Some(dialled) = judged.case.dialled() {
            @let wanted = match judged.case.call() {
                Some(call) => call.as_expected(),
                None => dialled.turned_away(),
            };
            (timeline::timeline(&phases::of_call(&dialled.timings), &dialled.tls.timeline, wanted))
        }
        @if let Some(handshake) = judged.case.accepted() {
            (timeline::timeline(&phases::of_connection(&handshake.timings), &handshake.tls.timeline, false))
        }
        (connection::exchanges(judged))
        (connection::hello(judged))
        (looked_at(judged))
    }
}

/// Every chain that was presented, or is to be, and the anchors beside them.
fn chains(judged: &Judged, id: &str) -> Markup {
    let ours = |chain: &Chain| {
        // What a listener sends itself was not judged.
        let accepted = judged.case.accepted();
        accepted.is_some_and(|one| one.tls.seen_from == chain.role) && chain.trust.is_none()
    };
    html! {
        @for (place, chain) in judged.case.chains().enumerate() {
            @if !chain.links.is_empty() && !ours(chain) {
                @let nodes = match chain.holds {
                    ChainUse::Identity => picture::tree::tree(judged, place),
                    ChainUse::Anchors => picture::tree::anchors(judged, place),
                };
                @let title = title(chain);
                section.chain {
                    h3 { (title) }
                    @if let Some(trust) = &chain.trust { (trust_line(trust)) }
                    @if let Some(key) = key_of(judged, chain) { p { "Private key: " (key) } }
                    (tree::tree(&nodes, chain.in_file(), id))
                    // Anchors that a server is judged by here are its clients' business; those for
                    // clients decide who gets in, and end.
                    @if (chain.holds == ChainUse::Identity || chain.role == Side::Client)
                        && let Some(drawing) = picture::calendar::of(judged, chain, &nodes) {
                        (calendar::calendar(&drawing, &title))
                    }
                    @let fetched = fetched::lines(chain, true);
                    @if !fetched.is_empty() { (rows(&fetched)) }
                    @if let Some(view) = &chain.view {
                        @if !view.stores.is_empty() {
                            details {
                                summary { "What other trust stores say" }
                                (rows(&view.stores.iter().map(|store| {
                                    let status = match store.trust.status {
                                        TrustStatus::Trusted => "trusted",
                                        TrustStatus::Untrusted => "not trusted",
                                        TrustStatus::Disputed => "accepted by some, rejected by others",
                                        TrustStatus::Unknown if store.trust.unanswered() => "could not be checked",
                                        TrustStatus::Unknown => "no path to a root in this store",
                                    };
                                    (store.store.as_str(), status.to_owned())
                                }).collect::<Vec<_>>()))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn title(chain: &Chain) -> String {
    let side = match chain.role {
        Side::Client => "client",
        Side::Server => "server",
    };
    match (chain.holds, chain.in_file()) {
        (ChainUse::Identity, true) => format!("The {side}'s chain, as the file has it"),
        (ChainUse::Identity, false) => format!("The {side}'s chain, as it was sent"),
        (ChainUse::Anchors, _) => {
            format!(
                "Trust anchors for {side} certificates: {}",
                chain.links.len()
            )
        }
    }
}

fn trust_line(trust: &TrustFacts) -> Markup {
    let (class, word) = match trust.status {
        TrustStatus::Trusted => ("good", "trusted"),
        TrustStatus::Untrusted => ("bad", "not trusted"),
        TrustStatus::Disputed => ("uncertain", "accepted by some, rejected by others"),
        TrustStatus::Unknown => ("uncertain", words::unknown(trust)),
    };
    html! {
        p.trust.(class) {
            strong { (word) }
            @if let Some(anchor) = &trust.anchor { ", path to " (escape::text(anchor)) }
        }
        @if !trust.problems.is_empty() {
            ul.problems {
                @for problem in &trust.problems { li { (escape::text(&problem.why)) " " span.small { "(" (problem.error.num) ": " (problem.error.text) ")" } } }
            }
        }
        @for line in verifiers::lines(trust, trust.role) { p.small { (line.label) " " (line.text) } }
    }
}

fn key_of(judged: &Judged, chain: &Chain) -> Option<String> {
    let mut bundles = judged.case.bundles.iter();
    let bundle = bundles.find(|bundle| std::ptr::eq(&bundle.chain, chain))?;
    bundle.key.as_ref().map(|key| fits(key, chain.leaf))
}

fn fits(key: &BundleKey, leaf: usize) -> String {
    let kind = key.key.as_ref().map_or_else(
        || "of an unknown kind".to_owned(),
        |key| format!("{} {} bits", key.algorithm, key.bits),
    );
    let fits = match (key.matches.as_slice(), &key.problem) {
        (_, Some(problem)) => escape::text(&problem.to_string()),
        ([], None) => "matches no certificate of the chain".to_owned(),
        (matches, None) if matches.contains(&leaf) => "matches the leaf".to_owned(),
        (matches, None) => format!("matches certificate {}", matches[0] + 1),
    };
    format!("{kind}, {fits}")
}

/// Who gets in at a configured server.
fn predicted(site: &Site) -> Markup {
    html! {
        section {
            h3 { "Predicted at " (escape::text(&site.name)) }
            div.scroll role="region" aria-label="predicted admissions" tabindex="0" {
                table {
                    thead { tr { th scope="col" { "Client" } th scope="col" { "Outcome" } th scope="col" { "Why" } } }
                    tbody {
                        @for row in &site.predicted {
                            @let valid = row.client == VALID;
                            @let wrong = match row.admission.outcome {
                                Admitted::Rejected => valid,
                                Admitted::Accepted => BAD.contains(&row.client.as_str()),
                                Admitted::Unknown => false,
                            };
                            tr.wrong[wrong] {
                                th scope="row" { (row.client) }
                                td {
                                    (match row.admission.outcome {
                                        Admitted::Accepted => "accepted",
                                        Admitted::Rejected => "rejected",
                                        Admitted::Unknown => "unknown",
                                    })
                                    (match row.admission.rejected_by {
                                        Some(TurnedAway::Alert) => " (TLS alert)",
                                        Some(TurnedAway::HttpStatus) => " (HTTP status)",
                                        None => "",
                                    })
                                    @if wrong { span.hidden { ", which is wrong" } }
                                }
                                td { (escape::text(&row.admission.why)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The rules that found nothing, and those that had nothing to look at: three answers, never one.
fn looked_at(judged: &Judged) -> Markup {
    html! {
        details {
            summary { "Rules: " (judged.passed.len()) " passed, " (judged.skipped.len()) " did not apply" }
            ul.rules { @for rule in &judged.passed { li { (rule.code) " " (rule.name) } } }
            ul.rules { @for (rule, why) in &judged.skipped { li { (rule.code) " " (rule.name) ": " (why) } } }
        }
    }
}
