//! The URL and the ways around its name: `--resolve`, `--connect-to`.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use anyhow::{Context as _, Result, bail};

use super::proxy::Through;
use crate::net::dial::{Connector, Judge, Proxy, Uri};

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The URL as it is called.
    pub(crate) url: String,
    /// The host of the URL, without brackets.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
    /// The Host field.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) path: String,
    /// The host to connect to.
    pub(crate) connect_host: String,
    /// The port to connect to.
    pub(crate) connect_port: u16,
    /// Addresses in place of asking for the name's.
    pub(crate) addresses: Vec<SocketAddr>,
    /// The proxy that it is reached through.
    pub(crate) proxy: Option<Proxy>,
}

impl Target {
    /// Reads a URL; without a scheme it is https.
    pub(crate) fn new(url: &str, resolve: &[String], connect_to: &[String]) -> Result<Self> {
        if url.is_empty() {
            bail!("the URL is empty: expected https://HOST[:PORT]/PATH");
        }
        let whole = match url.split_once("://") {
            Some(("https", _)) => url.to_owned(),
            Some(("http", rest)) => bail!(
                "{url}: expected https, found http: webhooks are called over https only; try https://{rest}"
            ),
            Some((scheme, _)) => bail!("{url}: expected https, found {scheme}"),
            // An address without brackets, which a URL cannot hold.
            None if url.parse::<Ipv6Addr>().is_ok() => format!("https://[{url}]"),
            None => format!("https://{url}"),
        };
        if !whole.is_ascii() {
            bail!(
                "{url}: expected ASCII; write an international name in its xn-- form, a path with %XX"
            );
        }
        let uri: Uri = whole.parse().ok().with_context(|| {
            format!(
                "`{url}` is not a host or a URL: expected HOST[:PORT] or https://HOST[:PORT]/PATH"
            )
        })?;
        let authority = uri
            .authority()
            .with_context(|| format!("{url}: no host in it"))?;
        if authority.as_str().contains('@') {
            bail!("{url}: a user name or password cannot be in the URL; send it with -H");
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if host.is_empty() {
            bail!("{url}: no host in it");
        }
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            None if authority.as_str().ends_with(':')
                || authority.as_str().len() == authority.host().len() =>
            {
                443
            }
            None => bail!("{url}: expected a port from 1 to 65535"),
        };
        let mut target = Self {
            authority: authority.as_str().trim_end_matches(':').to_owned(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            url: whole,
            connect_host: host.clone(),
            connect_port: port,
            addresses: Vec::new(),
            proxy: None,
            host,
            port,
        };
        for rule in connect_to {
            target.connect_to(rule)?;
        }
        for rule in resolve {
            target.resolve(rule)?;
        }
        Ok(target)
    }

    /// The same, through this proxy where its host needs one.
    pub(crate) fn through(mut self, through: Option<&Through>) -> Self {
        self.proxy = through.and_then(|through| through.for_host(&self.connect_host));
        self
    }

    /// A dialler for it, everything else as usual.
    pub(crate) fn dialler(&self, judge: Judge) -> Connector {
        Connector {
            addresses: self.addresses.clone(),
            proxy: self.proxy.clone(),
            server_name: self.host.clone(),
            ..Connector::new(&self.url, &self.connect_host, self.connect_port, judge)
        }
    }

    /// curl's HOST1:PORT1:HOST2:PORT2; an empty part on the left fits all, on the right changes
    /// nothing.
    fn connect_to(&mut self, rule: &str) -> Result<()> {
        let parts = split(rule);
        let [host, port, to_host, to_port] = parts.as_slice() else {
            bail!("--connect-to {rule}: expected HOST1:PORT1:HOST2:PORT2");
        };
        let fits = (host.is_empty() || host.eq_ignore_ascii_case(&self.host))
            && (port.is_empty() || number(port, "--connect-to", rule)? == self.port);
        if fits {
            if !to_host.is_empty() {
                self.connect_host.clone_from(to_host);
            }
            if !to_port.is_empty() {
                self.connect_port = number(to_port, "--connect-to", rule)?;
            }
        }
        Ok(())
    }

    /// curl's HOST:PORT:ADDRESS[,ADDRESS].
    fn resolve(&mut self, rule: &str) -> Result<()> {
        if let Some(found) = resolved(rule, "--resolve", &self.connect_host, self.connect_port)? {
            self.addresses = found;
        }
        Ok(())
    }
}

/// The addresses that curl's HOST:PORT:ADDRESS[,ADDRESS] gives this host; `*` fits every host.
///
/// # Errors
/// When it is not of that form.
pub(crate) fn resolved(
    rule: &str,
    flag: &str,
    host: &str,
    port: u16,
) -> Result<Option<Vec<SocketAddr>>> {
    let bare = rule.trim_start_matches('+');
    let mut parts = split(bare);
    if parts.len() < 3 {
        bail!("{flag} {rule}: expected HOST:PORT:ADDRESS");
    }
    // An IPv6 address has colons of its own, with brackets or without.
    let addresses = parts.split_off(2).join(":");
    let fits = (parts[0] == "*" || parts[0].eq_ignore_ascii_case(host))
        && number(&parts[1], flag, rule)? == port;
    let mut found = Vec::new();
    for address in addresses.split(',') {
        let address = address.trim_start_matches('[').trim_end_matches(']');
        let ip: IpAddr = address
            .parse()
            .ok()
            .with_context(|| format!("{flag} {rule}: expected an IP address, found `{address}`"))?;
        found.push(SocketAddr::new(ip, port));
    }
    Ok(fits.then_some(found))
}

fn number(text: &str, flag: &str, rule: &str) -> Result<u16> {
    text.parse()
        .ok()
        .with_context(|| format!("{flag} {rule}: expected a port, found `{text}`"))
}

/// The parts between colons; brackets keep an IPv6 address together.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut within = false;
    for letter in text.chars() {
        match letter {
            '[' => within = true,
            ']' => within = false,
            ':' if !within => parts.push(String::new()),
            other => {
                if let Some(last) = parts.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str, resolve: &str, connect_to: &str) -> Result<Target> {
        let one = |text: &str| -> Vec<String> {
            (!text.is_empty())
                .then(|| text.to_owned())
                .into_iter()
                .collect()
        };
        Target::new(url, &one(resolve), &one(connect_to))
    }

    #[test]
    fn urls_are_read_as_curl_reads_them() {
        for (url, host, port, authority, path) in [
            (
                "https://a.example/hook?x=1",
                "a.example",
                443,
                "a.example",
                "/hook?x=1",
            ),
            (
                "https://a.example:8443",
                "a.example",
                8443,
                "a.example:8443",
                "/",
            ),
            (
                "a.example:8443/x",
                "a.example",
                8443,
                "a.example:8443",
                "/x",
            ),
            ("https://[::1]:8443/", "::1", 8443, "[::1]:8443", "/"),
            ("::1", "::1", 443, "[::1]", "/"),
        ] {
            let target = target(url, "", "").unwrap();
            assert_eq!(
                (
                    target.host.as_str(),
                    target.port,
                    target.authority.as_str(),
                    target.path.as_str()
                ),
                (host, port, authority, path)
            );
        }
        for url in [
            "http://a.example/",
            "ftp://a.example/",
            "https://",
            "https:///x",
            "https://u:p@a.example/",
            "https://bücher.example/",
            "https://a.example:99999/",
        ] {
            assert!(target(url, "", "").is_err(), "{url}");
        }
    }

    #[test]
    fn names_are_led_elsewhere_as_with_curl() {
        let led = target("https://a.example/", "a.example:443:127.0.0.1,[::1]", "").unwrap();
        assert_eq!(
            led.addresses,
            [
                "127.0.0.1:443".parse().unwrap(),
                "[::1]:443".parse().unwrap()
            ]
        );
        assert!(
            target("https://a.example/", "b.example:443:127.0.0.1", "")
                .unwrap()
                .addresses
                .is_empty()
        );
        let led = target("https://a.example/", "", "::localhost:8443").unwrap();
        assert_eq!(
            (
                led.connect_host.as_str(),
                led.connect_port,
                led.host.as_str()
            ),
            ("localhost", 8443, "a.example")
        );
        let both = target(
            "https://a.example/",
            "localhost:8443:127.0.0.1",
            "a.example:443:localhost:8443",
        )
        .unwrap();
        assert_eq!(both.addresses, ["127.0.0.1:8443".parse().unwrap()]);
        assert!(target("https://a.example/", "a.example:443", "").is_err());
        assert!(target("https://a.example/", "a.example:443:x", "").is_err());
        assert!(target("https://a.example/", "", "a:b").is_err());
    }
}
