# shellcheck shell=bash
# ./dev package: one archive that runs where the C++ run-time library of the build machine's age is, and the
# functions of lambdas/ for AWS.

zones=/usr/share/zoneinfo

package_version() { sed -n 's/^project(revops VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt; }

# copy_library_licences FOLDER: the licence text of each library that is compiled or linked in.
copy_library_licences() {
  local folder=$1 package
  mkdir -p "$folder"
  for package in $(packages_for build | tr ' ' '\n' | grep -e '-dev$'); do
    cp "/usr/share/doc/$package/copyright" "$folder/${package%-dev}.txt"
  done
}

# copy_licences FOLDER: those, and DuckDB's and those of each package in the page.
copy_licences() {
  local folder=$1 package file
  copy_library_licences "$folder"
  cp "$deps/duckdb/LICENSE" "$folder/duckdb.txt"
  sed -n '/^## In the page/,$ s/^| \([^|]*\) |.*/\1/p' THIRD_PARTY_NOTICES.md | grep -oE '@?[a-z0-9-]+(/[a-z0-9-]+)?' |
    while read -r package; do
      [ -d "frontend/node_modules/$package" ] || continue
      file=$(find "frontend/node_modules/$package" -maxdepth 1 -iname 'license*' -print -quit)
      [ -z "$file" ] || cp "$file" "$folder/page-${package//\//-}.txt"
    done
}

# One zip a function: the same bytes for the same sources, so that a deployment touches what has changed.
package_functions() {
  local program function
  build_preset lambda lambda_functions
  for program in build/lambda/*/bootstrap; do
    function=$(basename "$(dirname "$program")")
    python3 tools/dev/function_zip.py "$program" "$zones" "build/lambda/$function.zip"
  done
}

# What functions take from the system, as a layer: Dockerfile.layer.
package_layer() {
  local licences=build/lambda/licences package
  rm -rf "$licences"
  copy_library_licences "$licences"
  cp LICENSE "$licences/revops.txt"
  for package in libc6 libstdc++6 ca-certificates tzdata; do cp "/usr/share/doc/$package/copyright" "$licences/$package.txt"; done
  python3 tools/dev/layer_zip.py /usr/share/ca-certificates/mozilla "$zones" "$licences" build/lambda/snowflake-layer.zip
}

command_package() {
  local name folder
  name=revops-$(package_version)-linux-x86_64
  folder=build/$name
  setup_for run
  build_program
  say "packing build/$name.tar.gz"
  rm -rf "$folder"
  quietly install cmake --install build/release --prefix "$folder" --strip
  cp LICENSE THIRD_PARTY_NOTICES.md "$folder/"
  quietly licences copy_licences "$folder/licences"
  tar -C build --owner=0 --group=0 --numeric-owner --sort=name -czf "$folder.tar.gz.partial" "$name"
  mv "$folder.tar.gz.partial" "$folder.tar.gz"
  (cd build && sha256sum "$name.tar.gz")
  say "packing build/lambda/*.zip"
  package_functions
  quietly layer package_layer
  (cd build/lambda && sha256sum -- *.zip)
}
