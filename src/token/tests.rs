use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use std::sync::LazyLock;

use super::*;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
const AUDIENCE: &str = "https://webhook.example/hook";

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn claims() -> Value {
    json!({
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "email": "service-1234@gcp-sa-dialogflow.iam.gserviceaccount.com",
        "email_verified": true,
        "iat": now().as_second() - 60,
        "exp": now().as_second() + 3540,
    })
}

fn wanted() -> Wanted {
    Wanted {
        keys: Some(Keys::parse(KEY.key_set().to_string().as_bytes()).unwrap()),
        issuers: vec![
            "https://accounts.google.com".to_owned(),
            "accounts.google.com".to_owned(),
        ],
        audiences: vec![AUDIENCE.to_owned()],
        email: "service-{project-number}@gcp-sa-dialogflow.iam.gserviceaccount.com".to_owned(),
        project_number: Some("1234".to_owned()),
        sender_named: false,
        skew: SignedDuration::from_secs(10),
    }
}

fn faults(token: &str) -> Vec<TokenFault> {
    let checked = verify(token, &wanted(), now());
    let faults: Vec<TokenFault> = checked
        .check
        .unwrap()
        .problems
        .iter()
        .map(|problem| problem.problem)
        .collect();
    assert_eq!(checked.verified, faults.is_empty());
    faults
}

fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims();
    change(&mut claims);
    mint(&claims, &KEY).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[test]
fn only_the_good_one_is_valid() {
    use TokenFault::*;
    let good = with(|_| ());
    assert_eq!(faults(&good), []);
    assert_eq!(faults(&format!("Authorization: Bearer {good}")), []);
    assert_eq!(faults(&format!("bearer {good}\n")), []);
    let second = now().as_second();
    for (token, fault) in [
        (with(|claims| claims["exp"] = json!(second - 11)), Expired),
        (
            with(|claims| {
                claims.as_object_mut().unwrap().remove("exp");
            }),
            NoExpiry,
        ),
        (
            with(|claims| claims["nbf"] = json!(second + 60)),
            NotYetValid,
        ),
        (
            with(|claims| claims["iat"] = json!(second + 60)),
            NotYetValid,
        ),
        (
            with(|claims| claims["aud"] = json!("https://other.example/")),
            WrongAudience,
        ),
        (
            with(|claims| claims["iss"] = json!("https://evil.example")),
            WrongIssuer,
        ),
        (
            with(|claims| {
                claims["email"] = json!("service-9@gcp-sa-dialogflow.iam.gserviceaccount.com")
            }),
            WrongProject,
        ),
        (
            with(|claims| claims["email"] = json!("service-1234@evil.example")),
            WrongProject,
        ),
        (
            with(|claims| claims["email_verified"] = json!(false)),
            EmailNotVerified,
        ),
        ("ya29.a0AfH6SMBx-abc_def".to_owned(), OpaqueAccessToken),
        (
            "0123456789abcdef0123456789abcdef".to_owned(),
            OpaqueAccessToken,
        ),
        (good[..good.len() / 2].to_owned(), Malformed),
        (String::new(), Malformed),
        ("a.b.c".to_owned(), Malformed),
    ] {
        assert_eq!(faults(&token), [fault], "{token}");
    }
    // Within the skew.
    assert_eq!(
        faults(&with(|claims| claims["exp"] = json!(second - 9))),
        []
    );
    assert_eq!(
        faults(&with(|claims| claims["aud"] = json!(["x", AUDIENCE]))),
        []
    );
}

#[test]
fn forgeries_are_named() {
    let good = with(|_| ());
    let none = format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims()));
    assert_eq!(faults(&none), [TokenFault::AlgorithmNone]);
    // The public key taken for a shared secret.
    let signed = format!(
        "{}.{}",
        part(&json!({"alg": "HS256", "kid": KEY.key_set()["keys"][0]["kid"]})),
        part(&claims())
    );
    let secret = KEY.key_set().to_string();
    let tag = aws_lc_rs::hmac::sign(
        &aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes()),
        signed.as_bytes(),
    );
    let confused = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
    assert_eq!(faults(&confused), [TokenFault::AlgorithmNotAllowed]);
    let stranger = mint(&claims(), &SigningKey::generate().unwrap()).unwrap();
    assert_eq!(faults(&stranger), [TokenFault::UnknownKey]);
    let (_, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = good.split_once('.').unwrap();
    let mut other = claims();
    other["sub"] = json!("somebody else");
    assert_eq!(
        faults(&format!("{header}.{}.{signature}", part(&other))),
        [TokenFault::BadSignature]
    );
}

#[test]
fn every_problem_is_told_and_what_was_not_checked() {
    let token = with(|claims| {
        claims["iss"] = json!("x");
        claims["aud"] = json!("y");
        claims["exp"] = json!(1);
    });
    assert_eq!(
        faults(&token),
        [
            TokenFault::Expired,
            TokenFault::WrongIssuer,
            TokenFault::WrongAudience
        ]
    );
    let loose = Wanted {
        keys: None,
        audiences: Vec::new(),
        project_number: None,
        ..wanted()
    };
    let check = verify(&with(|_| ()), &loose, now()).check.unwrap();
    assert_eq!(check.problems[0].problem, TokenFault::SignatureNotChecked);
    assert_eq!(check.unchecked.len(), 2);
    assert_eq!(check.project_number.as_deref(), Some("1234"));
}

#[test]
fn hostile_tokens_end_in_time() {
    let long = "a".repeat(10_000_000);
    assert_eq!(faults(&long), [TokenFault::OpaqueAccessToken]);
    assert_eq!(
        faults(&format!("{long}.{long}.{long}")),
        [TokenFault::Malformed]
    );
    assert_eq!(faults(&".".repeat(1_000_000)), [TokenFault::Malformed]);
}

#[test]
fn key_sets_are_read_or_refused() {
    assert!(
        Keys::parse(b"{\"keys\":[]}")
            .unwrap_err()
            .contains("found 0")
    );
    assert!(Keys::parse(b"<html>").is_err());
    let key = SigningKey::from_pkcs8(&KEY.pkcs8().unwrap()).unwrap();
    assert_eq!(key.key_set(), KEY.key_set());
}

fn told(token: &str, wanted: &Wanted) -> (Vec<TokenFault>, Token) {
    let token = verify(token, wanted, now());
    let problems = &token.check.as_ref().unwrap().problems;
    (problems.iter().map(|one| one.problem).collect(), token)
}

#[test]
fn a_valid_token_of_nobody_in_particular_is_not_taken() {
    use TokenFault::*;
    let open = |sender_named| Wanted {
        project_number: None,
        sender_named,
        ..wanted()
    };
    let good = with(|_| ());
    let evil = with(|claims| {
        claims["email"] = json!("attacker@evil-project.iam.gserviceaccount.com");
    });
    let bare = with(|claims| {
        claims.as_object_mut().unwrap().remove("email");
    });
    // Nobody said whose it has to be.
    for token in [&good, &evil, &bare] {
        let (faults, facts) = told(token, &open(false));
        assert_eq!(faults, [SenderNotNamed]);
        assert!(!facts.verified);
    }
    // The sender is known: its form of email decides.
    assert_eq!(told(&good, &open(true)).0, []);
    for token in [&evil, &bare] {
        assert_eq!(told(token, &open(true)).0, [WrongProject]);
    }
    for lookalike in [
        "service-@gcp-sa-dialogflow.iam.gserviceaccount.com",
        "service-1x@gcp-sa-dialogflow.iam.gserviceaccount.com",
        "service-1@gcp-sa-dialogflow.iam.gserviceaccount.com.evil.example",
        "xservice-1@gcp-sa-dialogflow.iam.gserviceaccount.com",
        "SERVICE-1@gcp-sa-dialogflow.iam.gserviceaccount.com",
    ] {
        let token = with(|claims| claims["email"] = json!(lookalike));
        assert_eq!(told(&token, &open(true)).0, [WrongProject], "{lookalike}");
    }
}

#[test]
fn what_was_checked_is_told() {
    let (_, facts) = told(&with(|_| ()), &wanted());
    let check = facts.check.unwrap();
    for what in [
        "signature",
        "expiry",
        "issuer",
        "audience",
        "project (1234)",
    ] {
        assert!(
            check.checked.iter().any(|one| one.contains(what)),
            "{what}: {:?}",
            check.checked
        );
    }
    let (_, facts) = told(
        &with(|claims| claims["aud"] = json!("x")),
        &Wanted {
            keys: None,
            ..wanted()
        },
    );
    let check = facts.check.unwrap();
    for what in ["signature", "audience"] {
        assert!(!check.checked.iter().any(|one| one.contains(what)));
    }
}

/// A token with this in its header too, signed as it should be.
fn with_header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = json!({ "alg": "RS256", "typ": "JWT", "kid": key_id() });
    change(&mut header);
    let signed = format!("{}.{}", part(&header), part(&claims()));
    let der = KEY.pkcs8().unwrap();
    let key = jsonwebtoken::EncodingKey::from_rsa_der(rsa_of(&der));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::RS256).unwrap();
    format!("{signed}.{signature}")
}

fn key_id() -> String {
    let set = KEY.key_set();
    set["keys"][0]["kid"].as_str().unwrap().to_owned()
}

/// The PKCS #1 key within PKCS #8.
fn rsa_of(pkcs8: &[u8]) -> &[u8] {
    use crate::parse::cert::der::{self, Reader};
    let content = der::only(pkcs8, der::SEQUENCE).unwrap();
    Reader::new(content)
        .find(|field| field.tag == der::OCTET_STRING)
        .unwrap()
        .content
}

#[test]
fn what_is_not_understood_is_refused() {
    use TokenFault::*;
    assert_eq!(faults(&with_header(|_| ())), []);
    for (token, fault) in [
        (
            with_header(|header| header["crit"] = json!(["exp"])),
            CriticalExtension,
        ),
        (
            with_header(|header| header["crit"] = json!([])),
            CriticalExtension,
        ),
        (
            with_header(|header| header["b64"] = json!(false)),
            CriticalExtension,
        ),
        (with_header(|header| header["kid"] = json!(1)), Malformed),
        (with(|claims| claims["exp"] = json!(1e300)), NoExpiry),
        (with(|claims| claims["exp"] = json!(i64::MAX)), NoExpiry),
        (with(|claims| claims["exp"] = json!("never")), NoExpiry),
        (with(|claims| claims["nbf"] = json!("soon")), Malformed),
    ] {
        assert_eq!(faults(&token), [fault], "{token}");
    }
}

#[test]
fn a_key_serves_what_it_says_it_serves() {
    let good = with(|_| ());
    for (name, value, serves) in [
        ("use", json!("enc"), false),
        ("use", json!("sig"), true),
        ("alg", json!("RS512"), false),
        ("alg", json!("RS256"), true),
        ("key_ops", json!(["encrypt"]), false),
        ("key_ops", json!(["verify"]), true),
    ] {
        let mut set = KEY.key_set();
        set["keys"][0][name] = value.clone();
        let keys = Keys::parse(set.to_string().as_bytes()).unwrap();
        let (faults, _) = told(
            &good,
            &Wanted {
                keys: Some(keys),
                ..wanted()
            },
        );
        let expected = if serves {
            vec![]
        } else {
            vec![TokenFault::UnknownKey]
        };
        assert_eq!(faults, expected, "{name} {value}");
    }
}
