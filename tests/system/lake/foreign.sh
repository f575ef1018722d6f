#!/usr/bin/env bash
# Another engine commits between a run's transform and its publish: the run publishes nothing and says so, and the next
# plans anew. delta-rs is that engine.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
trap 'rm -rf "$WORK"' EXIT
PYTHON=${TEST_PYTHON:-$PWD/tests/system/.cache/venv/bin/python}

main() {
  sales first "$(sale o_1)" "$(sale o_2)"
  run 0 --no-archive
  sales second "$(sale o_3)"

  local other from
  exec {from}< <("$PYTHON" tests/system/lake/foreign-append.py "$DATA")
  read -r -u "$from" other
  expect "delta-rs waits for the run" "$other" ready
  run 1 --no-archive
  read -r -u "$from" other
  expect "delta-rs made version" "$other" 1
  grep -q 'processed/sales was changed by another engine since version 0' "$WORK/said"
  expect "the file of the run that lost" "$(status sales/second.csv)" unknown
  expect "orders after it" "$(column processed/enriched/sales order_id)" "o_1 o_2"

  run 0 --no-archive
  expect "the file in the next run" "$(status sales/second.csv)" published
  expect "orders with the next run" "$(column processed/enriched/sales order_id)" "o_1 o_2 o_3"
  expect "records with the row of the other engine" "$(column processed/sales order_id | wc -w)" 4
}

main "$@"
