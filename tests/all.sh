#!/bin/sh
# All tests, with all their set-up: needs Rust's toolchain, and Debian's or Ubuntu's apt for the browser.
set -eu
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never
cargo fmt --check
cargo clippy --locked --all-targets --quiet -- -D warnings
cargo test --locked --quiet
# The browser tests use the program that was just tested, and say what is missing instead of skipping it.
KOHYO="$PWD/target/debug/kohyo" sh tests/browser/run.sh
