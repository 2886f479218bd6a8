//! What the certificates that an endpoint presented name, fetched.

use std::sync::Arc;

use super::endpoint::Inspector;
use crate::{
    facts::{Certificate, Chain, Fetching, Purpose},
    jobs::fetch::About,
    verify::rfc5280,
};

impl Inspector {
    /// Fetches for a server's chain, where that was asked for.
    pub(super) async fn fetched(&self, chain: &Chain, hosts: &[String]) -> Option<Box<Fetching>> {
        let (fetcher, store) = (self.fetcher.as_ref()?, self.stores.first()?);
        let presented = chain.shared();
        let judge = |more: &[Arc<Certificate>]| {
            let anchors = store.anchors_for(&[presented.as_slice(), more].concat());
            let trust = rfc5280::judge(&rfc5280::Question {
                presented: &presented,
                untrusted: more,
                anchors: &anchors,
                lists: &[],
                now: self.context.now,
                purpose: Purpose::ServerAuth,
                hosts,
                max_depth: None,
                status_by: &self.request.status_by,
            });
            (trust, anchors)
        };
        let about = About {
            at_hand: &presented,
            judge: &judge,
            now: self.context.now,
        };
        Some(Box::new(fetcher.look(&about).await))
    }
}
