//! The sender that rules about senders are tried on: whichever profile of the program stands first.

use crate::profiles;

/// The first profile of the program: a sender with a current certificate, and a legacy one that
/// ends on a known day.
pub(crate) fn sender() -> &'static profiles::Profile {
    &profiles::all()[0]
}

/// The common name of an identity's leaf.
pub(crate) fn names(identity: usize) -> Vec<String> {
    let name = sender().identity[identity].common_name();
    name.map(str::to_owned).into_iter().collect()
}

/// The ids of an identity's anchors.
pub(crate) fn anchor_ids(profile: &profiles::Profile, identity: usize) -> Vec<String> {
    profile.identity[identity].anchors.clone()
}
