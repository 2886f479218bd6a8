//! The lines of `openssl s_server`, in its order, on the streams it uses.
//!
//! For: people and scripts that read s_server's dump today. Labels are those of OpenSSL 3.0
//! (transcripts of 3.0.19), or of 1.1.1 (the Dialogflow page). The `Shared …` lists are what an
//! OpenSSL 3.0 server with its defaults would share, since that is the program this format stands
//! in for; what *this* listener shared is in `text` and `jsonl`. Must not: print the session
//! parameters block, which carries the session's secret.

use std::io::{self, Write};

use jiff::Timestamp;

use super::shown::Shown;
use crate::{
    engine::Judged,
    facts::{
        Accepted, ClientAuth, ClientHello, EndingKind, FirstBytes, HttpExchange, Problem,
        TrustFacts, VerifyEvent,
    },
    parse::{escape, ids, pem},
    report::{Run, Sink},
};

/// Whose labels to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// `Supported groups: x25519:secp256r1`.
    V3,
    /// `Supported Elliptic Groups: X25519:P-256`.
    V111,
}

/// A sink that prints as `s_server` does: `out` for its standard output, `err` for its standard
/// error.
pub struct Openssl<O, E> {
    out: O,
    err: E,
    labels: Labels,
    verify_depth: Option<u32>,
    enforce: bool,
    shown: Shown,
    accepted: u64,
    finished: u64,
}

impl<O: Write, E: Write> Openssl<O, E> {
    /// A sink with the settings the callback's output depends on.
    pub fn new(out: O, err: E, labels: Labels, verify_depth: Option<u32>, enforce: bool) -> Self {
        Self {
            out,
            err,
            labels,
            verify_depth,
            enforce,
            shown: Shown::default(),
            accepted: 0,
            finished: 0,
        }
    }

    /// The lines printed at start-up.
    ///
    /// # Errors
    /// When a stream cannot be written.
    pub fn start(&mut self, client_auth: ClientAuth, depth: u32) -> io::Result<()> {
        match client_auth {
            ClientAuth::None => {}
            ClientAuth::Request => writeln!(self.err, "verify depth is {depth}")?,
            ClientAuth::Require => writeln!(
                self.err,
                "verify depth is {depth}, must return a certificate"
            )?,
        }
        self.err.flush()?;
        writeln!(self.out, "Using default temp DH parameters\nACCEPT")?;
        self.out.flush()
    }

    /// What `verify_callback` (apps/lib/s_cb.c) prints, call by call. The error sticks: a later
    /// success repeats its extra lines.
    fn verify(&mut self, trust: &TrustFacts) -> io::Result<()> {
        let mut sticky = None;
        for event in &trust.events {
            writeln!(self.err, "depth={} {}", event.depth, event.subject)?;
            let mut go_on = true;
            if let Some(error) = event.error {
                writeln!(self.err, "verify error:num={}:{}", error.num, error.text)?;
                sticky = Some(error.num);
                let tolerated = self
                    .verify_depth
                    .is_none_or(|limit| limit as usize >= event.depth);
                go_on = tolerated && !self.enforce;
            }
            self.extra(sticky, event)?;
            if !go_on {
                return Ok(());
            }
            writeln!(self.err, "verify return:1")?;
        }
        Ok(())
    }

    fn extra(&mut self, sticky: Option<u32>, event: &VerifyEvent) -> io::Result<()> {
        match sticky {
            Some(2) => writeln!(self.err, "issuer= {}", event.issuer),
            Some(9 | 13) => writeln!(self.err, "notBefore={}", asn1_time(event.not_before)),
            Some(10 | 14) => writeln!(self.err, "notAfter={}", asn1_time(event.not_after)),
            _ => Ok(()),
        }
    }

    fn refused(&mut self, handshake: &Accepted, first: Option<&Problem>) -> io::Result<()> {
        writeln!(self.err, "ERROR")?;
        let code = |err: &mut E, code: &str, routine: &str, reason: &str| {
            writeln!(
                err,
                "0000000000000000:error:{code}:SSL routines:{routine}:{reason}:"
            )
        };
        match (handshake.tls.ending.kind, first) {
            (EndingKind::Refused, Some(problem)) => {
                writeln!(self.err, "verify error:{}", problem.error.text)?;
                code(
                    &mut self.err,
                    "0A000086",
                    "tls_process_client_certificate",
                    "certificate verify failed",
                )
            }
            (EndingKind::Refused, None)
                if handshake
                    .tls
                    .ending
                    .alert
                    .as_ref()
                    .is_some_and(|alert| alert.code == 116) =>
            {
                code(
                    &mut self.err,
                    "0A0000C7",
                    "tls_process_client_certificate",
                    "peer did not return a certificate",
                )
            }
            (EndingKind::PeerAlert, _) => {
                let alert = handshake.tls.ending.alert.as_ref();
                let number = alert.map_or(0, |alert| u32::from(alert.code));
                let name = alert
                    .map_or("", |alert| alert.name.as_str())
                    .replace('_', " ");
                // SSL_AD_REASON_OFFSET is 1000 (ssl.h).
                let reason = format!("{:08X}", 0x0A00_0000 + 1000 + number);
                code(
                    &mut self.err,
                    &reason,
                    "ssl3_read_bytes",
                    &format!("tlsv1 alert {name}"),
                )
            }
            (EndingKind::NotTls, _)
                if matches!(handshake.first_bytes, FirstBytes::PlainHttp { .. }) =>
            {
                code(&mut self.err, "0A00009C", "ssl3_get_record", "http request")
            }
            (EndingKind::NotTls, _) => code(
                &mut self.err,
                "0A00010B",
                "ssl3_get_record",
                "wrong version number",
            ),
            (EndingKind::Closed, _) => code(
                &mut self.err,
                "0A000126",
                "ssl3_read_n",
                "unexpected eof while reading",
            ),
            _ => {
                let detail = escape::text(&handshake.tls.ending.detail);
                writeln!(self.err, "{detail}")
            }
        }
    }

    fn connection_info(&mut self, handshake: &Accepted) -> io::Result<()> {
        let tls13 = handshake
            .tls
            .negotiated
            .as_ref()
            .is_some_and(|settled| settled.protocol == "TLSv1.3");
        let leaf = handshake
            .tls
            .client_chain
            .as_ref()
            .and_then(|chain| chain.certificate(0));
        if let Some(leaf) = leaf {
            write!(
                self.out,
                "Client certificate\n{}",
                pem::encode("CERTIFICATE", &leaf.der)
            )?;
            writeln!(self.out, "subject={}\nissuer={}", leaf.subject, leaf.issuer)?;
        }
        if let Some(hello) = &handshake.hello {
            self.algorithms(hello, tls13)?;
        }
        if let Some(signature) = &handshake.tls.signature {
            if let Some(digest) = ids::signature_digest(signature.scheme) {
                writeln!(self.out, "Peer signing digest: {digest}")?;
            }
            if let Some(kind) = ids::signature_type(signature.scheme) {
                writeln!(self.out, "Peer signature type: {kind}")?;
            }
        }
        if let Some(hello) = &handshake.hello {
            self.groups(hello, tls13)?;
        }
        let cipher = handshake.tls.negotiated.as_ref().map_or_else(
            || "(NONE)".to_owned(),
            |settled| ids::cipher_openssl_name(settled.cipher),
        );
        writeln!(self.out, "CIPHER is {cipher}")?;
        // The server side notes the signalling suite in any version, the extension only below TLS
        // 1.3 (its extension contexts).
        let renegotiation = handshake.hello.as_ref().is_some_and(|hello| {
            hello.cipher_suites.contains(&0x00ff) || (!tls13 && hello.has_extension(0xff01))
        });
        let not = if renegotiation { "" } else { " NOT" };
        writeln!(self.out, "Secure Renegotiation IS{not} supported")
    }

    /// The cipher suites that both have, and the signature algorithms.
    fn algorithms(&mut self, hello: &ClientHello, tls13: bool) -> io::Result<()> {
        let ciphers = ids::openssl_shared_ciphers(&hello.cipher_suites);
        writeln!(
            self.out,
            "Shared ciphers:{}",
            list(&ciphers, ids::cipher_openssl_name)
        )?;
        if let Some(offered) = &hello.signature_algorithms {
            writeln!(
                self.out,
                "Signature Algorithms: {}",
                list(offered, ids::signature_scheme_openssl)
            )?;
            let shared = ids::openssl_shared_signature_algorithms(offered, tls13);
            writeln!(
                self.out,
                "Shared Signature Algorithms: {}",
                list(&shared, ids::signature_scheme_openssl)
            )?;
        }
        Ok(())
    }

    /// Point formats and groups, under the labels of the version.
    fn groups(&mut self, hello: &ClientHello, tls13: bool) -> io::Result<()> {
        if let (false, Some(formats)) = (tls13, &hello.point_formats) {
            let names: Vec<String> = formats
                .iter()
                .copied()
                .map(ids::point_format_name)
                .collect();
            writeln!(
                self.out,
                "Supported Elliptic Curve Point Formats: {}",
                names.join(":")
            )?;
        }
        if let Some(groups) = &hello.groups {
            let shared = ids::openssl_shared_groups(groups, tls13);
            match self.labels {
                Labels::V3 => {
                    writeln!(
                        self.out,
                        "Supported groups: {}",
                        list(groups, ids::group_name)
                    )?;
                    writeln!(
                        self.out,
                        "Shared groups: {}",
                        list(&shared, ids::group_name)
                    )?;
                }
                Labels::V111 => {
                    writeln!(
                        self.out,
                        "Supported Elliptic Groups: {}",
                        list(groups, ids::group_name_111)
                    )?;
                    writeln!(
                        self.out,
                        "Shared Elliptic groups: {}",
                        list(&shared, ids::group_name_111)
                    )?;
                }
            }
        }
        Ok(())
    }

    /// A request as it reads in HTTP/1.1; what s_server shows of HTTP/2 are its binary frames,
    /// which help nobody.
    fn request(&mut self, exchange: &HttpExchange) -> io::Result<()> {
        writeln!(
            self.out,
            "{} {} {}",
            exchange.method, exchange.path, exchange.version
        )?;
        for header in &exchange.headers {
            writeln!(self.out, "{}: {}", header.name, header.value)?;
        }
        writeln!(self.out)?;
        for line in exchange.body.split('\n') {
            writeln!(self.out, "{}", escape::text(line.trim_end_matches('\r')))?;
        }
        if let Some(omitted) = &exchange.body_omitted {
            writeln!(self.out, "[{}]", super::words::omitted(omitted))?;
        }
        Ok(())
    }

    fn print(&mut self, judged: &Judged, closed: bool) -> io::Result<()> {
        let Some(handshake) = judged.case.accepted() else {
            return Ok(());
        };
        let news = self.shown.news(judged, closed);
        if news.first {
            self.accepted += 1;
            let trust = handshake
                .tls
                .client_chain
                .as_ref()
                .and_then(|chain| chain.trust.as_ref());
            if let Some(trust) = trust {
                self.verify(trust)?;
            }
            if handshake.tls.handshaken() {
                self.finished += 1;
                self.err.flush()?;
                self.connection_info(handshake)?;
            } else {
                let first = trust.and_then(|trust| trust.problems.first());
                self.refused(handshake, first)?;
            }
        }
        for exchange in judged
            .case
            .http()
            .get(news.exchanges.clone())
            .unwrap_or_default()
        {
            self.request(exchange)?;
        }
        if closed && handshake.tls.handshaken() {
            writeln!(self.out, "DONE\nshutting down SSL\nCONNECTION CLOSED")?;
        }
        self.err.flush()?;
        self.out.flush()
    }
}

impl<O: Write, E: Write> Sink for Openssl<O, E> {
    fn progress(&mut self, judged: &Judged) -> io::Result<()> {
        self.print(judged, false)
    }

    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.print(judged, true)
    }

    fn finish(&mut self, _: &Run) -> io::Result<()> {
        // The statistics block of transcript 28; what this program never does is always 0.
        let zero = |out: &mut O, text: &str| writeln!(out, "   0 {text}");
        zero(&mut self.out, "items in the session cache")?;
        zero(&mut self.out, "client connects (SSL_connect())")?;
        zero(&mut self.out, "client renegotiates (SSL_connect())")?;
        zero(&mut self.out, "client connects that finished")?;
        writeln!(
            self.out,
            "{:4} server accepts (SSL_accept())",
            self.accepted
        )?;
        zero(&mut self.out, "server renegotiates (SSL_accept())")?;
        writeln!(self.out, "{:4} server accepts that finished", self.finished)?;
        zero(&mut self.out, "session cache hits")?;
        zero(&mut self.out, "session cache misses")?;
        zero(&mut self.out, "session cache timeouts")?;
        zero(&mut self.out, "callback cache hits")?;
        zero(&mut self.out, "cache full overflows (128 allowed)")?;
        self.out.flush()
    }
}

fn list(numbers: &[u16], name: fn(u16) -> String) -> String {
    numbers
        .iter()
        .copied()
        .map(name)
        .collect::<Vec<_>>()
        .join(":")
}

/// `Apr  1 00:00:00 2020 GMT`, as ASN1_TIME_print writes it.
fn asn1_time(time: Timestamp) -> String {
    time.strftime("%b %e %H:%M:%S %Y GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_as_openssl_does() {
        assert_eq!(
            asn1_time("2020-04-01T00:00:00Z".parse().unwrap()),
            "Apr  1 00:00:00 2020 GMT"
        );
        assert_eq!(
            asn1_time("2040-12-31T23:59:09Z".parse().unwrap()),
            "Dec 31 23:59:09 2040 GMT"
        );
    }
}
