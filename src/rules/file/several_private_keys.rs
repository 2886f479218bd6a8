//! MT123.

use crate::{
    context::Context,
    facts::FileFacts,
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, shell},
};

rule! {
    /// ## What it finds
    ///
    /// More than one private key in a file.
    ///
    /// ## Why it matters
    ///
    /// Servers take the first and do not look at the others, so which certificate they can serve depends on the order.
    ///
    /// ## How to fix it
    ///
    /// Keep one key a file.
    ///
    /// ```text
    /// grep -n "PRIVATE KEY" key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL 3.0, SSL_CTX_use_PrivateKey_file(3): the first private key found
    pub static RULE = MT123 {
        name: "several-private-keys",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 SSL_CTX_use_PrivateKey_file(3)", "2021-09")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.items.push(file.items[0].clone())).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let count = file.private_keys().count();
    let Some((item, _)) = file.private_keys().nth(1) else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        format!("{} has {count} private keys in it, wanted one", file.path),
        file.path.clone(),
        at(file, item),
        "keep one key a file: servers take the first",
    )
    .command(format!("grep -n 'PRIVATE KEY' {}", shell(&file.path)));
    Verdict::hit(hit)
}
