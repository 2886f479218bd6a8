//! The server programs whose configurations are read, and how each of them says things.
//!
//! For: rules and remedies. Must not: hold what one configuration says.

use serde::Serialize;

/// The software that ends TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ServerSoftware {
    /// nginx.
    Nginx,
    /// Apache httpd with mod_ssl.
    Apache,
    /// HAProxy.
    Haproxy,
    /// Envoy.
    Envoy,
    /// Caddy.
    Caddy,
    /// Traefik.
    Traefik,
}

/// What is particular to a server software: all that a new one has to say of itself beside its
/// reader.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// Its name as people write it.
    pub name: &'static str,
    /// Whether any certificate in the client-CA file is an anchor, an intermediate too: so do Go's
    /// crypto/x509 (Caddy, Traefik) and, by its partial-chain flag, Envoy. OpenSSL asks for a
    /// self-signed root (its default without `-partial_chain`). Held to the servers by
    /// `tests/it/simulate/configured.rs`.
    pub any_anchor: bool,
    /// The directive that requires a certificate.
    pub require: &'static str,
    /// The directives that require a certificate *and* verify it, beside the client-CA file.
    pub verify: &'static [&'static str],
    /// The directive that names the client-CA file.
    pub client_ca: &'static str,
    /// The directive that leaves TLS 1.2 and 1.3 alone.
    pub versions: &'static str,
    /// The command that tests a configuration before it is used; `None` where there is none.
    pub test: Option<&'static str>,
}

impl ServerSoftware {
    /// How its configuration says things.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Nginx => Dialect {
                name: "nginx",
                any_anchor: false,
                require: "ssl_verify_client on;",
                verify: &["ssl_verify_client on;"],
                client_ca: "ssl_client_certificate clients.pem;",
                versions: "ssl_protocols TLSv1.2 TLSv1.3;",
                test: Some("nginx -t"),
            },
            Self::Apache => Dialect {
                name: "Apache",
                any_anchor: false,
                require: "SSLVerifyClient require",
                verify: &["SSLVerifyClient require"],
                client_ca: "SSLCACertificateFile clients.pem",
                versions: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
                test: Some("apachectl configtest"),
            },
            Self::Haproxy => Dialect {
                name: "HAProxy",
                any_anchor: false,
                require: "bind … ssl crt … ca-file clients.pem verify required",
                verify: &["bind … verify required   # without crt-ignore-err, ca-ignore-err"],
                client_ca: "bind … ca-file clients.pem",
                versions: "bind … ssl-min-ver TLSv1.2",
                test: Some("haproxy -c -f haproxy.cfg"),
            },
            Self::Envoy => Dialect {
                name: "Envoy",
                any_anchor: true,
                require: "require_client_certificate: true",
                verify: &[
                    "require_client_certificate: true",
                    "trust_chain_verification: VERIFY_TRUST_CHAIN   # the default, not ACCEPT_UNTRUSTED",
                ],
                client_ca: "trusted_ca: { filename: clients.pem }",
                versions: "tls_minimum_protocol_version: TLSv1_2",
                test: Some("envoy --mode validate -c envoy.yaml"),
            },
            Self::Caddy => Dialect {
                name: "Caddy",
                any_anchor: true,
                require: "client_auth {\n  mode require_and_verify\n}",
                verify: &["client_auth {\n  mode require_and_verify\n}"],
                client_ca: "client_auth {\n  trust_pool file clients.pem\n}",
                versions: "protocols tls1.2 tls1.3",
                test: Some("caddy validate --config Caddyfile"),
            },
            Self::Traefik => Dialect {
                name: "Traefik",
                any_anchor: true,
                require: "clientAuthType: RequireAndVerifyClientCert",
                verify: &["clientAuthType: RequireAndVerifyClientCert"],
                client_ca: "caFiles: [clients.pem]",
                versions: "minVersion: VersionTLS12",
                test: None,
            },
        }
    }

    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        self.dialect().name
    }

    /// Whether any certificate in the client-CA file is an anchor ([`Dialect::any_anchor`]).
    pub fn takes_any_anchor(self) -> bool {
        self.dialect().any_anchor
    }
}
