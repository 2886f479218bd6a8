//! The folder that `mtls pki` writes: which files, and what is in them.
//!
//! For: the command, and tests that start real servers. Must not: write.

use super::{Authority, Identity, PkiError, Shape, recipes, server_recipes};

/// A file to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path below the folder, with `/`.
    pub path: String,
    /// The fault it stands for, `valid`, or `None` for files that stand for none.
    pub fault: Option<&'static str>,
    /// What it is, in a few words.
    pub what: String,
    /// Its content.
    pub content: String,
    /// Whether it is a private key.
    pub secret: bool,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The content may be a private key.
        f.debug_struct("Entry")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// Every file of the folder, for a server with these names. `shapes` are further good clients, by
/// folder and common name of the leaf: those that look like a sender's.
///
/// # Errors
/// When a certificate cannot be made; names that are none are an error too.
pub fn layout(
    authority: &Authority,
    names: &[&str],
    shapes: &[(String, Shape)],
) -> Result<Vec<Entry>, PkiError> {
    let mut entries = Vec::new();
    let plain = |path: &str, what: &str, content: String| Entry {
        path: path.to_owned(),
        fault: None,
        what: what.to_owned(),
        content,
        secret: false,
    };
    entries.push(plain(
        "README.md",
        "what the files are",
        readme(names, shapes),
    ));
    entries.push(plain(
        "client-ca.pem",
        "the trust anchor for a webhook to trust",
        authority.client_anchor_pem(),
    ));
    entries.push(plain(
        "server-ca.pem",
        "the trust anchor for a sender to trust",
        authority.server_anchor_pem(),
    ));
    entries.push(plain(
        "crl.pem",
        "revocation lists with client-revoked",
        authority.crl_pem()?,
    ));
    entries.push(plain(
        "crl-stale.pem",
        "the same, expired (client-crl-stale)",
        authority.stale_crl_pem()?,
    ));
    entries.push(plain(
        "crl-without-root.pem",
        "without the root's list (client-crl-missing-for-issuer)",
        authority.intermediate_crl_pem()?,
    ));
    let server = authority.server(names)?;
    identity(
        &mut entries,
        "server",
        "valid",
        "a good server certificate",
        &server,
    );
    for recipe in recipes() {
        let folder = format!("clients/{}", recipe.fault);
        let Some(client) = authority.client(recipe)? else {
            continue;
        };
        identity(&mut entries, &folder, recipe.fault, recipe.summary, &client);
        let anchor = authority.anchor_pem_for(recipe);
        if anchor != authority.client_anchor_pem() {
            entries.push(plain(
                &format!("{folder}/client-ca.pem"),
                "the trust anchor for this client",
                anchor,
            ));
        }
    }
    for (name, shape) in shapes {
        if let Some(client) = authority.shaped(shape)? {
            let common_name = &shape.common_name;
            let what = format!("a valid certificate with CN = {common_name}, like the sender's");
            identity(
                &mut entries,
                &format!("clients/{name}"),
                "valid",
                &what,
                &client,
            );
        }
    }
    for recipe in server_recipes() {
        let folder = format!("servers/{}", recipe.fault);
        let server = authority.server_with(recipe, names)?;
        identity(&mut entries, &folder, recipe.fault, recipe.summary, &server);
        let anchor = authority.server_anchor_pem_for(recipe);
        if anchor != authority.server_anchor_pem() {
            entries.push(plain(
                &format!("{folder}/server-ca.pem"),
                "the trust anchor for this client",
                anchor,
            ));
        }
    }
    Ok(entries)
}

fn identity(
    entries: &mut Vec<Entry>,
    folder: &str,
    fault: &'static str,
    what: &str,
    identity: &Identity,
) {
    entries.push(Entry {
        path: format!("{folder}/fullchain.pem"),
        fault: Some(fault),
        what: what.to_owned(),
        content: identity.chain_pem(),
        secret: false,
    });
    entries.push(Entry {
        path: format!("{folder}/key.pem"),
        fault: Some(fault),
        what: "its private key".to_owned(),
        content: identity.key_pem(),
        secret: true,
    });
}

fn readme(names: &[&str], shapes: &[(String, Shape)]) -> String {
    let mut text = format!(
        "# A simulated PKI\n\n\
         Made by `mtls pki` for rehearsals. These certificates prove nothing: every subject says \"simulated\", the keys are throwaway \
         keys, and the leaves are valid for 89 days. Trust `client-ca.pem` in a test, never in production.\n\n\
         The server certificates are valid for {}.\n\n\
         | file | what it is |\n|---|---|\n\
         | `client-ca.pem` | the trust anchor for a webhook to trust |\n\
         | `server-ca.pem` | the trust anchor for a sender to trust |\n\
         | `server/` | a valid server certificate and its key |\n\
         | `crl.pem` | revocation lists with `client-revoked`; `crl-stale.pem` and `crl-without-root.pem` are faulty ones |\n",
        names.join(", ")
    );
    for recipe in recipes() {
        let name = recipe.fault;
        let what = recipe.summary;
        if recipe.fault != "client-cert-not-sent" {
            text += &format!("| `clients/{name}/` | {what} |\n");
        }
    }
    for (name, shape) in shapes {
        let common_name = &shape.common_name;
        text += &format!(
            "| `clients/{name}/` | a valid certificate whose common name is {common_name}, like the sender's |\n"
        );
    }
    for recipe in server_recipes() {
        text += &format!("| `servers/{}/` | {} |\n", recipe.fault, recipe.summary);
    }
    text += "\n## Try it\n\n```sh\n\
        # a webhook that requires a client certificate, in one terminal\n\
        mtls listen --cert server/fullchain.pem --key server/key.pem \\\n    --client-ca client-ca.pem --client-auth require --enforce\n\
        # each of these clients calls it, in another\n\
        mtls simulate https://localhost:4433/ --pki . --cacert server-ca.pem --matrix\n\
        # does a check of the certificate's name accept the sender, now and later?\n\
        mtls simulate https://localhost:4433/ --pki . --cacert server-ca.pem --readiness\n\
        # the same with other tools\n\
        openssl s_server -accept 4433 -cert server/fullchain.pem -key server/key.pem \\\n    -CAfile client-ca.pem -Verify 2 -verify_return_error\n\
        curl --cacert server-ca.pem --cert clients/valid/fullchain.pem \\\n    --key clients/valid/key.pem https://localhost:4433/\n\
        ```\n\n\
        nginx: `ssl_client_certificate client-ca.pem; ssl_verify_client on; ssl_verify_depth 2;`\n";
    text
}
