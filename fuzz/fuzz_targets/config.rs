//! Any configuration of any server: sites whose places are lines of the text, and no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    facts::{Place, ServerSoftware, Site},
    parse::config::{Include, sites},
};

/// Every include names the text itself.
struct Itself<'a>(&'a str);

impl Include for Itself<'_> {
    fn matching(&mut self, pattern: &str, _: &str) -> Result<Vec<(String, String)>, String> {
        if pattern.len() % 2 == 0 {
            Ok(vec![("included".to_owned(), self.0.to_owned())])
        } else {
            Err("no such file".to_owned())
        }
    }
}

fuzz_target!(|input: (u8, &str)| {
    let (which, text) = input;
    // Configurations that include themselves grow fast; what a long one shows, a short one shows
    // too.
    if text.len() > 2_000 {
        return;
    }
    let all = [
        ServerSoftware::Nginx,
        ServerSoftware::Apache,
        ServerSoftware::Haproxy,
        ServerSoftware::Envoy,
        ServerSoftware::Caddy,
        ServerSoftware::Traefik,
    ];
    let software = all[usize::from(which) % all.len()];
    let found: Vec<Site> = sites(software, "config", text, &mut Itself(text));
    for site in found {
        if let Place::File {
            first_line,
            last_line,
            ..
        } = site.place
        {
            assert!(first_line >= 1 && first_line <= last_line);
        }
    }
});
