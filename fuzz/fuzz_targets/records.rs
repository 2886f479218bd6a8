//! Any bytes in any parts: what is found does not hang on how they came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::records::Records;

fuzz_target!(|input: (Vec<u8>, u8)| {
    let (bytes, step) = input;
    let read = |step: usize| {
        let mut records = Records::default();
        let mut found = Vec::new();
        for part in bytes.chunks(step) {
            records.read(part, |content, length| found.push((content, length)));
        }
        found
    };
    assert_eq!(read(usize::from(step) + 1), read(bytes.len().max(1)));
});
