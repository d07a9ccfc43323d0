# shellcheck shell=bash
# ./dev run: the program on a data folder that is filled once and then kept.

is_filled() { [ -d "$1" ] && [ -n "$(find "$1" -maxdepth 2 -name '*.duckdb' -print -quit)" ]; }

# from_caller PATH: as the one who typed it means it, who need not stand in the repository.
from_caller() {
  case $1 in
    /*) echo "$1" ;;
    *) [ "${caller:-$PWD}" = "$PWD" ] && echo "$1" || echo "$caller/$1" ;;
  esac
}

digest_of() { sha256sum | cut -c "1-${1:-64}"; }

# fill_data FOLDER SOURCE [FILE]: in a folder beside it, renamed when whole, so that a fill that was cut off does not count.
fill_data() {
  local folder=$1 source=$2 file=${3:-} partial=$1.partial
  [ ! -d "$folder" ] || rmdir "$folder" 2>/dev/null ||
    fail "$folder holds files but no warehouse, so it is not a data folder" "Name another one with --data DIR."
  rm -rf "$partial"
  mkdir -p "$(dirname "$partial")"
  case $source in
    demo)
      say "making the demo company in $folder"
      "$program" demo --data "$partial" >/dev/null
      ;;
    sample)
      say "filling $folder with the eight sample rows"
      "$program" init --data "$partial" --sample >/dev/null
      "$program" process --data "$partial" >/dev/null
      ;;
    csv)
      say "importing $file into $folder"
      "$program" init --data "$partial" >/dev/null
      "$program" import "$file" --data "$partial"
      digest_of <"$file" >"$partial/imported-csv.sha256"
      "$program" process --data "$partial" >/dev/null
      ;;
  esac
  mv "$partial" "$folder"
}

# take_changes FOLDER FILE: an edited file replaces the rows that came from it; the snapshots stay. A folder that was filled
# otherwise is left alone.
take_changes() {
  local folder=$1 file=$2 stamp=$1/imported-csv.sha256
  if [ ! -f "$stamp" ]; then
    say "$file is not imported: $folder was not filled from a CSV file"
  elif [ "$(digest_of <"$file")" != "$(cat "$stamp")" ]; then
    say "importing $file into $folder anew, for it has changed"
    "$program" import "$file" --mode replace --data "$folder"
    "$program" process --data "$folder" >/dev/null
    digest_of <"$file" >"$stamp"
  fi
}

# default_folder SOURCE [FILE]: files of one name in two places have a folder each.
default_folder() {
  local name
  name=$(basename "${2:-}")
  case $1 in
    csv) echo ".data/csv-$(printf '%s' "${name%.*}" | tr -c 'A-Za-z0-9._-' _)-$(realpath "$2" | digest_of 8)" ;;
    *) echo ".data/$1" ;;
  esac
}

command_run() {
  local port=8080 folder='' source='' file=''
  while [ $# -gt 0 ]; do
    case $1 in
      --port | --data | --csv) [ -n "${2:-}" ] || fail_usage "$1 needs a value" ;;
      --demo | --sample) [ -z "$source" ] || fail_usage "$1 and --$source exclude each other" ;;
      *) fail_usage "run does not know '$1'" ;;
    esac
    case $1 in
      --port) port=$2 && shift ;;
      --data) folder=$2 && shift ;;
      --csv)
        [ -z "$source" ] || fail_usage "--csv and --$source exclude each other"
        source=csv file=$2
        shift
        ;;
      --demo) source=demo ;;
      --sample) source=sample ;;
    esac
    shift
  done
  if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((10#$port > 65535)); then
    fail_usage "--port takes a number from 0 to 65535, not '$port'"
  fi
  [ -z "$file" ] || file=$(from_caller "$file")
  [ -z "$folder" ] || folder=$(from_caller "$folder")
  [ "$source" != csv ] || [ -r "$file" ] || fail "cannot read the file '$file' that --csv names"
  source=${source:-demo}
  folder=${folder:-$(default_folder "$source" "$file")}

  setup_for run
  build_program
  if is_filled "$folder"; then
    say "serving $folder as it is (delete it to start anew)"
    [ "$source" != csv ] || take_changes "$folder" "$file"
  else
    fill_data "$folder" "$source" "$file"
  fi
  exec "$program" serve --data "$folder" --listen "127.0.0.1:$port"
}
