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
    /// Servers take the first key and ignore the others, so the order decides which certificate
    /// they can serve.
    ///
    /// ## How to fix it
    ///
    /// Keep one key per file.
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
        format!("expected one private key, found {count}"),
        file.path.clone(),
        at(file, item),
        "keep one key per file: servers take the first",
    )
    .check(format!("grep -n 'PRIVATE KEY' {}", shell(&file.path)));
    Verdict::hit(hit)
}
