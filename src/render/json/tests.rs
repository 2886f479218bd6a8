//! The document of a long run.

use std::{
    io,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::*;
use crate::{
    engine,
    report::{Command, FailOn, Sink, tally::Tally},
    rules::fixture::Fixture,
};

/// What rules said is looked up once for each rule of each case: with a list to search the time
/// grew by the square of the cases, 13 seconds at 5,000 connections.
#[test]
fn a_document_of_many_cases_takes_time_by_their_number() {
    let (case, context) = Fixture::good().leaf_expired().done();
    let mut judged = engine::judge(case, &context);
    judged.case.subject = crate::facts::Deployment::default().into();
    let finding = judged.findings[0].clone();
    judged.findings = vec![finding; 50];
    assert!(judged.passed.len() > 20);
    let mut sink = Json::new(io::sink());
    for _ in 0..1_000 {
        sink.case(&judged).unwrap();
    }
    let run = Tally::new(None, FailOn::Error, None).finish(
        Command::Listen,
        Timestamp::UNIX_EPOCH,
        Timestamp::UNIX_EPOCH,
        &[],
    );
    let began = Instant::now();
    sink.finish(&run).unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(12),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_rule_passed_where_it_hit_nowhere_and_was_skipped_where_it_applied_nowhere() {
    let cases = [Fixture::good(), Fixture::good().leaf_expired()].map(|fixture| {
        let (case, context) = fixture.done();
        engine::judge(case, &context)
    });
    let mut out = Vec::new();
    let mut sink = Json::new(&mut out);
    cases.iter().for_each(|judged| sink.case(judged).unwrap());
    let run = Tally::new(None, FailOn::Error, None).finish(
        Command::Listen,
        Timestamp::UNIX_EPOCH,
        Timestamp::UNIX_EPOCH,
        &[],
    );
    sink.finish(&run).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let passed: Vec<&str> = document["passed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let skipped: Vec<&str> = document["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["code"].as_str().unwrap())
        .collect();
    // It passed in the first and hit in the second.
    assert!(cases[0].passed.iter().any(|rule| rule.code == "MT201"));
    assert!(!passed.contains(&"MT201") && !skipped.contains(&"MT201"));
    assert!(passed.is_sorted() && passed.contains(&"MT202"));
    let mut once = skipped.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), skipped.len());
    assert!(skipped.iter().all(|code| !passed.contains(code)));
}
