//! What Envoy and Traefik hand requests to, and what of their configurations is elsewhere.

use super::{Memory, ServerSoftware, Site, read, sites};

/// Envoy's listener with TLS beside a plain one, each to a cluster.
fn envoy(required: &str, plain: &str, socket: &str) -> Vec<Site> {
    let chain = |host: &str, cluster: &str| {
        format!(
            "    filter_chains:
    - filters:
      - name: http
        typed_config:
          route_config:
            virtual_hosts:
            - domains: ['*']
              {host}
              routes: [{{match: {{prefix: /}}, route: {{cluster: {cluster}}}}}]
"
        )
    };
    let cluster = |name: &str, port: &str| {
        format!(
            "  - name: {name}
    load_assignment: {{endpoints: [{{lb_endpoints: [{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}}}}}]}}]}}
"
        )
    };
    let tls = format!(
        "      transport_socket:
        name: envoy.transport_sockets.{socket}
        typed_config:
          tls:
            require_client_certificate: {required}
            common_tls_context:
              tls_certificates: [{{certificate_chain: {{filename: a}}, private_key: {{filename: b}}}}]
              validation_context: {{trusted_ca: {{filename: c}}}}
"
    );
    let listener = |port: &str| {
        format!("  - address: {{socket_address: {{address: 0.0.0.0, port_value: {port}}}}}\n")
    };
    let (host, to) = plain.split_once('|').unwrap();
    let text = format!(
        "static_resources:\n  listeners:\n{}{}{tls}{}{}  clusters:\n{}{}{}",
        listener("443"),
        chain("name: a", "app"),
        listener("8080"),
        chain(host, to),
        cluster("app", "3000"),
        cluster("twin", "3000"),
        cluster("other", "3001"),
    );
    read("envoy.yaml", &text)
}

#[test]
fn envoys_clusters_are_their_addresses() {
    let open = |plain: &str| {
        let found = envoy("true", plain, "tls");
        assert!(found[0].mode().enforces(), "{found:#?}");
        found[0].doors.iter().any(|door| door.value.certain)
    };
    for (plain, expected) in [
        ("name: b|app", true),
        ("name: b|twin", true),
        ("name: b|other", false),
        ("require_tls: ALL|app", false),
    ] {
        assert_eq!(open(plain), expected, "{plain}");
    }
    let starts = envoy("true", "name: b|other", "starttls");
    assert_eq!(starts[0].doors.len(), 1);
}

#[test]
fn envoy_reads_the_words_of_yaml_1_1() {
    for (word, requires) in [("yes", true), ("on", true), ("y", true), ("no", false)] {
        let found = envoy(word, "name: b|other", "tls");
        assert_eq!(found[0].mode().requires, requires, "{word}");
    }
}

#[test]
fn what_is_merged_elsewhere_or_of_another_api_is_not_understood() {
    let context = "{require_client_certificate: true, common_tls_context: {validation_context: {trusted_ca: {filename: c}}}}";
    for text in [
        format!(
            "kind: EnvoyFilter\nspec:\n  configPatches:\n  - patch: {{value: {{transport_socket: {{typed_config: {context}}}}}}}\n"
        ),
        format!(
            "static_resources:\n  listeners:\n  - filter_chains:\n    - tls_context: {context}\n"
        ),
    ] {
        let found = read("envoy.yaml", &text);
        assert!(found[0].undecided().is_some(), "{text}");
    }
}

const OPTIONS: &str = "tls:\n  certificates: [{certFile: a, keyFile: b}]\n  options:\n    OPTIONS:\n      clientAuth: {caFiles: [c], clientAuthType: RequireAndVerifyClientCert}\n";

fn traefik(options: &str, routers: &str) -> String {
    let options = OPTIONS.replace("OPTIONS", options);
    format!(
        "{options}http:\n  routers:\n{routers}\n  services:\n    app: {{loadBalancer: {{servers: [{{url: 'http://127.0.0.1:1'}}]}}}}\n    twin: {{loadBalancer: {{servers: [{{url: 'http://127.0.0.1:1/'}}]}}}}\n"
    )
}

#[test]
fn traefiks_routers_get_what_their_rule_and_their_entry_point_give() {
    // A host that is excluded is none.
    let excluded =
        "    a: {rule: '!Host(`x`) && PathPrefix(`/`)', service: app, tls: {options: mtls}}";
    let found = read("traefik.yml", &traefik("mtls", excluded));
    assert!(found.iter().all(|site| !site.mode().asks), "{found:#?}");
    // Whether there is TLS at all is written elsewhere.
    let bare = "    a: {rule: 'Host(`x`)', service: app}";
    let found = read("traefik.yml", &traefik("default", bare));
    assert!(found[0].undecided().is_some(), "{found:#?}");
    // Another service with the same server, without TLS.
    let twin = "    a: {rule: 'Host(`x`)', service: app, tls: {}}\n    b: {rule: 'Host(`x`)', service: twin, entryPoints: [web]}";
    let found = read("traefik.yml", &traefik("default", twin));
    assert!(found[0].open_in_part, "{found:#?}");
}

#[test]
fn the_dynamic_configuration_that_the_static_one_names_is_read() {
    let of_point = "entryPoints: {s: {address: ':443', http: {tls: {options: mtls@file}}}}\nproviders: {file: {filename: /etc/traefik/dyn.yml}}\n";
    let dynamic = traefik(
        "mtls",
        "    a: {rule: 'Host(`x`)', service: app, entryPoints: [s]}",
    );
    let dynamic: &'static str = Box::leak(dynamic.into_boxed_str());
    for name in ["/etc/traefik/dyn.yml", "dyn.yml"] {
        let files = &mut Memory(vec![(name, dynamic)]);
        let found = sites(ServerSoftware::Traefik, "traefik.yml", of_point, files);
        assert!(found[0].mode().enforces(), "{name}: {found:#?}");
        assert!(found[0].undecided().is_none(), "{name}: {found:#?}");
    }
    let found = read("traefik.yml", of_point);
    assert!(found[0].undecided().is_some());
    // Routers alone are a configuration too.
    let alone =
        "http:\n  routers:\n    a: {rule: 'Host(`x`)', service: app, tls: {options: mtls}}\n";
    assert!(read("hook.yml", alone)[0].undecided().is_some());
}
