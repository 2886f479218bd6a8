//! The lines of a list of certificates, each as the `bind` line that it makes.

use super::{super::short, Line};

/// Words with a value that a line of a list of certificates may have for itself.
const OF_LISTS: [&str; 6] = [
    "verify",
    "ca-file",
    "ca-verify-file",
    "crl-file",
    "ssl-min-ver",
    "ssl-max-ver",
];

/// Certificates of a list that are followed.
const MOST_LISTED: usize = 1_000;

/// `a.pem [ca-file ca.crt verify required] x.local`: each line as the `bind` line that it makes.
pub(super) fn listed(called: &str, bind: &Line, list: &[Line]) -> Vec<(String, Line)> {
    let mut found = Vec::new();
    for line in list.iter().take(MOST_LISTED) {
        let text = line.words.join(" ");
        let (file, options, names) = match (text.split_once('['), text.rsplit_once(']')) {
            (Some((file, _)), Some((before, names))) => {
                let (_, options) = before.split_once('[').unwrap_or_default();
                (file, options, names)
            }
            _ => match text.split_once(' ') {
                Some((file, names)) => (file, "", names),
                None => (text.as_str(), "", ""),
            },
        };
        // What the list says counts, and not what the line says (tried with 2.6.12).
        let mut words: Vec<String> = vec!["bind".to_owned(), String::new()];
        words.extend(options.split_whitespace().map(str::to_owned));
        words.extend(["crt".to_owned(), file.trim().to_owned()]);
        let listed: Vec<&str> = options.split_whitespace().collect();
        let mut own = bind.words.iter();
        while let Some(word) = own.next() {
            let overridden = OF_LISTS.contains(&word.as_str()) && listed.contains(&word.as_str());
            if word == "crt-list" || word == "crt" || overridden {
                own.next();
            } else {
                words.push(word.clone());
            }
        }
        let names = names.trim();
        let name = if names.is_empty() { file.trim() } else { names };
        found.push((
            short(&format!("{called} {name}")),
            Line {
                words,
                place: line.place.clone(),
                text: line.text.clone(),
            },
        ));
    }
    found
}
