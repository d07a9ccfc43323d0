# shellcheck shell=bash
# The operating system's packages, by purpose, and how they get installed.

packages_for() {
  case $1 in
    fetch) echo ca-certificates python3 python3-venv tzdata ;;
    build)
      echo g++ cmake ninja-build ccache mold pkg-config
      echo "libboost$(boost_version)-dev" "libboost-json$(boost_version)-dev" "libboost-url$(boost_version)-dev"
      echo libssl-dev libabsl-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev libpugixml-dev
      echo libbrotli-dev libzstd-dev zlib1g-dev libminizip-dev libexpat1-dev libseccomp-dev prometheus-cpp-dev
      ;;
    test) echo libgtest-dev libgmock-dev librapidcheck-dev chromium-headless-shell fonts-dejavu-core fonts-noto-color-emoji ;;
    format) echo clang-format-19 ;;
    check) echo shellcheck clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev chromium ;;
    fuzz) echo clang-19 libclang-rt-19-dev ;;
    bench) echo nginx-light wrk strace ;;
    layer) echo debootstrap ;;
    spark) echo openjdk-17-jre-headless ;;
  esac
}

# Debian 12 has Boost 1.81; later systems have a newer one, which serves as well.
boost_version() {
  case $(sed -n s/^VERSION_CODENAME=//p /etc/os-release) in
    bookworm) echo 1.81 ;;
    *) echo 1.83 ;;
  esac
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

apt_install() {
  as_root apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=600 \
    -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Use-Pty=0 "$@"
}

apt_update() { as_root apt-get update -qq -o DPkg::Lock::Timeout=600; }

# A half-installed package of an interrupted run is finished first; lists older than a day are renewed.
apt_prepare() {
  [ -z "$(dpkg --audit)" ] || as_root dpkg --configure -a
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 -print -quit)" ] || apt_update
}

apt_install_or_renew_lists() {
  apt_prepare
  apt_install "$@" || { apt_update && apt_install "$@"; }
}

# ensure_packages PURPOSE…
ensure_packages() {
  local purpose wanted=() missing
  command -v dpkg-query >/dev/null ||
    fail "this system has no apt packages; ./dev installs on Debian and Ubuntu only" \
      "Elsewhere, install what tools/dev/packages.sh lists, or work in a debian:12 container."
  for purpose in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(packages_for "$purpose" | tr ' ' '\n')
  done
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "${#missing[@]} packages are missing and there is no sudo" \
      "As root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${#missing[@]} system packages ($*)"
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || sudo -v ||
    fail "sudo refused; as root: apt-get install --no-install-recommends ${missing[*]}"
  quietly "apt-$1" apt_install_or_renew_lists "${missing[@]}"
}
