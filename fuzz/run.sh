#!/bin/sh
# Fuzzing, guided by coverage: sh fuzz/run.sh [SECONDS] [TARGET…]
#
# Each target runs for so many seconds (60), one after the other, or as many at a time as JOBS says (1). What is found goes to
# fuzz/work/found, what was learnt stays in fuzz/work/corpus for the next time. Needs the stable compiler and a C++ compiler
# for libFuzzer. Ends with 1 if anything was found. RUNS=10000000 ends a target sooner, after so many executions.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
[ $# -eq 0 ] || shift
all="front_matter markdown settings template theme request published image value"
targets=${*:-$all}
export CARGO_TERM_COLOR=never

RUSTC_WRAPPER=$PWD/rustc.sh cargo build --locked --release --quiet
programs=${CARGO_TARGET_DIR:-target}/release
mkdir -p work/found work/log

# The guidance is worth nothing where it finds nothing: a planted mistake first, which chance alone does not find. It says so
# and goes on: a busy machine has few executions in this time.
if [ "$targets" = "$all" ]; then
    rm -rf work/corpus/planted && mkdir -p work/corpus/planted work/seeds
    KOHYO_FUZZ_SEEDS=work/seeds "$programs/planted"
    if "$programs/planted" -dict=work/seeds/planted.words -max_len=256 -max_total_time=120 -artifact_prefix=work/log/ \
        -verbosity=0 work/corpus/planted work/seeds/planted >work/log/planted 2>&1; then
        echo "the planted mistake was NOT found in 120 seconds: is what reads files followed at all?" >&2
    else
        echo "the planted mistake was found"
    fi
fi

longest() { sed -n "s/^ *(\"$1\", \([0-9]*\)),.*/\1/p" src/targets.rs; }
one() {
    mkdir -p "work/corpus/$1"
    KOHYO_FUZZ_SEEDS=work/seeds "$programs/$1"
    # An input is slow after a tenth of a second (src/limits.rs): the time here is only for what never ends. Short inputs are
    # preferred, as what is found in them is found in all. Not by entropy: weighing tens of thousands of features anew took half
    # of the time.
    "$programs/$1" -dict="work/seeds/$1.words" -max_len="$(longest "$1")" -timeout=60 -rss_limit_mb=1024 -entropic=0 \
        -runs="${RUNS:--1}" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="work/found/$1-" \
        "work/corpus/$1" "work/seeds/$1" >"work/log/$1" 2>&1 || true
}
stat() { sed -n "s/^stat::$2: *//p" "work/log/$1"; }
covered() { sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "work/log/$1" | tail -n 1; }

running=0
for target in $targets; do
    one "$target" &
    running=$((running + 1))
    if [ $running -ge "${JOBS:-1}" ]; then
        wait
        running=0
    fi
done
wait

printf '%-14s %14s %9s %10s %8s %8s\n' target executions 'per s' 'edges' 'peak MB' found
found=0
for target in $targets; do
    count=$(find work/found -name "$target-*" | wc -l)
    found=$((found + count))
    printf '%-14s %14s %9s %10s %8s %8s\n' "$target" "$(stat "$target" number_of_executed_units)" \
        "$(stat "$target" average_exec_per_sec)" "$(covered "$target")" "$(stat "$target" peak_rss_mb)" "$count"
done
[ "$found" -eq 0 ]
