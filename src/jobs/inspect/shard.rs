//! Which part of a list is ours: `--shard m/n`.
//!
//! A contract that other programs rely on: a target belongs to part m of n when the first 8 bytes
//! of the SHA-256 of the target as written, read as a big-endian number, leave m - 1 after division
//! by n. It hangs on the target alone, so parts stay as they are when the list grows.

use std::{num::NonZeroU64, str::FromStr};

use aws_lc_rs::digest::{SHA256, digest};

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1; `None` = the environment says.
    index: Option<NonZeroU64>,
    /// Of how many.
    count: NonZeroU64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("`{text}`: expected m/n with m from 1 to n, or auto/n");
        let (index, count) = text.split_once('/').ok_or_else(wanted)?;
        let count: NonZeroU64 = count.parse().map_err(|_| wanted())?;
        let index = match index {
            "auto" => None,
            number => {
                let number: NonZeroU64 = number.parse().map_err(|_| wanted())?;
                if number > count {
                    return Err(wanted());
                }
                Some(number)
            }
        };
        Ok(Self { index, count })
    }
}

/// The part that is ours, its number known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one, from 1.
    pub index: u64,
    /// Of how many.
    pub count: u64,
}

impl Shard {
    /// The number of `auto` comes from Kubernetes (JOB_COMPLETION_INDEX, from 0) or GitLab
    /// (CI_NODE_INDEX, from 1).
    ///
    /// # Errors
    /// When it is wanted of the environment, and is not there.
    pub fn part(self, variable: impl Fn(&str) -> Option<String>) -> Result<Part, String> {
        let count = self.count.get();
        let index = match self.index {
            Some(index) => index.get(),
            None => {
                let (name, first) = [("JOB_COMPLETION_INDEX", 0), ("CI_NODE_INDEX", 1)]
                    .into_iter()
                    .find(|(name, _)| variable(name).is_some())
                    .ok_or("--shard auto: neither JOB_COMPLETION_INDEX nor CI_NODE_INDEX is set; write m/n")?;
                let value = variable(name).unwrap_or_default();
                value
                    .parse::<u64>()
                    .ok()
                    .and_then(|number| (number + 1).checked_sub(first))
                    .filter(|index| (1..=count).contains(index))
                    .ok_or_else(|| {
                        format!(
                            "--shard auto/{count}: {name} is `{value}`, expected a number from {first} to {}",
                            count + first - 1
                        )
                    })?
            }
        };
        Ok(Part { index, count })
    }
}

impl Part {
    /// Whether the target, as written, is in it.
    pub(super) fn holds(self, target: &str) -> bool {
        let digest = digest(&SHA256, target.as_bytes());
        let number = digest
            .as_ref()
            .first_chunk::<8>()
            .map_or(0, |first| u64::from_be_bytes(*first));
        number % self.count == self.index - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, set: Option<(&str, &str)>) -> Result<Part, String> {
        text.parse::<Shard>()?.part(|name| {
            set.filter(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn numbers_begin_at_one() {
        assert_eq!(part("2/4", None), Ok(Part { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "a/b", "1/", "/1", "-1/2"] {
            assert!(
                part(wrong, None).unwrap_err().contains("expected m/n"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn auto_counts_as_its_scheduler_does() {
        let kubernetes = |value| part("auto/4", Some(("JOB_COMPLETION_INDEX", value)));
        let gitlab = |value| part("auto/4", Some(("CI_NODE_INDEX", value)));
        assert_eq!(kubernetes("0"), Ok(Part { index: 1, count: 4 }));
        assert_eq!(kubernetes("3"), Ok(Part { index: 4, count: 4 }));
        assert_eq!(gitlab("1"), Ok(Part { index: 1, count: 4 }));
        assert!(kubernetes("4").unwrap_err().contains("from 0 to 3"));
        assert!(gitlab("0").unwrap_err().contains("from 1 to 4"));
        assert!(kubernetes("x").is_err());
        assert!(part("auto/4", None).unwrap_err().contains("CI_NODE_INDEX"));
    }

    /// Computed with `('0x'||substr(sha256(t),1,16))::UBIGINT % 8 + 1` in DuckDB.
    #[test]
    fn the_hash_is_the_contract() {
        for (target, index) in KNOWN {
            let holding: Vec<u64> = (1..=8)
                .filter(|&index| Part { index, count: 8 }.holds(target))
                .collect();
            assert_eq!(holding, [index], "{target}");
        }
    }

    const KNOWN: [(&str, u64); 3] = [("hook.example:443", 6), ("a", 3), ("127.0.0.1:8443", 5)];
}
