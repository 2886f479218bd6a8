//! Which software a text is the configuration of, and whether it is the template of one.

use std::borrow::Cow;

use crate::facts::ServerSoftware;

/// The software that a text is the configuration of, by its directives and its name; `None` when it
/// is none.
pub fn software(path: &str, text: &str) -> Option<ServerSoftware> {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path)
        .to_ascii_lowercase();
    // A template is named after what it makes.
    let name = TEMPLATES
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(&name);
    let begins = |words: &[&str]| begins(text, words);
    let ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if ending(&[".yaml", ".yml", ".json"]) {
        let text = outside_config_maps(text);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let begins = |words: &[&str]| self::begins(&text, words);
        // What containers are told by labels and arguments is not read.
        if begins(&["services"]) && begins(&["image", "build"]) && !begins(&["static_resources"]) {
            return None;
        }
        return if has(&["common_tls_context", "commonTlsContext", "client_ssl_auth"])
            || begins(&["static_resources", "staticResources"])
        {
            Some(ServerSoftware::Envoy)
        } else if has(&["\"apps\""]) && has(&["tls_connection_policies", "\"servers\""]) {
            Some(ServerSoftware::Caddy)
        } else if traefik(&text)
            || begins(&["certFile", "- certFile", "entryPoints"])
            || has(&["kind: TLSOption", "kind: IngressRoute"])
            || begins(&["routers"]) && begins(&["http", "tcp"]) && has(&["rule:"])
        {
            Some(ServerSoftware::Traefik)
        } else {
            None
        };
    }
    if ending(&[".toml"]) {
        return (traefik(text) || has(&["certFile", "CertFile", "[http.routers", "[tcp.routers"]))
            .then_some(ServerSoftware::Traefik);
    }
    // These languages name certificates, and hold none.
    if text.contains("-----BEGIN ") {
        return None;
    }
    if name.contains("caddyfile") {
        return Some(ServerSoftware::Caddy);
    }
    if name == "apache2.conf"
        || name == "httpd.conf"
        || text.contains("<VirtualHost")
        || begins(&[
            "SSLEngine",
            "SSLCertificateFile",
            "SSLVerifyClient",
            "SSLCACertificateFile",
            "SSLRequire",
            "LoadModule",
        ])
    {
        return Some(ServerSoftware::Apache);
    }
    // Before nginx: both have `server` and `listen`, and HAProxy's headers and comments have
    // semicolons too.
    if haproxy_section(text) && begins(&["bind", "mode", "global", "server", "crt-store"]) {
        return Some(ServerSoftware::Haproxy);
    }
    if begins(&[
        "ssl_certificate",
        "ssl_verify_client",
        "ssl_client_certificate",
    ]) || (begins(&["http", "server", "events", "mail", "stream"]) && text.contains(';'))
        || nginx_statements(text)
    {
        return Some(ServerSoftware::Nginx);
    }
    begins(&["client_auth"]).then_some(ServerSoftware::Caddy)
}

/// Whether statements of nginx stand in a text, wherever its lines break: a block that it has, and
/// an address or a certificate in one.
fn nginx_statements(text: &str) -> bool {
    if !text.contains('{') || !text.contains(';') {
        return false;
    }
    let mut blocks = text.split('{').rev().skip(1).map(|before| {
        let start = before.rfind([';', '{', '}', '\n']).map_or(0, |at| at + 1);
        before[start..].trim()
    });
    let mut statements = text.split([';', '{', '}', '\n']).map(str::trim_start);
    blocks.any(|name| matches!(name, "http" | "server" | "stream" | "mail"))
        && statements.any(|statement| {
            let word = statement.split_whitespace().next().unwrap_or_default();
            matches!(word, "listen" | "ssl_certificate")
        })
}

/// The documents of a text that are no Kubernetes ConfigMap: what such a one holds is a file of its
/// own.
fn outside_config_maps(text: &str) -> Cow<'_, str> {
    if !text.contains("ConfigMap") {
        return Cow::Borrowed(text);
    }
    let is_one = |line: &&str| {
        let plain: String = line
            .chars()
            .filter(|one| !one.is_whitespace() && !"\"',-".contains(*one))
            .collect();
        plain == "kind:ConfigMap"
    };
    let mut kept = String::new();
    let mut document: Vec<&str> = Vec::new();
    for line in text.lines().chain(["---"]) {
        if !line.starts_with("---") {
            document.push(line);
            continue;
        }
        if !document.iter().any(is_one) {
            for line in &document {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        document.clear();
    }
    // JSON may be on one line.
    let plain: String = kept.split_whitespace().collect();
    if plain.contains("\"kind\":\"ConfigMap\"") {
        kept.clear();
    }
    Cow::Owned(kept)
}

/// Whether a line begins with one of these words.
fn begins(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        words.iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '{', ':', '=']))
        })
    })
}

/// Whether a line opens a section of HAProxy: a word of its own or with a name, and neither a
/// semicolon nor a brace at its end, which nginx's would have.
fn haproxy_section(text: &str) -> bool {
    const SECTIONS: [&str; 6] = [
        "global", "defaults", "frontend", "backend", "listen", "bind",
    ];
    text.lines().any(|line| {
        let code = line.split('#').next().unwrap_or_default().trim();
        let word = code.split_whitespace().next().unwrap_or_default();
        SECTIONS.contains(&word) && !code.ends_with([';', '{', '}'])
    })
}

fn traefik(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "clientauthtype",
        "clientca",
        "entrypoints.",
        "[entrypoints",
        "[tls.options",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Endings of files that something is put into before a server reads them.
const TEMPLATES: [&str; 8] = [
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".ctmpl",
    ".erb",
    ".template",
];

/// The language of a template, and the line that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// How it is called.
    pub language: &'static str,
    /// The first line with something to be put in.
    pub line: usize,
}

/// Whether a text is the template of a configuration: what it says is not known before somebody
/// fills it in. JSON is whole as it is, unless its name says otherwise.
pub fn template(software: ServerSoftware, path: &str, text: &str) -> Option<Template> {
    if path.to_ascii_lowercase().ends_with(".json")
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    {
        return None;
    }
    for (index, line) in text.lines().enumerate() {
        let told = |language| {
            Some(Template {
                language,
                line: index + 1,
            })
        };
        let code = line.trim_start();
        // A comment may speak of one. What Jinja and Go take out is written otherwise.
        if code.starts_with('#') || code.starts_with("//") {
            continue;
        }
        if between(line, "{%", "%}", |first| {
            first.is_whitespace() || first == '-' || first == '+'
        }) {
            return told("Jinja");
        }
        if between(line, "<%", "%>", |first| {
            first.is_whitespace() || first == '=' || first == '-'
        }) {
            return told("ERB");
        }
        let program = software == ServerSoftware::Nginx && line.contains("_by_lua");
        let in_go = |first: char| {
            first.is_whitespace() || first.is_alphanumeric() || "-.$_\"(/".contains(first)
        };
        if !program && between(line, "{{", "}}", in_go) {
            return told("Go, Jinja or Mustache");
        }
        // `envsubst` and the shell: nginx has no variables in capitals, and none where files are
        // named by settings of TLS.
        if software == ServerSoftware::Nginx && statements(code).any(unfilled) {
            return told("the shell's");
        }
    }
    None
}

/// Whether something stands between these two on one line, beginning as `fits` says.
fn between(line: &str, open: &str, close: &str, fits: impl Fn(char) -> bool) -> bool {
    line.match_indices(open).any(|(at, _)| {
        let rest = &line[at + open.len()..];
        rest.contains(close) && rest.chars().next().is_some_and(&fits)
    })
}

/// The directives of a line of nginx's, each from its name on.
fn statements(line: &str) -> impl Iterator<Item = &str> {
    line.split(';').map(|one| {
        let from = one.rfind("{ ").map_or(0, |at| at + 2);
        one[from..].trim_start()
    })
}

/// A directive of TLS, or of where to listen, whose value is a variable in capitals.
fn unfilled(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let directive = words.next().unwrap_or_default();
    if !directive.starts_with("ssl_") && directive != "listen" && directive != "server_name" {
        return false;
    }
    words.any(|word| {
        word.split('$').skip(1).any(|name| {
            let name = name.trim_start_matches('{');
            let end = name
                .find(|one: char| !(one.is_ascii_alphanumeric() || one == '_'))
                .unwrap_or(name.len());
            end > 1 && !name[..end].contains(|one: char| one.is_ascii_lowercase())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nginx_is_known_wherever_its_lines_break() {
        let line =
            "daemon off; events{} http { server { listen 8443 ssl; ssl_certificate a.pem; } }";
        assert_eq!(software("n", line), Some(ServerSoftware::Nginx));
        let shared = "map $a $b { } server{ listen 443 ssl; }";
        assert_eq!(software("n", shared), Some(ServerSoftware::Nginx));
        for other in ["int main() { listen(8443); }", "server { }", "a { b } c;"] {
            assert_eq!(software("n", other), None, "{other}");
        }
    }
}
