//! Traefik: which options its routers get, and by whose authorities certificates are checked.

use super::{files, one, read, software, wanted};
use crate::facts::{NotUnderstood, ServerSoftware, Site};

/// Options `mtls`, which are strict, and these routers.
fn with(rest: &str) -> Vec<Site> {
    let options = "tls: {certificates: [{certFile: a, keyFile: b}], options: {mtls: {clientAuth: {caFiles: [c], clientAuthType: RequireAndVerifyClientCert}}}}";
    read("t.yml", &format!("{options}\n{rest}"))
}

fn routers(routers: &str) -> Vec<Site> {
    with(&format!("http:\n  routers: {{{routers}}}\n"))
}

fn modes(sites: &[Site]) -> Vec<bool> {
    sites.iter().map(|site| site.mode().enforces()).collect()
}

#[test]
fn authorities_alone_are_enough() {
    let mode = |auth: &str| {
        let text =
            format!("tls:\n  options:\n    default:\n      clientAuth: {auth}\n#clientAuthType\n");
        one("t.yml", &text)
    };
    assert_eq!(mode("{caFiles: [c]}").mode(), wanted(&["on"]));
    assert_eq!(mode("{}").mode(), wanted(&["off"]));
    let unknown = mode("{caFiles: [c], clientAuthType: RequireAndVerify}");
    assert!(unknown.mode_unread().is_some());
    assert!(mode("{}").mode_unread().is_none());
}

#[test]
fn routers_that_share_a_host_get_the_default_options() {
    let strict = "a: {rule: 'Host(`a`)', service: s, tls: {options: mtls}}";
    let beside = |other: &str| routers(&format!("{strict}, b: {other}"));
    for (other, expected) in [
        // The same host, at every entry point.
        (
            "{rule: 'Host(`a`) && Path(`/x`)', service: s, tls: {}}",
            vec![false],
        ),
        (
            "{rule: 'Host(`a`)', service: s, entryPoints: [x], tls: {}}",
            vec![false],
        ),
        (
            "{rule: 'Host(`b`)', service: t, tls: {}}",
            vec![true, false],
        ),
        (
            "{rule: 'Host(`a`) && Path(`/x`)', service: s, tls: {options: mtls}}",
            vec![true],
        ),
    ] {
        let sites = beside(other);
        assert_eq!(modes(&sites), expected, "{other}");
        assert!(sites[0].undecided().is_none(), "{other}");
        let told = sites[0].without_effect.iter();
        let told = told.filter(|one| one.value.contains("name several TLS options"));
        assert_eq!(told.count(), usize::from(expected == [false]), "{other}");
    }
    let apart = routers(
        "a: {rule: 'Host(`a`)', service: s, entryPoints: [x], tls: {options: mtls}}, b: {rule: 'Host(`a`)', service: t, entryPoints: [y], tls: {}}",
    );
    assert_eq!(modes(&apart), [true, false]);
    // Some of its hosts keep theirs; those of another entry point do not share.
    let partly = routers(
        "a: {rule: 'Host(`a`, `c`)', service: s, tls: {options: mtls}}, b: {rule: 'Host(`a`)', service: t, tls: {}}",
    );
    assert_eq!(modes(&partly), [true, false]);
    assert_eq!(partly[0].serves.names, ["c"]);
    assert_eq!(partly[0].without_effect.len(), 1);
    // Options are chosen by the host.
    let nameless = routers("a: {rule: 'Path(`/x`)', service: s, tls: {options: mtls}}");
    assert_eq!(modes(&nameless), [false]);
    assert!(nameless[0].without_effect[0].value.contains("has no Host"));
    let tcp =
        with("tcp:\n  routers: {a: {rule: 'HostSNI(`*`)', service: s, tls: {options: mtls}}}\n");
    assert_eq!(modes(&tcp), [true]);
}

#[test]
fn an_entry_point_has_options_for_its_routers() {
    let point = "entryPoints: {web: {address: ':443', http: {tls: {options: mtls@file}}}}";
    let router = |tls: &str| {
        with(&format!(
            "{point}\nhttp:\n  routers: {{a: {{rule: 'Host(`a`)', service: s, entryPoints: [web]{tls}}}}}\n"
        ))
    };
    assert_eq!(modes(&router("")), [true]);
    // `tls` of its own replaces that of the entry point.
    assert_eq!(modes(&router(", tls: {}")).last(), Some(&false));
    let alone = one("traefik.yml", &format!("{point}\n"));
    assert_eq!(alone.name, "entry point web");
    assert!(alone.mode_unread().is_some());
    // The other half of it: what the entry point gives is not there.
    let dynamic = routers("a: {rule: 'Host(`a`)', service: s, entryPoints: [web]}");
    assert_eq!(dynamic.len(), 1);
    assert!(dynamic[0].mode_unread().is_some(), "{dynamic:#?}");
    let named = routers("a: {rule: 'Host(`a`)', service: s, tls: {options: other}}");
    assert!(named[0].mode_unread().is_some());
}

#[test]
fn authorities_of_secrets_beside_are_read() {
    let option = "kind: TLSOption\nmetadata: {name: o, namespace: n}\nspec: {clientAuth: {secretNames: [ca]}}\n";
    let secret = |namespace: &str, key: &str| {
        format!(
            "---\nkind: Secret\nmetadata: {{name: ca, namespace: {namespace}}}\ndata: {{{key}: UEVN}}\n"
        )
    };
    for key in ["tls.ca", "ca.crt"] {
        let site = one("o.yaml", &format!("{option}{}", secret("n", key)));
        assert_eq!(
            site.inline_ca,
            [("o.yaml#ca/ca.crt".to_owned(), b"PEM".to_vec())]
        );
        assert_eq!(files(&site.client_ca), ["o.yaml#ca/ca.crt"]);
        assert_eq!(site.mode(), wanted(&["on"]));
        assert!(!site.authorities_unread());
    }
    let elsewhere = one("o.yaml", &format!("{option}{}", secret("other", "ca.crt")));
    assert!(elsewhere.inline_ca.is_empty() && elsewhere.authorities_unread());
    assert_eq!(
        elsewhere.not_understood[0].value,
        NotUnderstood::AuthoritiesInSecrets
    );
}

#[test]
fn what_a_config_map_holds_is_a_file_of_its_own() {
    let envoy = "static_resources:\n  listeners: [{filter_chains: [{transport_socket: {typed_config: {common_tls_context: {}}}}]}]\n";
    let traefik = "entryPoints:\n  web: {address: ':1'}\n";
    for (inner, found) in [
        (envoy, ServerSoftware::Envoy),
        (traefik, ServerSoftware::Traefik),
    ] {
        assert_eq!(software("a.yaml", inner), Some(found));
        let indented = inner.replace('\n', "\n    ");
        let map = format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n    {indented}\n");
        assert_eq!(software("map.yaml", &map), None);
        let beside = format!("{map}---\nkind: TLSOption\nmetadata: {{name: a}}\nspec: {{}}\n");
        assert_eq!(software("map.yaml", &beside), Some(ServerSoftware::Traefik));
        let json = serde_json::json!({"kind": "ConfigMap", "data": {"a.yaml": inner}});
        assert_eq!(software("map.json", &json.to_string()), None);
    }
}
