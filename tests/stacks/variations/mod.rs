//! One thing at a time, changed of a chain that is right.
//!
//! For: everything on which verifiers are known to differ, and their neighbours on which they agree.
//! Must not: say what any verifier makes of it: that is measured.

mod algorithms;
mod constraints;
mod extensions;
mod names;
mod revocation;
mod shapes;
mod topology;
mod usage;

use crate::chain::{Chain, Role};

/// One change.
pub(crate) struct Variation {
    pub(crate) name: &'static str,
    roles: &'static [Role],
    change: fn(&mut Chain),
}

impl Variation {
    pub(crate) fn of(&self, role: Role, moment: i64) -> Option<Chain> {
        let mut chain = Chain::good(role, moment);
        (self.change)(&mut chain);
        self.roles.contains(&role).then_some(chain)
    }
}

pub(super) const BOTH: &[Role] = &Role::BOTH;
pub(super) const SERVER: &[Role] = &[Role::Server];
pub(super) const CLIENT: &[Role] = &[Role::Client];

/// Variations, each `"name", ROLES, |chain| change;`.
macro_rules! variations {
    ($($name:literal, $roles:ident, |$chain:pat_param| $change:expr;)*) => {
        pub(super) const LIST: &[$crate::variations::Variation] = &[
            $($crate::variations::Variation {
                name: $name,
                roles: $crate::variations::$roles,
                change: |$chain| { $change; },
            },)*
        ];
    };
}
use variations;

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Variation> {
    [
        names::LIST,
        usage::LIST,
        algorithms::LIST,
        extensions::LIST,
        constraints::LIST,
        topology::LIST,
        revocation::LIST,
        shapes::LIST,
    ]
    .into_iter()
    .flatten()
}
