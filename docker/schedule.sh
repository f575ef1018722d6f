#!/usr/bin/env bash
# Run the pipeline every day at RUN_AT (HH:MM, UTC; default 02:00), without cron in the container.
set -Eeuo pipefail
shopt -s inherit_errexit

# Seconds from now until the next HH:MM, UTC.
seconds_until() {
  local at=$1 now target
  now=$(date -u +%s)
  target=$(date -u -d "today ${at}" +%s)
  ((target > now)) || target=$(date -u -d "tomorrow ${at}" +%s)
  printf '%s\n' "$((target - now))"
}

main() {
  local at=${RUN_AT:-02:00} pause code
  if [[ ! $at =~ ^([01][0-9]|2[0-3]):[0-5][0-9]$ ]]; then
    printf 'RUN_AT must be HH:MM (UTC), not %s\n' "$at" >&2
    exit 78
  fi
  while true; do
    pause=$(seconds_until "$at")
    printf 'next run in %s s, at %s UTC\n' "$pause" "$at"
    # in the background, so that TERM ends the wait at once
    sleep "$pause" &
    wait $!
    code=0
    bash orchestration/pipeline_master.sh "$@" || code=$?
    printf 'run ended with %s\n' "$code"
  done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  trap 'exit 143' TERM
  trap 'exit 130' INT
  main "$@"
fi
