use proptest::prelude::*;

use super::*;

fn new() -> Placeholders {
    Placeholders::new(b"salt of a test")
}

#[test]
fn a_credential_has_one_name_wherever_it_stands_and_another_one_another() {
    let all = new();
    let one = all.target("request.target", "/hook?a=1&token=hunter2hunter2");
    assert_eq!(one, "/hook?a=1&token=<<query:token>>");
    assert_eq!(
        all.target("request.target", "/hook?a=1&token=hunter2hunter2"),
        one
    );
    let other = all.target("request.target", "/hook?token=hunter3hunter3");
    assert_eq!(other, "/hook?token=<<query:token-2>>");
    let header = all.header("request.headers", "authorization", "Bearer hunter2hunter2");
    assert_eq!(header, "Bearer <<bearer>>");
    let names: Vec<_> = all.redactions().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["query:token", "query:token-2", "bearer"]);
    let said = format!("{:?}", all.redactions());
    assert!(!said.contains("hunter"), "{said}");
    // The same credential has the same fingerprint within a run, under any name.
    let taken = all.redactions();
    assert_eq!(taken[0].sha256_8, taken[2].sha256_8);
    assert_ne!(taken[0].sha256_8, taken[1].sha256_8);
}

#[test]
fn a_body_keeps_every_other_byte() {
    let all = new();
    let binary = b"\xff\x00password=hunter2hunter2hunter2&\xfe\xe9".to_vec();
    let (found, safe) = all.body("request.body", &binary);
    assert_eq!(
        found.unwrap(),
        b"\xff\x00password=<<field:password>>&\xfe\xe9".to_vec()
    );
    assert!(safe);
    let latin = b"name=caf\xe9&password=\xe9t\xe9 hunter2hunter2 ".to_vec();
    let (found, _) = all.body("request.body", &latin);
    let shown = String::from_utf8_lossy(&found.unwrap()).into_owned();
    assert!(shown.contains("password=<<"), "{shown}");
    let any: Vec<u8> = (0..=255).collect();
    for plain in [b"\xff\x00plain\xfe".as_slice(), &any] {
        assert_eq!(all.body("request.body", plain).0, None);
    }
    let (_, safe) = all.body("request.body", br#"{"password":"1234"}"#);
    assert!(!safe, "a digest of this gives the password away");
}

#[test]
fn a_recorded_text_fits_what_it_may_have_been() {
    for (recorded, text, expected) in [
        (
            "https://x/?token=<<query:token>>&a=1",
            "https://x/?token=abc&a=1",
            true,
        ),
        (
            "https://x/?token=<<query:token>>&a=1",
            "https://x/?token=abc&a=2",
            false,
        ),
        (
            "https://x/?token=<<query:token>>",
            "https://x/?token=",
            false,
        ),
        ("<<a>> and <<b>>", "1 and 2", true),
        ("<<a>> and <<b>>", "1 or 2", false),
        ("plain", "plain", true),
        ("plain", "other", false),
        ("<<<a>>>", "<x>", true),
    ] {
        assert_eq!(fits(recorded, text), expected, "{recorded} {text}");
    }
}

#[test]
fn what_was_taken_out_is_not_taken_out_again() {
    let all = new();
    let json = br#"{"a":{"client_secret":"hunter2"},"credentials":{"u":["hunter2"]},"t":"u:hunter2@host"}"#;
    let once = all.body("request.body", json).0.unwrap();
    let text = String::from_utf8(once.clone()).unwrap();
    assert_eq!(
        text,
        r#"{"a":{"client_secret":"<<field:client_secret>>"},"credentials":"<<field:credentials>>","t":"u:<<password>>@host"}"#
    );
    assert_eq!(all.body("request.body", &once).0, None);
    let header = all.header("request.headers", "cookie", "a=hunter2");
    assert_eq!(all.header("request.headers", "cookie", &header), header);
}

#[test]
fn only_what_is_known_is_filled() {
    let value = |name: &str| (name == "query:token").then(|| "T<<x>>".to_owned());
    assert_eq!(
        fill(
            "/a?token=<<query:token>>&b=<<query:b>>&<<<query:token>>",
            value
        ),
        "/a?token=T<<x>>&b=<<query:b>>&<T<<x>>"
    );
}

proptest! {
    #[test]
    fn filling_gives_the_text_back(before in "[a-z&]{0,9}", secret in "[A-Za-z0-9]{8,30}", after in "(&q[0-9]{0,3}=[a-z]{0,5})?") {
        let all = new();
        let target = format!("/{before}?access_token={secret}{after}");
        let taken = all.target("request.target", &target);
        prop_assert!(!taken.contains(&secret));
        prop_assert_eq!(fill(&taken, |_| Some(secret.clone())), target);
    }

    #[test]
    fn never_panics(bytes: Vec<u8>, text: String) {
        let all = new();
        all.body("a", &bytes);
        all.header("a", &text, &text);
        all.target("a", &text);
        fill(&text, |_| None);
    }
}
