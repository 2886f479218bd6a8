//! Any container with any password: no panic, no endless key derivation, no private byte kept.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{facts::FileRole, parse::input};

fuzz_target!(|input: (&[u8], &str)| {
    let (bytes, password) = input;
    for mut file in input::read("fuzz.p12", FileRole::Anything, None, bytes) {
        let lines = file.excerpts.len();
        input::open_pkcs12(&mut file, bytes, password);
        assert_eq!(file.excerpts.len(), lines);
    }
});
