//! `simulate --sender`: calls by a profile's own description, against a listener that knows the sender.

use mtls::profiles;

use crate::{senders::stranger, simulate::run::Rehearsal, support::Listen};

/// A listener that requires the certificates of this folder's CA and answers with this.
fn listener(folder: &Rehearsal, profile: &str, answer: &str, more: &[&str]) -> Listen {
    let respond = folder.write("answer", answer);
    knowing(folder, profile, &[&["--respond", &respond], more].concat())
}

/// The same, which answers as that sender expects.
fn knowing(folder: &Rehearsal, profile: &str, more: &[&str]) -> Listen {
    let flags = [
        "--cert",
        &folder.pki("server/fullchain.pem"),
        "--key",
        &folder.pki("server/key.pem"),
        "--client-ca",
        &folder.pki("client-ca.pem"),
        "--client-auth",
        "require",
        "--enforce",
        "--sender",
        profile,
    ];
    Listen::start([&flags, more].concat())
}

/// Both directions by the same data: what a sender sends, and the answer that it takes.
#[test]
fn a_listener_that_knows_the_sender_answers_as_it_expects() {
    let described = profiles::all()
        .iter()
        .filter(|profile| !profile.request.is_empty());
    let mut tried = 0;
    for profile in described {
        let folder = Rehearsal::of(&profile.name);
        let mut listen = knowing(&folder, &profile.name, &[]);
        let called = folder.simulate(listen.port(), &["--sender", &profile.name]);
        assert_eq!(called.code, 0, "{}: {:#}", profile.name, called.document);
        assert_eq!(called.calls()[0]["outcome"], "accepted");
        assert_eq!(listen.next()["client_certificate"], "presented");
        tried += 1;
    }
    assert!(tried >= 5, "{tried}");
}

#[test]
fn a_call_as_a_sender_is_judged_by_its_own_rule() {
    let review = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":\"{uid}\",\"allowed\":true}}";
    for (profile, good, bad) in [
        ("slack", "{challenge}", Some("{\"ok\":true}")),
        ("meta-webhooks", "{challenge}", Some("welcome")),
        ("kubernetes-admission", review, Some("{\"allowed\":true}")),
        ("pagerduty", "", None),
        ("docusign-connect", "", None),
    ] {
        let format = &profiles::find(profile).unwrap().request[0];
        let folder = Rehearsal::of(profile);
        for (answer, wanted) in [(Some(good), 0), (bad, 1)] {
            let Some(answer) = answer else { continue };
            let mut listen = listener(&folder, profile, &format.filled(answer), &[]);
            let called = folder.simulate(listen.port(), &["--sender", profile]);
            assert_eq!(called.code, wanted, "{profile}: {:#}", called.document);
            let call = &called.calls()[0];
            assert_eq!(call["outcome"], "accepted", "{profile}: {call:#}");
            if wanted == 1 {
                let findings = call["findings"].as_array().unwrap();
                assert!(
                    findings.iter().any(|finding| finding["code"] == "MT508"),
                    "{profile}: {findings:#?}"
                );
            }
            let came = listen.next();
            assert_eq!(came["http"]["method"], format.method.as_str(), "{came:#}");
            assert_eq!(came["client_certificate"], "presented", "{came:#}");
            let only12 = profile == "pagerduty";
            assert_eq!(came["protocol"] == "TLSv1.2", only12, "{came:#}");
        }
    }
}

#[test]
fn slack_waits_three_seconds() {
    let folder = Rehearsal::of("slack");
    let format = &profiles::find("slack").unwrap().request[0];
    let answer = format.filled("{challenge}");
    let listen = listener(&folder, "slack", &answer, &["--delay", "3200ms"]);
    let called = folder.simulate(listen.port(), &["--sender", "slack"]);
    let codes = called.document.to_string();
    assert!(codes.contains("MT510"), "{:#}", called.document);
}

/// Who needs the name of its CA presents nothing to a server that names another.
#[test]
fn a_sender_that_needs_ca_names_presents_nothing_to_others() {
    let folder = Rehearsal::of("docusign-connect");
    let other = folder.write("other.pem", stranger("Somebody Else"));
    let flags = [
        "--cert",
        &folder.pki("server/fullchain.pem"),
        "--key",
        &folder.pki("server/key.pem"),
        "--client-ca",
        &other,
        "--client-auth",
        "require",
        "--enforce",
    ];
    let mut listen = Listen::start(flags);
    let called = folder.simulate(listen.port(), &["--sender", "docusign-connect"]);
    assert_eq!(called.calls()[0]["outcome"], "rejected");
    let came = listen.next();
    assert_eq!(came["client_certificate"], "not-sent", "{came:#}");
}

/// A folder that was made for another sender rehearses that one's call: an answer to it proves
/// nothing about the sender that was named.
#[test]
fn a_folder_of_another_sender_is_not_taken() {
    let folder = Rehearsal::of("slack");
    let listen = knowing(&folder, "meta-webhooks", &[]);
    let called = folder.called(listen.port(), "/hook", &["--sender", "meta-webhooks"]);
    assert_eq!(called.code, Some(2), "{}", called.said());
    let wanted = "mtls pki DIR --profile meta-webhooks";
    assert!(called.stderr.contains(wanted), "{}", called.said());
}
