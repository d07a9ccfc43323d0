# shellcheck shell=bash
# Compiling: the page with Vite, the program with CMake and Ninja.

program=build/release/revops

build_frontend() {
  [ -f frontend/package-lock.json ] || return 0
  local sources=(frontend) key
  [ ! -d contracts ] || sources+=(contracts)
  key=$(hash_of "${sources[@]}")
  if is_done frontend "$key" && [ -f frontend/dist/index.html ]; then return; fi
  say "building the page"
  quietly frontend npm run build --prefix frontend
  mark_done frontend "$key"
}

# configure PRESET: only when there is no build tree yet; later changes are Ninja's to notice, but for those of
# the presets and the page's first appearance.
configure() {
  local preset=$1 key
  key=$(hash_of CMakePresets.json)$([ ! -f frontend/dist/index.html ] || echo -with-page)
  if is_done "cmake-$preset" "$key" && [ -f "build/$preset/build.ninja" ]; then return; fi
  say "configuring build/$preset"
  quietly "cmake-$preset" cmake --preset "$preset"
  mark_done "cmake-$preset" "$key"
}

# build_preset PRESET [TARGET…]
build_preset() {
  local preset=$1 quiet=() targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  [ -t 1 ] || quiet=(-- --quiet)
  build_frontend
  configure "$preset"
  [[ $(ninja -C "build/$preset" -n "$@") != *'no work to do'* ]] || return 0
  say "compiling build/$preset"
  cmake --build --preset "$preset" "${targets[@]}" "${quiet[@]}"
}

# The release preset has no tests in it, so only what the program links is compiled.
build_program() { build_preset release revops; }

command_build() {
  local preset=${1:-release}
  case $preset in
    release) setup_for run ;;
    lambda) setup_for package ;;
    dev | tsan | coverage) setup_for test ;;
    clang | fuzz) setup_for check ;;
    *) fail_usage "there is no preset '$preset'; CMakePresets.json has dev release lambda tsan clang fuzz coverage" ;;
  esac
  if [ "$preset" = release ]; then build_program; else build_preset "$preset"; fi
  say "build/$preset is up to date"
}
