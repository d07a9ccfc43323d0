#!/bin/sh
# Installs the folder that it lies in as a service of this machine; a newer version's upgrades it.
#   ./install.sh [--demo]    --demo: with a made-up company, where there is no data yet
#   ./install.sh --uninstall the data stay
#
#   /opt/revops/VERSION            the program; /opt/revops/current leads to the one that is used
#   /var/lib/revops                its data, of the user revops alone
#   /var/backups/revops            where that user may write backups
#   /usr/local/bin/revops          the command
set -eu
umask 022

programs=/opt/revops
data=/var/lib/revops
backups=/var/backups/revops
command=/usr/local/bin/revops
unit=/etc/systemd/system/revops.service

say() { printf '%s\n' "$@"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

has_systemd() { [ -d /run/systemd/system ]; }
as_user() { runuser -u revops -- "$@"; }
version_of() { "$1/bin/revops" version 2>/dev/null | sed -n 's/^revops \([^ ,]*\),.*/\1/p'; }
# The folder that is used now; empty where there is none.
current() { readlink -f "$programs/current" 2>/dev/null || true; }

uninstall() {
  if has_systemd && [ -e "$unit" ]; then systemctl disable --now revops; fi
  rm -f "$unit"
  if has_systemd; then systemctl daemon-reload; fi
  case $(readlink "$command" 2>/dev/null) in "$programs"/*) rm -f "$command" ;; esac
  rm -rf "$programs"
  say "The program is gone. $data and $backups are as they were, and so is the user revops; to remove them as well:" \
    "rm -r $data $backups; userdel revops"
}

check() {
  [ "$(id -u)" = 0 ] || fail "this changes the whole machine: run it as root, or with sudo"
  [ "$(uname -m)" = x86_64 ] || fail "this program is for x86_64; this machine is $(uname -m)"
  version=$(version_of "$here")
  [ -n "$version" ] || fail "$here/bin/revops does not run here: unpack the whole archive anew, where programs may be started"
  for tool in useradd runuser install; do
    command -v "$tool" >/dev/null || fail "this system has no '$tool'; unpack the archive where you like and start bin/revops instead"
  done
  if [ -e "$command" ]; then
    case $(readlink "$command") in
      "$programs"/*) ;;
      *) fail "$command is something else: move it away first" ;;
    esac
  fi
}

make_user() {
  id revops >/dev/null 2>&1 || useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin revops
  install -d -o revops -g revops -m 0700 "$data"
  install -d -m 0755 "${backups%/*}"
  install -d -o revops -g revops -m 0700 "$backups"
}

# What the old version knows, in a file that it can read, before another version touches it.
back_up() {
  [ -n "$before" ] && [ "$before" != "$target" ] && [ -e "$data/warehouse.duckdb" ] || return 0
  backup=$backups/before-$version.tar
  say "writing $backup"
  as_user "$before/bin/revops" backup "$backup" --data "$data" >/dev/null ||
    fail "the data could not be backed up, so nothing was changed"
}

put_program() {
  partial=$programs/.$version.partial
  rm -rf "$partial"
  install -d -m 0755 "$programs" "$partial"
  cp -R "$here/." "$partial/"
  chown -R 0:0 "$partial"
  chmod -R u=rwX,go=rX "$partial"
  rm -rf "$target"
  mv "$partial" "$target"
  if command -v restorecon >/dev/null; then restorecon -R "$programs" || true; fi
}

# From one moment to the next.
switch_to() {
  ln -sfn "$1" "$programs/.current.partial"
  mv -fT "$programs/.current.partial" "$programs/current"
}

# The one before stays, for the way back.
remove_older() {
  [ -n "$before" ] && [ "$before" != "$target" ] || return 0
  for folder in "$programs"/*/; do
    folder=${folder%/}
    case $folder in "$target" | "$before" | "$programs/current") ;; *) rm -rf "$folder" ;; esac
  done
}

start() {
  install -d -m 0755 "${unit%/*}" "${command%/*}"
  install -m 0644 "$target/revops.service" "$unit"
  ln -sfn "$programs/current/bin/revops" "$command"
  if has_systemd; then
    systemctl daemon-reload
    systemctl enable --quiet revops
    systemctl restart revops || is_down=yes
  fi
}

report() {
  if [ -n "$is_down" ]; then
    say "revops $version is installed, but does not start. journalctl -u revops tells why."
  elif has_systemd; then
    say "revops $version runs: http://127.0.0.1:8080 on this machine. systemctl status revops tells how it is."
  else
    say "revops $version is installed. No systemd runs here, so start it yourself:" \
      "runuser -u revops -- revops serve --data $data"
  fi
  if [ -n "$before" ] && [ "$before" != "$target" ]; then
    say "To go back: ln -sfn $before $programs/current && systemctl restart revops." \
      "If that version refuses the data, they are in $backup as they were."
  fi
  [ -z "$is_down" ]
}

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
demo=
is_down=
backup=
case ${1:-} in
  '') ;;
  --demo) demo=yes ;;
  --uninstall)
    [ "$(id -u)" = 0 ] || fail "run it as root, or with sudo"
    uninstall
    exit
    ;;
  *) fail "it takes --demo, --uninstall or nothing, not '$1'" ;;
esac

check
target=$programs/$version
before=$(current)
make_user
back_up
[ "$here" = "$target" ] || put_program
switch_to "$target"
if [ -n "$demo" ] && [ ! -e "$data/warehouse.duckdb" ]; then as_user "$target/bin/revops" demo --data "$data"; fi
start
remove_older
report
