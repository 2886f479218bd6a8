//! Which addresses the application has.
//!
//! For: the client of the leg, which asks for the name in its URL; with `--forward-sni` that is not
//! the host to connect to. Must not: ask for any other name.

use std::{io, net::SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The application's host, whatever it is asked for by.
pub(super) struct Names {
    pub(super) host: String,
    pub(super) port: u16,
    /// Those given with `--forward-resolve`.
    pub(super) addresses: Vec<SocketAddr>,
}

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let given = self.addresses.clone();
        let (host, port) = (self.host.clone(), self.port);
        Box::pin(async move {
            if !given.is_empty() {
                return Ok(Box::new(given.into_iter()) as Addrs);
            }
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), port))
                .await?
                .collect();
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
