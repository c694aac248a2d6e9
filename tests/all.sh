#!/bin/sh
# All tests, with all their set-up: needs Rust's toolchain, and Debian's or Ubuntu's apt for the browser.
set -eu
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never
cargo fmt --check
cargo clippy --locked --all-targets --quiet -- -D warnings
cargo test --locked --quiet
# What the tests bring must not give a dependency of the program other features: who builds and then tests would compile the
# typesetter twice. (`rustix` is small, and the tests need its terminals.)
tree() { cargo tree --locked --no-dedupe --prefix none --format '{p} {f}' --edges "$1" | grep -v '^rustix \|^kohyo ' | sort -u; }
tree normal,build >target/features.program
tree normal,build,dev >target/features.tests
if comm -23 target/features.program target/features.tests | grep .; then
    echo "the crates above are compiled twice, for the program and for its tests: see hashbrown in Cargo.toml" >&2
    exit 1
fi
# The browser tests use the program that was just tested, and say what is missing instead of skipping it.
KOHYO="$PWD/target/debug/kohyo" sh tests/browser/run.sh
