//! Any bytes as a webhook's answer, and as a token to check: a list of problems, never more.
#![no_main]

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use mtls::{
    dialogflow::{Api, judge},
    token::{Keys, Wanted, verify},
};

fuzz_target!(|bytes: &[u8]| {
    for api in Api::ALL {
        assert!(judge(api, bytes).problems.len() <= 50);
    }
    let _ = Keys::parse(bytes);
    let wanted = Wanted {
        keys: None,
        issuers: Vec::new(),
        audiences: vec!["a".to_owned()],
        email: "service-{project-number}@example".to_owned(),
        project_number: Some("1".to_owned()),
        sender_named: true,
        skew: SignedDuration::ZERO,
    };
    // Without keys nothing is ever valid.
    assert!(!verify(&String::from_utf8_lossy(bytes), &wanted, Timestamp::UNIX_EPOCH).verified);
});
