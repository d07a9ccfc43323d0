# shellcheck shell=bash
# What is too slow for every change: other compilers and sanitizers, fuzzing, benchmarks, formatting.

check_sections=(format shell lint infrastructure spark package image layer tidy threads fuzz page bench)

cpp_sources() {
  local folders=() folder
  for folder in core apps lambdas fuzz bench tests; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  find "${folders[@]}" -name node_modules -prune -o \( -name '*.cc' -o -name '*.h' \) -print0
}

section_format() { cpp_sources | xargs -0 clang-format-19 --dry-run -Werror; }

section_shell() {
  shellcheck --external-sources --check-sourced dev
  find . -maxdepth 3 \( -path './.ci/run' -o -path './bench/*/run' -o -path './bench/*/*.sh' \
    -o -path './packaging/install.sh' -o -path './packaging/container-start' \) -print0 | xargs -0 shellcheck
}

section_lint() { "$deps/python/bin/ruff" check tests tools bench glue-jobs; }

# Rules over the Terraform files, and all of them applied to an emulator, where Terraform and its provider are.
section_infrastructure() {
  ensure_tflint
  ensure_venv checkov infrastructure/tests/checkov.txt checkov
  ensure_venv ministack tests/aws/ministack.txt "the emulator of AWS"
  ensure_lambda_emulator
  ensure_versitygw
  build_program
  package_functions
  "$deps/tflint/tflint" --chdir infrastructure
  "$deps/checkov/bin/checkov" --directory infrastructure --config-file infrastructure/.checkov.yaml \
    --var-file infrastructure/tests/everything.tfvars --skip-download
  REVOPS_MINISTACK_PYTHON=$PWD/$deps/ministack/bin/python \
    REVOPS_LAMBDA_EMULATOR=$PWD/$deps/lambda-emulator/aws-lambda-rie-x86_64 \
    REVOPS_VERSITYGW=$PWD/$deps/versitygw/versitygw REVOPS_PROGRAM=$PWD/$program run_pytest -rs \
    tests/aws/test_terraform.py tests/aws/test_terraform_apply.py tests/aws/test_real_path.py \
    tests/aws/test_s3_servers.py tests/aws/test_versitygw.py tests/aws/test_functions.py
}

# The job for Glue, on a real Spark against the program.
section_spark() {
  ensure_spark
  build_program
  REVOPS_PROGRAM=$PWD/$program "$deps/spark/bin/pytest" -q --timeout=300 glue-jobs
}

# root_tests WHICH TEST…: those that need a root of their own, as root.
root_tests() {
  local which=$1
  shift
  ensure_packages layer
  as_root env REVOPS_CONTAINERS="$which" REVOPS_PACKAGE="$PWD/build/$(package_name).tar.gz" \
    "$deps/python/bin/pytest" -q -rs "$@"
}

# The archive in a system with an older C library, and as an image.
section_package() {
  package_program
  root_tests archive tests/package tests/container/test_dockerfile.py
}

# The steps of the Dockerfiles from the sources on, each in a new root.
section_image() { root_tests image tests/container/test_dockerfile.py -k 'not archive'; }
section_layer() { root_tests layer tests/container/test_dockerfile_layer.py; }

section_tidy() { build_preset clang; }

section_threads() {
  build_preset tsan
  ctest --preset tsan
}

section_fuzz() { fuzz_targets 30; }

# How fast the page is; a busy machine can fail this.
section_page() {
  build_program
  ensure_npm_packages tests/lighthouse
  local CHROMIUM
  CHROMIUM=$(command -v chromium)
  export CHROMIUM REVOPS_PROGRAM=$PWD/$program
  (cd tests/lighthouse && node run.mjs)
  (cd tests/e2e && REVOPS_SPEED=1 npx playwright test --project speed --workers 1)
}

# Whether the benchmarks still work; ./dev bench measures.
section_bench() {
  local name
  build_program
  for name in $(benchmarks); do run_benchmark "$name" --smoke; done
}

# fuzz_targets SECONDS [TARGET]: each from its corpus in fuzz/corpus/TARGET and the goldens; findings go to build/fuzz/findings.
# A single allocation of more than 192 MiB is a finding: parsers make room for what has come, not for what is announced.
fuzz_targets() {
  local seconds=$1 only=${2:-} target name found=''
  [ -d fuzz ] || fail "there are no fuzz targets: the folder fuzz/ does not exist"
  build_preset fuzz
  mkdir -p build/fuzz/findings
  while read -r target; do
    name=$(basename "$target" _fuzz)
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    found=yes
    mkdir -p "fuzz/corpus/$name" "build/fuzz/corpus/$name"
    say "fuzzing $name for $seconds s"
    quietly "fuzz-$name" "$target" "build/fuzz/corpus/$name" "fuzz/corpus/$name" contracts/goldens \
      -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=192 -artifact_prefix="build/fuzz/findings/$name-" -print_final_stats=1
  done < <(find build/fuzz -name '*_fuzz' -type f -perm -u+x | sort)
  [ -n "$found" ] || fail "there is no fuzz target '${only:-*}' in build/fuzz"
}

command_check() {
  local sections
  choose_sections "${check_sections[@]}" -- "$@"
  setup_for check
  run_sections "${sections[@]}"
}

command_fuzz() {
  setup_for fuzz
  fuzz_targets "${2:-60}" "${1:-}"
}

command_format() {
  ensure_packages format
  cpp_sources | xargs -0 clang-format-19 -i
}

benchmarks() { find bench -mindepth 2 -maxdepth 2 -name run -printf '%h\n' 2>/dev/null | xargs -rn1 basename | sort; }

# run_benchmark NAME [OPTION…]: it finds the program in REVOPS_PROGRAM.
run_benchmark() {
  local name=$1
  shift
  [ "$name" != cold_start ] || package_functions
  REVOPS_PROGRAM=$PWD/$program "bench/$name/run" "$@"
}

# All of them are run; those that missed a target are named at the end.
command_bench() {
  local options=() names name missed=()
  if [ "${1:-}" = --record ]; then
    options=(--record)
    shift
  fi
  names=("$@")
  [ $# -gt 0 ] || mapfile -t names < <(benchmarks)
  [ "${#names[@]}" -gt 0 ] || fail "there are no benchmarks: no bench/NAME/run exists"
  for name in "${names[@]}"; do
    [ -x "bench/$name/run" ] || fail_usage "there is no benchmark bench/$name/run"
  done
  setup_for bench
  build_program
  for name in "${names[@]}"; do
    say "benchmark $name"
    run_benchmark "$name" "${options[@]}" || missed+=("$name")
  done
  [ "${#missed[@]}" = 0 ] || fail "missed a target, or failed: ${missed[*]}" "bench/README.md says how to read the figures."
}
