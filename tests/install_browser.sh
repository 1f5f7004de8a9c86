#!/bin/sh
# Finds Chromium and strace, or installs the distribution's packages where that is possible. The browser tests say so when there is no browser;
# the test that cuts the power is left out without strace.
set -eu
missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing=chromium
command -v strace >/dev/null 2>&1 || missing="$missing strace"
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests: $missing ..."
  # shellcheck disable=SC2086
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing; } >/tmp/kneeclinic-browser.log 2>&1 \
    || { tail -n 5 /tmp/kneeclinic-browser.log >&2; echo "Could not be installed: $missing; without Chromium the browser tests will fail." >&2; }
else
  echo "Not found: $missing. Without Chromium (for example: sudo apt-get install chromium) the browser tests fail." >&2
fi
