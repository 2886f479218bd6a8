//! MT105.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{meant, shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A Java keystore (JKS or JCEKS).
    ///
    /// ## Why it matters
    ///
    /// Only Java reads it. Since Java 9 keystores are PKCS #12 by default; a JKS file is older or was made with -storetype
    /// JKS.
    ///
    /// ## How to fix it
    ///
    /// Convert it to PKCS #12, then take out what is needed.
    ///
    /// ```text
    /// keytool -importkeystore -srckeystore keystore.jks -destkeystore keystore.p12 -deststoretype PKCS12
    /// openssl pkcs12 -in keystore.p12 -nokeys -out fullchain.pem
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
    let path = shell(&file.path);
    let hit = Hit::new(
        format!("{} is a Java keystore, wanted {}", file.path, meant(file)),
        file.path.clone(),
        whole(file),
        "convert it to PKCS #12, then take certificate and key out of that",
    )
    .command(format!(
        "keytool -importkeystore -srckeystore {path} -destkeystore {path}.p12 -deststoretype PKCS12"
    ))
    .command(format!(
        "openssl pkcs12 -in {path}.p12 -nokeys -out fullchain.pem"
    ));
    Verdict::hit(hit)
}
