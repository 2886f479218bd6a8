//! The attempts of senders that were refused, to know a second attempt when it comes.

use std::{collections::VecDeque, net::SocketAddr};

use jiff::Timestamp;

use crate::facts::{Case, EndingKind, Preceded};

/// How long a refusal is remembered, seconds: longer than any sender waits before it tries again.
const REMEMBERED: i64 = 60;
/// Refusals that are remembered.
const MOST: usize = 1_000;

/// A refused attempt.
struct Attempt {
    profile: String,
    identity: String,
    title: String,
    host: String,
    began: Timestamp,
}

/// The refused attempts of the last minute.
#[derive(Default)]
pub(super) struct Attempts {
    refused: VecDeque<Attempt>,
}

impl Attempts {
    /// Notes a refusal of a known sender, or tells the case which refusal it follows.
    pub(super) fn look_back(&mut self, case: &mut Case) {
        let (title, began) = (case.title.clone(), case.started);
        let Some(handshake) = case.accepted_mut() else {
            return;
        };
        let Some(sender) = handshake
            .tls
            .client_chain
            .as_ref()
            .and_then(|chain| chain.profile.clone())
        else {
            return;
        };
        let host = host(&handshake.peer);
        let refused =
            !handshake.tls.handshaken() && matches!(handshake.tls.ending.kind, EndingKind::Refused);
        while self.refused.front().is_some_and(|first| {
            began.duration_since(first.began).as_secs() > REMEMBERED || self.refused.len() > MOST
        }) {
            self.refused.pop_front();
        }
        if refused {
            if self.refused.iter().all(|known| known.title != title) {
                self.refused.push_back(Attempt {
                    profile: sender.profile,
                    identity: sender.identity,
                    title,
                    host,
                    began,
                });
            }
            return;
        }
        let before = |same: bool| {
            self.refused.iter().rev().find(|attempt| {
                attempt.profile == sender.profile
                    && attempt.identity != sender.identity
                    && attempt.began <= began
                    && (attempt.host == host) == same
            })
        };
        // From the same address by preference: large senders call from many.
        if let Some(attempt) = before(true).or_else(|| before(false)) {
            handshake.preceded_by = Some(Preceded {
                identity: attempt.identity.clone(),
                title: attempt.title.clone(),
                milliseconds: i64::try_from(began.duration_since(attempt.began).as_millis())
                    .unwrap_or(i64::MAX),
                same_address: attempt.host == host,
            });
        }
    }
}

/// The address without its port.
fn host(peer: &str) -> String {
    peer.parse::<SocketAddr>()
        .map_or_else(|_| peer.to_owned(), |address| address.ip().to_string())
}
