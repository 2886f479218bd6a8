//! Any OCSP response for any certificate: no panic, and nothing that is not signed is called good
//! without a word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    facts::StapleStatus,
    parse::{cert, sct},
    verify::staple,
};

fuzz_target!(|input: (&[u8], &[u8])| {
    let (response, der) = input;
    let certificate = cert::certificate(der);
    let _ = sct::embedded(&certificate);
    let judged = staple::judge(response, &[&certificate], jiff::Timestamp::UNIX_EPOCH);
    // Without an issuer no signature can hold.
    assert!(judged.problem.is_some() || judged.status != StapleStatus::Good);
});
