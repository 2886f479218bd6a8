//! Certificate signing requests: what each asks for, in rows.

use super::{chain::key_words, page::Page};
use crate::{
    engine::Judged,
    facts::{FileFacts, Request, RequestKey, RequestSignature},
    parse::escape,
};

/// Requests that are shown.
const SHOWN: usize = 8;
/// Names of a request that are shown.
const NAMES: usize = 12;

impl Page {
    /// The rows of the requests among the files; nothing where there is none.
    pub(super) fn requests(&mut self, judged: &Judged) {
        let files = judged.case.files.iter();
        for (_, request) in files.flat_map(FileFacts::requests).take(SHOWN) {
            self.line("");
            self.request(request);
        }
    }

    fn request(&mut self, request: &Request) {
        let asked = request.asked.as_ref();
        let subject = match asked.subject.is_empty() {
            true => "none".to_owned(),
            false => escape::text(&asked.subject),
        };
        self.row("subject", &subject);
        let mut names: Vec<String> = asked
            .sans
            .iter()
            .take(NAMES)
            .map(|name| escape::text(name))
            .collect();
        if asked.sans.len() > NAMES {
            names.push(format!("and {} more", asked.sans.len() - NAMES));
        }
        self.row(
            "names",
            &match names.is_empty() {
                true => "none asked for".to_owned(),
                false => names.join(", "),
            },
        );
        let key = match &request.key {
            RequestKey::NotGiven => String::new(),
            RequestKey::Fits(path) => format!("; {} is its private key", escape::text(path)),
            RequestKey::Differs(path) => format!("; {} is another key", escape::text(path)),
            RequestKey::NotCompared { path, why } => format!(
                "; {} was not compared: {}",
                escape::text(path),
                escape::text(why)
            ),
        };
        self.row("key", &format!("{}{key}", key_words(&asked.key)));
        let signature = match &request.signature {
            RequestSignature::Holds => "valid, made with the private key of this key".to_owned(),
            RequestSignature::Broken(why) => format!("not valid: {}", escape::text(why)),
            RequestSignature::NotChecked(what) => format!("not checked: {}", escape::text(what)),
            RequestSignature::NotAsked => "not checked".to_owned(),
        };
        self.row(
            "signature",
            &format!("{}, {signature}", asked.signature_algorithm),
        );
        let mut uses: Vec<String> = Vec::new();
        uses.extend(asked.key_usage.iter().flatten().map(ToString::to_string));
        uses.extend(asked.eku.iter().flatten().map(ToString::to_string));
        if asked.is_ca {
            uses.push("CA".to_owned());
        }
        if !uses.is_empty() {
            self.row("asks for", &uses.join(", "));
        }
    }
}
