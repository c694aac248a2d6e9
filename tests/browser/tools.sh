#!/bin/sh
# What the browser tests need beside kohyo: fetches what is missing (apt, npm); what cannot be had is a failure.
set -eu
cd "$(dirname "$0")"

fail() {
  echo "FAIL  tools: $1"
  exit 1
}

needed=""
command -v /usr/bin/chromium >/dev/null || needed="$needed chromium"
command -v java >/dev/null || needed="$needed default-jre-headless"
python3 -m pip --version >/dev/null 2>&1 || needed="$needed python3-pip"
[ -x /usr/sbin/nginx ] || needed="$needed nginx-light"
[ -x /usr/sbin/apache2 ] || needed="$needed apache2-bin"
command -v node >/dev/null || needed="$needed nodejs"
command -v npm >/dev/null || needed="$needed npm"
# Counts instructions for tests/it/scaling.rs.
command -v valgrind >/dev/null || needed="$needed valgrind"
command -v pdftohtml >/dev/null || needed="$needed poppler-utils"
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || needed="$needed fonts-noto-cjk"
dpkg-query -W -f '${Status}' fonts-morisawa-bizud-gothic 2>/dev/null | grep -q 'ok installed' || needed="$needed fonts-morisawa-bizud-gothic"
if [ -n "$needed" ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  # shellcheck disable=SC2086 # a list of packages
  { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $needed; } >&2 ||
    fail "apt-get could not install$needed"
fi
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || fail "npm ci"
  cp package-lock.json node_modules/.installed
fi
