#!/usr/bin/env bash
# Runs are listed and undone, from any of them on: also one that a release or a replay made, and files that an archive
# brought back. Undone runs' files wait for --rework.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
trap 'rm -rf "$WORK"' EXIT
CONFIG=$WORK/config

# note FILE: write the contents of all tables down but the ledger's; an emptied table is as good as none.
note() {
  contents "" | awk -F '\t' '$1 !~ /ledger/ && $2 > 0' >"$1"
}

# tables_are WHEN FILE: all of them have the content that was written down.
tables_are() {
  note "$WORK/now"
  diff "$2" "$WORK/now"
  printf '%s: %s tables as before\n' "$1" "$(wc -l <"$2")"
}

cheapest() { # the least price that a sale may have
  mkdir -p "$CONFIG"
  printf 'sales:\n  unit_price: { min_value: %s }\n' "$1" >"$CONFIG/business_rules.yaml"
}

main() {
  cheapest 0
  sales good "$(sale o_1)" "$(sale o_2)"
  run 0
  note "$WORK/first"
  local first=$RUN archive
  archive=$(find "$DATA/archive" -name '*.tar.gz')

  sales bad "$(sale o_3)" "o_4,p_1,2,-1,2026-01-02 10:00:00"
  run 65 --no-archive
  expect "below its threshold" "$(status sales/bad.csv)" held
  note "$WORK/held"
  gristmill release sales/bad.csv
  run 0 --no-archive
  local released=$RUN
  expect "released" "$(status sales/bad.csv)" published
  expect "released, orders" "$(column processed/enriched/sales order_id)" "o_1 o_2 o_3"
  note "$WORK/released"

  cheapest -5
  gristmill replay
  local replayed
  replayed=$(gristmill runs --json | node -e 'console.log(JSON.parse(require("node:fs").readFileSync(0, "utf8")).at(-1).run)')
  expect "replayed, orders" "$(column processed/enriched/sales order_id)" "o_1 o_2 o_3 o_4"
  gristmill rollback "$replayed"
  tables_are "the replay undone" "$WORK/released"
  gristmill replay
  expect "replayed again, orders" "$(column processed/enriched/sales order_id)" "o_1 o_2 o_3 o_4"

  cheapest 0
  gristmill rollback "$released"
  tables_are "release and replay undone" "$WORK/held"
  expect "the released file" "$(status sales/bad.csv)" rolled_back
  expect "runs that are noted as rolled back" "$(gristmill runs | grep -c 'rolled back$')" 3
  run 0 --no-archive
  tables_are "a plain run leaves it alone" "$WORK/held"
  run 65 --no-archive --rework
  expect "a release counts once" "$(status sales/bad.csv)" held
  tables_are "judged again" "$WORK/held"

  gristmill rollback "$first"
  expect "all undone, orders" "$(column processed/enriched/sales order_id)" ""
  rm -r "$DATA/raw/sales"
  gristmill restore "$archive"
  run 0 --no-archive
  expect "restored, it waits" "$(status sales/good.csv)" rolled_back
  run 0 --no-archive --rework
  tables_are "restored and reworked" "$WORK/first"
}

main "$@"
