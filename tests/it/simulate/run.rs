//! Running `simulate` and reading what it says.

use std::ops::Deref;

use serde_json::Value;

use crate::support::{Finished, Folder, Pki, mtls, run};

/// A folder with what `mtls pki` wrote in `pki`, to rehearse with.
pub(crate) struct Rehearsal(Folder);

impl Deref for Rehearsal {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Rehearsal {
    pub(crate) fn new() -> Self {
        Self::of("dialogflow")
    }

    /// With clients that look like this sender's.
    pub(crate) fn of(profile: &str) -> Self {
        let folder = Folder::new();
        run(
            mtls().args(["pki", &folder.path("pki"), "--profile", profile]),
            60,
        )
        .ok();
        Self(folder)
    }

    /// A file that `mtls pki` wrote.
    pub(crate) fn pki(&self, name: &str) -> String {
        self.path(&format!("pki/{name}"))
    }

    /// `simulate --format json` against this port with the folder's certificates and these flags.
    pub(crate) fn simulate(&self, port: u16, flags: &[&str]) -> Simulated {
        self.simulate_at(port, "/hook", flags)
    }

    /// The same at another path.
    pub(crate) fn simulate_at(&self, port: u16, path: &str, flags: &[&str]) -> Simulated {
        Simulated::new(&self.called(port, path, flags))
    }

    /// The same, as it ended.
    pub(crate) fn called(&self, port: u16, path: &str, flags: &[&str]) -> Finished {
        run(
            mtls()
                .arg("simulate")
                .arg(format!("https://localhost:{port}{path}"))
                .args([
                    "--pki",
                    &self.path("pki"),
                    "--cacert",
                    &self.pki("server-ca.pem"),
                ])
                .args([
                    "--resolve",
                    &format!("localhost:{port}:127.0.0.1"),
                    "--format",
                    "json",
                ])
                .args(flags),
            120,
        )
    }
}

/// One run's document.
pub(crate) struct Simulated {
    pub(crate) code: i32,
    pub(crate) document: Value,
}

impl Simulated {
    fn new(finished: &Finished) -> Self {
        Self {
            code: finished.code.unwrap(),
            document: serde_json::from_str(&finished.stdout)
                .unwrap_or_else(|error| panic!("{error}: {}", finished.said())),
        }
    }

    pub(crate) fn calls(&self) -> &Vec<Value> {
        self.document["calls"].as_array().unwrap()
    }

    pub(crate) fn call(&self, client: &str) -> &Value {
        self.calls()
            .iter()
            .find(|call| call["client"] == client)
            .unwrap_or_else(|| panic!("no call as {client}: {:#}", self.document))
    }

    /// The clients that were not treated as expected, with what happened.
    pub(crate) fn wrong(&self) -> Vec<String> {
        self.calls()
            .iter()
            .filter(|call| call["as_expected"] != true)
            .map(|call| {
                format!(
                    "{} {} {}",
                    text(&call["client"]),
                    text(&call["outcome"]),
                    text(&call["how"])
                )
            })
            .collect()
    }

    /// Codes of errors and warnings.
    pub(crate) fn found(&self) -> Vec<String> {
        let mut found: Vec<String> = self.document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["severity"] != "note")
            .map(|finding| text(&finding["code"]).to_owned())
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("null")
}

/// The usual files, for a listener.
pub(crate) fn files() -> Pki {
    Pki::new()
}
