# shellcheck shell=bash
# ./dev test: sections that each end with their runner's own closing line.

test_sections=(structure frontend core program python browser)

# A section exists as soon as its folder does.
section_exists() {
  case $1 in
    frontend) [ -f frontend/package.json ] ;;
    core) [ -d core ] ;;
    program) [ -d apps/revops ] ;;
    python) [ -n "$(python_test_folders)" ] ;;
    browser) [ -f tests/e2e/package.json ] ;;
    *) true ;;
  esac
}

python_test_folders() {
  find tests -mindepth 2 -name node_modules -prune -o -name 'test_*.py' -printf '%h\n' |
    grep -v '^tests/structure' | sort -u
}

run_pytest() { "$deps/python/bin/pytest" -q --timeout=300 "$@"; }

section_structure() { run_pytest tests/structure; }

section_frontend() {
  npm run check --if-present --prefix frontend
  npm test --prefix frontend
}

section_core() {
  build_preset dev
  ctest --preset dev
}

section_program() {
  build_program
  "$program" version
  [ ! -d lambdas ] || build_preset lambda lambda_functions
}

# Two files at a time: for much of their time they wait.
section_python() {
  local folders
  ! section_exists program || package_program
  mapfile -t folders < <(python_test_folders)
  REVOPS_PROGRAM=$PWD/$program REVOPS_PACKAGE=$PWD/build/$(package_name).tar.gz \
    run_pytest -n 2 --dist loadfile "${folders[@]}"
}

section_browser() {
  build_program
  (cd tests/e2e && REVOPS_PROGRAM=$OLDPWD/$program CHROMIUM=$(command -v chromium-headless-shell) npx playwright test)
}

# run_sections NAME…: all of them, also after one has failed; the failed ones are named at the end.
run_sections() {
  local name started status failed=() report=()
  for name in "$@"; do
    section_exists "$name" || continue
    printf '\n== %s ==\n' "$name"
    started=$SECONDS
    set +e
    (
      set -e
      "section_$name"
    )
    status=$?
    set -e
    report+=("$(printf '%-10s %5d s  %s' "$name" $((SECONDS - started)) "$([ $status = 0 ] && echo passed || echo FAILED)")")
    [ "$status" = 0 ] || failed+=("$name")
  done
  printf '\n'
  printf '%s\n' "${report[@]}"
  [ "${#failed[@]}" = 0 ] || fail "failed: ${failed[*]}" "One alone: ./dev $command ${failed[0]}"
}

# choose_sections KNOWN… -- CHOSEN…: the chosen ones, or all.
choose_sections() {
  local known=()
  while [ "$1" != -- ]; do known+=("$1") && shift; done
  shift
  local name
  for name in "$@"; do
    [[ " ${known[*]} " == *" $name "* ]] || fail_usage "there is no section '$name'; there are: ${known[*]}"
  done
  sections=("${@:-"${known[@]}"}")
}

command_test() {
  local sections
  choose_sections "${test_sections[@]}" -- "$@"
  setup_for test
  run_sections "${sections[@]}"
}
