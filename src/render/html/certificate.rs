//! A certificate's fields, folded away.

use maud::{Markup, html};

use super::rows;
use crate::{
    facts::{Certificate, listed},
    render::words::day,
};

/// Names that are listed.
const NAMES: usize = 50;

/// The dates as the line to open, everything behind it.
pub(super) fn folded(certificate: &Certificate) -> Markup {
    if let Some(unreadable) = &certificate.unreadable {
        return rows(&[
            ("unreadable", unreadable.reason.clone()),
            ("SHA-256", certificate.sha256.clone()),
        ]);
    }
    let key = match &certificate.key.curve {
        Some(curve) => format!("{} {curve}", certificate.key.algorithm),
        None => format!(
            "{} {} bits",
            certificate.key.algorithm, certificate.key.bits
        ),
    };
    let any = || "absent: any use".to_owned();
    let mut names = certificate
        .sans
        .iter()
        .take(NAMES)
        .cloned()
        .collect::<Vec<_>>();
    if certificate.sans.len() > NAMES {
        names.push(format!("and {} more", certificate.sans.len() - NAMES));
    }
    html! {
        details {
            summary { (day(certificate.not_before)) " to " (day(certificate.not_after)) "; " (key) }
            (rows(&[
                ("subject", certificate.subject.clone()),
                ("issuer", certificate.issuer.clone()),
                ("serial", certificate.serial.clone()),
                ("not before", certificate.not_before.to_string()),
                ("not after", certificate.not_after.to_string()),
                ("names", if names.is_empty() { "none".to_owned() } else { names.join(", ") }),
                ("extended key usage", certificate.eku.as_ref().map_or_else(any, |list| listed(list, ", "))),
                ("key usage", certificate.key_usage.as_ref().map_or_else(any, |list| listed(list, ", "))),
                ("authority", match (certificate.is_ca, certificate.path_len) {
                    (true, Some(length)) => format!("yes, path length {length}"),
                    (true, None) => "yes".to_owned(),
                    (false, _) => "no".to_owned(),
                }),
                ("signature", certificate.signature_algorithm.to_string()),
                ("SHA-256", certificate.sha256.clone()),
                ("SHA-256 of the key", certificate.spki_sha256.clone()),
            ]))
        }
    }
}
