//! Any bytes: what a PEM file would be seen to hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::pem::scan;

fuzz_target!(|file: &[u8]| {
    drop(scan(file));
});
