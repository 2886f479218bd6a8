//! A call as text, without making it: the request as it would be sent, and the curl command that
//! repeats it.
//!
//! For: `simulate --print-request`, `--print-curl`. Must not: open a connection; show a credential
//! of the user's unless that is asked for.

use std::{fmt::Write as _, path::Path};

use anyhow::Result;

use super::{Bearer, CallRequest, Client, LONGEST, Plan};
use crate::{
    facts::ClientKind,
    jobs::target::Target,
    net::dial::{HttpVersion, Method, header},
    net::plan::Versions,
    parse::{escape::shell_word, redact},
};

/// Where the clients come from that a command line can name, if no folder is named.
const FOLDER: &str = "./pki";

impl Plan {
    /// The request that every call of this plan sends, as HTTP/1.1 has it: line, fields, body.
    pub fn request_text(&self) -> String {
        let request = self.request();
        let version = match self.asked.http {
            HttpVersion::Http2 => "HTTP/2",
            _ => "HTTP/1.1",
        };
        let mut text = format!("{} {} {version}\n", request.method, request.path);
        let _ = writeln!(text, "host: {}", request.authority);
        for (name, value) in &request.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            let _ = writeln!(text, "{name}: {}", self.shown(name, &value));
        }
        if !request.body.is_empty() {
            let _ = writeln!(text, "content-length: {}", request.body.len());
        }
        let body = String::from_utf8_lossy(&request.body);
        let _ = write!(
            text,
            "\n{}",
            redact::body_unless(self.asked.show_secrets, &body)
        );
        if !request.body.is_empty() {
            text.push('\n');
        }
        text
    }

    /// The curl command that makes the call as this client, one option a line; a credential is a
    /// variable of the shell.
    ///
    /// # Errors
    /// When the request is none.
    pub fn curl(&self, client: &Client) -> Result<String> {
        let asked = &self.asked;
        let request = self.request();
        let url = asked.url.as_deref().unwrap_or_default();
        let target = Target::new(url, &[], &[])?;
        let mut options = Vec::new();
        let mut option = |flag: &str, value: &str| {
            options.push(format!("{flag} {}", shell_word(value)));
        };
        let called = match &asked.sni {
            // curl asks for the name that it calls.
            Some(sni) => {
                let led = Target::new(url, &[], &asked.connect_to)?;
                let to = format!(
                    "{sni}:{}:{}:{}",
                    target.port,
                    bracketed(&led.connect_host),
                    led.connect_port
                );
                option("--connect-to", &to);
                option("--header", &format!("host: {}", request.authority));
                format!("https://{}:{}{}", bracketed(sni), target.port, target.path)
            }
            None => {
                for rule in &asked.connect_to {
                    option("--connect-to", rule);
                }
                target.url.clone()
            }
        };
        for rule in &asked.resolve {
            option("--resolve", rule);
        }
        if let Some((cert, key)) = files(asked, client) {
            // Behind a colon curl looks for a password.
            option("--cert", &cert.replace(':', "\\:"));
            if let Some(key) = key {
                option("--key", &key);
            }
        }
        if let Some(cacert) = &asked.cacert {
            option("--cacert", &cacert.display().to_string());
        }
        let longest = asked.max_time.unwrap_or(LONGEST);
        option("--max-time", &longest.as_secs_f64().to_string());
        match &request.method {
            method if *method == Method::HEAD => options.push("--head".to_owned()),
            method if *method == Method::POST => {}
            method => option("--request", method.as_str()),
        }
        let mut switches = vec!["--compressed"];
        switches.push(match asked.http {
            HttpVersion::Http2 => "--http2",
            _ => "--http1.1",
        });
        match asked.versions {
            Versions::Only13 => switches.push("--tlsv1.3"),
            Versions::Only12 => switches.push("--tls-max 1.2"),
            Versions::Both => {}
        }
        if asked.insecure {
            switches.push("--insecure");
        }
        if called.contains(['{', '}', '[', ']']) {
            switches.push("--globoff");
        }
        options.insert(0, switches.join(" "));
        let variables = self.fields(&mut options);
        if !request.body.is_empty() {
            let body = String::from_utf8_lossy(&request.body);
            let body = redact::body_unless(asked.show_secrets, &body);
            options.push(format!("--data-binary {}", shell_word(&body)));
        }
        let shown = redact::text_unless(asked.show_secrets, &called);
        let command = format!(
            "curl {} \\\n  {}\n",
            shell_word(&shown),
            options.join(" \\\n  ")
        );
        Ok(self.remarks(client, &variables) + &command)
    }

    /// The header fields as options, those that curl adds by itself taken out; the variables that
    /// stand for credentials.
    fn fields(&self, options: &mut Vec<String>) -> Vec<String> {
        let headers = &self.request().headers;
        let mut variables = Vec::new();
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            if self.is_hidden(name, &value) {
                let variable = name.as_str().to_ascii_uppercase().replace('-', "_");
                options.push(format!("--header \"{name}: ${variable}\""));
                variables.push(variable);
            } else {
                options.push(format!(
                    "--header {}",
                    shell_word(&format!("{name}: {value}"))
                ));
            }
        }
        for name in [header::ACCEPT, header::USER_AGENT] {
            if !headers.contains_key(&name) {
                options.push(format!("--header '{name}:'"));
            }
        }
        variables
    }

    /// What has to be done before the command, as comments.
    fn remarks(&self, client: &Client, variables: &[String]) -> String {
        let mut text = String::new();
        if self.clients.len() > 1 {
            let _ = writeln!(text, "# {}", client.name);
        }
        let made = client.kind != ClientKind::Own && client.identity.is_some();
        if made && self.asked.pki.is_none() {
            let _ = writeln!(text, "# first: mtls pki {FOLDER}");
        }
        for variable in variables {
            let _ = writeln!(
                text,
                "# set {variable} to the credential, or add --show-secrets"
            );
        }
        text
    }

    /// Whether a field has a credential of the user's in it. A token that is made here is none.
    fn is_hidden(&self, name: &header::HeaderName, value: &str) -> bool {
        let ours = *name == header::AUTHORIZATION
            && matches!(self.asked.bearer, Bearer::Simulated | Bearer::Mint)
            && !self.asked.header.iter().any(|line| names(line, name));
        !self.asked.show_secrets && !ours && redact::header(name.as_str(), value) != value
    }

    fn shown(&self, name: &header::HeaderName, value: &str) -> String {
        if self.is_hidden(name, value) {
            redact::header(name.as_str(), value)
        } else {
            value.to_owned()
        }
    }
}

/// Whether this line of `-H` is about that field.
fn names(line: &str, name: &header::HeaderName) -> bool {
    line.split_once(':')
        .is_some_and(|(own, _)| own.trim().eq_ignore_ascii_case(name.as_str()))
}

/// The files of a client: one's own, or those that `mtls pki` writes for it.
fn files(asked: &CallRequest, client: &Client) -> Option<(String, Option<String>)> {
    client.identity.as_ref()?;
    if client.kind == ClientKind::Own {
        let shown = |path: &Path| path.display().to_string();
        return Some((shown(asked.cert.as_ref()?), asked.key.as_deref().map(shown)));
    }
    let folder = asked.pki.as_deref().unwrap_or(Path::new(FOLDER));
    let folder = folder.join("clients").join(&client.name);
    let file = |name: &str| folder.join(name).display().to_string();
    Some((file("fullchain.pem"), Some(file("key.pem"))))
}

/// A host as a URL has it.
fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}
