//! Any bytes: a revocation list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::crl::revocation_list;

fuzz_target!(|list: &[u8]| {
    drop(revocation_list(list));
});
