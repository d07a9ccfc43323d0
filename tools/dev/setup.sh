# shellcheck shell=bash
# What no system package brings: Node, DuckDB, the Python and npm packages, each pinned.

duckdb_version=1.5.6
duckdb_npm_package=@duckdb/node-bindings-linux-x64@$duckdb_version-r.1
duckdb_tgz_sha256=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
duckdb_sdist_sha256=166a91dbfacfc0c9f08cc76c0243cb6d3d4296bfab5bad72a3cfb63140a5b7c8
grpcio_version=1.85.3
grpcio_sdist_sha256=8e18f15d1b09b8771edbf59d634b26cbe4903bc2577cb667264934a6655eb8b4
duckdb_header_sha256=e85f70155b5948c8575e59f66e60d43575cec8b252293534c9e8598eb313a293
duckdb_library_sha256=3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633

# setup_for GOAL: everything that `./dev GOAL` needs. A goal that is met costs a fraction of a second.
setup_for() {
  local goal=$1
  [ "$(uname -m)" = x86_64 ] ||
    fail "this machine is $(uname -m); only x86_64 is supported so far, since DuckDB's library is pinned for it alone"
  lock_setup
  ensure_packages fetch
  start_beside fetch_registry_packages
  case $goal in
    run | package) ensure_packages build ;;
    test) ensure_packages build test ;;
    check) ensure_packages build test check bench ;;
    bench) ensure_packages build bench ;;
    fuzz) ensure_packages build fuzz ;;
  esac
  wait_beside
  start_beside fetch_for_functions "$goal"
  ensure_node
  if [ "$goal" = test ] || [ "$goal" = check ]; then
    ensure_python_packages
    ensure_emulators
    ensure_npm_packages tests/e2e
  elif [ "$goal" = bench ]; then
    ensure_python_packages
  fi
  wait_beside
  unlock_setup
}

# Its package asks for a compiler before it can be fetched.
fetch_for_functions() {
  case $1 in package | test | check | bench) ensure_boringssl ;; esac
}

# What needs no compiler: fetched while apt is at work.
fetch_registry_packages() {
  ensure_node
  ensure_duckdb
  ensure_npm_packages frontend
  build_frontend
}

command_setup() {
  local goal=${1:-test}
  case $goal in
    run | test | check | bench | fuzz | package) ;;
    *) fail_usage "setup knows run, test, check, bench, fuzz and package, not '$goal'" ;;
  esac
  setup_for "$goal"
  say "ready for ./dev $goal"
}

# make_venv FOLDER REQUIREMENTS: a virtual environment holding exactly the locked packages.
make_venv() {
  local folder=$1 requirements=$2
  rm -rf "$folder"
  # Its scripts hold its path, so it is made in place; the stamp says that it is whole.
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --require-hashes --only-binary :all: -r "$requirements"
}

# Vite needs Node ^20.19 or >= 22.12.
node_is_recent() {
  local major minor
  IFS=. read -r major minor _ < <("$1" --version 2>/dev/null | tr -d v)
  [ -n "$major" ] || return 1
  ((major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19)))
}

ensure_node() {
  if command -v node >/dev/null && command -v npm >/dev/null && node_is_recent node; then return; fi
  local folder=$deps/python-node requirements=tools/dev/node-requirements.txt key
  key=$(hash_of "$requirements")
  if ! is_done node "$key" || [ ! -x "$folder/bin/node" ]; then
    say "fetching Node.js"
    quietly node make_venv "$folder" "$requirements"
    mark_done node "$key"
  fi
  PATH=$PWD/$folder/bin:$PATH
}

# fetch_sdist NAME VERSION SHA256 FOLDER: a Python package's source archive, for the C or C++ in it.
fetch_sdist() { fetch_archive "$@" --no-binary "$1"; }

# fetch_archive NAME VERSION SHA256 FOLDER PIP-OPTION…
fetch_archive() {
  local name=$1 version=$2 sha256=$3 folder=$4 pip=$deps/python-node/bin/pip
  shift 4
  [ -x "$pip" ] || { python3 -m venv "$folder/venv" && pip=$folder/venv/bin/pip; }
  # By hash, since pip runs what it has fetched to learn the package's name.
  echo "$name==$version --hash=sha256:$sha256" >"$folder/$name.txt"
  "$pip" download --quiet --no-deps "$@" --require-hashes -d "$folder" -r "$folder/$name.txt"
}

fetch_duckdb() {
  local folder=$deps/duckdb.partial
  rm -rf "$folder"
  mkdir -p "$folder/include" "$folder/lib" "$folder/fetched"
  npm pack --silent --pack-destination "$folder/fetched" "$duckdb_npm_package" &
  fetch_sdist duckdb "$duckdb_version" "$duckdb_sdist_sha256" "$folder/fetched"
  wait $!
  sha256_is "$folder"/fetched/duckdb-node-*.tgz "$duckdb_tgz_sha256"
  sha256_is "$folder/fetched/duckdb-$duckdb_version.tar.gz" "$duckdb_sdist_sha256"
  tar -xzf "$folder"/fetched/duckdb-node-*.tgz -C "$folder/lib" --strip-components=1 package/libduckdb.so
  tar -xzf "$folder"/fetched/duckdb-node-*.tgz -C "$folder" --strip-components=1 package/LICENSE
  tar -xzf "$folder/fetched/duckdb-$duckdb_version.tar.gz" -C "$folder/include" --strip-components=5 \
    "duckdb-$duckdb_version/external/duckdb/src/include/duckdb.h"
  duckdb_is_whole "$folder"
  rm -rf "$folder/fetched" "$deps/duckdb"
  mv "$folder" "$deps/duckdb"
}

duckdb_is_whole() {
  [ -f "$1/LICENSE" ] && sha256_is "$1/include/duckdb.h" "$duckdb_header_sha256" &&
    sha256_is "$1/lib/libduckdb.so" "$duckdb_library_sha256"
}

ensure_duckdb() {
  local key=$duckdb_header_sha256-$duckdb_library_sha256
  if is_done duckdb "$key" && [ -f "$deps/duckdb/lib/libduckdb.so" ]; then return; fi
  if [ ! -d "$deps/duckdb" ] || ! duckdb_is_whole "$deps/duckdb"; then
    say "fetching DuckDB $duckdb_version"
    quietly duckdb fetch_duckdb
  fi
  mark_done duckdb "$key"
}

# BoringSSL, with gRPC's list of what is compiled of it.
fetch_boringssl() {
  local folder=$deps/boringssl.partial source=grpcio-$grpcio_version
  local carried=$source/third_party/boringssl-with-bazel list=$source/src/python/grpcio/grpc_core_dependencies.py
  rm -rf "$folder"
  mkdir -p "$folder/fetched"
  fetch_sdist grpcio "$grpcio_version" "$grpcio_sdist_sha256" "$folder/fetched"
  tar -xzf "$folder/fetched/$source.tar.gz" -C "$folder/fetched" "$list" "$source/LICENSE"
  tar -xzf "$folder/fetched/$source.tar.gz" -C "$folder" --strip-components=3 \
    "$carried/crypto" "$carried/gen" "$carried/include" "$carried/ssl" "$carried/third_party/fiat"
  mv "$folder/fetched/$source/LICENSE" "$folder/"
  sed -n "s|.*'third_party/boringssl-with-bazel/\(.*\)',|\1|p" "$folder/fetched/$list" |
    grep -vE -e '-(apple|win)\.' >"$folder/sources.txt"
  rm -rf "$folder/fetched" "$deps/boringssl"
  mv "$folder" "$deps/boringssl"
}

ensure_boringssl() {
  if is_done boringssl "$grpcio_sdist_sha256" && [ -f "$deps/boringssl/sources.txt" ]; then return; fi
  say "fetching BoringSSL"
  quietly boringssl fetch_boringssl
  mark_done boringssl "$grpcio_sdist_sha256"
}

# AWS's own emulator of what a function runs in: a program in the package of its command line for functions.
aws_sam_cli_version=1.170.0
aws_sam_cli_wheel_sha256=24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf

fetch_lambda_emulator() {
  local folder=$deps/lambda-emulator.partial
  rm -rf "$folder"
  mkdir -p "$folder"
  fetch_archive aws-sam-cli "$aws_sam_cli_version" "$aws_sam_cli_wheel_sha256" "$folder" --only-binary :all:
  python3 -m zipfile -e "$folder"/aws_sam_cli-*.whl "$folder/wheel"
  mkdir -p "$deps/lambda-emulator"
  install -m 0755 "$folder/wheel/samcli/local/rapid/aws-lambda-rie-x86_64" "$deps/lambda-emulator/"
  rm -rf "$folder"
}

ensure_lambda_emulator() {
  if is_done lambda-emulator "$aws_sam_cli_wheel_sha256" && [ -x "$deps/lambda-emulator/aws-lambda-rie-x86_64" ]; then return; fi
  say "fetching the runtime interface emulator"
  quietly lambda-emulator fetch_lambda_emulator
  mark_done lambda-emulator "$aws_sam_cli_wheel_sha256"
}

# ensure_venv NAME REQUIREMENTS WHAT: .deps/NAME, made once from that lock.
ensure_venv() {
  local name=$1 requirements=$2 what=$3 key
  key=$(hash_of "$requirements")
  if is_done "$name" "$key" && [ -x "$deps/$name/bin/python" ]; then return; fi
  say "fetching $what"
  quietly "$name" make_venv "$deps/$name" "$requirements"
  mark_done "$name" "$key"
}

ensure_python_packages() { ensure_venv python tests/requirements.txt "the Python test packages"; }

# Others' emulators, which want an environment of their own.
ensure_emulators() { ensure_venv emulators tests/snowflake/emulators.txt "the emulator of Snowflake"; }

# Spark comes as source: what builds it is locked as well, and nothing else is fetched for that.
make_spark() {
  make_venv "$deps/spark" glue-jobs/requirements.txt
  "$deps/spark/bin/pip" install --quiet --require-hashes --no-build-isolation -r glue-jobs/spark.txt
}

ensure_spark() {
  local key
  ensure_packages spark
  key=$(hash_of glue-jobs/requirements.txt glue-jobs/spark.txt)
  if is_done spark "$key" && [ -x "$deps/spark/bin/spark-submit" ]; then return; fi
  say "fetching Spark"
  quietly spark make_spark
  mark_done spark "$key"
}

# go_install NAME PACKAGE@VERSION
go_install() {
  make_venv "$deps/go" tools/dev/go-requirements.txt
  GOTOOLCHAIN=local GOBIN=$PWD/$deps/$1 "$deps/go/bin/go" install "$2"
}

# ensure_go_tool NAME PACKAGE VERSION: comes as source; Go checks what it fetches against its public log of checksums.
ensure_go_tool() {
  local name=$1 package=$2 version=$3 key
  key=$version-$(hash_of tools/dev/go-requirements.txt)
  if is_done "$name" "$key" && [ -x "$deps/$name/$name" ]; then return; fi
  say "fetching and compiling $name $version"
  quietly "$name" go_install "$name" "$package@v$version"
  mark_done "$name" "$key"
}

ensure_tflint() { ensure_go_tool tflint github.com/terraform-linters/tflint 0.64.0; }

# An S3 that others wrote.
ensure_versitygw() { ensure_go_tool versitygw github.com/versity/versitygw/cmd/versitygw 1.8.0; }

# ensure_npm_packages FOLDER: what its lock file names, if it has one.
ensure_npm_packages() {
  local folder=$1 name key
  [ -f "$folder/package-lock.json" ] || return 0
  name=npm-${folder//\//-}
  key=$(hash_of "$folder/package.json" "$folder/package-lock.json")
  if is_done "$name" "$key" && [ -d "$folder/node_modules" ]; then return; fi
  say "fetching the npm packages of $folder"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly "$name" npm ci --prefix "$folder" --no-audit --no-fund
  mark_done "$name" "$key"
}
