# shellcheck shell=bash
# ./dev package: the program in one archive with everything that it needs but a kernel, and the functions of lambdas/ for AWS.

zones=/usr/share/zoneinfo
authorities=/usr/share/ca-certificates/mozilla
# What is taken from the system besides the libraries that `build` names.
system_parts="libc6 libstdc++6 libgcc-s1 ca-certificates tzdata"

package_version() { sed -n 's/^project(revops VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt; }
package_name() { echo "revops-$(package_version)-linux-x86_64"; }

# copy_library_licences FOLDER: the licence text of each library that is compiled or linked in.
copy_library_licences() {
  local folder=$1 package
  mkdir -p "$folder"
  for package in $(packages_for build | tr ' ' '\n' | grep -e '-dev$'); do
    cp "/usr/share/doc/$package/copyright" "$folder/${package%-dev}.txt"
  done
}

# copy_licences FOLDER: those, and of all else that the archive holds.
copy_licences() {
  local folder=$1 package text file
  copy_library_licences "$folder"
  for package in $system_parts; do cp "/usr/share/doc/$package/copyright" "$folder/$package.txt"; done
  # What those refer to by name.
  for text in Apache-2.0 GPL-2 GPL-3 LGPL-2.1; do cp -L "/usr/share/common-licenses/$text" "$folder/$text.txt"; done
  cp "$deps/duckdb/LICENSE" "$folder/duckdb.txt"
  sed -n '/^## In the page/,$ s/^| \([^|]*\) |.*/\1/p' THIRD_PARTY_NOTICES.md | grep -oE '@?[a-z0-9-]+(/[a-z0-9-]+)?' |
    while read -r package; do
      [ -d "frontend/node_modules/$package" ] || continue
      file=$(find "frontend/node_modules/$package" -maxdepth 1 -iname 'license*' -print -quit)
      [ -z "$file" ] || cp "$file" "$folder/page-${package//\//-}.txt"
    done
}

# The loader and every library that the program loads, as this system has them.
copy_libraries() {
  local folder=$1
  ldd "$program" | sed -nE 's/^\t(.* => )?(\/[^ ]+) .*/\2/p' | xargs -I{} cp -L {} "$folder/"
}

# name_sources FOLDER: where the source of each of them is, which the LGPL asks for.
name_sources() {
  local folder=$1 library package
  cat <<'TEXT'
The libraries in lib/ come unchanged from the packages below, and each may be replaced by another build of it. Debian keeps the
sources at https://snapshot.debian.org/package/NAME/VERSION/. bin/revops holds parts of glibc; what it adds is apps/launcher/main.cc
of this project's sources. libduckdb.so: https://github.com/duckdb/duckdb.

TEXT
  for library in "$folder"/lib/*.so*; do
    # Packages list their files with or without the /usr that became the same place.
    package=$(dpkg -S "/lib/x86_64-linux-gnu/${library##*/}" "/usr/lib/x86_64-linux-gnu/${library##*/}" 2>/dev/null | sed -n '1s/: .*//p' || true)
    [ -z "$package" ] || dpkg-query -W -f '${source:Package} ${source:Version}\n' "$package"
  done | sort -u
}

# The program's archive; nothing is done where nothing has changed.
package_program() {
  local name folder key
  name=$(package_name)
  folder=build/$name
  build_preset release revops revops_launcher
  key=$(hash_of "$program" build/release/launcher packaging tools/dev/*.py tools/dev/package.sh LICENSE THIRD_PARTY_NOTICES.md "$zones" "$authorities")
  if is_done package "$key" && [ -f "$folder.tar.gz" ]; then return; fi
  say "packing $folder.tar.gz"
  rm -rf "$folder"
  quietly install cmake --install build/release --prefix "$folder" --strip
  copy_libraries "$folder/lib"
  cp LICENSE THIRD_PARTY_NOTICES.md packaging/install.sh packaging/revops.service packaging/README.txt "$folder/"
  quietly licences copy_licences "$folder/licences"
  name_sources "$folder" >"$folder/licences/SOURCES.txt"
  python3 tools/dev/program_tarball.py "$folder" "$zones" "$authorities" "$folder.tar.gz"
  rm -rf "$folder"
  mark_done package "$key"
}

# One zip a function: the same bytes for the same sources, so that a deployment touches what has changed.
package_functions() {
  local program function
  build_preset lambda lambda_functions
  for program in build/lambda/*/bootstrap; do
    function=$(basename "$(dirname "$program")")
    python3 tools/dev/function_zip.py "$program" "$zones" "$authorities" "build/lambda/$function.zip"
  done
}

# What functions take from the system, as a layer: Dockerfile.layer.
package_layer() {
  local licences=build/lambda/licences package
  rm -rf "$licences"
  copy_library_licences "$licences"
  rm "$licences/libssl.txt"
  cp "$deps/boringssl/LICENSE" "$licences/boringssl.txt"
  cp LICENSE "$licences/revops.txt"
  for package in libc6 libstdc++6 ca-certificates tzdata; do cp "/usr/share/doc/$package/copyright" "$licences/$package.txt"; done
  python3 tools/dev/layer_zip.py "$authorities" "$zones" "$licences" build/lambda/snowflake-layer.zip
}

command_package() {
  local what=${1:-all} archive
  archive=$(package_name).tar.gz
  case $what in
    all | program | functions) ;;
    *) fail_usage "package knows program and functions, not '$what'" ;;
  esac
  if [ "$what" = program ]; then setup_for run; else setup_for package; fi
  if [ "$what" != functions ]; then
    package_program
    (cd build && sha256sum "$archive")
  fi
  if [ "$what" != program ]; then
    say "packing build/lambda/*.zip"
    package_functions
    quietly layer package_layer
    (cd build/lambda && sha256sum -- *.zip)
  fi
}

# release_notes VERSION: what CHANGELOG.md says of it.
release_notes() { awk -v head="## [$1]" 'index($0, head) == 1 { on = 1; next } /^## \[/ { on = 0 } on' CHANGELOG.md; }

# All that a release has, in one folder; the tag and the changelog must say what the program will say of itself.
command_release() {
  local tag=${1:-} version folder=build/release-files
  [ -n "$tag" ] || fail_usage "release needs the tag"
  version=$(package_version)
  [ "$tag" = "v$version" ] ||
    fail "the tag $tag is not of this version, $version" "Change project() in CMakeLists.txt, or name the tag v$version."
  grep -q '[^[:space:]]' <(release_notes "$version") ||
    fail "CHANGELOG.md says nothing of $version" "Give what stands under [Unreleased] the heading \"## [$version] - $(date +%F)\"."
  command_package all
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "build/$(package_name).tar.gz" build/lambda/*.zip "$folder/"
  (cd "$folder" && sha256sum -- * >SHA256SUMS)
  release_notes "$version" >"$folder/NOTES.md"
  say "$folder holds the release"
}
