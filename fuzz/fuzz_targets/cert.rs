//! Any bytes: a certificate, readable or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::cert::certificate;

fuzz_target!(|der: &[u8]| {
    certificate(der);
});
