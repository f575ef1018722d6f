#!/usr/bin/env bash
# delta-rs reads every table at each version, and gives our row counts and our rows.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

PYTHON=${TEST_PYTHON:-$PWD/tests/system/.cache/venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
  bash orchestration/pipeline_master.sh --data-dir "$work/data" --as-of 2026-01-31 --quiet --no-archive
}

sales_file() { # order number, quantity → a file of two sales of two days
  printf 'order_id,product_id,quantity,unit_price,sold_at\n%s,p_1,%s,10.50,2026-01-02 10:00:00\n%s,p_2,1,3.00,2026-01-%02d 11:00:00\n' \
    "$1" "$2" "$1" "$((1 + $1))"
}

compare() {
  mkdir -p "$work/dumps"
  "$PYTHON" tests/system/delta-rs/read_tables.py "$work/data" "$work/dumps" >"$work/dumps/counts.json"
  node tests/system/delta-rs/compare.mjs "$work/data" "$work/dumps"
}

main() {
  bash orchestration/pipeline_master.sh --sample --data-dir "$work/data" --as-of 2026-01-31 --quiet --no-archive
  printf 'sample: '
  compare
  # enough runs for checkpoints and compaction, one with a file that changed
  local n
  for n in {1..11}; do
    sales_file "$n" 1 >"$work/data/raw/sales/extra_$n.csv"
    if ((n == 6)); then sales_file 2 7 >"$work/data/raw/sales/extra_2.csv"; fi
    run
  done
  printf 'after 11 more runs: '
  compare
}

main "$@"
