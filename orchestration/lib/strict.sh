# shellcheck shell=bash
# Faults stop a script and say where; INT and TERM stop what it started. Sourced first by every entry.

set -Eeuo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 022

trap 'on_fault $? "${BASH_SOURCE[0]}" "$LINENO"' ERR
trap 'on_signal INT 130' INT
trap 'on_signal TERM 143' TERM

on_fault() {
  if [[ -n ${RUN:-} && ! -d $DATA_DIR/staging/$RUN ]]; then
    complain "the folder of this run is gone from $DATA_DIR${STAGE:+ (in $STAGE)}: was the data folder moved, emptied or unmounted? Put it back and run again"
    return
  fi
  printf 'gristmill: fault %s at %s:%s\n' "$1" "$2" "$3" >&2
}

on_signal() {
  trap '' INT TERM
  complain "stopped by $1${STAGE:+ in $STAGE}; run again to go on"
  abandon_run
  exit "$2"
}
