//! What recording may cost, and what is left of it when the run is killed or the disk is full.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::{files, post, post_to, read, recorded};
use crate::support::{Pki, descriptors, mtls, run, signal};

#[test]
fn a_run_that_is_killed_leaves_whole_cases_only() {
    let pki = Pki::new();
    let folder = pki.path("cases");
    let listen = pki.listen(&["--record", &folder]);
    let address = listen.address();
    let stop = AtomicBool::new(false);
    let body = vec![b'x'; 200_000];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    post_to(&pki, address, "valid", &[], &body);
                }
            });
        }
        let until = Instant::now() + Duration::from_secs(30);
        while fs::read_dir(&folder).unwrap().count() < 12 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        signal(listen.pid(), "KILL");
        stop.store(true, Ordering::Relaxed);
    });
    let cases = files(&folder);
    assert!(cases.len() >= 8, "{}", cases.len());
    for case in &cases {
        assert_eq!(read(case)["kind"], "case", "{}", case.display());
    }
    // What was not whole yet is taken for a case by nobody.
    let shown = run(mtls().args(["case", "export", "har", &folder]), 60);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
}

#[test]
fn the_oldest_cases_go_first_and_others_stay() {
    let pki = Pki::new();
    let folder = pki.path("cases");
    fs::create_dir(&folder).unwrap();
    fs::write(format!("{folder}/mine.case.json"), "{}").unwrap();
    let report = recorded(&pki, &["--record-max-files", "3"], |listen| {
        for number in 0..6 {
            post(
                &pki,
                listen,
                "valid",
                &[("x-number", &number.to_string())],
                b"{}",
            );
            // Connections end, and are recorded, side by side: the next one waits its turn.
            let until = Instant::now() + Duration::from_secs(30);
            while !holds(&files(&folder), number) && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    });
    assert!(
        report.stderr.contains("6 cases recorded") && report.stderr.contains("3 cases deleted"),
        "{}",
        report.stderr
    );
    assert!(
        report.stderr.contains("other users can look into it"),
        "{}",
        report.stderr
    );
    let left = files(&folder);
    assert_eq!(left.len(), 4, "{left:?}");
    for number in 3..6 {
        assert!(holds(&left, number), "{number}: {left:?}");
    }
}

/// Whether one of the cases has the request with this number.
fn holds(cases: &[PathBuf], number: usize) -> bool {
    let field = format!("\"{number}\"");
    cases.iter().any(|path| {
        // One may be deleted between the listing and here.
        let text = fs::read_to_string(path).unwrap_or_default();
        text.contains("x-number") && text.contains(&field)
    })
}

/// A folder that cannot be written to any more is said once, and every call is answered.
#[test]
fn a_disk_that_takes_no_more_ends_no_call() {
    let pki = Pki::new();
    let folder = pki.path("cases");
    let listen = pki.listen(&["--record", &folder]);
    post(&pki, &listen, "valid", &[], b"{}");
    let until = Instant::now() + Duration::from_secs(30);
    while files(&folder).is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::remove_dir_all(&folder).unwrap();
    for _ in 0..5 {
        post(&pki, &listen, "valid", &[], b"{}");
    }
    let report = listen.finish();
    assert_eq!(report.connections().len(), 6);
    assert!(
        report
            .connections()
            .iter()
            .all(|one| one["http"]["answer"]["status"] == 200)
    );
    assert_eq!(
        report.stderr.matches("calls go on").count(),
        1,
        "{}",
        report.stderr
    );
    assert!(
        report.stderr.contains("5 not recorded"),
        "{}",
        report.stderr
    );
}

/// Resident memory of a process, in KiB.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kib.unwrap_or(0)
}

#[test]
fn recording_thousands_of_connections_keeps_memory_flat() {
    let _alone = descriptors();
    let count: usize =
        std::env::var("RECORD_CONNECTIONS").map_or(600, |text| text.parse().unwrap());
    let pki = Pki::new();
    let folder = pki.path("cases");
    let listen = pki.listen(&["--record", &folder, "--record-max-files", "50"]);
    let body = vec![b'x'; 20_000];
    let address = listen.address();
    let calls = |count: usize| {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..count / 4 {
                        post_to(&pki, address, "valid", &[], &body);
                    }
                });
            }
        });
    };
    calls(count / 3);
    let early = memory(listen.pid());
    calls(count - count / 3);
    let late = memory(listen.pid());
    let report = listen.finish();
    println!(
        "memory after {} connections {early} KiB, after {count} {late} KiB",
        count / 3
    );
    assert!(late < early + 40 * 1024, "{early} KiB, then {late} KiB");
    assert!(files(&folder).len() <= 50);
    // A machine that is busy with other tests may not write all of them in time, and says so.
    let said = [" recorded in ", "are not recorded"];
    let any = said.iter().any(|part| report.stderr.contains(part));
    assert!(any, "{}", report.stderr);
}
