#!/usr/bin/env bash
# Another engine commits between a run's transform and its publish: the run plans anew and publishes, and keeps what the
# other engine wrote. delta-rs is that engine.
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
  run 0 --no-archive
  read -r -u "$from" other
  expect "delta-rs made version" "$other" 1
  grep -rq 'another engine committed since transform: planning anew' "$DATA/logs"
  expect "the file of the run" "$(status sales/second.csv)" published
  expect "orders after it" "$(column processed/enriched/sales order_id)" "o_1 o_2 o_3"
  expect "records with the row of the other engine" "$(column processed/sales order_id | wc -w)" 4
}

main "$@"
