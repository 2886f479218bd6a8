use proptest::prelude::*;

use super::*;
use crate::facts::{Checks, ClientAuthMode, Comparison, NotUnderstood, Pinned};

/// Files that include each other, in memory.
struct Memory(Vec<(&'static str, &'static str)>);

impl Include for Memory {
    fn matching(&mut self, pattern: &str, _: &str) -> Result<Vec<(String, String)>, String> {
        let found: Vec<(String, String)> = self
            .0
            .iter()
            .filter(|(name, _)| *name == pattern)
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        if found.is_empty() {
            Err(format!("{pattern}: no such file"))
        } else {
            Ok(found)
        }
    }
}

fn read(path: &str, text: &str) -> Vec<Site> {
    let software = software(path, text).unwrap_or_else(|| panic!("{path} is no configuration"));
    sites(software, path, text, &mut Memory(Vec::new()))
}

fn one(path: &str, text: &str) -> Site {
    let mut sites = read(path, text);
    assert_eq!(sites.len(), 1, "{sites:#?}");
    sites.remove(0)
}

fn line<T>(setting: &Setting<T>) -> usize {
    match &setting.place {
        Place::File { first_line, .. } => *first_line,
        other => panic!("{other:?}"),
    }
}

fn files(settings: &[Setting<String>]) -> Vec<&str> {
    settings
        .iter()
        .map(|setting| setting.value.as_str())
        .collect()
}

fn wanted(names: &[&str]) -> ClientAuthMode {
    match names {
        ["off"] => ClientAuthMode::OFF,
        ["on"] => ClientAuthMode::REQUIRED,
        ["optional"] => ClientAuthMode::OPTIONAL,
        ["any"] => ClientAuthMode {
            checks: Checks::Nothing,
            ..ClientAuthMode::REQUIRED
        },
        ["request"] => ClientAuthMode {
            checks: Checks::Nothing,
            ..ClientAuthMode::OPTIONAL
        },
        _ => ClientAuthMode {
            checks: Checks::ButIssuer,
            ..ClientAuthMode::OPTIONAL
        },
    }
}

const NGINX: &str = r#"
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
    assert!(site.pins.is_empty() && site.not_understood.len() == 1);
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

const APACHE: &str = r#"
ServerRoot "/etc/httpd"
<IfModule mod_ssl.c>
SSLProtocol all -SSLv3 \
  -TLSv1 -TLSv1.1
<VirtualHost *:443>
  ServerName hook.example
  SSLEngine on
  SSLCertificateFile "conf/cert.pem"
  SSLCertificateChainFile conf/chain.pem
  SSLCertificateKeyFile conf/key.pem
  SSLCACertificateFile conf/clients.pem
  <Location "/hook">
    SSLVerifyClient require
    SSLVerifyDepth 2
    Require expr "%{SSL_CLIENT_S_DN_CN} == 'one'"
    RequestHeader set X-Subject "%{SSL_CLIENT_S_DN}s"
  </Location>
</VirtualHost>
<VirtualHost *:444>
  SSLEngine on
  SSLVerifyClient optional
  SSLRequire %{SSL_CLIENT_S_DN_CN} in {"one", "two"}
  RewriteCond %{SSL:SSL_CLIENT_S_DN_CN} !^one\ two$
  RewriteRule .* - [F]
  RewriteCond %{SSL:SSL_CLIENT_VERIFY} !^SUCCESS$
  RewriteRule .* - [F]
</VirtualHost>
</IfModule>
"#;

#[test]
fn apache_reads_hosts_locations_and_conditions() {
    let sites = read("httpd.conf", APACHE);
    assert_eq!(sites.len(), 2, "{sites:#?}");
    let first = &sites[0];
    assert_eq!(
        files(&first.certificate),
        ["conf/cert.pem", "conf/chain.pem"]
    );
    assert_eq!(
        (first.mode(), line(first.client_auth.as_ref().unwrap())),
        (wanted(&["on"]), 14)
    );
    // The root counts too: a depth of 2 leaves room for one intermediate.
    assert_eq!(first.intermediates.as_ref().unwrap().value, 1);
    assert_eq!(first.versions.as_ref().unwrap().value, [0x0303, 0x0304]);
    assert_eq!(first.pins[0].value.values, ["one"]);
    assert!(!first.pins[0].value.negated && first.forwards[0].value.overwrites);
    let second = &sites[1];
    assert_eq!(second.pins[0].value.values, ["one", "two"]);
    assert_eq!(second.pins[1].value.values, [r"^one\ two$"]);
    assert!(second.verified_later(), "{:?}", second.pins);
}

const HAPROXY: &str = r"
global
    ca-base /etc/ssl
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
frontend web
    bind :443 ssl crt /etc/ssl/both.pem ca-file clients.pem verify optional crl-file revoked.pem # public
    acl known ssl_c_s_dn(cn) -m str one two
    acl verified ssl_c_verify 0
    http-request deny unless known
    http-request deny if !verified
    http-request add-header X-Subject %[ssl_c_s_dn]
    use_backend app
frontend plain
    bind :80
";

#[test]
fn haproxy_reads_binds_and_rules() {
    let site = one("haproxy.cfg", HAPROXY);
    assert_eq!(files(&site.client_ca), ["/etc/ssl/clients.pem"]);
    assert_eq!(files(&site.crl), ["/etc/ssl/revoked.pem"]);
    assert_eq!(site.mode(), wanted(&["optional"]));
    assert_eq!(site.versions.as_ref().unwrap().value, [0x0303, 0x0304]);
    assert_eq!(site.pins[0].value.values, ["one", "two"]);
    assert!(site.verified_later());
    assert!(!site.forwards[0].value.overwrites);
    for (rule, negated) in [
        ("deny if { ssl_c_s_dn(cn) one }", true),
        ("deny if !{ ssl_c_s_dn(cn) one }", false),
        (
            "deny unless { ssl_c_s_dn(cn) one } or { ssl_c_s_dn(cn) two }",
            false,
        ),
    ] {
        let site = one(
            "haproxy.cfg",
            &format!(
                "frontend a\n mode http\n bind :1 ssl crt x verify required\n http-request {rule}\n"
            ),
        );
        assert_eq!(
            site.pins.first().map(|pin| pin.value.negated),
            Some(negated),
            "{rule}: {site:#?}"
        );
    }
    let both = one(
        "haproxy.cfg",
        "frontend a\n mode http\n bind :1 ssl crt x\n http-request deny if { ssl_c_used } { src 10.0.0.0/8 }\n",
    );
    assert!(both.pins.is_empty() && both.not_understood.len() == 1);
}

const CADDY: &str = r#"
{
    admin off
}
(mutual) {
    client_auth {
        mode {args[0]}
        trust_pool file {
            pem_file /etc/ssl/clients.pem
        }
    }
}
hook.example, www.hook.example {
    tls /etc/ssl/full.pem /etc/ssl/key.pem {
        import mutual require_and_verify
        protocols tls1.3
    }
    @stranger expression {tls_client_subject} != "CN=one"
    respond @stranger 403
    reverse_proxy localhost:8080 {
        header_up X-Subject {tls_client_subject}
    }
}
http://plain.example {
    respond 200
}
"#;

#[test]
fn caddy_reads_snippets_and_matchers() {
    let site = one("Caddyfile", CADDY);
    assert_eq!(site.name, "hook.example www.hook.example");
    assert_eq!(files(&site.client_ca), ["/etc/ssl/clients.pem"]);
    assert_eq!(site.mode(), wanted(&["on"]));
    assert_eq!(site.versions.as_ref().unwrap().value, [0x0304]);
    assert_eq!(
        (
            site.pins[0].value.values[0].as_str(),
            site.pins[0].value.negated
        ),
        ("CN=one", false)
    );
    assert!(site.forwards[0].value.overwrites);
    let bare = one(
        "Caddyfile",
        "localhost:8443\ntls a.pem b.pem {\n client_auth {\n  trusted_ca_cert_file c.pem\n }\n}\nrespond ok\n",
    );
    assert_eq!(
        (bare.name.as_str(), bare.mode()),
        ("localhost:8443", wanted(&["on"]))
    );
}

#[test]
fn envoy_reads_downstream_contexts_alone() {
    let text = r#"
static_resources:
  clusters:
  - transport_socket: { typed_config: { "@type": x.UpstreamTlsContext, common_tls_context: {} } }
  listeners:
  - name: web
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_params: { tls_minimum_protocol_version: TLSv1_1 }
            tls_certificates:
            - certificate_chain: { filename: full.pem }
              private_key: { inline_string: "secret" }
            validation_context:
              trusted_ca: { filename: clients.pem }
              match_typed_subject_alt_names:
              - { san_type: DNS, matcher: { suffix: .example } }
      filters:
      - name: http
        typed_config:
          forward_client_cert_details: APPEND_FORWARD
          http_filters:
          - name: envoy.filters.http.jwt_authn
"#;
    let site = one("envoy.yaml", text);
    assert_eq!(site.name, "listener web");
    assert_eq!(site.mode(), wanted(&["optional"]));
    assert_eq!(
        site.versions.as_ref().unwrap().value,
        [0x0302, 0x0303, 0x0304]
    );
    assert_eq!(
        (site.pins[0].value.of, site.pins[0].value.in_handshake),
        (Pinned::AlternativeName, true)
    );
    assert!(!site.forwards[0].value.overwrites && site.bearer.len() == 1);
    assert_eq!(
        site.not_understood[0].value,
        NotUnderstood::Inline("private_key")
    );
    assert!(!format!("{site:?}").contains("secret"));
    let broken = one("envoy.yaml", "static_resources: [\n");
    assert!(broken.unreadable[0].value.why.contains("not YAML"));
}

#[test]
fn traefik_reads_yaml_toml_and_kubernetes() {
    let yaml = "tls:\n  certificates:\n  - certFile: full.pem\n    keyFile: key.pem\n  options:\n    mutual:\n      minVersion: VersionTLS12\n      clientAuth:\n        caFiles: [clients.pem]\n        clientAuthType: VerifyClientCertIfGiven\n";
    let toml = "[[tls.certificates]]\ncertFile = 'full.pem'\nkeyFile = 'key.pem'\n[tls.options.mutual]\nminVersion = 'VersionTLS12'\n[tls.options.mutual.clientAuth]\ncaFiles = ['clients.pem']\nclientAuthType = 'VerifyClientCertIfGiven'\n";
    for (path, text) in [("dynamic.yaml", yaml), ("dynamic.toml", toml)] {
        let site = one(path, text);
        assert_eq!(files(&site.certificate), ["full.pem"], "{path}");
        assert_eq!(files(&site.client_ca), ["clients.pem"], "{path}");
        assert_eq!(site.mode(), wanted(&["optional"]), "{path}");
    }
    assert_eq!(
        line(one("dynamic.toml", toml).client_auth.as_ref().unwrap()),
        8
    );
    let kubernetes = "apiVersion: traefik.io/v1alpha1\nkind: TLSOption\nmetadata: { name: mutual }\nspec:\n  clientAuth:\n    secretNames: [clients]\n    clientAuthType: RequireAndVerifyClientCert\n";
    let site = one("option.yaml", kubernetes);
    assert_eq!(site.mode(), wanted(&["on"]));
    assert_eq!(
        site.not_understood[0].value,
        NotUnderstood::AuthoritiesInSecrets
    );
}

#[test]
fn every_word_for_client_authentication_is_known() {
    let site = |text: String| one("Caddyfile", &text).mode();
    for (word, mode) in [
        ("request", "request"),
        ("require", "any"),
        ("verify_if_given", "optional"),
        ("require_and_verify", "on"),
    ] {
        assert_eq!(
            site(format!(
                "a.example {{\n tls x y {{\n client_auth {{\n mode {word}\n }}\n }}\n}}\n"
            )),
            wanted(&[mode]),
            "{word}"
        );
    }
    for (word, mode) in [
        ("NoClientCert", "off"),
        ("RequestClientCert", "request"),
        ("RequireAnyClientCert", "any"),
        ("VerifyClientCertIfGiven", "optional"),
        ("RequireAndVerifyClientCert", "on"),
    ] {
        let text =
            format!("tls:\n  options:\n    a:\n      clientAuth: {{ clientAuthType: {word} }}\n");
        assert_eq!(one("t.yaml", &text).mode(), wanted(&[mode]), "{word}");
    }
    for (word, mode) in [
        ("on", "on"),
        ("off", "off"),
        ("optional", "optional"),
        ("optional_no_ca", "but-issuer"),
    ] {
        assert_eq!(
            one(
                "n.conf",
                &format!("server {{ listen 1 ssl; ssl_verify_client {word}; }}")
            )
            .mode(),
            wanted(&[mode]),
            "{word}"
        );
    }
    for (word, mode) in [
        ("require", "on"),
        ("none", "off"),
        ("optional", "optional"),
        ("optional_no_ca", "but-issuer"),
    ] {
        assert_eq!(
            one("h.conf", &format!("SSLEngine on\nSSLVerifyClient {word}\n")).mode(),
            wanted(&[mode]),
            "{word}"
        );
    }
}

#[test]
fn same_settings_are_one_site_with_several_names() {
    let text = "http { ssl_verify_client on; ssl_client_certificate c.pem; ssl_certificate f.pem;\n server { listen 1 ssl; server_name a; }\n server { listen 2 ssl; server_name b; } }";
    assert_eq!(one("nginx.conf", text).name, "server a, server b");
}

#[test]
fn what_is_no_configuration_is_none() {
    for (path, text) in [
        ("a.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("secret.yaml", "kind: Secret\ndata: { tls.crt: aa }\n"),
        ("notes.txt", "server room keys are in the drawer\n"),
        ("a.json", "{}"),
        ("case.json", r#"{"eku": ["clientAuth"]}"#),
        ("bag.txt", "server {\n;\n-----BEGIN CERTIFICATE-----\n"),
    ] {
        assert_eq!(software(path, text), None, "{path}");
    }
}

const ALL: [(ServerSoftware, &str, &str); 5] = [
    (ServerSoftware::Nginx, "nginx.conf", NGINX),
    (ServerSoftware::Apache, "httpd.conf", APACHE),
    (ServerSoftware::Haproxy, "haproxy.cfg", HAPROXY),
    (ServerSoftware::Caddy, "Caddyfile", CADDY),
    (
        ServerSoftware::Traefik,
        "t.toml",
        "[tls.options.a.clientAuth]\nclientAuthType = 'x'\n",
    ),
];

proptest! {
    /// A configuration that was cut or scribbled upon is read as far as it goes.
    #[test]
    fn nothing_panics(which in 0..ALL.len(), cut in 0..2_000usize, scribble in "[{}\\\\\"'`;#<>\\[\\]()\n\u{1b}é ]{0,12}", at in 0..2_000usize) {
        let (software, path, text) = ALL[which];
        let mut text = text.to_owned();
        let place = |at: usize, text: &str| text.char_indices().map(|(index, _)| index).nth(at.min(text.len())).unwrap_or(text.len());
        let middle = place(at, &text);
        text.insert_str(middle, &scribble);
        let end = place(cut, &text);
        text.truncate(end);
        let _ = sites(software, path, &text, &mut Memory(Vec::new()));
        let _ = sites(ServerSoftware::Envoy, path, &text, &mut Memory(Vec::new()));
    }
}

#[test]
fn blocks_without_end_are_left_out_and_told() {
    let nginx = format!(
        "server {{ listen 1 ssl; {}",
        "location / { ".repeat(100_000)
    );
    let caddy = format!("a.example {{\n{}", "handle {\n".repeat(100_000));
    let apache = format!(
        "SSLEngine on\nSSLVerifyClient none\n{}",
        "<Location />\n".repeat(100_000)
    );
    for (software, text) in [
        (ServerSoftware::Nginx, nginx),
        (ServerSoftware::Caddy, caddy),
        (ServerSoftware::Apache, apache),
    ] {
        let found = sites(software, "conf", &text, &mut Memory(Vec::new()));
        assert!(found.len() <= 1, "{software:?}");
    }
    for text in [
        "a: [".repeat(50_000),
        format!("static_resources: {}", "{a: ".repeat(20_000)),
    ] {
        assert_eq!(
            sites(
                ServerSoftware::Envoy,
                "e.yaml",
                &text,
                &mut Memory(Vec::new())
            )
            .len(),
            1
        );
    }
    let toml = format!("a = {}", "[".repeat(100_000));
    assert_eq!(
        sites(
            ServerSoftware::Traefik,
            "t.toml",
            &toml,
            &mut Memory(Vec::new())
        )
        .len(),
        1
    );
}

#[test]
fn apache_knows_its_own_variables_and_its_engine() {
    let text = "Define certs /etc/ssl\n<VirtualHost *:443>\nSSLEngine on\nSSLProxyVerify require\nSSLCertificateFile ${certs}/a.pem\nSSLCACertificateFile ${OTHER}/b.pem\n</VirtualHost>\n<VirtualHost *:80>\nSSLCertificateFile c.pem\n</VirtualHost>\n";
    let site = one("httpd.conf", text);
    assert_eq!(files(&site.certificate), ["/etc/ssl/a.pem"]);
    assert!(site.client_ca.is_empty() && site.client_auth.is_none());
    assert_eq!(site.not_understood.len(), 1);
}

#[test]
fn caddy_refuses_in_handle_blocks_too() {
    let text = "a.example {\n tls x y {\n client_auth {\n mode verify_if_given\n }\n }\n @no not expression `{tls_client_subject}.contains(\"CN=one\")`\n handle @no {\n respond 403\n }\n}\n";
    let site = one("Caddyfile", text);
    let pin = &site.pins[0].value;
    assert_eq!(
        (pin.comparison, pin.values[0].as_str(), pin.negated),
        (Comparison::Contains, "CN=one", false)
    );
}

#[test]
fn authorities_from_a_secret_service_are_checked_against() {
    let text = "static_resources:\n  listeners:\n  - filter_chains:\n    - transport_socket:\n        typed_config:\n          require_client_certificate: true\n          common_tls_context:\n            combined_validation_context:\n              default_validation_context: {}\n              validation_context_sds_secret_config: { name: ca }\n";
    let site = one("envoy.yaml", text);
    assert_eq!(site.mode(), wanted(&["on"]));
    assert!(
        site.not_understood
            .iter()
            .any(|setting| setting.value == NotUnderstood::AuthoritiesFromService),
        "{site:#?}"
    );
}
