#!/usr/bin/env bash
# Files in any order, over ten runs, sent twice and overlapping give the tables of one run: 305 real days of sales, and a
# generated shop of all sources. SEED sets the orders; without the data set its part is left out, and says so.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

readonly RUNS=10 SEED=${SEED:-$RANDOM}
readonly DAYS=${GRISTMILL_TEST_DATA:-$PWD/../shared/data}/online_retail_by_day.tar.gz
readonly REQUIRED=${GRISTMILL_REQUIRE_TEST_DATA:-0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run DATA [FLAGS…]: one run of the pipeline, which must publish all that it is given.
run() {
  bash orchestration/pipeline_master.sh --data-dir "$1" --as-of 2026-01-31 --workers 2 --quiet --no-archive "${@:2}" >"$1.log" 2>&1 || {
    printf 'the run over %s ended with %s\n' "$1" "$?" >&2
    cat "$1.log" >&2
    exit 1
  }
}

# in_runs POOL DATA [FLAGS…]: deal the files of a pool out, a run a hand.
in_runs() {
  local pool=$1 data=$2 n path
  (cd "$pool" && find . -type f -printf '%P\n') | node tests/system/orders/deal.mjs "$SEED" "$RUNS" >"$data.order"
  for ((n = 1; n <= RUNS; n++)); do
    while IFS= read -r path; do
      mkdir -p "$data/raw/$(dirname "$path")"
      cp "$pool/$path" "$data/raw/$path"
    done < <(awk -F '\t' -v n="$n" '$1 == n { print $2 }' "$data.order")
    run "$data" "${@:3}"
  done
}

in_one_run() {
  mkdir -p "$2"
  cp -r "$1" "$2/raw"
  run "$2" "${@:3}"
}

# same WHAT LEFT RIGHT [PREFIX [COLUMNS]]: the same rows in every table whose name begins with PREFIX, without COLUMNS.
same() {
  node tests/system/table-contents.mjs "$2" "${4:-}" "${5:-}" >"$work/left"
  node tests/system/table-contents.mjs "$3" "${4:-}" "${5:-}" >"$work/right"
  diff "$work/left" "$work/right"
  printf '%s: %s tables alike\n' "$1" "$(wc -l <"$work/left")"
}

online_retail() {
  local pool=$work/days/online-retail config=(--config-dir examples/online-retail/config)
  mkdir -p "$pool"
  tar -xzf "$DAYS" --directory "$pool"
  find "$pool" -mindepth 2 -type f -exec mv -t "$pool" {} +
  find "$pool" -mindepth 1 -type d -empty -delete
  in_one_run "$work/days" "$work/once" "${config[@]}"
  in_runs "$work/days" "$work/shuffled" "${config[@]}"
  node tests/system/orders/resend.mjs "$pool"
  in_runs "$work/days" "$work/resent" "${config[@]}"
}

shop() {
  node dist/main.js generate --out "$work/pool" --size-mb 0.3 --days 4 --seed "$SEED" >"$work/generated.log"
  in_one_run "$work/pool" "$work/shop-once"
  MIDDLE='^(users_database|products_catalog|api_logs.zip)' in_runs "$work/pool" "$work/shop-shuffled"
}

main() {
  local at_once
  printf 'seed %s\n' "$SEED"
  [[ -e $DAYS || $REQUIRED != 1 ]]
  shop &
  at_once=$!
  if [[ -e $DAYS ]]; then online_retail; else printf 'left out, there is no %s\n' "$DAYS"; fi
  wait "$at_once"
  if [[ -e $DAYS ]]; then
    same "305 days in $RUNS shuffled runs and in one" "$work/once" "$work/shuffled"
    local layer
    for layer in enriched aggregated; do
      same "sent twice and overlapping, in $RUNS shuffled runs, $layer" "$work/once" "$work/resent" "processed/$layer/"
    done
  fi
  same "a shop of all sources in $RUNS shuffled runs and in one" "$work/shop-once" "$work/shop-shuffled"
}

main "$@"
