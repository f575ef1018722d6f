#!/usr/bin/env bash
# A row stays as long as one file has it, goes with the last, and comes back: of a source with a key and of one without.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
trap 'rm -rf "$WORK"' EXIT

both() { # NAME ROW…: a file of either source, with the rows of these names
  local name=$1 row rows=() keyed=()
  shift
  for row; do
    rows+=("$(sale "$row")")
    keyed+=("$(session "$row")")
  done
  sales "$name" "${rows[@]}"
  sessions "$name" "${keyed[@]}"
}

rows_are() { # WHEN ROWS
  local table key
  for table in sales:order_id sessions:session_id; do
    key=${table#*:} table=${table%:*}
    expect "$1, enriched $table" "$(column "processed/enriched/$table" "$key")" "$2"
  done
  expect "$1, combined sessions" "$(column processed/joined/combined_sessions session_id)" "$2"
}

main() {
  both a row other
  both b row third
  run 0 --no-archive
  both a other
  run 0 --no-archive
  rows_are "A lost the row that B has" "other row third"

  DATA=$WORK/again
  both a row other
  run 0 --no-archive
  rows_are "A with the row" "other row"
  both a other
  run 0 --no-archive
  rows_are "A without it" "other"
  both b row
  run 0 --no-archive
  rows_are "B with it" "other row"
  gristmill rollback "$RUN" >"$WORK/said"
  rows_are "B's run undone" "other"
  expect "its file" "$(status sales/b.csv)" rolled_back
  run 0 --no-archive
  rows_are "a plain run after that" "other"
  run 0 --no-archive --rework
  rows_are "a run with --rework" "other row"
}

main "$@"
