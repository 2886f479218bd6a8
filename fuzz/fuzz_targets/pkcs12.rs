//! Any container or encrypted key with any password: no panic, no endless key derivation, no private byte kept.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    facts::{FileRole, Format},
    parse::input::{self, Password},
};

fuzz_target!(|input: (&[u8], &str)| {
    let (bytes, password) = input;
    let password = Password::new(password.to_owned());
    for file in input::read_with("fuzz.p12", FileRole::Anything, None, bytes, Some(&password)) {
        // What was inside has no text of its own to show.
        assert!(file.format != Format::Pkcs12 || file.excerpts.is_empty());
    }
});
