#!/usr/bin/env bash
# While runs replace every row of a table, another engine that reads it sees whole states only: delta-rs.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
trap 'rm -rf "$WORK"' EXIT
PYTHON=${TEST_PYTHON:-$PWD/tests/system/.cache/venv/bin/python}

# priced PRICE: fifty sales of five days at one price.
priced() {
  local n rows=()
  for n in {1..50}; do rows+=("o_$n,p_1,1,$1,2026-01-0$((1 + n % 5)) 10:00:00"); done
  sales all "${rows[@]}"
}

main() {
  local from price said
  priced 1
  run 0 --no-archive
  exec {from}< <("$PYTHON" tests/system/lake/read-on.py "$DATA")
  read -r -u "$from" said
  expect "the reader is" "$said" ready
  for price in 2 3 4; do
    priced "$price"
    run 0 --no-archive
  done
  touch "$DATA/stop"
  mapfile -t -u "$from" said
  printf 'reads: %s\n' "${said[0]}"
  expect "states, rows and prices" "$(printf '%s, ' "${said[@]:1}" | sed 's/, $//')" \
    "50 1 1, 50 2 2, 50 3 3, 50 4 4"
}

main "$@"
