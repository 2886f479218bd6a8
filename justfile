# What one types here often. `just` lists them.

_list:
    @just --list --unsorted

# the fast checks: types, format, lints
check:
    cargo check --tests
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# the tests that need no peer
unit:
    cargo test --lib

# everything that a change must pass
ci:
    .ci/run

# write generated documents, completions and schemas anew
docs:
    UPDATE_DOCS=1 cargo test --test it docs::
    UPDATE_DOCS=1 cargo test --test it readme::

# what a hostile client costs a listener
abuse:
    cargo build --release
    scripts/abuse.py target/release/mtls
