//! MT303.

use crate::{
    context::Context,
    facts::{Accepted, ClientHello, EndingKind, KeyAlgorithm, Party, Place, Side},
    finding::{Certainty, Hit, Verdict},
    parse::ids,
    rule,
    rules::help::asked_host,
    rules::{connection::tls_version_too_old, help::list},
};

// What rustls 0.23.46 with aws-lc-rs speaks by default (its crypto/aws_lc_rs/mod.rs, read
// 2026-11-23).
const SUITES_1_3: &[u16] = &[0x1301, 0x1302, 0x1303];
const SUITES_1_2: &[u16] = &[0xc02b, 0xc02c, 0xcca9, 0xc02f, 0xc030, 0xcca8];
const GROUPS: &[u16] = &[0x001d, 0x0017, 0x0018, 0x11ec];
const RSA_SCHEMES: &[u16] = &[0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601];
const OTHER_SCHEMES: &[u16] = &[0x0403, 0x0503, 0x0603, 0x0807];
const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;

rule! {
    /// ## What it finds
    ///
    /// A ClientHello that was rejected, usually with `handshake_failure`, because one of its lists
    /// has nothing in common with what mtls supports: cipher suites, key exchange groups,
    /// or signature algorithms. If each list has something in common, the combination failed.
    ///
    /// ## Why it matters
    ///
    /// Most stacks answer with alert 40 for any of the lists, and OpenSSL reports a missing common
    /// group as `no shared cipher` too in TLS 1.2. The most frequent case is an RSA-only client and
    /// an ECDSA certificate.
    ///
    /// ## How to fix it
    ///
    /// Check your own server for the list named here; check whether the sender's list was
    /// restricted by hand.
    ///
    /// ```text
    /// openssl ciphers -v
    /// openssl s_client -connect your-webhook.example:443 -groups X25519:P-256 -sigalgs RSA-PSS+SHA256:ECDSA+SHA256
    /// # nginx    ssl_protocols TLSv1.2 TLSv1.3;  ssl_ecdh_curve X25519:prime256v1;
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.1.1 (cryptographic negotiation) and section 6.2 (handshake_failure)
    pub static RULE = MT303 {
        name: "no-shared-parameters",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.1.1", "2018-08")],
        faults: [
            "no-common-cipher-client-side", "no-common-cipher-server-side", "no-common-cipher-tls13",
            "no-common-group-client-brainpool-tls12", "no-common-group-client-ffdhe8192-only",
            "no-common-group-server-x448-only", "no-common-sigalg-client-rsa-only",
        ],
        symptoms: [
            Alert(40), Alert(71), Alert(109), Says("no shared cipher"), Says("no suitable key share"), Says("nokxgroupsincommon"),
            Says("nociphersuitesincommon"), Says("handshake failure"), Says("no cipher suite supported by both"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good().refused_hello()
            .hello(|hello| hello.groups = Some(vec![0x6a6a, 0x0104])).done(),
        silent_on: || Fixture::good().hello(|hello| hello.groups = Some(vec![0x0104, 0x0017])).done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let Some(hello) = &handshake.hello else {
        return Verdict::NotApplicable("no complete ClientHello was read");
    };
    if handshake.tls.seen_from != Side::Server {
        return Verdict::NotApplicable("the other side chose, and its lists are unknown");
    }
    let ending = &handshake.tls.ending;
    let refused = ending.kind == EndingKind::Incompatible && ending.sent_by != Some(Party::Peer);
    if !refused || handshake.tls.client_chain.is_some() {
        return Verdict::Pass;
    }
    if tls_version_too_old::hits(handshake, context) {
        return Verdict::NotApplicable("the version is too old, which is another finding");
    }
    if ending.alert.as_ref().is_some_and(|alert| alert.code == 70) {
        let versions = list(&hello.versions(), ids::version_name);
        return Verdict::hit(
            Hit::new(
                format!("no TLS version in common: the client offers {versions}, a flag allows only another one"),
                handshake.peer.clone(),
                Place::wire(Side::Client, "ClientHello"),
                "allow both versions here (drop --tlsv1.3 or --tls-max), or have the client offer the allowed one",
            )
            .evidence("cause", ending.detail.clone()),
        );
    }
    let disjoint = disjoint(handshake, hello);
    let place = Place::wire(Side::Client, "ClientHello");
    let remedy = "allow a common value on one side";
    if disjoint.is_empty() {
        return Verdict::hit(
            Hit::new(
                "client and server have values in common in every list, but no working combination",
                handshake.peer.clone(),
                place,
                remedy,
            )
            .certainty(Certainty::Likely)
            .evidence("cause", ending.detail.clone()),
        );
    }
    Verdict::Hit(
        disjoint
            .into_iter()
            .map(|(list, offered, wanted)| {
                Hit::new(
                    format!("no {list} in common: expected one of {wanted}, found {offered}"),
                    handshake.peer.clone(),
                    place.clone(),
                    remedy,
                )
                .evidence(format!("{list} offered"), offered)
                .check(format!(
                    "openssl s_client -connect {}:443 -groups X25519:P-256",
                    asked_host(handshake, context)
                ))
            })
            .collect(),
    )
}

/// The lists that share nothing with ours: name, what was offered, what we have.
fn disjoint(handshake: &Accepted, hello: &ClientHello) -> Vec<(&'static str, String, String)> {
    let versions = hello.versions();
    let mut suites = Vec::new();
    if versions.contains(&TLS_1_3) {
        suites.extend_from_slice(SUITES_1_3);
    }
    if versions.contains(&TLS_1_2) {
        suites.extend_from_slice(SUITES_1_2);
    }
    let key = handshake
        .tls
        .server_chain
        .as_ref()
        .and_then(|chain| chain.certificate(0))
        .map(|leaf| &leaf.key.algorithm);
    let mut schemes = Vec::new();
    if key.is_none_or(KeyAlgorithm::is_rsa) {
        schemes.extend_from_slice(RSA_SCHEMES);
    }
    if !key.is_some_and(KeyAlgorithm::is_rsa) {
        schemes.extend_from_slice(OTHER_SCHEMES);
    }
    // A list that was not sent: groups are then the server's choice (TLS 1.2), signature algorithms
    // fall back to SHA-1, which we refuse.
    let groups = hello.groups.as_deref();
    let signatures = hello.signature_algorithms.as_deref().unwrap_or_default();
    [
        (
            "cipher suite",
            Some(hello.cipher_suites.as_slice()),
            suites,
            ids::cipher_openssl_name as fn(u16) -> String,
        ),
        (
            "key exchange group",
            groups,
            GROUPS.to_vec(),
            ids::group_name,
        ),
        (
            "signature algorithm",
            Some(signatures),
            schemes,
            ids::signature_scheme_name,
        ),
    ]
    .into_iter()
    .filter_map(|(what, offered, ours, name)| {
        let offered = offered?;
        let shared = offered
            .iter()
            .any(|value| !ids::is_grease(*value) && ours.contains(value));
        (!shared).then(|| (what, list(offered, name), list(&ours, name)))
    })
    .collect()
}
