#!/bin/sh
# Finds Chromium, or installs the distribution's package where that is possible; the browser tests say so when there is none.
set -eu
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/tmp/kneeclinic-browser.log 2>&1 \
    || { tail -n 5 /tmp/kneeclinic-browser.log >&2; echo "Chromium could not be installed; the browser tests will fail." >&2; }
else
  echo "No Chromium found: install it (for example: sudo apt-get install chromium), the browser tests need it." >&2
fi
