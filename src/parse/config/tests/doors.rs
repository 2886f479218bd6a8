//! Other ways in, for each server: the same application behind an address without TLS, or behind
//! one that requests no certificate; and what is no such way.

use super::read;

/// The ways in of the first site that asks for a certificate: address, target, certain.
fn ways(path: &str, text: &str) -> Vec<(String, Option<String>, bool)> {
    let sites = read(path, text);
    let asking = sites.iter().find(|site| site.mode().asks);
    let asking = asking.unwrap_or_else(|| panic!("{sites:#?}"));
    asking
        .doors
        .iter()
        .map(|door| {
            let door = &door.value;
            (door.address.clone(), door.target.clone(), door.certain)
        })
        .collect()
}

fn way(address: &str, target: &str, certain: bool) -> (String, Option<String>, bool) {
    (address.to_owned(), Some(target.to_owned()), certain)
}

fn nginx(beside: &str) -> String {
    format!(
        "server {{ listen 443 ssl; server_name hook.example; ssl_certificate a; ssl_certificate_key b;
           ssl_client_certificate c; ssl_verify_client on;
           location /hook {{ proxy_pass http://app:3000/x; }} }}
         {beside}"
    )
}

#[test]
fn nginx_servers_beside() {
    let found = |beside: &str| ways("nginx.conf", &nginx(beside));
    let plain = "server { listen 80; server_name hook.example; location / { proxy_pass http://app:3000; } }";
    let at = "server hook.example on 80";
    assert_eq!(found(plain), [way(at, "app:3000", true)]);
    let tls = "server { listen 8443 ssl; server_name www.example; ssl_certificate a; ssl_certificate_key b;
        location / { proxy_pass http://app:3000; } }";
    assert_eq!(found(tls), [way("server www.example", "app:3000", false)]);
    for none in [
        "server { listen 80; server_name hook.example; return 301 https://$host$request_uri; }",
        "server { listen 127.0.0.1:80; location / { proxy_pass http://app:3000; } }",
        "server { listen 80; location / { proxy_pass http://other:3000; } }",
        "server { listen 80; location / { return 301 https://$host$request_uri; } }",
    ] {
        assert!(found(none).is_empty(), "{none}");
    }
    // Something may turn the requests away: then it is no certainty.
    let asked = "server { listen 80; server_name hook.example; auth_basic x; location / { proxy_pass http://app:3000; } }";
    assert_eq!(found(asked), [way(at, "app:3000", false)]);
    let denied = asked.replace("auth_basic x;", "deny all;");
    assert!(found(&denied).is_empty());
    // One application by two names.
    let named = "upstream other { server app:3000; } server { listen 80; server_name hook.example; location / { proxy_pass http://other; } }";
    assert_eq!(found(named), [way(at, "app:3000", true)]);
    // By a variable that is always the same; one that a condition sets may be anything.
    let set = "server { listen 80; server_name hook.example; set $app app; location / { proxy_pass http://$app:3000; } }";
    assert_eq!(found(set), [way(at, "app:3000", true)]);
    let braces = set
        .replace("$app:3000", "${app}:3000")
        .replace("set $app app;", "set $app app; set $apple x;");
    assert_eq!(found(&braces), [way(at, "app:3000", true)]);
    let either = set.replace(
        "set $app app;",
        "set $app app; if ($arg_x) { set $app other; }",
    );
    assert!(found(&either).is_empty());
}

#[test]
fn haproxy_binds_and_frontends_beside() {
    let base = "frontend web
  bind :443 ssl crt a.pem ca-file b.pem verify required
  default_backend app
";
    let found = |rest: &str| {
        ways(
            "haproxy.cfg",
            &format!("{base}{rest}backend app\n  server a 10.0.0.1:1\n"),
        )
    };
    assert_eq!(
        found("  bind :8443 ssl crt a.pem\n"),
        [way("frontend web bind :8443", "backend app", true)]
    );
    assert_eq!(
        found("frontend old\n  bind :80\n  default_backend app\n"),
        [way("frontend old on :80", "backend app", true)]
    );
    for none in [
        "frontend old\n  bind :80\n  redirect scheme https\n  default_backend app\n",
        "frontend old\n  bind 127.0.0.1:80\n  default_backend app\n",
        "frontend old\n  bind :80\n  default_backend other\n",
        "  bind :8443 ssl crt a.pem ca-file b.pem verify required\n",
    ] {
        assert!(found(none).is_empty(), "{none}");
    }
    let rule = "  http-request deny unless { ssl_c_used }\n  bind :8443 ssl crt a.pem\n";
    assert!(found(rule).is_empty());
}

#[test]
fn apache_hosts_beside() {
    let base = "<VirtualHost *:443>
  ServerName hook.example
  SSLEngine on
  SSLVerifyClient require
  ProxyPass / http://app:3000/
</VirtualHost>
";
    let found = |rest: &str| ways("httpd.conf", &format!("{base}{rest}"));
    let plain = "<VirtualHost *:80>\n ServerName hook.example\n ProxyPass / http://app:3000/\n</VirtualHost>\n";
    assert_eq!(found(plain), [way("VirtualHost *:80", "app:3000", true)]);
    for none in [
        "<VirtualHost *:80>\n Redirect permanent / https://hook.example/\n</VirtualHost>\n",
        "<VirtualHost *:80>\n RewriteEngine on\n RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R]\n ProxyPass / http://app:3000/\n</VirtualHost>\n",
        "<VirtualHost 127.0.0.1:80>\n ProxyPass / http://app:3000/\n</VirtualHost>\n",
    ] {
        assert!(found(none).is_empty(), "{none}");
    }
}

#[test]
fn caddy_sites_beside() {
    let base = "hook.example {
  tls a.pem b.pem {
    client_auth {
      mode require_and_verify
      trusted_ca_cert_file c.pem
    }
  }
  reverse_proxy app:3000
}
";
    let found = |rest: &str| ways("Caddyfile", &format!("{base}{rest}"));
    assert_eq!(
        found("http://hook.example {\n reverse_proxy app:3000\n}\n"),
        [way("http://hook.example", "app:3000", true)]
    );
    assert!(found("http://hook.example {\n redir https://hook.example{uri}\n}\n").is_empty());
    assert_eq!(
        found("www.example {\n reverse_proxy /hook app:3000\n}\n"),
        [way("www.example", "app:3000", false)]
    );
    let both = base.replacen("hook.example {", "http://hook.example, hook.example {", 1);
    assert_eq!(
        ways("Caddyfile", &both),
        [("http://hook.example".to_owned(), None, true)]
    );
}

#[test]
fn envoy_listeners_beside() {
    let chain = |transport: &str, domain: &str, route: &str| {
        format!(
            "    - filter_chains:
      - filters:
        - name: envoy.filters.network.http_connection_manager
          typed_config:
            route_config:
              virtual_hosts:
              - domains: ['{domain}']
                routes:
                - match: {{prefix: /}}
                  {route}
{transport}"
        )
    };
    let tls = "        transport_socket:
          name: envoy.transport_sockets.tls
          typed_config:
            \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
            require_client_certificate: true
            common_tls_context:
              tls_certificates:
              - certificate_chain: {filename: a.pem}
                private_key: {filename: b.pem}
              validation_context:
                trusted_ca: {filename: c.pem}
";
    let app = "route: {cluster: app}";
    let found = |second: &str| {
        let first = chain(tls, "*", app);
        ways(
            "envoy.yaml",
            &format!("static_resources:\n  listeners:\n{first}{second}"),
        )
    };
    let address = "      name: old
      address: {socket_address: {address: ADDRESS, port_value: 80}}
";
    let open = address.replace("ADDRESS", "0.0.0.0");
    assert_eq!(
        found(&chain(&open, "*", app)),
        [way("listener old on 80", "cluster app", true)]
    );
    assert!(found(&chain(&address.replace("ADDRESS", "127.0.0.1"), "*", app)).is_empty());
    assert!(found(&chain(&open, "*", "redirect: {https_redirect: true}")).is_empty());
    assert!(found(&chain(&open, "*", "route: {cluster: other}")).is_empty());
}

#[test]
fn traefik_routers_beside() {
    let base = "entryPoints:
  web: {address: ':80'}
  websecure: {address: ':443'}
tls:
  options:
    mtls:
      clientAuth: {caFiles: [c.pem], clientAuthType: RequireAndVerifyClientCert}
http:
  middlewares:
    away: {redirectScheme: {scheme: https}}
  routers:
    hook: {rule: 'Host(`hook.example`)', service: app, tls: {options: mtls}}
";
    let found = |rest: &str| ways("traefik.yml", &format!("{base}{rest}"));
    let plain = "    old: {rule: 'Host(`hook.example`)', service: app, entryPoints: [web]}\n";
    assert_eq!(found(plain), [way("router old", "service app", true)]);
    let other = "    www: {rule: 'Host(`www.example`)', service: app, tls: {}}\n";
    assert_eq!(found(other), [way("router www", "service app", false)]);
    for none in [
        "    old: {rule: 'Host(`hook.example`)', service: app, entryPoints: [web], middlewares: [away]}\n",
        "    old: {rule: 'Host(`hook.example`)', service: other, entryPoints: [web]}\n",
    ] {
        assert!(found(none).is_empty(), "{none}");
    }
}
