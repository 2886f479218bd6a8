//! MT406.

use crate::{
    context::Context,
    facts::{Accepted, EndingKind, Party, Phase, Place, Side},
    finding::{Certainty, Hit, Verdict},
    rule,
    rules::help::{asked_host, server_certificate_sent},
};

rule! {
    /// ## What it finds
    ///
    /// A client that ended the handshake because of the server's certificate: with an alert that
    /// says so, or, likely, by closing the connection right after it received the certificate.
    ///
    /// ## Why it matters
    ///
    /// The client rejected the webhook's own certificate; the client certificate was not involved.
    /// Node's https, Python's aiohttp and Java's HttpClient close without an alert; port scanners
    /// and health checks look the same. In TLS 1.3 an OpenSSL client's alert can arrive as `bad
    /// record MAC` at a server that is not OpenSSL.
    ///
    /// ## How to fix it
    ///
    /// Check what the webhook presents: name, dates, the whole chain, a CA that the sender trusts.
    ///
    /// ```text
    /// openssl s_client -connect your-webhook.example:443 -servername your-webhook.example -verify_return_error </dev/null
    /// curl -v https://your-webhook.example/
    /// # nginx    ssl_certificate fullchain.pem;   leaf first, then the intermediates
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 6.2 (error alerts)
    pub static RULE = MT406 {
        name: "server-certificate-rejected",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.2", "2018-08")],
        faults: [
            "client-rejects-server-cert-unknown-ca", "server-unknown-ca", "server-self-signed", "server-expired",
            "server-not-yet-valid", "server-hostname-mismatch", "server-ip-not-in-san", "server-cn-only-no-san",
            "server-eku-clientauth-only", "server-missing-intermediate", "server-revoked", "server-wrong-key-usage",
        ],
        symptoms: [
            Alert(42), Alert(43), Alert(44), Alert(45), Alert(46), Alert(48), Alert(49), Alert(20), Alert(51), Alert(113),
            Says("tlsv1 alert unknown ca"), Says("received fatal alert: unknownca"), Says("remote error: tls: bad certificate"),
            Says("remote error: tls: unknown certificate authority"), Says("local error: tls: bad record mac"),
            Says("unexpected eof while reading"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::PeerAlert, Phase::Handshake, Some(Party::Peer))
            .alert(48, "unknown_ca").done(),
        silent_on: || Fixture::good()
            .ended(EndingKind::Closed, Phase::ClientHello, Some(Party::Peer))
            .done(),
    }
}

/// What a client's alert says about the server's certificate; `None` for an alert about something
/// else.
fn meaning(alert: u8) -> Option<&'static str> {
    Some(match alert {
        20 | 51 => {
            "its alert was unreadable, as an OpenSSL client's is, or the keys of both sides differ"
        }
        42 => "damaged certificate, or not valid for this name or use",
        43 => "it does not support this type of certificate",
        44 => "it considers the certificate revoked",
        45 => "it considers the certificate expired or not yet valid",
        46 => "it did not accept the certificate and gives no details",
        48 => "it does not trust the CA that issued the certificate, or the chain is incomplete",
        49 => "it accepted the chain, but not this server",
        113 => "it did not accept the certificate's status response",
        _ => return None,
    })
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    if handshake.tls.seen_from != Side::Server {
        return Verdict::NotApplicable("not seen from the server");
    }
    if handshake.hello.is_none() {
        return Verdict::NotApplicable("no complete ClientHello was read");
    }
    let ending = &handshake.tls.ending;
    let place = Place::wire(Side::Server, "Certificate");
    let subject = handshake
        .tls
        .server_chain
        .as_ref()
        .and_then(|chain| chain.certificate(0))
        .map_or_else(|| handshake.peer.clone(), |leaf| leaf.label());
    let remedy = "check the certificate that the webhook presents: name, dates, whole chain, and a CA that the sender trusts";
    let command = format!(
        "openssl s_client -connect {host}:443 -servername {host} -verify_return_error </dev/null",
        host = asked_host(handshake, context)
    );
    match ending.kind {
        EndingKind::PeerAlert if ending.sent_by != Some(Party::Us) && ending.phase == Phase::Handshake => {
            let Some(alert) = &ending.alert else {
                return Verdict::Pass;
            };
            let Some(meaning) = meaning(alert.code) else {
                return Verdict::Pass;
            };
            let hit = Hit::new(
                format!(
                    "the client rejected the server's certificate with alert {} ({}): {meaning}",
                    alert.code, alert.name
                ),
                subject,
                place,
                remedy,
            )
            .evidence("alert", format!("{} {}", alert.code, alert.name))
            .check(command);
            Verdict::hit(match alert.code {
                20 | 51 => hit.certainty(Certainty::Likely),
                _ => hit,
            })
        }
        EndingKind::Closed | EndingKind::Reset
            if ending.phase == Phase::Handshake && server_certificate_sent(handshake) =>
        {
            Verdict::hit(
                Hit::new(
                    "the client closed the connection right after the server's certificate, without an alert: it likely rejected it",
                    subject,
                    place,
                    remedy,
                )
                .certainty(Certainty::Likely)
                .evidence("ending", ending.detail.clone())
                .check(command),
            )
        }
        _ => Verdict::Pass,
    }
}

/// Whether this rule explains how the connection ended.
pub(in crate::rules) fn hits(handshake: &Accepted, context: &Context) -> bool {
    matches!(check(handshake, context), Verdict::Hit(_))
}
