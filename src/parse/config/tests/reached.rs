//! Which application, backend or policy a request comes to, and what it is asked on the way.

use super::{Memory, ServerSoftware, Site, one, read, sites, wanted};

/// Whether the only site that asks is open: certainly, perhaps, or not.
fn open(sites: &[Site]) -> &'static str {
    let asking = sites.iter().find(|site| site.mode().asks);
    let asking = asking.unwrap_or_else(|| panic!("{sites:#?}"));
    match asking.doors.iter().any(|door| door.value.certain) {
        true => "open",
        false if asking.open_in_part => "perhaps",
        false => "closed",
    }
}

fn haproxy(plain: &str) -> Vec<Site> {
    read(
        "haproxy.cfg",
        &format!(
            "defaults\n mode http\nfrontend tls\n bind :443 ssl crt a ca-file c verify required\n default_backend app\n{plain}\nbackend app\n server s 10.0.0.1:3000\nbackend twin\n server s 10.0.0.1:3000\nbackend other\n server s 10.0.0.2:3000\n"
        ),
    )
}

#[test]
fn a_redirect_of_haproxys_is_whole_or_it_is_none() {
    for (line, expected) in [
        ("redirect scheme https", "closed"),
        ("redirect scheme https code 301 if !{ ssl_fc }", "closed"),
        (
            "http-request redirect scheme https unless { ssl_fc }",
            "closed",
        ),
        (
            "acl tls ssl_fc\n redirect scheme https unless tls",
            "closed",
        ),
        (
            "redirect scheme https unless { path_beg /.well-known/acme-challenge/ }",
            "closed",
        ),
        (
            "redirect scheme https if { hdr(host) www } !{ ssl_fc }",
            "perhaps",
        ),
        ("redirect prefix https://x if { hdr(host) www }", "perhaps"),
        (
            "acl hook path_beg /hook\n redirect scheme https if !hook",
            "perhaps",
        ),
        ("http-request redirect scheme https if METH_GET", "perhaps"),
        (
            "http-request set-header X-Proto https if { ssl_fc }",
            "open",
        ),
    ] {
        let text = format!("frontend http\n bind :80\n {line}\n default_backend app");
        assert_eq!(open(&haproxy(&text)), expected, "{line}");
        // The same within one section, whatever the address.
        let beside = format!(" bind :80\n {line}");
        assert_eq!(open(&haproxy(&beside)), expected, "beside: {line}");
    }
}

#[test]
fn one_application_has_two_names() {
    for (backend, expected) in [("twin", "open"), ("app", "open"), ("other", "closed")] {
        let text = format!("frontend http\n bind :80\n default_backend {backend}");
        assert_eq!(open(&haproxy(&text)), expected, "{backend}");
    }
    let listen = "listen old\n bind :80\n server s 10.0.0.1:3000";
    assert_eq!(open(&haproxy(listen)), "open");
    // What the address with TLS hands requests to is open itself.
    let chained = "frontend a\n bind :443 ssl crt a ca-file c verify required\n default_backend x\nfrontend inner\n bind :8080\n default_backend y\nbackend x\n server s 127.0.0.1:8080\nbackend y\n server s 10.0.0.1:1\n";
    assert_eq!(open(&read("haproxy.cfg", chained)), "open");
    let local = chained.replace("bind :8080", "bind 127.0.0.1:8080");
    assert_eq!(open(&read("haproxy.cfg", &local)), "closed");
}

#[test]
fn a_line_of_a_list_counts_before_its_bind() {
    for (list, mode) in [
        ("a.pem [verify none] x", "off"),
        ("a.pem [verify optional] x", "optional"),
        ("a.pem x", "on"),
    ] {
        let text = "frontend a\n bind :443 ssl crt-list l ca-file c verify required\n";
        let found = sites(
            ServerSoftware::Haproxy,
            "haproxy.cfg",
            text,
            &mut Memory(vec![("l", list)]),
        );
        assert_eq!(found[0].mode(), wanted(&[mode]), "{list}");
    }
}

#[test]
fn errors_that_anybody_can_have_are_no_checks() {
    for (ignored, mode) in [
        ("crt-ignore-err 18", "any"),
        ("crt-ignore-err 10,18", "any"),
        ("ca-ignore-err 19", "any"),
        ("ca-ignore-err all", "any"),
        ("crt-ignore-err 10", "on"),
    ] {
        let text = format!("frontend a\n bind :1 ssl crt x ca-file c verify required {ignored}\n");
        assert_eq!(
            one("haproxy.cfg", &text).mode(),
            wanted(&[mode]),
            "{ignored}"
        );
    }
}

#[test]
fn a_backend_that_denies_is_a_demand() {
    let with = |rules: &str| {
        let text = format!(
            "frontend a\n mode http\n bind :1 ssl crt x ca-file c verify optional crt-ignore-err all\n{rules}\nbackend app\n server s 10.0.0.1:1\nbackend no\n http-request deny\nbackend forbidden\n http-request return status 403\nbackend page\n http-request return status 200\n"
        );
        one("haproxy.cfg", &text)
    };
    for (rules, pins) in [
        (" use_backend app if { ssl_c_used }\n default_backend no", 1),
        (
            " use_backend no unless { ssl_c_verify 0 }\n use_backend app if { ssl_fc_has_crt }\n default_backend forbidden",
            2,
        ),
        (
            " use_backend app if { ssl_c_used }\n default_backend page",
            0,
        ),
        (
            " use_backend app if { ssl_c_used }\n use_backend app if { path /a }\n default_backend no",
            0,
        ),
    ] {
        let site = with(rules);
        assert_eq!(site.pins.len(), pins, "{rules}: {:?}", site.pins);
    }
    // The only backend is for every request.
    let only = "frontend a\n bind :1 ssl crt x ca-file c verify optional\n default_backend app\nbackend app\n http-request deny unless { ssl_c_used }\n server s 10.0.0.1:1\n";
    assert_eq!(one("haproxy.cfg", only).pins.len(), 1);
    let zero = only.replace("deny unless { ssl_c_used }", "deny if { ssl_fc_has_crt 0 }");
    assert_eq!(one("haproxy.cfg", &zero).pins.len(), 1);
    // What fits everybody does not fit nobody.
    let any = only.replace("ssl_c_used", "ssl_c_s_dn(cn) -m reg .*");
    assert!(one("haproxy.cfg", &any).undecided().is_some());
    // There is no certificate yet.
    let early = "frontend a\n bind :1 ssl crt x ca-file c verify optional\n tcp-request connection reject unless { ssl_c_used }\n default_backend app\n";
    assert!(one("haproxy.cfg", early).undecided().is_some());
}

#[test]
fn haproxy_does_not_start() {
    let whole = "defaults\n mode http\nfrontend a\n bind :1 ssl crt x ca-file c verify required\n default_backend app\nbackend app\n server s 10.0.0.1:1\n";
    assert!(one("haproxy.cfg", whole).refused.is_empty());
    for bad in [
        whole.replace("default_backend app", "default_backend ap"),
        whole.replace("required", "required ssl-min-ver TLS1.2"),
    ] {
        assert_eq!(one("haproxy.cfg", &bad).refused.len(), 1, "{bad}");
    }
    // The backends may be in another file.
    let part = "frontend a\n bind :1 ssl crt x ca-file c verify required\n default_backend app\n";
    assert!(one("haproxy.cfg", part).refused.is_empty());
    let plain = "frontend a\n bind :1 crt x ca-file c verify required\n default_backend app\n";
    assert_eq!(one("haproxy.cfg", plain).client_ca.len(), 1);
}

fn caddy_json(options: &str, routes: &str, policies: &str) -> Vec<Site> {
    let auth = r#""client_authentication":{"mode":"require_and_verify","trusted_ca_certs_pem_files":["c"]}"#;
    let policies = policies.replace("AUTH", auth);
    read(
        "caddy.json",
        &format!(
            r#"{{"apps":{{"http":{{"servers":{{"s":{{"listen":[":443"],{options}"routes":[{{{routes}"handle":[{{"handler":"reverse_proxy","upstreams":[{{"dial":"127.0.0.1:1"}}]}}]}}],"tls_connection_policies":[{policies}]}}}}}}}}}}"#
        ),
    )
}

#[test]
fn the_first_policy_of_caddys_counts() {
    let hook = r#""match":[{"host":["hook.example"]}],"#;
    let auth = r#"{"match":{"sni":["hook.example"]},AUTH}"#;
    let lax = r#""strict_sni_host":false,"#;
    for (options, routes, policies, expected) in [
        ("", hook, format!("{{}},{auth}"), "open"),
        (
            "",
            hook,
            format!(r#"{{"match":{{"sni":["*.example"]}}}},{auth}"#),
            "open",
        ),
        (
            "",
            hook,
            r#"{"match":{"remote_ip":{"ranges":["10.0.0.0/8"]}}},{AUTH}"#.to_owned(),
            "perhaps",
        ),
        ("", hook, format!("{auth},{{}}"), "closed"),
        ("", "", format!("{auth},{{}}"), "perhaps"),
        (lax, hook, format!("{auth},{{}}"), "perhaps"),
        ("", hook, "{AUTH}".to_owned(), "closed"),
    ] {
        let found = caddy_json(options, routes, &policies);
        assert_eq!(open(&found), expected, "{options} {routes} {policies}");
    }
}

fn caddyfile(inner: &str, beside: &str) -> Vec<Site> {
    read(
        "Caddyfile",
        &format!(
            "{beside}\nhook.example {{\n tls a b {{\n  client_auth {{\n   mode require_and_verify\n   trusted_ca_cert_file c\n  }}\n }}\n{inner}\n reverse_proxy app:1\n}}\n"
        ),
    )
}

#[test]
fn caddys_host_may_be_another_one() {
    let www = "www.example {\n tls a b\n reverse_proxy other:1\n}";
    let lax = format!("{{\n servers {{\n  strict_sni_host insecure_off\n }}\n}}\n{www}");
    assert_eq!(open(&caddyfile("", www)), "closed");
    assert_eq!(open(&caddyfile("", &lax)), "open");
    // A redirect of some requests is none of all.
    for (redir, expected) in [
        ("redir https://{host}{uri}", "closed"),
        ("redir /admin https://{host}{uri}", "open"),
    ] {
        let plain = format!(":8080 {{\n {redir}\n reverse_proxy app:1\n}}");
        let found = open(&caddyfile("", &plain));
        assert_eq!(found == "closed", expected == "closed", "{redir}: {found}");
    }
}

#[test]
fn nobody_has_no_subject_at_all() {
    let with = |matcher: &str| {
        let text = format!(
            "a.example {{\n tls x y {{\n client_auth {{\n mode verify_if_given\n trusted_ca_cert_file c\n }}\n }}\n @no {matcher}\n respond @no 403\n}}\n"
        );
        one("Caddyfile", &text)
    };
    for (matcher, pins) in [
        ("vars {tls_client_subject} \"\"", 0),
        ("expression {tls_client_subject} == \"\"", 0),
        ("expression {http.request.tls.client.subject} == null", 1),
    ] {
        let site = with(matcher);
        assert_eq!(site.pins.len(), pins, "{matcher}");
        assert_eq!(site.undecided().is_none(), pins == 1, "{matcher}");
    }
    // What answers after an error may let in.
    let replaced = "a.example {\n tls x y {\n client_auth {\n mode verify_if_given\n trusted_ca_cert_file c\n }\n }\n @no expression {tls_client_subject} == null\n error @no 403\n handle_errors {\n reverse_proxy app:1\n }\n}\n";
    assert!(one("Caddyfile", replaced).undecided().is_some());
}

#[test]
fn caddy_does_not_start() {
    for (inner, beside) in [
        ("", "hook.example {\n respond x\n}"),
        (" abort @nowhere", ""),
        (" tls x y", ""),
        (" client_auth {\n mode require\n }", ""),
    ] {
        let found = caddyfile(inner, beside);
        let refused = found.iter().any(|site| !site.refused.is_empty());
        assert!(refused, "{inner}{beside}: {found:#?}");
    }
    assert!(caddyfile("", "")[0].refused.is_empty());
    // A block that is not closed, or not opened, is not understood.
    for text in [
        "a.example {\n tls x y {\n  client_auth {\n   mode require_and_verify\n  }\n reverse_proxy app:1\n}\n",
        "a.example{\n tls x y {\n  client_auth {\n   mode require_and_verify\n  }\n }\n}\n",
    ] {
        assert!(one("Caddyfile", text).undecided().is_some(), "{text}");
    }
}

#[test]
fn snippets_that_import_each_other_end() {
    let many = "import a\nimport b\n".repeat(6);
    let text = format!("(a) {{\n{many}}}\n(b) {{\n{many}}}\nx.example {{\n{many}}}\n");
    let begun = std::time::Instant::now();
    let _ = read("Caddyfile", &text);
    assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
}
