#!/usr/bin/env bash
# The pool of workers. Run alone with --run RUN: works on the jobs of a run that was discovered.
# shellcheck source-path=SCRIPTDIR

# A job is a line of id, source, files, weight in bytes and number of its process, tab-separated. The queue holds the
# ids of the jobs that share a process, blank-separated.
declare -A JOBS_OF=() STARTED=() JOB_SOURCE=() JOB_FILES=() JOB_WEIGHT=() JOB_TRIES=()

# work: run all JOBS, at most POOL_WORKERS at a time; what fails is told to the program as a fault of ours.
work() {
  STAGE=work
  POOL_STARTED=${EPOCHREALTIME/[^0-9]/}
  QUEUE=() FAILED_JOBS=0
  local line
  start_progress
  enqueue "${JOBS[@]}"
  while ((${#QUEUE[@]} > 0 || ${#JOBS_OF[@]} > 0)); do
    while ((${#QUEUE[@]} > 0 && ${#JOBS_OF[@]} < POOL_WORKERS)); do
      start_worker "${QUEUE[0]}"
      QUEUE=("${QUEUE[@]:1}")
    done
    wait_for_one
  done
  STAGE_SECONDS=$(seconds_since "$POOL_STARTED")
  stage_line work "$(progress_sums)"
  ((FAILED_JOBS == 0)) || note_exit 1
}

# load_jobs: those of a run that was discovered before.
load_jobs() {
  mapfile -t STAGE_OUTPUT < <(call "${PROGRAM[@]}" job ls "${STAGE_FLAGS[@]}")
  read_jobs
}

# read_jobs: from the output of discover.
read_jobs() {
  local line
  JOBS=()
  for line in "${STAGE_OUTPUT[@]}"; do
    [[ $line == job$'\t'* ]] && JOBS+=("${line#*$'\t'}")
  done
  POOL_WORKERS=$(output_field workers)
  JOB_TIMEOUT=$(output_field timeout)
}

# enqueue LINE…: those of one process follow each other.
enqueue() {
  local line id source files weight process before=''
  for line in "$@"; do
    IFS=$'\t' read -r id source files weight process <<<"$line"
    JOB_SOURCE[$id]=$source JOB_FILES[$id]=$files JOB_WEIGHT[$id]=$weight JOB_TRIES[$id]=0
    if [[ $process == "$before" ]]; then QUEUE[-1]+=" $id"; else QUEUE+=("$id"); fi
    before=$process
  done
}

# start_worker IDS: a process for these jobs. What it says lies beside the first one's name.
start_worker() {
  local ids id flags=() said
  read -ra ids <<<"$1"
  said=$DATA_DIR/staging/$RUN/${ids[0]}
  for id in "${ids[@]}"; do
    flags+=(--job "$id")
    JOB_TRIES[$id]=$((${JOB_TRIES[$id]} + 1))
  done
  start_child timeout --foreground --kill-after=10 "$JOB_TIMEOUT" \
    "${PROGRAM[@]}" work "${STAGE_FLAGS[@]}" "${flags[@]}" >"$said.out" 2>"$said.err"
  JOBS_OF[$CHILD]=$1
  STARTED[$CHILD]=${EPOCHREALTIME/[^0-9]/}
}

# wait_for_one: until a job ends, drawing the progress meanwhile where someone watches.
wait_for_one() {
  local pid='' code=0
  start_ticker
  wait -n -p pid "${!JOBS_OF[@]}" ${TICKER:+"$TICKER"} || code=$?
  if [[ -n $TICKER && $pid == "$TICKER" ]]; then
    TICKER=''
    draw_progress
  elif [[ -n $pid ]]; then
    forget_child "$pid" "$code"
    end_worker "$pid" "$code"
  fi
}

# end_worker PID CODE: count its jobs, try again what it did not end, or give it up.
end_worker() {
  local pid=$1 code=$2 ids id
  read -ra ids <<<"${JOBS_OF[$pid]}"
  unset "JOBS_OF[$pid]"
  count_records "${ids[0]}"
  if ((code == 0)); then
    for id in "${ids[@]}"; do count_job "$id"; done
  elif ((${#ids[@]} > 1)); then
    complain "a worker of ${#ids[@]} jobs did not end well (exit $code): trying what is left job by job"
    for id in "${ids[@]}"; do
      if [[ -e $DATA_DIR/staging/$RUN/work/$id/result.json ]]; then count_job "$id"; else QUEUE+=("$id"); fi
      JOB_TRIES[$id]=0
    done
  else
    end_failed_job "$pid" "$code" "${ids[0]}"
  fi
}

# end_failed_job PID CODE JOB: one that was alone in its process.
end_failed_job() {
  local pid=$1 code=$2 id=$3
  if timed_out "$pid" "$code"; then
    give_up "$id" "took longer than processing_timeout allows ($JOB_TIMEOUT s)"
  elif ((code == 78)); then
    give_up "$id" "could not start (exit 78)"
  elif ((JOB_FILES[$id] > 1)); then
    complain "job $id (${JOB_SOURCE[$id]}, ${JOB_FILES[$id]} files) crashed (exit $code): trying file by file"
    split_job "$id"
  elif ((JOB_TRIES[$id] < 2)) && [[ $id != *--* ]]; then
    complain "job $id (${JOB_SOURCE[$id]}) crashed (exit $code): trying once more"
    QUEUE+=("$id")
  else
    give_up "$id" "crashed (exit $code)"
  fi
}

# timed_out PID CODE: timeout ends with 124, or with 137 when it had to kill.
timed_out() {
  (($2 == 124)) && return 0
  local elapsed=$((${EPOCHREALTIME/[^0-9]/} - STARTED[$1]))
  (($2 == 137)) && ((elapsed / 1000000 >= ${JOB_TIMEOUT%.*}))
}

# split_job JOB: a job a file, at the end of the queue.
split_job() {
  local line lines jobs=()
  lines=$(call "${PROGRAM[@]}" job split "${STAGE_FLAGS[@]}" --job "$1")
  while IFS= read -r line; do
    [[ $line == job$'\t'* ]] && jobs+=("${line#*$'\t'}")
  done <<<"$lines"
  enqueue "${jobs[@]}"
}

# give_up JOB REASON: its files get the status error, the others go on.
give_up() {
  local id=$1 reason=$2 said=''
  said=$(tail -n 3 "$DATA_DIR/staging/$RUN/$id.err")
  FAILED_JOBS=$((FAILED_JOBS + 1))
  complain "job $id (${JOB_SOURCE[$id]}) $reason${said:+: $said}"
  call "${PROGRAM[@]}" job fail "${STAGE_FLAGS[@]}" --job "$id" --reason "$reason"
}

if ((${#BASH_SOURCE[@]} == 1)); then
  ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  . "$ROOT/orchestration/lib/all.sh"
  main_of_stage work "$@"
fi
