//! What a URL is taken for, and where a request goes.

use super::*;

fn leg(to: &str, path: Path, sni: Option<&str>) -> Target {
    Target::new(Options {
        to: to.to_owned(),
        path,
        tell: Tell {
            x_mtls: true,
            client_cert: false,
            xfcc: false,
            unverified: false,
        },
        tls: Tls {
            sni: sni.map(str::to_owned),
            ..Tls::default()
        },
        addresses: Vec::new(),
        time: Duration::from_secs(1),
        connect_time: Duration::from_secs(1),
    })
    .unwrap()
}

#[test]
fn urls_may_be_short() {
    for (text, expected) in [
        ("3000", "http://localhost:3000/"),
        ("localhost:3000/hook", "http://localhost:3000/hook"),
        ("http://[::1]:3000", "http://[::1]:3000/"),
        ("https://a.example/x?y", "https://a.example/x?y"),
    ] {
        assert_eq!(url(text).unwrap().as_str(), expected);
    }
    for text in [
        "",
        ":3000x",
        "ftp://a",
        "http://u@a/",
        "http://a/#b",
        "http://",
    ] {
        assert!(url(text).is_err(), "{text}");
    }
}

#[test]
fn the_name_that_is_asked_for_is_not_shown_and_not_the_host_field() {
    let leg = leg("https://10.0.0.1:8443/api", Path::Keep, Some("app.example"));
    let (called, shown) = leg.route(&"/hook?x=1".parse().unwrap());
    assert_eq!(called.as_str(), "https://app.example:8443/api/hook?x=1");
    assert_eq!(shown.as_str(), "https://10.0.0.1:8443/api/hook?x=1");
    assert_eq!(leg.host, "10.0.0.1:8443");
    assert_eq!(leg.place(), "10.0.0.1:8443");
}

#[test]
fn an_asterisk_has_no_path() {
    let leg = leg("http://[::1]:1/", Path::Keep, None);
    assert_eq!(leg.place(), "[::1]:1");
    assert_eq!(leg.route(&"*".parse().unwrap()).0.path(), "/*");
}
