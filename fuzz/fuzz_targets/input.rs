//! Any bytes: a file that `lint` was given, put together and held to the profile.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::facts::FileRole;
use mtls::parse::{bundle, input};
use mtls::verify::conformance;

fuzz_target!(|file: &[u8]| {
    let files = input::read("f", FileRole::Chain, None, file);
    for mut bundle in bundle::assemble(&files, None) {
        conformance::note(&mut bundle.chain);
    }
});
