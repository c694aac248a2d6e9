#!/bin/sh
# Stands before the compiler (RUSTC_WRAPPER): what reads files is followed while it runs, nothing else is. Following
# comparisons costs half of the time, so only where constants are compared that no dictionary has. Conditions are not folded
# into one: each that holds is a step.
counted="-Cpasses=sancov-module -Ccodegen-units=1 -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
compared="-Cllvm-args=-sanitizer-coverage-trace-compares"
case "$*" in
    *--crate-name\ build_script_*) exec "$@" ;;
    *--crate-name\ planted\ *) exec "$@" $counted $compared ;;
esac
case "${CARGO_PKG_NAME-}" in
    httparse | imagesize | serde_json | libyaml-rs) exec "$@" $counted $compared ;;
    kohyo | saphyr-parser | pulldown-cmark | tera | yaml_serde) exec "$@" $counted ;;
    *) exec "$@" ;;
esac
