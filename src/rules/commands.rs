//! The lines of remedies: commands that name the user's own files and hosts.
//!
//! Must not: overwrite a file that the user has, or put what a peer sent into a command as it is.

use super::help::path;
use crate::{
    context::Context,
    facts::{Accepted, Chain, ChainUse},
};

/// The file of a chain as an argument of a command; a stand-in for standard input and for an entry
/// of a secret.
pub(super) fn argument(chain: &Chain, otherwise: &str) -> String {
    path(chain)
        .filter(|path| on_disk(path))
        .map_or_else(|| otherwise.to_owned(), shell)
}

/// The file with the private key of a chain as an argument of a command.
pub(super) fn key_argument(chain: &Chain) -> String {
    chain
        .key_path
        .as_deref()
        .filter(|path| on_disk(path))
        .map_or_else(|| "key.pem".to_owned(), shell)
}

/// Whether a command can name it: neither standard input nor an entry of a secret.
pub(crate) fn on_disk(path: &str) -> bool {
    path != "-" && !path.contains('#')
}

/// A path as a word of a shell command, and no option of it.
pub(super) fn shell(path: &str) -> String {
    if path.starts_with('-') {
        return shell(&format!("./{path}"));
    }
    let plain = path
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "._/-+@%=:,".contains(character));
    if plain && !path.is_empty() {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

/// The name under which a command writes a repaired copy of the file at `path`.
pub(super) fn fixed(path: &str) -> String {
    shell(&format!("{path}.fixed.pem"))
}

/// The command that writes a chain's file as it should be: leaf first, nothing twice, nothing that
/// does not belong, no root. `None` where there is no file to name.
pub(super) fn repair(chain: &Chain) -> Option<String> {
    let path = path(chain).filter(|path| on_disk(path))?;
    let flag = match chain.holds {
        ChainUse::Identity => "--cert",
        ChainUse::Anchors => "--client-ca",
    };
    Some(format!(
        "mtls lint {flag} {} --fix --out {}",
        shell(path),
        fixed(path)
    ))
}

/// The command that shows every certificate of a file, of its text only what matches `pattern`.
pub(super) fn show(chain: &Chain, pattern: &str) -> String {
    format!(
        "openssl storeutl -noout -text -certs {} | grep -E '{pattern}'",
        argument(chain, "fullchain.pem")
    )
}

/// The command that asks the CA anew for a leaf with these alternative names (`DNS:a,IP:b`), with
/// the key at hand.
pub(super) fn request_for(chain: &Chain, host: &str, names: &str) -> String {
    let key = chain.key_path.as_deref().unwrap_or("key.pem");
    let key = if on_disk(key) { key } else { "key.pem" };
    format!(
        "openssl req -new -key {} -subj {} -addext {} -out {}",
        shell(key),
        shell(&format!("/CN={host}")),
        shell(&format!("subjectAltName={names}")),
        shell(&format!("{key}.csr"))
    )
}

/// The command that asks the CA anew for the same leaf, its names and purposes included, with the
/// key at hand; `None` where no file has the chain.
pub(super) fn request_again(chain: &Chain) -> Option<String> {
    let path = path(chain).filter(|path| on_disk(path))?;
    Some(format!(
        "openssl x509 -x509toreq -in {} -signkey {} -copy_extensions copyall -out {}",
        shell(path),
        key_argument(chain),
        shell(&format!("{path}.csr"))
    ))
}

/// The command that prints a digest of the public key in a chain's leaf.
pub(super) fn public_key_of(chain: &Chain) -> String {
    format!(
        "openssl x509 -in {} -noout -pubkey | openssl sha256",
        argument(chain, "fullchain.pem")
    )
}

/// The command that prints a digest of the public half of a chain's private key.
pub(super) fn public_half_of(chain: &Chain) -> String {
    format!(
        "openssl pkey -in {} -pubout | openssl sha256",
        key_argument(chain)
    )
}

/// The command that makes a new key beside the one of a chain, never over it.
pub(super) fn make_key(chain: &Chain) -> String {
    let beside = chain.key_path.as_deref().filter(|path| on_disk(path));
    format!(
        "(umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {})",
        shell(&format!("{}.new.pem", beside.unwrap_or("key")))
    )
}

/// A file of CA certificates that commands can name: where the trust anchors came from, if that is
/// one file.
pub(super) fn anchors_file(context: &Context) -> String {
    let origin = context.anchors_origin.as_str();
    let named = std::path::Path::new(origin).extension().is_some_and(|end| {
        ["pem", "crt", "cer"]
            .iter()
            .any(|known| end.eq_ignore_ascii_case(known))
    });
    if named && !origin.contains(char::is_whitespace) {
        shell(origin)
    } else {
        "clients.pem".to_owned()
    }
}

/// Host and port of a URL, for `openssl s_client -connect`.
pub(super) fn host_port(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let has_port = place.rsplit_once(':').is_some_and(|(host, port)| {
        !host.ends_with(':') && port.bytes().all(|b| b.is_ascii_digit())
    });
    shell(&match has_port {
        true => place.to_owned(),
        false => format!("{place}:443"),
    })
}

/// The host that a client asked for, else one that was named, else a stand-in.
pub(super) fn asked_host(handshake: &Accepted, context: &Context) -> String {
    let asked = handshake
        .hello
        .as_ref()
        .and_then(|hello| hello.sni.as_deref());
    asked
        .or_else(|| context.hosts.first().map(String::as_str))
        .filter(|host| is_plain_host(host))
        .unwrap_or("your-webhook.example")
        .to_owned()
}

/// Whether a host can be part of a command as it is: a peer may send anything as a name.
pub(super) fn is_plain_host(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('-')
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_words_of_a_shell() {
        assert_eq!(shell("a/b-c.pem"), "a/b-c.pem");
        assert_eq!(shell("my key.pem"), "'my key.pem'");
        assert_eq!(shell("it's"), "'it'\\''s'");
        assert_eq!(shell("-x"), "./-x");
        assert_eq!(shell("-a b"), "'./-a b'");
    }

    #[test]
    fn a_url_names_host_and_port() {
        assert_eq!(host_port("https://hook.example/a?b"), "hook.example:443");
        assert_eq!(host_port("https://hook.example:8443/"), "hook.example:8443");
        assert_eq!(host_port("https://[2001:db8::1]/"), "'[2001:db8::1]:443'");
    }
}
