//! One thing at a time, changed of a chain that is right.
//!
//! For: everything on which verifiers are known to differ, and their neighbours on which they
//! agree. Must not: say what any verifier makes of it: that is measured.

mod algorithms;
mod beside;
mod constraints;
mod extensions;
mod names;
mod revocation;
mod shapes;
mod topology;
mod usage;

use crate::stacks::chain::{Chain, Role};

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
        pub(super) const LIST: &[$crate::stacks::variations::Variation] = &[
            $($crate::stacks::variations::Variation {
                name: $name,
                roles: $crate::stacks::variations::$roles,
                change: |$chain| { $change; },
            },)*
        ];
    };
}
use variations;

/// Two or three of them, one after the other, on one chain; `None` where they do not go together: a
/// part that one is to change is there no more.
pub(crate) fn drawn(random: &mut Random, moment: i64) -> Option<(String, Chain)> {
    let all: Vec<_> = all().collect();
    let role = Role::BOTH[random.below(2)];
    let count = 2 + random.below(2);
    let picked: Vec<_> = (0..count).map(|_| all[random.below(all.len())]).collect();
    let mut chain = Chain::good(role, moment);
    let together = std::panic::AssertUnwindSafe(|| {
        for variation in &picked {
            (variation.change)(&mut chain);
        }
    });
    std::panic::catch_unwind(together).ok()?;
    let fits = picked.iter().all(|one| one.roles.contains(&role));
    let names: Vec<_> = picked.iter().map(|one| one.name).collect();
    fits.then(|| (names.join("+"), chain))
}

/// Numbers that are the same in each run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// One below this.
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's MMIX generator; its upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

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
        beside::LIST,
        shapes::LIST,
    ]
    .into_iter()
    .flatten()
}
