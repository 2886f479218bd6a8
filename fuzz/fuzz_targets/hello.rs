//! Any bytes: a hello or a reason why not, and what is wanted is always more than what is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::parse::hello::{HelloError, client_hello};

fuzz_target!(|bytes: &[u8]| {
    if let Err(HelloError::Incomplete { have, want }) = client_hello(bytes) {
        assert!(have == bytes.len() && want > have);
    }
});
