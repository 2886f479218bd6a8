use proptest::prelude::*;

use super::*;

fn bearer(header: &str, claims: &str) -> String {
    let part = |text: &str| BASE64URL.encode(text).trim_end_matches('=').to_owned();
    format!("Bearer {}.{}.c2lnbmF0dXJl", part(header), part(claims))
}

const HEADER: &str = r#"{"alg":"RS256","kid":"key-1","typ":"JWT"}"#;

#[test]
fn a_google_identity_token() {
    let claims = r#"{"aud":"https://webhook.example.test/hook","azp":"1","email":"service-1@gcp-sa-dialogflow.iam.gserviceaccount.com",
        "email_verified":true,"exp":1795471392,"iat":1795467792,"iss":"https://accounts.google.com","sub":"1234567890"}"#;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        token(&bearer(HEADER, claims)),
        Token {
            kind: TokenKind::Jwt,
            algorithm: text("RS256"),
            key_id: text("key-1"),
            issuer: text("https://accounts.google.com"),
            audience: vec!["https://webhook.example.test/hook".to_owned()],
            subject: text("1234567890"),
            email: text("service-1@gcp-sa-dialogflow.iam.gserviceaccount.com"),
            issued_at: text("2026-11-23T21:03:12Z"),
            expires_at: text("2026-11-23T22:03:12Z"),
            verified: false,
            check: None,
        }
    );
}

#[test]
fn several_audiences_and_wrong_types() {
    let found = token(&bearer(
        HEADER,
        r#"{"aud":["a",1,"b"],"iss":5,"sub":null,"exp":"soon","email":["x"]}"#,
    ));
    assert_eq!(found.audience, ["a", "b"]);
    assert_eq!(
        (found.issuer, found.subject, found.email, found.expires_at),
        (None, None, None, None)
    );
    assert_eq!(token(&bearer("{}", "{}")).kind, TokenKind::Jwt);
    assert_eq!(
        token(&bearer("{}", r#"{"aud":7}"#)).audience,
        Vec::<String>::new()
    );
}

#[test]
fn times_at_the_edges() {
    let expires =
        |number: &str| token(&bearer(HEADER, &format!(r#"{{"exp":{number}}}"#))).expires_at;
    assert_eq!(expires("0").as_deref(), Some("1970-01-01T00:00:00Z"));
    assert_eq!(expires("-1").as_deref(), Some("1969-12-31T23:59:59Z"));
    assert_eq!(expires("1.9").as_deref(), Some("1970-01-01T00:00:01Z"));
    for number in [
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e300",
        "-1e300",
        "1e400",
    ] {
        assert_eq!(expires(number), None, "{number}");
    }
}

#[test]
fn hostile_claims_are_escaped() {
    let found = token(&bearer(HEADER, r#"{"iss":"a\u001b[2J\u202e\n"}"#));
    assert_eq!(found.issuer.as_deref(), Some(r"a\x1b[2J\u{202e}\n"));
}

#[test]
fn other_credentials() {
    let kind = |value: &str| token(value).kind;
    assert_eq!(kind("Bearer ya29.opaque"), TokenKind::Opaque);
    assert_eq!(kind("bearer  a.b.c"), TokenKind::Opaque);
    assert_eq!(kind("Bearer"), TokenKind::Opaque);
    assert_eq!(kind(&bearer("[]", "{}")), TokenKind::Opaque);
    assert_eq!(
        kind(&format!("{}.x", bearer("{}", "{}"))),
        TokenKind::Opaque
    );
    assert_eq!(
        kind(&bearer("{}", "{}").replace("Bearer", "bEARER")),
        TokenKind::Jwt
    );
    assert_eq!(kind("Basic dXNlcjpwYXNz"), TokenKind::Basic);
    assert_eq!(kind("Digest username=x"), TokenKind::Other);
    assert_eq!(kind("dXNlcjpwYXNz"), TokenKind::Other);
    assert_eq!(kind(""), TokenKind::Other);
}

#[test]
fn padding_is_forgiven() {
    let value = format!(
        "Bearer {}.{}.",
        BASE64URL.encode(HEADER),
        BASE64URL.encode("{}")
    );
    assert!(value.contains('='));
    assert_eq!(token(&value).kind, TokenKind::Jwt);
}

#[test]
fn redacted() {
    let jwt = bearer(HEADER, "{}");
    assert_eq!(
        redact(&jwt),
        format!("Bearer <JWT of {} characters, not shown>", jwt.len() - 7)
    );
    assert_eq!(
        redact("Bearer ya29.secret"),
        "Bearer <token of 11 characters, not shown>"
    );
    assert_eq!(redact("Basic dXNlcjpwYXNz"), "Basic <not shown>");
    assert_eq!(redact("Digest username=x"), "Digest <not shown>");
    assert_eq!(redact("s3cret"), "<not shown>");
    assert_eq!(redact("s3cret too"), "<not shown>");
}

proptest! {
    #[test]
    fn never_panics(value in any::<String>()) {
        token(&value);
        redact(&value);
    }

    #[test]
    fn any_json_may_stand_in_it(claims in "[-{}\\[\\]\":,0-9a-z.e+]{0,60}", exp in any::<f64>(), iat in any::<i64>()) {
        token(&bearer(HEADER, &claims));
        token(&bearer(HEADER, &format!(r#"{{"exp":{exp:e},"iat":{iat}}}"#)));
    }

    #[test]
    fn a_secret_stays_out(scheme in "Bearer|Basic|Digest|Other|", secret in "[A-Z0-9]{20,60}") {
        let value = format!("{scheme} {secret}");
        let shown = format!("{:?}", token(&value));
        prop_assert!(!shown.contains(&secret));
        prop_assert!(!redact(&value).contains(&secret));
    }

    #[test]
    fn a_signature_stays_out(signature in "[A-Za-z0-9_-]{20,60}") {
        let jwt = bearer(HEADER, r#"{"iss":"a"}"#).replace("c2lnbmF0dXJl", &signature);
        prop_assert_eq!(token(&jwt).kind, TokenKind::Jwt);
        let shown = format!("{:?}", token(&jwt));
        prop_assert!(!shown.contains(&signature));
        prop_assert!(!redact(&jwt).contains(&signature));
    }
}
