//! MT143.

use crate::{
    context::Context,
    facts::FileFacts,
    finding::{Act, Hit, Severity, Verdict},
    rule,
    rules::file::help::{shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A chain in a directory with private keys, none of which belongs to its leaf. CA certificates
    /// alone are not expected to have a key. It is a warning where a key in the directory belongs to
    /// no certificate, else a note.
    ///
    /// ## Why it matters
    ///
    /// Whoever presents the certificate needs its key. With a key beside it that fits nothing, one of
    /// the two files is probably the old one.
    ///
    /// ## How to fix it
    ///
    /// Put the key that the certificate was requested with beside it, or have a certificate issued
    /// for the key that is there. Nothing has to be done for the certificate of somebody else.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256      # both must print the same
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.3 (the key of the end-entity certificate signs the handshake)
    pub static RULE = MT143 {
        name: "certificate-without-key",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.3", "2018-08")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().change(|file| file.neighbours = Some(Neighbours { bare_leaf: Some((true, 0, "CN = hook.example".into())), lone_keys: 1, bare_leaves: 1, certificates: 1, ..Neighbours::default() })).done(),
        silent_on: || file_fixture::chain().change(|file| file.neighbours = Some(Neighbours { certificates: 1, ..Neighbours::default() })).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let Some(around) = &file.neighbours else {
        return Verdict::NotApplicable("not from a directory with keys");
    };
    let Some((of_server, leaf, label)) = &around.bare_leaf else {
        return Verdict::Pass;
    };
    if around.shut_keys > 0 {
        return Verdict::NotApplicable("a private key in the directory could not be read");
    }
    let (message, severity) = match around.lone_keys {
        0 => (
            "no private key in the directory belongs to the leaf".to_owned(),
            Severity::Note,
        ),
        lone => (
            format!(
                "no private key in the directory belongs to the leaf, and {} to no certificate",
                match lone {
                    1 => "one key there belongs".to_owned(),
                    lone => format!("{lone} keys there belong"),
                }
            ),
            Severity::Warning,
        ),
    };
    let place = file.certificates().nth(*leaf);
    let place = place.map_or_else(|| whole(file), |(item, _)| super::help::at(file, item));
    let hit = Hit::new(
        message,
        label.clone(),
        place,
        "put the key that the certificate was requested with beside it, or have a certificate issued for the key that is there",
    )
    .severity(severity)
    .act(match of_server {
        true => Act::Server,
        false => Act::Client,
    });
    Verdict::hit(hit.check(format!(
        "openssl x509 -in {} -noout -pubkey | openssl sha256",
        shell(&file.path)
    )))
}
