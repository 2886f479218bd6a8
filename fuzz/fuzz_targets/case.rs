//! Any bytes as a recorded case: read, judged by, redacted, shown and exported without a panic; what was
//! redacted once is not redacted again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    jobs::cases::redacted,
    parse::case::{certificates, is_case, read},
    render::{
        exported::{curl, har, hurl},
        json::rewritten,
        text::{Detail, Look, case as page},
    },
};

fuzz_target!(|bytes: &[u8]| {
    is_case(bytes);
    let Ok(case) = read("fuzzed", bytes) else {
        return;
    };
    certificates(case.evidence.anchors.iter().map(|anchor| &*anchor.pem));
    let look = Look {
        now: jiff::Timestamp::UNIX_EPOCH,
        detail: Detail::Usual,
        width: Some(80),
    };
    page("fuzzed", &case, look);
    let once = redacted(case, [7; 32]);
    let again = redacted(once.clone(), [7; 32]);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    assert!(rewritten(&mut first, &once).is_ok() && rewritten(&mut second, &again).is_ok());
    assert_eq!(first, second);
    har(std::slice::from_ref(&once));
    curl(std::slice::from_ref(&once));
    hurl(std::slice::from_ref(&once));
});
