//! nginx: what is inherited, what a condition becomes, what is included.

use super::{Memory, files, line, one, read, wanted};
use crate::{
    facts::{Comparison, Pinned, Place, ServerSoftware},
    parse::config::sites,
};

pub(super) const NGINX: &str = r#"
events {}
http {
    ssl_client_certificate /etc/ssl/clients.pem;   # for all
    ssl_verify_client on;
    map $ssl_client_s_dn $allowed {
        default 0;
        "~CN=one(,|$)" 1;
        "~CN=two(,|$)" 1;
    }
    server {
        listen 80;
        server_name plain.example;
    }
    server {
        listen 443 ssl http2;
        server_name hook.example www.hook.example;
        ssl_certificate "/etc/ssl/full chain.pem";
        ssl_certificate_key key.pem;
        ssl_verify_depth 3;
        ssl_protocols TLSv1.2 TLSv1.3;
        if ($allowed = 0) { return 403; }
        location / {
            proxy_set_header X-Subject $ssl_client_s_dn;
            auth_request /token;
        }
    }
    server {
        listen 8443 ssl;
        ssl_certificate a.pem;
        ssl_verify_client optional_no_ca;
        if ($ssl_client_verify != SUCCESS) { return 403; }
        location / { js_content hook.check; }
    }
}
"#;

#[test]
fn nginx_inherits_and_overrides() {
    let sites = read("nginx.conf", NGINX);
    assert_eq!(sites.len(), 2, "{sites:#?}");
    let first = &sites[0];
    assert_eq!(first.name, "server hook.example www.hook.example");
    assert_eq!(files(&first.certificate), ["/etc/ssl/full chain.pem"]);
    assert_eq!(files(&first.client_ca), ["/etc/ssl/clients.pem"]);
    assert_eq!(line(&first.client_ca[0]), 4);
    assert_eq!(first.mode(), wanted(&["on"]));
    assert_eq!(
        first
            .intermediates
            .as_ref()
            .map(|depth| (depth.value, line(depth))),
        Some((3, 20))
    );
    assert_eq!(first.versions.as_ref().unwrap().value, [0x0303, 0x0304]);
    assert_eq!(first.pins[0].value.values, ["CN=one(,|$)", "CN=two(,|$)"]);
    assert_eq!(first.pins[0].value.comparison, Comparison::Matches);
    assert_eq!((first.forwards.len(), first.bearer.len()), (1, 1));
    let second = &sites[1];
    assert_eq!(second.mode(), wanted(&["but-issuer"]));
    assert!(second.verified_later());
    assert_eq!(
        second.not_understood.len(),
        1,
        "{:?}",
        second.not_understood
    );
}

#[test]
fn nginx_conditions_become_pins() {
    for (condition, comparison, value, negated) in [
        (
            r#"if ($ssl_client_s_dn != "CN=x")"#,
            Comparison::Equals,
            "CN=x",
            false,
        ),
        (
            r#"if ($ssl_client_s_dn = "CN=x")"#,
            Comparison::Equals,
            "CN=x",
            true,
        ),
        (
            r#"if ($ssl_client_s_dn !~* "CN=x")"#,
            Comparison::Matches,
            "(?i)CN=x",
            false,
        ),
        (
            r"if ( $ssl_client_s_dn ~ CN=x )",
            Comparison::Matches,
            "CN=x",
            true,
        ),
    ] {
        let text = format!(
            "server {{ listen 443 ssl; ssl_verify_client on; {condition} {{ return 403; }} }}"
        );
        let site = one("nginx.conf", &text);
        let pin = &site
            .pins
            .first()
            .unwrap_or_else(|| panic!("{condition}: {site:#?}"))
            .value;
        assert_eq!(
            (pin.comparison, pin.values[0].as_str(), pin.negated),
            (comparison, value, negated),
            "{condition}"
        );
        assert_eq!(pin.of, Pinned::Subject);
    }
    let site = one(
        "nginx.conf",
        "server { listen 443 ssl; if ($ssl_client_s_dn ~ x) { set $a 1; } }",
    );
    // Nothing is decided by `$a`.
    assert!(site.pins.is_empty() && site.not_understood.is_empty());
}

#[test]
fn includes_are_followed_and_those_that_fail_are_told() {
    let text = "http { include tls.inc; include gone.conf; include loop.conf;\n server { listen 443 ssl; server_name a; } }";
    let mut memory = Memory(vec![
        ("tls.inc", "\nssl_verify_client optional;"),
        ("loop.conf", "include loop.conf;"),
    ]);
    let sites = sites(ServerSoftware::Nginx, "nginx.conf", text, &mut memory);
    let site = &sites[0];
    let auth = site.client_auth.as_ref().unwrap();
    assert_eq!(auth.place, Place::lines("tls.inc", 2, 2));
    let told: Vec<String> = site
        .not_understood
        .iter()
        .map(|setting| setting.value.to_string())
        .collect();
    assert!(told.iter().any(|why| why.contains("gone.conf")), "{told:?}");
    assert!(
        told.iter().any(|why| why.contains("files deep")),
        "{told:?}"
    );
}

#[test]
fn same_settings_are_one_site_with_several_names() {
    let text = "http { ssl_verify_client on; ssl_client_certificate c.pem; ssl_certificate f.pem;\n server { listen 1 ssl; server_name a; }\n server { listen 2 ssl; server_name b; } }";
    assert_eq!(one("nginx.conf", text).name, "server a, server b");
}

/// nginx stops asking its conditions at these, so that what follows turns nobody away.
#[test]
fn a_condition_behind_the_end_of_rewriting_decides_nothing() {
    let guard = "if ($ssl_client_verify != SUCCESS) { return 403; }";
    let read = |before: &str| {
        one(
            "nginx.conf",
            &format!("server {{ listen 443 ssl; ssl_verify_client optional; {before} {guard} }}"),
        )
    };
    for before in [
        "break;",
        "if ($request_method = POST) { break; }",
        "rewrite ^/hook /int last;",
        "if ($uri = /health) { rewrite ^ /x last; }",
        "if ($uri = /health) { return 200 ok; }",
        "error_page 403 =200 @b;",
        "error_page 403 @b; location @b { proxy_pass http://app; }",
        "error_page 497 = @b; location @b { proxy_pass http://app; }",
        "auth_request /ask; proxy_set_header X-Verify $ssl_client_verify;",
    ] {
        assert!(read(before).undecided().is_some(), "{before}");
    }
    for before in [
        "",
        "if ($scheme = http) { return 301 https://$host$uri; }",
        "rewrite ^/old /new;",
        "rewrite ^/old https://new.example/ permanent;",
        "error_page 403 /403.html;",
        "error_page 403 =301 https://sorry.example/;",
        "error_page 403 = @b; location @b { return 403; }",
        "error_page 404 = @b; location @b { proxy_pass http://app; }",
        "auth_request /ask;",
    ] {
        let site = read(before);
        assert!(
            site.undecided().is_none() && site.pins.len() == 1,
            "{before}: {site:#?}"
        );
    }
}

#[test]
fn the_answer_to_a_refusal_is_looked_for_wherever_it_is_set() {
    let text = "http { error_page 404 = @b; server { listen 443 ssl; ssl_verify_client optional;
        if ($ssl_client_verify != SUCCESS) { return 404; }
        location / { proxy_pass http://app; } location @b { proxy_pass http://app; } } }";
    assert!(one("nginx.conf", text).undecided().is_some());
    let own = text.replace(
        "ssl_verify_client",
        "error_page 500 /50x.html; ssl_verify_client",
    );
    assert!(one("nginx.conf", &own).undecided().is_none());
}
