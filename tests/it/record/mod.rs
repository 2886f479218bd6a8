//! `listen --record` and what is done with its cases: whole or not there, without credentials, sent
//! again, judged again, handed to other programs.

mod bounds;
mod cases;
mod exports;
mod howto;
mod identity;
mod replay;
mod secrets;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use mtls::pki::recipe;
use serde_json::Value;

use crate::support::{self, Listen, Pki, mtls, run};

/// The cases of a folder, in the order of their names.
pub(crate) fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".case.json"))
        .collect();
    files.sort();
    files
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The only case of a folder.
#[track_caller]
pub(crate) fn only(folder: impl AsRef<Path>) -> Value {
    let files = files(folder);
    assert_eq!(files.len(), 1, "{files:?}");
    read(&files[0])
}

/// Records what `calls` does with the listener.
#[track_caller]
pub(crate) fn recorded(pki: &Pki, flags: &[&str], calls: impl FnOnce(&Listen)) -> support::Report {
    let folder = pki.path("cases");
    let mut all = vec!["--record", &folder];
    all.extend(flags);
    let listen = pki.listen(&all);
    calls(&listen);
    listen.finish()
}

/// Posts this with the certificate of a recipe.
pub(crate) fn post(
    pki: &Pki,
    listen: &Listen,
    client: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) {
    post_to(pki, listen.address(), client, headers, body);
}

/// The same to an address, which threads can share.
pub(crate) fn post_to(
    pki: &Pki,
    address: SocketAddr,
    client: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) {
    let identity = pki.authority.client(recipe(client).unwrap()).unwrap();
    support::call(address, identity, headers, body.to_vec());
}

/// Calls with the good client's files: the same certificate each time.
pub(crate) fn as_valid(pki: &Pki, listen: &Listen) {
    let seen = run(
        mtls()
            .args([
                "simulate",
                &listen.url("/"),
                "--cacert",
                &pki.path("server-ca.pem"),
            ])
            .args(["--cert", &pki.client("valid", "fullchain.pem")])
            .args(["--key", &pki.client("valid", "key.pem")]),
        60,
    );
    assert_eq!(seen.code, Some(0), "{}", seen.said());
}
