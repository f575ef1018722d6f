#!/usr/bin/env bash
# What the data is worth: checks and gate, dashboard, alerts.
# Run alone with --run RUN: checks what the workers of a run handed over.
# shellcheck source-path=SCRIPTDIR

# check: gate a file, references, freshness, volume, drift, reports. 65 means that some file is held.
check() {
  plain_stage check
}

# dashboard: what people look at in the morning.
dashboard() {
  plain_stage dashboard
}

# alert: tell those who should know; its own failure never fails the data.
alert() {
  plain_stage alert
}

if ((${#BASH_SOURCE[@]} == 1)); then
  ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
  . "$ROOT/orchestration/lib/all.sh"
  main_of_stage check "$@"
fi
