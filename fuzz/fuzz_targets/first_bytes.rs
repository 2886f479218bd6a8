//! Any bytes, and whether they are all: an end always brings an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::first_bytes::{Sniff, sniff};

fuzz_target!(|input: (bool, &[u8])| {
    let (ended, bytes) = input;
    match sniff(bytes, ended) {
        Sniff::NeedMore => assert!(!ended),
        Sniff::Proxy { length, .. } => assert!(length <= bytes.len()),
        Sniff::Known(_) => {}
    }
});
