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

# quiet_stages: all of these and the end of the run in one process, for a run without news.
quiet_stages() {
  local line _word name code=0
  stage quiet || code=$?
  note_exit "$code"
  for line in "${STAGE_OUTPUT[@]}"; do
    if [[ $line == stage$'\t'* ]]; then
      IFS=$'\t' read -r _word name STAGE_SECONDS line <<<"$line"
      stage_line "$name" "$line"
    else
      printf '%s\n' "$line" # the summary, --quiet or not
    fi
  done
  if [[ -d $DATA_DIR/staging/$RUN ]] && ((code != 0 && code != 65)); then finish_run; fi
}

if ((${#BASH_SOURCE[@]} == 1)); then
  ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  . "$ROOT/orchestration/lib/all.sh"
  main_of_stage check "$@"
fi
