//! `openssl s_client` as the client that sends anything.

use serde_json::Value;

use crate::support::{Finished, Forge, Listen, Pki, clean, feed};

/// A request after which the server closes, so that s_client ends too.
const REQUEST: &[u8] = b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 34\r\nAuthorization: Bearer simulated\r\nConnection: close\r\n\r\n{\"queryResult\":{\"queryText\":\"Hi\"}}";

/// One handshake, and one request if the handshake comes that far.
pub(crate) fn call(listen: &Listen, arguments: &[&str]) -> Finished {
    let mut command = clean("openssl");
    command
        .args([
            "s_client",
            "-connect",
            &listen.address().to_string(),
            "-servername",
            "localhost",
            "-ign_eof",
        ])
        .args(arguments);
    feed(&mut command, REQUEST, 30)
}

/// The arguments that make s_client present this recipe's certificates, as they are.
pub(crate) fn present(pki: &Pki, fault: &str) -> Vec<String> {
    if fault == "client-cert-not-sent" {
        return Vec::new();
    }
    let mut arguments = vec![
        // s_client would not load a weak certificate of its own otherwise.
        "-cipher".into(),
        "DEFAULT@SECLEVEL=0".into(),
        "-cert".into(),
        pki.client(fault, "leaf.pem"),
        "-key".into(),
        pki.client(fault, "key.pem"),
    ];
    let above = pki.client(fault, "above.pem");
    if std::fs::metadata(&above).unwrap().len() > 0 {
        arguments.extend(["-cert_chain".into(), above]);
    }
    arguments
}

/// The same for a client made by openssl.
pub(crate) fn present_openssl(pki: &Forge, name: &str) -> Vec<String> {
    let file = |end: &str| pki.path(&format!("{name}.{end}"));
    vec![
        "-cipher".into(),
        "DEFAULT@SECLEVEL=0".into(),
        "-cert".into(),
        file("crt"),
        "-key".into(),
        file("key"),
        "-cert_chain".into(),
        pki.path("above.crt"),
    ]
}

/// The codes of a connection's findings.
pub(crate) fn codes(seen: &Value) -> Vec<&str> {
    let findings = seen["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// The names of a connection's findings.
pub(crate) fn names(seen: &Value) -> Vec<&str> {
    let findings = seen["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["name"].as_str().unwrap())
        .collect()
}

/// Whether one of the findings comes from a rule that lists this fault.
pub(crate) fn explains(seen: &Value, fault: &str) -> bool {
    let rules = mtls::rules::ALL
        .iter()
        .filter(|rule| rule.faults.contains(&fault));
    let wanted: Vec<&str> = rules.map(|rule| rule.code).collect();
    codes(seen).iter().any(|code| wanted.contains(code))
}

/// The distinct error numbers of a connection's verify steps, ascending.
pub(crate) fn errors(seen: &Value) -> Vec<u64> {
    let steps = seen["verify"].as_array().unwrap();
    let mut numbers: Vec<u64> = steps
        .iter()
        .filter_map(|step| step["error"]["num"].as_u64())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Strings as `&str`s.
pub(crate) fn borrow(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Both versions, as s_client's options.
pub(crate) const VERSIONS: [(&str, &str); 2] = [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")];
