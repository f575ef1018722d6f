#!/usr/bin/env bash
# What is there to work on? Run alone: prints the plan of a run, file by file, and changes nothing.
# shellcheck source-path=SCRIPTDIR

# discover: sets JOBS, POOL_WORKERS, JOB_TIMEOUT and NEWS (is there anything to publish?).
discover() {
  local flags=() line code=0
  discovery_flags flags
  stage discover "${flags[@]}" || code=$?
  if ((code != 0)); then
    clear_line
    abandon_run
    exit "$code" # 66 and 78 are the program's own; it has said why
  fi
  read_jobs
  NEWS=$(output_field news)
  GRISTMILL_CHECKED_CONFIG=$(output_field config)
  export GRISTMILL_CHECKED_CONFIG
  stage_line discover "$(output_field said)"
}

# show_plan: on a run that changes nothing.
show_plan() {
  local flags=()
  discovery_flags flags
  exec "${PROGRAM[@]}" discover --plan --data-dir "$DATA_DIR" ${CONFIG_DIR:+--config-dir "$CONFIG_DIR"} "${flags[@]}"
}

# discovery_flags ARRAY: the flags of the run that discover decides by.
discovery_flags() {
  local -n into=$1
  local source
  into=(--engine "$ENGINE")
  [[ -z $AS_OF ]] || into+=(--as-of "$AS_OF")
  [[ -z $WORKERS ]] || into+=(--workers "$WORKERS")
  for source in "${SOURCES[@]}"; do into+=(--source "$source"); done
  ((! REWORK)) || into+=(--rework)
  ((! REHASH)) || into+=(--rehash)
  ((! REBUILD)) || into+=(--rebuild)
}

if ((${#BASH_SOURCE[@]} == 1)); then
  ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  . "$ROOT/orchestration/lib/all.sh"
  parse_flags "$@"
  prepare_program
  show_plan
fi
