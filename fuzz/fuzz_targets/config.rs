//! Any configuration of any server: sites whose places are lines of the text, and no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mtls::{
    facts::{Place, ServerSoftware, Site},
    parse::config::{Include, sites, software, template},
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
    // Some are written in several languages, told by the name.
    let names = ["config", "config.json", "config.toml", "config.yaml", "config.conf.j2"];
    let name = names[usize::from(which) / all.len() % names.len()];
    let which = all[usize::from(which) % all.len()];
    let _ = software(name, text);
    if let Some(found) = template(which, name, text) {
        assert!(found.line >= 1);
    }
    let found: Vec<Site> = sites(which, name, text, &mut Itself(text));
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
