use proptest::prelude::*;

use super::*;

/// A JWT with this in its signature.
const SIGNED: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.hunter2hunter2";

#[test]
fn every_pattern_is_one() {
    for pattern in [
        &SUSPICIOUS,
        &FIELD,
        &JSON_FIELD,
        &ASSIGNED,
        &PRIVATE_KEY,
        &BEARER,
        &BASIC,
        &JWT,
        &CLOUD_KEY,
        &USER_INFO,
        &BARE_USER,
    ] {
        assert!(pattern.is_some());
    }
}

#[test]
fn headers_are_known_by_name() {
    for name in [
        "authorization",
        "Proxy-Authorization",
        "X-Serverless-Authorization",
        "X-Forwarded-Authorization",
        "X-Goog-Iap-Jwt-Assertion",
        "X-Amzn-Oidc-Data",
        "Cf-Access-Jwt-Assertion",
        "Api_Key",
        "X-Auth-Key",
        "X-Access-Key",
        "X-Passwd",
        "Private-Key",
        "X-Hub-Signature-256",
        "cookie",
        "Set-Cookie",
        "x-session",
    ] {
        for value in ["hunter2", "Bearer hunter2", "hunter2 hunter2"] {
            assert!(!header(name, value).contains("hunter2"), "{name}");
        }
    }
    for (name, value) in [
        ("user-agent", "Google-Dialogflow"),
        ("content-type", "application/json"),
        ("host", "localhost:8443"),
        ("www-authenticate", "Bearer realm=\"a\", error=\"invalid\""),
        ("sec-websocket-key", "dGhlIHNhbXBsZQ=="),
    ] {
        assert_eq!(header(name, value), value);
    }
}

#[test]
fn shapes_are_known_under_any_name() {
    for secret in [
        SIGNED,
        "Bearer hunter2hunter2",
        "bearer  HUNTERTWO",
        "Basic dTpodW50ZXIyaHVudGVy",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_hunter2hunter2hunter2",
        "AIzahunter2hunter2hunter2hunter2hunter2",
        "ya29.hunter2hunter2hunter2",
        "glpat-hunter2hunter2hunter2",
        "https://bot:hunter2@example.com/",
        "bot:hunter2@example.com",
        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
        "password=hunter2",
        "Authorization: Digest hunter2",
    ] {
        for sentence in [secret.to_owned(), format!("it said {secret} and left")] {
            for shown in [
                text(&sentence).into_owned(),
                body(&sentence).into_owned(),
                header("x-any", &sentence),
                excerpt(sentence.as_bytes(), 400, false),
            ] {
                assert!(!shown.contains("hunter2"), "{shown}");
                assert!(!shown.contains(secret), "{shown}");
                assert!(is_redacted(&shown), "{shown}");
            }
        }
    }
}

#[test]
fn sentences_and_addresses_stay() {
    for plain in [
        "the bearer token was refused",
        "Bearer authentication, basic constraints and basic authentication",
        "name the file with the line -----BEGIN PRIVATE KEY-----",
        "mtls: key.pem: no such file; check the path",
        "secrets/api-token: no such file",
        "--pass: wanted pass:WORD, env:VARIABLE, file:PATH or stdin",
        "email:bob@example.com, serviceAccount:a@b.iam.gserviceaccount.com",
        "https://example.com:8443/a?b=c&session=1#x",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "alert 48, SSL_ERROR_BAD_CERT_ALERT, error:0A000086",
        "2026-11-29T12:30:45@host",
    ] {
        assert_eq!(text(plain), plain);
    }
}

#[test]
fn parameters_of_urls_are_known_by_name() {
    for name in [
        "access_token",
        "key",
        "sig",
        "hub.verify_token",
        "X-Amz-Signature",
        "api_key",
        "%61ccess_token",
        "client_secret",
        "code",
    ] {
        let path = format!("/hook?a=1&{name}=hunter2&b=2");
        assert_eq!(
            text(&path),
            format!("/hook?a=1&{name}=[redacted: {name}]&b=2")
        );
        let first = format!("GET /hook?{name}=hunter2 HTTP/1.1");
        assert!(!text(&first).contains("hunter2"), "{name}");
    }
}

#[test]
fn fields_of_bodies_are_known_by_name() {
    let json = r#"{"queryResult":{"queryText":"hi","languageCode":"en"},"session":"projects/p/agent/sessions/s",
        "accessToken":"hunter2","id_token" : "a\"hunter2","n":{"client_secret":"hunter2","password":1234567,"tokens":3},
        "private_key":"hunter2","apiKeys":1,"passwords":["hunter2","hunter2"],"token_type":"Bearer","x":null}"#;
    let shown = body(json);
    assert!(
        !shown.contains("hunter2") && !shown.contains("1234567"),
        "{shown}"
    );
    let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(value["accessToken"], "[redacted: accessToken]");
    assert_eq!(value["session"], "projects/p/agent/sessions/s");
    assert_eq!(value["queryResult"]["queryText"], "hi");
    assert_eq!(
        (&value["token_type"], &value["n"]["tokens"]),
        (&"Bearer".into(), &3.into())
    );
    for other in [
        "grant_type=password&client_secret=hunter2&key=hunter2",
        "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--x--",
        "<a><password>hunter2</password></a>",
        r#"{"accessToken":"hunter2"#,
    ] {
        assert!(!body(other).contains("hunter2"), "{}", body(other));
    }
    for plain in ["", "{}", r#"{"key":"a","value":"b"}"#, "hello world"] {
        assert_eq!(body(plain), plain);
    }
}

#[test]
fn an_excerpt_is_redacted_before_it_is_cut() {
    let request = "GET / HTTP/1.1\r\nAuthorization: Basic dTpodW50ZXIyaHVudGVy\r\nX-Api-Key : hunter2\r\nHost : b\r\n\r\n";
    let shown = excerpt(request.as_bytes(), 200, false);
    assert!(
        !shown.contains("dTpod") && !shown.contains("hunter2"),
        "{shown}"
    );
    assert!(
        shown.contains("GET / HTTP/1.1") && shown.contains("Host : b"),
        "{shown}"
    );
    assert!(excerpt(request.as_bytes(), 200, true).contains("dTpod"));
    let mixed = [b"\xff", request.as_bytes(), b"\xfe"].concat();
    assert!(!excerpt(&mixed, 400, false).contains("dTpod"));
    for most in 0..80 {
        assert!(!excerpt(request.as_bytes(), most, false).contains("dTpod"));
        assert!(excerpt(request.as_bytes(), most, false).chars().count() <= most);
    }
}

#[test]
fn large_bodies_take_no_time_to_speak_of() {
    let started = std::time::Instant::now();
    let many = "\"password\":\"x\",".repeat(40_000);
    assert!(body(&many).contains("[redacted: password]"));
    let nested = "\"a=?&eyJ".repeat(60_000);
    body(&nested);
    text(&nested);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn xml_has_attributes_prefixes_and_sections() {
    for seen in [
        "<wsse:Password Type='x'>hunter2</wsse:Password>",
        "<Password><![CDATA[hunter2]]></Password>",
        "<E password='hunter2' a=\"b\"/>",
        "<a><b secret=\"hunter2\">x</b></a>",
    ] {
        let shown = body(seen).into_owned();
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(body(&shown), shown);
    }
}

/// A sender may pass a URL on as it is.
#[test]
fn a_parameter_of_a_url_within_a_url_is_found() {
    for seen in [
        "?a=?access_token=hunter2",
        "https://e.example/?next=https://f.example/?a=b?token=hunter2",
        "GET /x?u=/y?key=hunter2&a=1 HTTP/1.1",
    ] {
        assert!(!text(seen).contains("hunter2"), "{seen}");
    }
    let deep = "?a=".repeat(30_000) + "b";
    assert_eq!(text(&deep), deep);
}

proptest! {
    #[test]
    fn twice_is_once(text_in in any::<String>(), name in "[a-z_]{0,9}(token|key|password)", secret in "[A-Za-z0-9]{8,30}") {
        for sample in [text_in, format!("/a?{name}={secret}&b=c"), format!("{{\"{name}\":\"{secret}\"}}"), format!("Bearer {secret}1")] {
            let once = text(&sample).into_owned();
            prop_assert_eq!(&text(&once), &once);
            let once = body(&sample).into_owned();
            prop_assert_eq!(&body(&once), &once);
        }
    }

    #[test]
    fn never_panics(bytes: Vec<u8>, string: String, most in 0usize..100) {
        excerpt(&bytes, most, false);
        body(&string);
        header(&string, &string);
    }
}
