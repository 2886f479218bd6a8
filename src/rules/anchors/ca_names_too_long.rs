//! MT462.

use crate::{
    context::Context,
    facts::{Case, Place, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{anchors::help::client_cas, help::whole},
};

/// The most that the list of names can be, in bytes.
const MOST: usize = 65_535;
/// The most that a record of TLS holds, in bytes.
const RECORD: usize = 16_384;
/// What each name takes besides itself: its length.
const PREFIX: usize = 2;

rule! {
    /// ## What it finds
    ///
    /// A list of CA names that is too long for a CertificateRequest, or longer than a record of
    /// TLS: of a client-CA file, or as a server sent it.
    ///
    /// ## Why it matters
    ///
    /// Servers send the name of every CA in the client-CA file in each handshake. The list holds
    /// 65535 bytes at the most. Above 16384 bytes the message is divided among several records,
    /// which costs every handshake a few packets, and which a client with a small limit for
    /// handshake messages refuses.
    ///
    /// ## How to fix it
    ///
    /// Keep only the CAs whose clients are to be accepted, not a list of all public roots. Where
    /// the long list is needed, name few of them to the clients: nginx sends the names of
    /// `ssl_client_certificate` and trusts those of `ssl_trusted_certificate` as well.
    ///
    /// ## References
    ///
    /// - RFC 8446 sections 4.2.4 (the list) and 5.1 (the record)
    /// - RFC 5246 section 7.4.4
    pub static RULE = MT462 {
        name: "ca-names-too-long",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 sections 4.2.4 and 5.1", "2018-08"), ("RFC 5246 section 7.4.4", "2008-08")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || ProbeFixture::good().probe(|probe| if let Some(request) = &mut probe.request {
            request.ca_names[0].bytes = 20_000;
        }).done(),
        silent_on: || ProbeFixture::good().done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    let mut lists: Vec<(String, Place, usize, usize)> = client_cas(case)
        .map(|file| {
            let names = file
                .anchors()
                .map(|(_, certificate)| certificate.subject_der().len() + PREFIX);
            let (count, bytes) = names.fold((0, 0), |(count, sum), one| (count + 1, sum + one));
            (file.name().to_owned(), whole(file.chain), count, bytes)
        })
        .collect();
    let probe = case.probe();
    if let Some((probe, request)) = probe.and_then(|probe| Some((probe, probe.request.as_ref()?))) {
        let bytes = request
            .ca_names
            .iter()
            .map(|name| name.bytes + PREFIX)
            .sum();
        lists.push((
            probe.dialled.url.clone(),
            Place::wire(Side::Server, "CertificateRequest"),
            request.ca_names.len(),
            bytes,
        ));
    }
    if lists.is_empty() {
        return Verdict::NotApplicable("no client-CA file and no CertificateRequest was seen");
    }
    let hits = lists
        .into_iter()
        .filter(|(.., bytes)| *bytes > RECORD)
        .map(|(subject, place, count, bytes)| {
            let (severity, limit, what) = if bytes > MOST {
                (Severity::Error, MOST, "a CertificateRequest holds")
            } else {
                (Severity::Warning, RECORD, "one record of TLS holds")
            };
            Hit::new(
                format!(
                    "{subject}: its {count} CA names take {bytes} bytes in each handshake; {what} {limit}"
                ),
                subject,
                place,
                "keep only the CAs whose clients are to be accepted",
            )
            .severity(severity)
            .evidence("names", count.to_string())
            .evidence("bytes", bytes.to_string())
        })
        .collect();
    Verdict::from_hits(hits)
}
