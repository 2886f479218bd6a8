//! Other ways in to the same application that a redirect of some requests, another server of the
//! file or a name between them hides.

use super::read;

/// How certain the ways in of the first site that asks for a certificate are.
fn certain(path: &str, text: &str) -> Vec<bool> {
    let sites = read(path, text);
    let asking = sites.iter().find(|site| site.mode().asks);
    let asking = asking.unwrap_or_else(|| panic!("{sites:#?}"));
    let doors = asking.doors.iter();
    doors.map(|door| door.value.certain).collect()
}

fn nginx(plain: &str) -> Vec<bool> {
    certain(
        "site.conf",
        &format!(
            "server {{ listen 443 ssl; server_name hook.example; ssl_certificate a; ssl_certificate_key b;
               ssl_client_certificate c; ssl_verify_client on; location / {{ proxy_pass http://127.0.0.1:3000; }} }}
             {plain}"
        ),
    )
}

#[test]
fn nginx_turns_away_what_it_says_and_no_more() {
    let app = "location / { proxy_pass http://127.0.0.1:3000; }";
    let plain = |inside: &str| nginx(&format!("server {{ listen 80; {inside} }}"));
    let named = |inside: &str| plain(&format!("server_name hook.example; {inside} {app}"));
    for open in [
        "",
        "rewrite ^/hook$ /api/hook last;",
        "rewrite ^/old$ /new permanent;",
        "if ($request_method = GET) { return 301 https://$host$request_uri; }",
        "if ($host = www.hook.example) { return 301 https://hook.example$request_uri; }",
        "if ($arg_x) { break; } if ($request_method !~ ^(GET|POST)$) { return 405; }",
        "rewrite ^ /in break; return 403;",
        "deny 10.0.0.1;",
        "location = /health { return 200 ok; }",
    ] {
        assert_eq!(named(open), [true], "{open}");
    }
    for open in [
        "location / { proxy_pass http://127.0.0.1:3000$request_uri; }",
        "location / { try_files $uri @app; } location @app { proxy_pass http://127.0.0.1:3000; }",
        "location / { proxy_pass http://127.0.0.1:8082; } } server { listen 127.0.0.1:8082; location / { proxy_pass http://127.0.0.1:3000; }",
    ] {
        assert_eq!(plain(open), [true], "{open}");
    }
    for unknown in [
        "if ($http_x_forwarded_proto = http) { return 301 https://$host$request_uri; }",
        "rewrite ^(?!/hook) https://hook.example permanent;",
        "if ($arg_x) { break; } return 301 https://hook.example;",
        "satisfy any; deny all; auth_basic x;",
    ] {
        assert_eq!(named(unknown), [false], "{unknown}");
    }
    let one = "deny all; location /hook { allow all; proxy_pass http://127.0.0.1:3000; }";
    assert_eq!(named(one), [false]);
    for closed in [
        "return 301 https://$host$request_uri;",
        "rewrite ^(.*)$ https://hook.example$1 permanent;",
        "if ($scheme = http) { return 301 https://$host$request_uri; }",
        "if ($host = hook.example) { return 301 https://$host$request_uri; }",
        "if ($ssl_client_verify != SUCCESS) { return 403; }",
        "allow 10.0.0.0/8; deny all;",
    ] {
        assert!(named(closed).is_empty(), "{closed}");
    }
}

#[test]
fn a_plain_server_that_is_handed_requests_is_the_application() {
    let text = |listen: &str, inside: &str| {
        format!(
            "server {{ listen 443 ssl; ssl_certificate a; ssl_client_certificate c; ssl_verify_client on;
               location / {{ proxy_pass http://127.0.0.1:8081; }} }} server {{ listen {listen}; {inside} }}"
        )
    };
    for inside in [
        "location / { proxy_pass http://127.0.0.1:3000; }",
        "root /x;",
    ] {
        let found = |listen| certain("site.conf", &text(listen, inside));
        assert_eq!(found("8081"), [true], "{inside}");
        assert_eq!(found("0.0.0.0:8081"), [true], "{inside}");
        assert!(found("127.0.0.1:8081").is_empty(), "{inside}");
        assert!(found("8082").is_empty(), "{inside}");
    }
    let away = "return 301 https://$host$request_uri;";
    assert!(certain("site.conf", &text("8081", away)).is_empty());
}

#[test]
fn the_same_path_of_one_application_is_the_same_request() {
    let found = |path: &str, root: &str, plain: &str| {
        let php = "location / { try_files $uri /index.php; } location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }";
        let text = format!(
            "server {{ listen 443 ssl; ssl_certificate a; ssl_client_certificate c; ssl_verify_client on; root /a;
               location /hook {{ proxy_pass http://127.0.0.1:3000; }} {php} }}
             server {{ listen 80; root {root}; location {path} {{ proxy_pass http://{plain}; }} {php} }}"
        );
        certain("site.conf", &text)
    };
    // Two applications of PHP share its socket, each with its files.
    assert_eq!(found("/x", "/b", "other"), [false]);
    assert_eq!(found("/x", "/a", "other"), [true]);
    assert_eq!(found("/hook", "/b", "127.0.0.1:3000"), [true]);
    assert_eq!(found("/health", "/b", "127.0.0.1:3000"), [false]);
}

#[test]
fn apache_turns_away_what_it_says_and_no_more() {
    let found = |rest: &str| {
        certain(
            "httpd.conf",
            &format!(
                "Listen 80\n<VirtualHost *:443>\nServerName hook.example\nSSLEngine on\nSSLVerifyClient require\n\
                 ProxyPass / http://127.0.0.1:3000/\n</VirtualHost>\n{rest}"
            ),
        )
    };
    let host = |inside: &str| {
        found(&format!(
            "<VirtualHost *:80>\nServerName hook.example\n{inside}\n</VirtualHost>\n"
        ))
    };
    let app = "ProxyPass / http://127.0.0.1:3000/";
    let away = "RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]";
    for open in [
        app.to_owned(),
        // The proxy comes before mod_alias.
        format!("Redirect permanent / https://hook.example/\n{app}"),
        format!("RewriteEngine on\nRewriteCond %{{HTTP_HOST}} ^www\\. [NC]\n{away}\n{app}"),
        format!("RewriteEngine on\nRewriteCond %{{REQUEST_METHOD}} =GET\n{away}\n{app}"),
        format!("RewriteCond %{{HTTPS}} off\n{away}\n{app}"),
        "RewriteEngine on\nRewriteRule ^/(.*)$ http://127.0.0.1:3000/$1 [P,L]".to_owned(),
        "<Location />\nProxyPass http://localhost:3000/\n</Location>".to_owned(),
        format!("Require all granted\n{app}"),
        "<Proxy balancer://app>\nBalancerMember http://127.0.0.1:3000\n</Proxy>\nProxyPass / balancer://app/".to_owned(),
    ] {
        assert_eq!(host(&open), [true], "{open}");
    }
    for unknown in [
        format!("RewriteEngine on\nRewriteCond %{{REQUEST_URI}} !^/hook\n{away}\n{app}"),
        format!("AuthType Basic\n{app}"),
        format!(
            "<Location />\nRequire all denied\n</Location>\n<Location /hook>\nRequire all granted\n</Location>\n{app}"
        ),
    ] {
        assert_eq!(host(&unknown), [false], "{unknown}");
    }
    for closed in [
        format!("RewriteEngine on\n{away}\n{app}"),
        format!("RewriteEngine on\nRewriteCond %{{HTTPS}} !=on\n{away}\n{app}"),
        "Redirect permanent / https://hook.example/".to_owned(),
        format!("SSLRequireSSL\n{app}"),
        format!("<Location />\nRequire all denied\n</Location>\n{app}"),
    ] {
        assert!(host(&closed).is_empty(), "{closed}");
    }
    // What no host answers, the main server does.
    assert_eq!(found(app), [true]);
    assert!(
        found(&format!(
            "{app}\n<VirtualHost *:80>\nServerName a\n</VirtualHost>"
        ))
        .is_empty()
    );
}

#[test]
fn of_two_servers_with_one_name_the_first_answers() {
    let strict =
        "ssl_client_certificate c; ssl_verify_client on; location / { proxy_pass http://a:1; }";
    let servers = |first: &str, second: &str| {
        let server =
            |rest: &str| format!("server {{ ssl_certificate a; ssl_certificate_key b; {rest} }}\n");
        certain("site.conf", &(server(first) + &server(second)))
    };
    let open = "root /x;";
    let at = |listen: &str, name: &str, rest: &str| {
        format!("listen {listen} ssl; server_name {name}; {rest}")
    };
    for (first, second) in [
        (
            at("8443", "h.example", open),
            at("8443", "h.example", strict),
        ),
        (
            at("0.0.0.0:8443", "H.example", open),
            at("8443", "h.example", strict),
        ),
        (
            at("8443", "a h.example", open),
            at("*:8443", "h.example", strict),
        ),
    ] {
        assert_eq!(servers(&first, &second), [true], "{first}");
        assert!(servers(&second, &first).is_empty(), "{first}");
    }
    let away = at("8443", "h.example", "return 301 https://a.example;");
    assert!(servers(&away, &at("8443", "h.example", strict)).is_empty());
    let elsewhere = at("9443", "h.example", open);
    assert!(servers(&elsewhere, &at("8443", "h.example", strict)).is_empty());
    let host = |rest: &str| {
        format!(
            "<VirtualHost *:443>\nServerName h.example\nSSLEngine on\nSSLCertificateFile a\n{rest}\n</VirtualHost>\n"
        )
    };
    let strict = host("SSLVerifyClient require\nProxyPass / http://a:1/");
    let open = host("ProxyPass / http://b:1/");
    assert_eq!(certain("httpd.conf", &format!("{open}{strict}")), [true]);
    assert!(certain("httpd.conf", &format!("{strict}{open}")).is_empty());
}
