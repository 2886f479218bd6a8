//! Which paths the expression of a rewriting rule is for.
//!
//! For: nginx and Apache. Must not: take an expression for one of every path that it does not know
//! as such.

/// Which requests an expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Every,
    /// A path of its own: `^/old$`.
    OnePath,
    Some,
}

/// Expressions that every path fits.
const EVERY: [&str; 16] = [
    "^", ".*", "^.*", "^.*$", "(.*)", "^(.*)", "^(.*)$", ".", ".?", "^/", "/", "^/.*", "^/.*$",
    "^/(.*)", "^/(.*)$", "^/?(.*)$",
];

/// Which paths the expression of a rule is for.
pub(super) fn which(expression: &str) -> Which {
    if EVERY.contains(&expression) {
        return Which::Every;
    }
    let path = expression.strip_prefix("^/");
    let named = path.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
            && !rest.contains('|')
    });
    if named { Which::OnePath } else { Which::Some }
}
