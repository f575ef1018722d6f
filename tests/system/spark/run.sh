#!/usr/bin/env bash
# Spark appends to, merges into, deletes from and optimizes a table; the next pipeline run goes on from there.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

readonly CACHE=$PWD/tests/system/.cache
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rows_of() {
  node dist/main.js tables --data-dir "$work/data" --json | node -e '
    const tables = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(tables.find((table) => table.name === process.argv[1]).rows);
  ' "$1"
}

expect() {
  local what=$1 got=$2 wanted=$3
  if [[ $got != "$wanted" ]]; then
    printf '%s: got %s, expected %s\n' "$what" "$got" "$wanted" >&2
    exit 1
  fi
  printf '%s: %s\n' "$what" "$got"
}

sales_file() { # order number → a file of two sales
  printf 'order_id,product_id,quantity,unit_price,sold_at\n%s,p_1,2,10.50,2026-01-02 10:00:00\n%s,p_2,1,3.00,2026-01-03 11:00:00\n' "$1" "$1"
}

main() {
  mkdir -p "$work/data/raw/sales"
  for n in 1 2 3 4 5; do sales_file "o_$n" >"$work/data/raw/sales/day_$n.csv"; done
  bash orchestration/pipeline_master.sh --data-dir "$work/data" --as-of 2026-01-31 --quiet --no-archive
  expect "rows after the first run" "$(rows_of processed/sales)" 10

  local counts
  counts=$("$CACHE/venv/bin/python" tests/system/spark/change.py "$work/data" "$CACHE/jars" | tail -n 1)
  expect "Spark's own counts" "$counts" \
    '{"before": 10, "append": 13, "merge": 13, "merged": 3, "delete": 10, "optimize": 10}'
  expect "rows as the lake reads them" "$(rows_of processed/sales)" 10

  sales_file o_6 >"$work/data/raw/sales/day_6.csv"
  bash orchestration/pipeline_master.sh --data-dir "$work/data" --as-of 2026-01-31 --quiet --no-archive
  expect "rows after the next run" "$(rows_of processed/sales)" 12
  expect "enriched rows after the next run" "$(rows_of processed/enriched/sales)" 12
}

main "$@"
