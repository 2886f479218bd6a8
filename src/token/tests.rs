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
    assert!(Keys::parse(b"{\"keys\":[]}").unwrap_err().contains("saw 0"));
    assert!(Keys::parse(b"<html>").is_err());
    let key = SigningKey::from_pkcs8(&KEY.pkcs8().unwrap()).unwrap();
    assert_eq!(key.key_set(), KEY.key_set());
}
