# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files beside this one
# One run: its name, its stages and how it ends.

RUN='' EXIT_CODE=0 STAGE='' STAGE_FILE=''
STAGE_FLAGS=()

start_run() {
  RUN=$(next_run_id)
  name_run
  say "$(paint bold gristmill) run $RUN in $DATA_DIR"
}

# name_run: tell the stages which run they are of, and open the pipe that its processes watch.
name_run() {
  STAGE_FLAGS=(--run "$RUN" --data-dir "$DATA_DIR")
  [[ -z $CONFIG_DIR ]] || STAGE_FLAGS+=(--config-dir "$CONFIG_DIR")
  if [[ -z $LOG_DIR ]]; then
    if ((DATA_DIR_GIVEN)); then LOG_DIR=$DATA_DIR/logs; else LOG_DIR=$ROOT/logs; fi
  fi
  export GRISTMILL_LOG_DIR=$LOG_DIR
  open_master_pipe
}

# next_run_id: by the clock in UTC, and always after the newest run, so that a clock that jumps back does no harm.
next_run_id() {
  local now newest
  TZ=UTC printf -v now '%(%Y%m%dT%H%M%SZ)T' -1
  newest=$(newest_run)
  if [[ -n $newest && ! $now > $newest ]]; then now=$(second_after "$newest"); fi
  printf '%s-%04x' "$now" $((SRANDOM % 65536))
}

# newest_run: time of the newest run in this data folder, if there was one.
newest_run() {
  local file newest=''
  for file in "$DATA_DIR"/quality/runs/*.json; do
    file=${file##*/}
    [[ $file =~ ^([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{4}\.json$ ]] || continue
    [[ ${BASH_REMATCH[1]} > $newest ]] && newest=${BASH_REMATCH[1]}
  done
  printf '%s' "$newest"
}

# second_after 20260131T235959Z
second_after() {
  local t=$1
  date -u -d "${t:0:4}-${t:4:2}-${t:6:2} ${t:9:2}:${t:11:2}:${t:13:2} UTC + 1 second" +%Y%m%dT%H%M%SZ
}

# stage NAME [ARGS…]: run one stage to its end and print its line. Its output, tab-separated, is in STAGE_OUTPUT.
stage() {
  local name=$1 output code=0 started=${EPOCHREALTIME/[^0-9]/} called=("${PROGRAM[@]}")
  shift
  STAGE=$name
  case $name in alert | quiet) called=("${SENDER[@]}") ;; esac
  if is_terminal; then draw_line "$(printf '%-10s …' "$name")"; fi
  output=$(mktemp "${TMPDIR:-/tmp}/gristmill.XXXXXXXX")
  STAGE_FILE=$output
  start_child "${called[@]}" "$name" "${STAGE_FLAGS[@]}" "$@" >"$output"
  wait_child "$CHILD" || code=$?
  mapfile -t STAGE_OUTPUT <"$output"
  rm "$output"
  STAGE_FILE=''
  STAGE_SECONDS=$(seconds_since "$started")
  return "$code"
}

# stage_line NAME TEXT: one line a stage.
stage_line() {
  clear_line
  say "$(printf '%-10s %-60s %7s s' "$1" "$2" "$STAGE_SECONDS")"
}

# note_exit CODE: the run's exit code is the worst so far: a fault beats bad configuration beats a held file.
note_exit() {
  case $1 in
    0) ;;
    65) ((EXIT_CODE != 0)) || EXIT_CODE=65 ;;
    78) ((EXIT_CODE == 1)) || EXIT_CODE=78 ;;
    *) EXIT_CODE=1 ;;
  esac
}

# output_field KEY: the rest of the line of the stage's output that starts with KEY, if there is one.
output_field() {
  local line
  for line in "${STAGE_OUTPUT[@]}"; do
    if [[ $line == "$1"$'\t'* ]]; then
      printf '%s' "${line#*$'\t'}"
      return
    fi
  done
}

# said: the sentence of the stage's output, or else its last line.
said() {
  local text
  text=$(output_field said)
  if [[ -z $text ]] && ((${#STAGE_OUTPUT[@]} > 0)); then text=${STAGE_OUTPUT[-1]}; fi
  printf '%s' "$text"
}

# plain_stage NAME [ARGS…]: a stage that says in one line what it did. Its exit code is in STAGE_CODE.
plain_stage() {
  local text
  STAGE_CODE=0
  stage "$@" || STAGE_CODE=$?
  text=$(said)
  if ((STAGE_CODE != 0 && STAGE_CODE != 65)); then text="${text:-failed} (exit $STAGE_CODE)"; fi
  stage_line "$1" "$text"
  note_exit "$STAGE_CODE"
}

# judged: whether check came to a verdict that the stages after it can go by.
judged() {
  [[ -e $DATA_DIR/staging/$RUN/verdict.json ]]
}

# main_of_stage STAGE --run RUN [FLAGS…]: one stage of a run that was discovered before.
main_of_stage() {
  local name=$1 flags=()
  shift
  while (($# > 0)); do
    case $1 in
      --run) RUN=${2:-} && shift 2 ;;
      --run=*) RUN=${1#*=} && shift ;;
      *) flags+=("$1") && shift ;;
    esac
  done
  parse_flags "${flags[@]}"
  [[ $WANT != help ]] || { usage && exit 0; }
  [[ -n $RUN && -d $DATA_DIR/staging/$RUN ]] || fail 78 "--run wants a run that was discovered in $DATA_DIR and has not ended"
  prepare_program
  take_lock
  name_run
  [[ $name != work ]] || load_jobs
  "$name"
  exit "$EXIT_CODE"
}

# finish_run: the run's file, the summary, and the staging folder away.
finish_run() {
  local code=0 flags=(--exit-code "$EXIT_CODE")
  STAGE=finish
  clear_line
  start_child "${PROGRAM[@]}" finish "${STAGE_FLAGS[@]}" "${flags[@]}"
  wait_child "$CHILD" || code=$?
  note_exit "$code"
}

# abandon_run: after a signal. What a commit plan names stays, the next run finishes it; all else goes.
abandon_run() {
  stop_children
  [[ -z $STAGE_FILE ]] || rm -f -- "$STAGE_FILE"
  [[ -n $RUN && -d $DATA_DIR/staging/$RUN ]] || return 0
  [[ -e $DATA_DIR/processed/_commits/$RUN.json ]] || rm -rf -- "$DATA_DIR/staging/$RUN"
}
