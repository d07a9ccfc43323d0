#!/usr/bin/env bash
# Wall seconds from typing ./dev run to the page, in this clone as it stands; meant for a machine on which nothing is
# installed yet. Needs bash alone.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly target=360 patience=3600 address=127.0.0.1 port=8080
log=$(mktemp)

# The status line of GET /, empty while nothing listens.
ask() {
  exec 3<>"/dev/tcp/$address/$port" || return 1
  printf 'GET / HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$address" "$port" >&3
  head -n 1 <&3
}

if (ask) >/dev/null 2>&1; then echo "something listens on port $port already" >&2; exit 2; fi
setsid ./dev run >"$log" 2>&1 &
runner=$!
trap 'kill -- -"$runner" 2>/dev/null || true; rm -f "$log"' EXIT

until [[ $( (ask) 2>/dev/null || true) == *" 200 "* ]]; do
  if ! kill -0 "$runner" 2>/dev/null || ((SECONDS > patience)); then
    tail -n 20 "$log" >&2
    echo "first_page: no page after $SECONDS s" >&2
    exit 1
  fi
  sleep 1
done
took=$SECONDS
verdict=met
((took <= target)) || verdict=MISSED
echo "from ./dev run to the page: $took s (target <= $target, $verdict)"
[[ $verdict == met ]]
