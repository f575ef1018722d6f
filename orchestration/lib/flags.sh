# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files beside this one
# The flags of a run. Each that takes a value may be written --flag VALUE or --flag=VALUE.

usage() {
  cat <<'TEXT'
Usage: bash orchestration/pipeline_master.sh [flags]

Works on the files in data/raw: checked, enriched, joined and aggregated tables,
a report a file, a dashboard, alerts and an archive.

  --sample            run on a small generated shop, in data/sample
  --data-dir DIR      work in this data folder (default: data)
  --config-dir DIR    take configuration files from here; defaults serve for the rest
  --workers N         worker processes (default: cores - 1)
  --source NAME       only this source; may be given more than once
  --as-of DATE        date of the run, YYYY-MM-DD (default: today, UTC)
  --plan              print what would run, file by file, and why; change nothing
  --rework            work on every file again
  --rehash            distrust the cache of file hashes
  --rebuild           make all derived tables anew
  --no-archive        make no archive
  --engine NAME       duckdb (default) or spark
  --log-dir DIR       write the run's log here
  --quiet             print only errors and the summary
  --help, --version

Exit codes: 0 published, 1 a fault, 65 some file is held back, 66 raw/ is empty and
never had a run, 75 another run holds the lock, 78 bad configuration or flags.
TEXT
}

# parse_flags ARGS…: sets the globals below. Ends with 78 on what it does not know.
parse_flags() {
  DATA_DIR=${GRISTMILL_DATA_DIR:-$ROOT/data} DATA_DIR_GIVEN=0
  [[ -n ${GRISTMILL_DATA_DIR:-} ]] && DATA_DIR_GIVEN=1
  CONFIG_DIR=${GRISTMILL_CONFIG_DIR:-} LOG_DIR='' ENGINE=duckdb WORKERS='' AS_OF=''
  SOURCES=() SAMPLE=0 PLAN=0 REWORK=0 REHASH=0 REBUILD=0 ARCHIVE=1 QUIET=0 WANT=run
  local flag value
  while (($# > 0)); do
    flag=$1
    shift
    case $flag in
      --data-dir | --config-dir | --workers | --source | --as-of | --engine | --log-dir)
        (($# > 0)) || fail 78 "$flag wants a value; see --help"
        value=$1
        shift
        ;;
      --data-dir=* | --config-dir=* | --workers=* | --source=* | --as-of=* | --engine=* | --log-dir=*)
        value=${flag#*=}
        flag=${flag%%=*}
        ;;
      *) value='' ;;
    esac
    take_flag "$flag" "$value"
  done
  if ((SAMPLE && ! DATA_DIR_GIVEN)); then DATA_DIR=$ROOT/data/sample; fi
  DATA_DIR=$(absolute "$DATA_DIR")
  [[ -z $CONFIG_DIR ]] || CONFIG_DIR=$(absolute "$CONFIG_DIR")
  [[ -z $LOG_DIR ]] || LOG_DIR=$(absolute "$LOG_DIR")
}

take_flag() {
  case $1 in
    --data-dir | --config-dir | --source | --as-of | --log-dir)
      [[ -n $2 ]] || fail 78 "$1 wants a value; see --help"
      ;;&
    --data-dir) DATA_DIR=$2 DATA_DIR_GIVEN=1 ;;
    --config-dir) CONFIG_DIR=$2 ;;
    --log-dir) LOG_DIR=$2 ;;
    --source) SOURCES+=("$2") ;;
    --as-of)
      [[ $2 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || fail 78 "--as-of wants a date such as 2026-01-31, not $2"
      AS_OF=$2
      ;;
    --workers)
      [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || fail 78 "--workers wants a number of at least 1, not ${2:-nothing}"
      WORKERS=$2
      ;;
    --engine)
      case $2 in
        duckdb) ;;
        spark) fail 78 "the engine spark is not built yet: leave --engine out, or give duckdb" ;;
        *) fail 78 "--engine is duckdb or spark, not ${2:-nothing}" ;;
      esac
      ;;
    --sample) SAMPLE=1 ;;
    --plan) PLAN=1 ;;
    --rework) REWORK=1 ;;
    --rehash) REHASH=1 ;;
    --rebuild) REBUILD=1 ;;
    --no-archive) ARCHIVE=0 ;;
    --quiet) QUIET=1 ;;
    --help | -h) WANT=help ;;
    --version) WANT=version ;;
    *) fail 78 "unknown flag $1; see --help" ;;
  esac
}

# absolute PATH: the path as seen from here, whether it exists or not.
absolute() {
  if [[ $1 == /* ]]; then printf '%s' "$1"; else printf '%s/%s' "$PWD" "$1"; fi
}
