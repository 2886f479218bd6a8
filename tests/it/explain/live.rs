//! The log of a real server that many clients called, good ones between bad ones: each refused
//! client is counted once, under its own fault or under a text that does not tell.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    simulate::run::{Simulated, text},
    support::{feed, mtls},
};

/// The client without a certificate is also what an inspection is: not counted here.
const NOBODY: &str = "client-cert-not-sent";

/// Holds what `explain` says of `log` to what `runs` of the matrix did to the server that wrote it.
/// `named` is how many kinds of clients the server's own texts tell apart.
pub(crate) fn told(log: &str, runs: &[Simulated], named: usize) {
    let mut refused: BTreeMap<&str, u64> = BTreeMap::new();
    for call in runs.iter().flat_map(Simulated::calls) {
        if call["outcome"] != "accepted" && call["client"] != NOBODY {
            *refused.entry(text(&call["client"])).or_default() += 1;
        }
    }
    let finished = feed(
        mtls().args(["explain", "-", "--format", "json"]),
        log.as_bytes(),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    // Where a log names no connection, its lines are counted.
    let counted = [("failures", "connections"), ("unnamed", "lines")]
        .into_iter()
        .flat_map(|(list, count)| {
            let rows = document[list].as_array().unwrap().iter();
            rows.map(move |row| (row, row[count].as_u64().unwrap()))
        });
    // An inspection hangs up when it has seen enough: no reason is printed then.
    let rejections: Vec<(&Value, u64)> = counted
        .filter(|(row, _)| {
            ["reason", "alert"]
                .iter()
                .any(|telling| row["telling"] == *telling)
                && row["fault"] != NOBODY
        })
        .collect();
    // A fault may have a row of connections and one of lines.
    let mut by_name: BTreeMap<&str, u64> = BTreeMap::new();
    let mut told = 0;
    for &(row, connections) in &rejections {
        told += connections;
        if row["faults"] == 1 {
            *by_name.entry(text(&row["fault"])).or_default() += connections;
        }
    }
    for (fault, &connections) in &by_name {
        // One text may be that of several faults: of two expired certificates in one chain.
        let wanted = refused.get(fault).copied().unwrap_or_default();
        assert!(
            wanted > 0 && connections >= wanted,
            "{fault}: {connections}\n{rejections:#?}\n{refused:#?}\n{log}"
        );
    }
    let names = by_name.len();
    let all: u64 = refused.values().sum();
    println!("{told} of {all} refused clients counted, {names} kinds by name");
    assert!(
        told == all && names >= named,
        "{told} of {all} connections, {names} of {named} kinds named: {rejections:#?}\n{refused:#?}\n{log}"
    );
}
