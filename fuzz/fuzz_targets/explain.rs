//! Any log and any question: no panic, causes ordered, everything shown harmless.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::explain::{Evidence, Log, dictionary, query};

fuzz_target!(|input: (&str, &[u8])| {
    let (asked, bytes) = input;
    let mut log = Log::new(dictionary());
    for line in bytes.split(|byte| *byte == b'\n') {
        log.line(line);
    }
    for mut answer in [log.finish(), query(dictionary(), asked)] {
        assert_eq!(answer.known, !answer.matches.is_empty());
        for found in &answer.matches {
            assert!(!found.text.contains(['\u{1b}', '\n']) || found.text == asked);
            assert!(found.causes.windows(2).all(|pair| pair[0].fault != pair[1].fault));
        }
        let mut evidence = Evidence::default();
        let _ = evidence.read("fuzz", asked);
        answer.narrow(&evidence);
    }
});
