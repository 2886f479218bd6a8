//! What a server's configuration does with clients, and what it leaves open.

use crate::{
    engine::Judged,
    facts::{Admitted, FileRole, Setting, Site, Unreadable},
    outlook::admission::{Caller, admit},
};

/// What a configuration does with clients, in a few words; `None` without a configuration.
pub fn admits(judged: &Judged) -> Option<&'static str> {
    let site = judged.case.site()?;
    Some(match admit(site, &Caller::default()).outcome {
        _ if site.not_read() => "the configuration could not be read",
        _ if site.authorities_unread() || site.undecided().is_some() => {
            "unknown which clients are accepted"
        }
        Admitted::Rejected if site.doors.iter().any(|door| door.value.certain) => {
            "requires a client certificate, and has another way in without one"
        }
        Admitted::Rejected if site.open_in_part => {
            "requires a client certificate, and may have another way in without one"
        }
        Admitted::Rejected => "requires a client certificate",
        Admitted::Accepted if site.partly.is_empty() && !site.mode().asks => {
            "requests no client certificate"
        }
        Admitted::Accepted => "accepts clients without a certificate",
        Admitted::Unknown => "whether a certificate is required depends on the request",
    })
}

/// What a configuration leaves open: who gets in.
pub(super) fn open_site(judged: &Judged, site: &Site) -> Option<&'static str> {
    let forbidden = |setting: &&Setting<Unreadable>| {
        let key = setting.value.meant_as == FileRole::Key && !judged.readiness.is_empty();
        setting.value.forbidden && !key
    };
    if site.authorities_unread() {
        Some("the CA certificates for client certificates were not read")
    } else if site.undecided().is_some() {
        Some("a part of the configuration that was not understood may decide who is accepted")
    } else if site.open_in_part {
        Some("some of the requests may come by another way, without a certificate")
    } else if admit(site, &Caller::default()).outcome == Admitted::Unknown {
        Some("which requests need a certificate depends on what they ask for")
    } else if site.unreadable.iter().any(|setting| forbidden(&setting)) {
        Some("a file that the configuration names may not be read by this user")
    } else {
        None
    }
}
