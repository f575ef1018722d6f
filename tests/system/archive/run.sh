#!/usr/bin/env bash
# Three nights, each archived and its raw files removed; the archives restored in any order into an empty folder and
# one run give the same tables. A file that changes and one that is held are among them.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GRISTMILL_ARCHIVE__CLEAN_RAW=true
readonly AS_OF=2026-02-01

# run_night DATA: one run; a held file (65) is part of the game.
run_night() {
  local code=0
  bash orchestration/pipeline_master.sh --data-dir "$1" --as-of "$AS_OF" --quiet || code=$?
  ((code == 0 || code == 65)) || return "$code"
}

# give PATH…: move files from the pool into raw/.
give() {
  local path
  for path in "$@"; do
    mkdir -p "$(dirname "$work/shop/raw/$path")"
    mv "$work/pool/$path" "$work/shop/raw/$path"
  done
}

three_nights() {
  cd "$work/pool"
  local -a days
  mapfile -t days < <(ls sales)
  cd "$OLDPWD"
  cp "$work/pool/sales/${days[0]}" "$work/changed.csv"
  give products_catalog.csv products_catalog.xlsx users_database.csv "sales/${days[0]}" "sales/${days[1]}"
  run_night "$work/shop"
  # the same day again under its old name with a line less, and one that is mostly broken
  head -n -1 "$work/changed.csv" >"$work/pool/sales/${days[0]}"
  { head -n 1 "$work/changed.csv" && printf 'broken\n%.0s' {1..50}; } >"$work/pool/sales/broken.csv"
  give "sales/${days[0]}" sales/broken.csv "sales/${days[2]}" user_sessions
  run_night "$work/shop"
  cp -R "$work/pool/." "$work/shop/raw/"
  run_night "$work/shop"
}

main() {
  node dist/main.js generate --out "$work/pool" --truth "$work/truth.jsonl"
  mkdir -p "$work/shop/raw"
  three_nights
  local -a archives=("$work"/shop/archive/archive_*.tar.gz)
  ((${#archives[@]} == 3)) || { printf 'expected 3 archives, got %s\n' "${#archives[@]}" && exit 1; }
  node tests/system/table-contents.mjs "$work/shop" processed/ >"$work/wanted"

  local order at
  for order in "0 1 2" "2 1 0" "1 2 0"; do
    for at in $order; do node dist/main.js restore "${archives[at]}" --data-dir "$work/again"; done
    run_night "$work/again"
    node tests/system/table-contents.mjs "$work/again" processed/ >"$work/got"
    diff "$work/wanted" "$work/got"
    rm -r "$work/again"
  done
  printf '%s tables alike after 3 archives in 3 orders\n' "$(wc -l <"$work/wanted")"
}

main "$@"
