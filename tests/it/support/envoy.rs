//! Envoy, configured as a webhook server that answers every request.

use std::{fmt::Write as _, process::Command};

use super::clean;

/// What differs from one configuration to the other.
pub(crate) struct Envoy {
    pub(crate) port: u16,
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) client_ca: String,
    pub(crate) require: bool,
    /// Further members of the validation context, a line each.
    pub(crate) validation: Vec<String>,
    /// The body of the answer, JSON.
    pub(crate) answer: &'static str,
}

impl Envoy {
    /// The configuration as a file's text.
    pub(crate) fn yaml(&self) -> String {
        let Self {
            port,
            certificate,
            key,
            client_ca,
            require,
            validation,
            answer,
        } = self;
        let mut more = String::new();
        for line in validation {
            write!(more, "\n              {line}").unwrap();
        }
        format!(
            r#"
static_resources:
  listeners:
  - name: hook
    address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: {require}
          common_tls_context:
            tls_certificates:
            - certificate_chain: {{ filename: {certificate} }}
              private_key: {{ filename: {key} }}
            validation_context:
              trusted_ca: {{ filename: {client_ca} }}{more}
      filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: hook
          route_config:
            virtual_hosts:
            - name: hook
              domains: ["*"]
              response_headers_to_add:
              - header: {{ key: content-type, value: application/json }}
                append_action: OVERWRITE_IF_EXISTS_OR_ADD
              routes:
              - match: {{ prefix: / }}
                direct_response: {{ status: 200, body: {{ inline_string: '{answer}' }} }}
          http_filters:
          - name: router
            typed_config: {{ "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }}
"#
        )
    }
}

/// Envoy with this configuration, by itself and quiet.
pub(crate) fn envoy_with(conf: &str) -> Command {
    let mut command = clean("envoy");
    command.args([
        "-c",
        conf,
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "-l",
        "warning",
    ]);
    command
}
