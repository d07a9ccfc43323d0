# shellcheck shell=bash
# Messages, stamps and the lock that the other parts of ./dev share.

deps=.deps
export PIP_DISABLE_PIP_VERSION_CHECK=1 npm_config_audit=false npm_config_fund=false \
  npm_config_update_notifier=false CCACHE_DEPEND=1
if [ "${CI:-}" = true ] || [ ! -t 1 ]; then
  export NO_COLOR=1 npm_config_progress=false PIP_PROGRESS_BAR=off
fi

say() { printf '▸ %s\n' "$*"; }

# One line for what went wrong, further lines for what to do.
fail() {
  printf 'dev: %s\n' "$@" >&2
  exit 1
}

fail_usage() {
  printf 'dev: %s (./dev help shows how to call it)\n' "$*" >&2
  exit 2
}

# quietly NAME COMMAND…: the output goes to .deps/log/NAME.log and is shown only if the command fails.
# It must not be called in a condition: errexit would not hold inside.
quietly() {
  local name=$1 log=$deps/log/$1.log status
  shift
  mkdir -p "$deps/log"
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  [ "$status" -ne 0 ] || return 0
  tail -n 40 "$log" >&2
  fail "$name failed; the whole log is $log" "Running the same ./dev command again continues from here."
}

# start_beside FUNCTION … wait_beside: runs beside what stands between, and ends with ./dev at the latest.
start_beside() {
  # A process group of its own, so that all its children can be ended with it.
  set -m
  (
    set -e
    "$@"
  ) </dev/null &
  beside=$!
  set +m
  trap 'kill -- "-$beside" 2>/dev/null || true' EXIT
}

wait_beside() {
  wait "$beside" || exit 1
  trap - EXIT
}

# Stamps tell what is done: a stamp holds the key of what was done, and is written last.
is_done() { [ -f "$deps/stamps/$1" ] && [ "$(<"$deps/stamps/$1")" = "$2" ]; }

mark_done() {
  mkdir -p "$deps/stamps"
  printf '%s' "$2" >"$deps/stamps/$1.partial"
  mv "$deps/stamps/$1.partial" "$deps/stamps/$1"
}

# hash_of PATH…: a key for the content of files and folders, what tools generate there left out.
hash_of() {
  find "$@" \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

sha256_is() { printf '%s  %s\n' "$2" "$1" | sha256sum --check --status; }

# Two ./dev commands in one checkout install one after the other.
lock_setup() {
  mkdir -p "$deps"
  exec 9>"$deps/lock"
  flock --nonblock 9 && return
  say "waiting for another ./dev in this folder to finish its set-up"
  flock 9
}

unlock_setup() { exec 9>&-; }
