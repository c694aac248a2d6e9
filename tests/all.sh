#!/bin/sh
# All tests, with all their set-up: needs Rust's toolchain, and Debian's or Ubuntu's apt for the browser.
set -eu
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never
target=${CARGO_TARGET_DIR:-target}

# What this machine lacks is said now, not after minutes of compiling.
lacks() {
    echo "$1 がありません。$2 で入れてください。" >&2
    echo "$1 is missing: $2." >&2
    exit 1
}
command -v cargo >/dev/null || lacks cargo "https://rustup.rs/"
command -v cc >/dev/null || lacks "cc" "apt-get install gcc libc6-dev"
cargo fmt --version >/dev/null 2>&1 || lacks "cargo fmt" "rustup component add rustfmt"
cargo clippy --version >/dev/null 2>&1 || lacks "cargo clippy" "rustup component add clippy"
sh tests/apart.sh mounts true
sh tests/apart.sh powerless true
sh tests/browser/tools.sh
sh tests/supply/run.sh

mkdir -p "$target"
cargo fmt --check
# What the tests bring must not give a dependency of the program other features: who builds and then tests would compile the
# typesetter twice. (`rustix` is small, and the tests need its terminals.)
tree() { cargo tree --locked --no-dedupe --prefix none --format '{p} {f}' --edges "$1" | grep -v '^rustix \|^kohyo ' | sort -u; }
tree normal,build >"$target/features.program"
tree normal,build,dev >"$target/features.tests"
if comm -23 "$target/features.program" "$target/features.tests" | grep .; then
    echo "the crates above are compiled twice, for the program and for its tests: see hashbrown in Cargo.toml" >&2
    exit 1
fi
# The fuzz targets are a workspace of their own: whoever runs them builds with its list of crates as it is.
cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >"$target/fuzz.metadata"
cargo clippy --locked --all-targets --quiet -- -D warnings
cargo test --locked --quiet
# What else can be built. Minifying without the typesetter: beside it, its crates would have other features, and the whole
# typesetter would be compiled again. What only the features decide is tried; the rest was, above.
cargo clippy --locked --all-targets --no-default-features --quiet -- -D warnings
cargo clippy --locked --all-targets --no-default-features --features minify --quiet -- -D warnings
cargo test --locked --no-default-features --features minify --quiet --lib --test it -- minif missing every_rule wrong_examples
cp "$target/debug/kohyo" "$target/kohyo-minify"
cargo build --locked --quiet
# The browser tests use the program that was just tested, and say what is missing instead of skipping it.
KOHYO="$(cd "$target" && pwd)/debug/kohyo" MINIFIER="$(cd "$target" && pwd)/kohyo-minify" sh tests/browser/run.sh
