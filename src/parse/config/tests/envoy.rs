//! Envoy: what its contexts ask, the filter chains of one listener, and lines that it refuses.

use super::{one, read, wanted};
use crate::facts::{Lacks, NotUnderstood, Pinned, Site};

const CERTIFICATE: &str =
    "tls_certificates: [{certificate_chain: {filename: a}, private_key: {filename: b}}]";
const CA: &str = "trusted_ca: {filename: c}";
const REQUIRE: &str = "require_client_certificate: true, ";

/// A TLS context with something before `common_tls_context` and a validation context.
fn context(before: &str, validation: &str) -> String {
    format!(
        "transport_socket: {{typed_config: {{{before}common_tls_context: {{{CERTIFICATE}{validation}}}}}}}"
    )
}

fn strict() -> String {
    context(REQUIRE, &format!(", validation_context: {{{CA}}}"))
}

fn asks(before: &str, validation: &str) -> Site {
    let context = context(before, validation);
    let text = format!("static_resources: {{listeners: [{{filter_chains: [{{{context}}}]}}]}}\n");
    one("envoy.yaml", &text)
}

#[test]
fn what_asks_and_what_requires() {
    let hash = "0cccebb94e26d758f532ba76dec23d0a37efb3745c0726a03eddf2be26dd32d3";
    let san = "match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: x}}]";
    let untrusted = "trust_chain_verification: ACCEPT_UNTRUSTED";
    for (before, inner, mode, effect) in [
        (REQUIRE, Some(CA.to_owned()), "on", true),
        ("", Some(CA.to_owned()), "optional", true),
        // A name or a fingerprint requires a certificate by itself.
        ("", Some(format!("{CA}, {san}")), "on", true),
        (
            "",
            Some(format!("verify_certificate_hash: [{hash}]")),
            "any",
            true,
        ),
        ("", Some(san.to_owned()), "any", true),
        (
            "",
            Some(format!("{CA}, {san}, {untrusted}")),
            "request",
            true,
        ),
        // Without anything to verify by, `require_client_certificate` changes nothing.
        (REQUIRE, None, "off", false),
        (REQUIRE, Some(String::new()), "off", false),
        (REQUIRE, Some(untrusted.to_owned()), "request", false),
    ] {
        let validation = inner.map(|inner| format!(", validation_context: {{{inner}}}"));
        let site = asks(before, &validation.clone().unwrap_or_default());
        let mode = match mode {
            "off" => crate::facts::ClientAuthMode::OFF,
            other => wanted(&[other]),
        };
        assert_eq!(site.mode(), mode, "{before}{validation:?}");
        assert_eq!(
            site.without_effect.is_empty(),
            effect,
            "{before}{validation:?}"
        );
        assert!(site.refused.is_empty(), "{:?}", site.refused);
    }
    let pinned = asks(
        "",
        &format!(", validation_context: {{verify_certificate_hash: [{hash}]}}"),
    );
    assert!(pinned.pinned() && pinned.pins[0].value.of == Pinned::Fingerprint);
}

#[test]
fn authorities_of_the_configuration_are_read() {
    let site = asks(
        REQUIRE,
        ", validation_context: {trusted_ca: {inline_string: \"PEM\"}}",
    );
    assert_eq!(
        site.inline_ca,
        [("envoy.yaml#trusted_ca".to_owned(), b"PEM".to_vec())]
    );
    assert_eq!(site.client_ca[0].value, site.inline_ca[0].0);
    let roots = asks(REQUIRE, ", validation_context: {system_root_certs: {}}");
    assert_eq!(roots.mode(), wanted(&["on"]));
    assert_eq!(roots.not_understood[0].value, NotUnderstood::SystemRoots);
}

#[test]
fn fingerprints_and_fields_that_envoy_refuses() {
    let with = |inner: &str| asks(REQUIRE, &format!(", validation_context: {{{CA}, {inner}}}"));
    let hex = "AB".repeat(32);
    let colons = vec!["AB"; 32].join(":");
    let base64 = "cWIfhFZ43yuEywHiWwj/tkx47eArjt6IQrmlHngqi8g=";
    for (key, value, fits) in [
        ("verify_certificate_hash", hex.as_str(), true),
        ("verify_certificate_hash", colons.as_str(), true),
        ("verify_certificate_hash", &hex[2..], false),
        ("verify_certificate_hash", base64, false),
        ("verify_certificate_hash", "${HASH}", true),
        ("verify_certificate_spki", base64, true),
        ("verify_certificate_spki", hex.as_str(), false),
        ("verify_certificate_spki", "SPKI_OF_THE_CLIENT", false),
    ] {
        let site = with(&format!("{key}: [\"{value}\"]"));
        assert_eq!(site.refused.is_empty(), fits, "{key} {value}");
    }
    let (as_list, combined) = (
        ", validation_context: {",
        ", combined_validation_context: {",
    );
    for (before, validation, refused) in [
        (
            "require_client_cert: true, ",
            format!("{as_list}{CA}}}"),
            true,
        ),
        (
            REQUIRE,
            format!("{combined}validation_context: {{{CA}}}}}"),
            true,
        ),
        (
            REQUIRE,
            format!("{as_list}{CA}, verify_certificate_hashes: []}}"),
            true,
        ),
        (
            "requireClientCertificate: true, ",
            format!("{as_list}{CA}}}"),
            false,
        ),
        (
            REQUIRE,
            format!("{combined}default_validation_context: {{{CA}}}}}"),
            false,
        ),
    ] {
        let site = asks(before, &validation);
        assert_eq!(!site.refused.is_empty(), refused, "{before}{validation}");
        // Nothing is said of what was meant.
        assert_eq!(site.mode_unread().is_some(), refused && !site.mode().asks);
    }
    // A newer Envoy may have it.
    let newer = asks(
        "sparkles: true, ",
        &format!(", validation_context: {{{CA}}}"),
    );
    assert!(newer.refused.is_empty() && newer.undecided().is_some());
}

/// The filter chains of a listener on an address of this machine alone.
fn chains(inspector: bool, chains: &[String]) -> Vec<Site> {
    let filters = match inspector {
        true => "listener_filters: [{name: envoy.filters.listener.tls_inspector}], ",
        false => "",
    };
    let address = "address: {socket_address: {address: 127.0.0.1, port_value: 1}}";
    let all = chains.join(", ");
    read(
        "envoy.yaml",
        &format!(
            "static_resources: {{listeners: [{{name: l, {address}, {filters}filter_chains: [{all}]}}]}}\n"
        ),
    )
}

fn chain(matches: &str, domain: &str, answer: &str, transport: &str) -> String {
    let routes = format!("routes: [{{match: {{prefix: /}}, {answer}}}]");
    let hosts = format!("virtual_hosts: [{{name: a, domains: [\"{domain}\"], {routes}}}]");
    let filter = format!("{{name: http, typed_config: {{route_config: {{{hosts}}}}}}}");
    let transport = match transport {
        "" => String::new(),
        some => format!(", {some}"),
    };
    format!("{{filter_chain_match: {{{matches}}}, filters: [{filter}]{transport}}}")
}

/// The other ways in of the first chain: what is lacking, whether it is the same application, and
/// whether it is certain.
fn ways(sites: &[Site]) -> Vec<(Lacks, bool, bool)> {
    let doors = sites[0].doors.iter().map(|door| &door.value);
    doors
        .map(|door| (door.lacks, door.target.is_some(), door.certain))
        .collect()
}

#[test]
fn a_plain_chain_beside_one_with_tls_is_another_way_in() {
    let app = "route: {cluster: app}";
    let tls = chain("transport_protocol: tls", "*", app, &strict());
    for plain in ["transport_protocol: raw_buffer", ""] {
        let sites = chains(true, &[tls.clone(), chain(plain, "*", app, "")]);
        assert_eq!(ways(&sites), [(Lacks::Tls, true, true)], "{plain}");
    }
    let answer = "direct_response: {status: 200}";
    let own = chain("transport_protocol: tls", "*", answer, &strict());
    let sites = chains(true, &[own, chain("", "*", answer, "")]);
    assert_eq!(ways(&sites), [(Lacks::Tls, false, true)]);
    // Those are for other connections, turn all away, or hand TLS on as it is.
    for (matches, answer) in [
        ("destination_port: 8080", app),
        ("source_type: SAME_IP_OR_LOOPBACK", app),
        ("server_names: [other.example]", app),
        ("", "redirect: {https_redirect: true}"),
        ("", "direct_response: {status: 403}"),
    ] {
        let sites = chains(true, &[tls.clone(), chain(matches, "*", answer, "")]);
        assert_eq!(ways(&sites), [], "{matches} {answer}");
    }
}

#[test]
fn a_chain_for_other_names_answers_for_this_one_too() {
    let hook = "server_names: [hook.example]";
    let open = context("", "");
    let answer = "direct_response: {status: 200}";
    let app = |name: &str| format!("route: {{cluster: {name}}}");
    let own = chain(hook, "*", &app("app"), &strict());
    for (matches, domain, answer, expected) in [
        ("", "*", app("app"), Some((Lacks::Certificate, true, true))),
        (
            "",
            "*",
            app("other"),
            Some((Lacks::Certificate, false, false)),
        ),
        (
            "",
            "*",
            answer.to_owned(),
            Some((Lacks::Certificate, false, false)),
        ),
        (
            "server_names: [www.example]",
            "hook.example",
            app("other"),
            Some((Lacks::Certificate, false, false)),
        ),
        // For another name, and any that is not known: an application of its own.
        ("server_names: [www.example]", "*", app("other"), None),
        ("", "www.example", app("other"), None),
    ] {
        let sites = chains(true, &[own.clone(), chain(matches, domain, &answer, &open)]);
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(ways(&sites), expected, "{matches} {domain} {answer}");
        assert!(sites[0].without_effect.is_empty());
    }
    let own = chain(hook, "*", answer, &strict());
    let sites = chains(true, &[own.clone(), chain("", "*", answer, &open)]);
    assert_eq!(ways(&sites), [(Lacks::Certificate, false, true)]);
    // Without `tls_inspector` the chain for the name is never chosen.
    let sites = chains(false, &[own.clone(), chain("", "*", &app("other"), &open)]);
    assert_eq!(ways(&sites), [(Lacks::Certificate, false, true)]);
    assert_eq!(sites[0].without_effect.len(), 1);
    let alone = chains(false, &[own]);
    assert!(ways(&alone).is_empty() && alone[0].without_effect.len() == 1);
}
