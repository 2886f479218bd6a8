//! MT105.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{exported, meant, on_disk, shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A Java keystore (JKS or JCEKS).
    ///
    /// ## Why it matters
    ///
    /// Only Java reads it. Since Java 9 keystores are PKCS #12 by default; a JKS file is older or
    /// was made with -storetype JKS.
    ///
    /// ## How to fix it
    ///
    /// Convert it to PKCS #12, then export the certificates and the key.
    ///
    /// ```text
    /// keytool -importkeystore -srckeystore keystore.jks -destkeystore keystore.p12 -deststoretype PKCS12
    /// openssl pkcs12 -in keystore.p12 -nokeys -out fullchain.pem
    /// (umask 077; openssl pkcs12 -in keystore.p12 -nocerts -nodes -out key.pem)
    /// ```
    ///
    /// ## References
    ///
    /// - JEP 229: Create PKCS12 Keystores by Default
    pub static RULE = MT105 {
        name: "java-keystore",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("JEP 229", "2014-05-30")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().format(Format::JavaKeystore).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.format != Format::JavaKeystore {
        return Verdict::Pass;
    }
    let hit = Hit::new(
        format!("expected {}, found a Java keystore", meant(file)),
        file.path.clone(),
        whole(file),
        "convert it to PKCS #12, then export the certificates and the key",
    );
    if !on_disk(&file.path) {
        return Verdict::hit(hit);
    }
    let converted = format!("{}.p12", file.path);
    let hit = hit.fix(format!(
        "(umask 077; keytool -importkeystore -srckeystore {} -destkeystore {} -deststoretype PKCS12)",
        shell(&file.path),
        shell(&converted)
    ));
    Verdict::hit(exported(hit, &converted, &file.path))
}
