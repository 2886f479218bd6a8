//! Sockets to facts: the only home of rustls, tokio and hyper.
//!
//! For: `cli`, which hands over a plan and gets cases back. Must not: judge, print, or let a type
//! of those libraries out, except where a plan is built from one.

mod accept;
mod body;
mod budget;
pub mod dial;
mod ending;
pub mod event;
pub mod fetch;
pub mod forward;
mod http;
pub mod identity;
mod known;
mod leaving;
pub mod listen;
mod observed;
mod payload;
mod places;
pub mod plan;
mod prompt;
pub mod record;
mod small_rsa;
mod tap;
mod timeline;
pub mod ui;
mod underway;
mod verifier;

use crate::{facts::Negotiated, parse::ids};

/// What a handshake came to, at either end.
fn negotiated(connection: &rustls::CommonState) -> Negotiated {
    Negotiated {
        protocol: connection
            .protocol_version()
            .map(|version| ids::version_name(u16::from(version)))
            .unwrap_or_default(),
        cipher: connection
            .negotiated_cipher_suite()
            .map_or(0, |suite| u16::from(suite.suite())),
        group: connection
            .negotiated_key_exchange_group()
            .map(|group| u16::from(group.name())),
        alpn: connection
            .alpn_protocol()
            .map(|name| String::from_utf8_lossy(name).into_owned()),
    }
}
