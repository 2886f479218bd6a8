//! Envoy and Traefik, which are configured by YAML, TOML and Kubernetes resources.

use super::{files, line, one, wanted};
use crate::facts::{NotUnderstood, Pinned};

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
    // A name to match requires a certificate.
    assert_eq!(site.mode(), wanted(&["on"]));
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
