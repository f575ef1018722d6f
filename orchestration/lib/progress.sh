# shellcheck shell=bash
# How far the workers are: files, records, MB a second, time left.

start_progress() {
  TICKER='' FILES_DONE=0 RECORDS_DONE=0 BYTES_DONE=0 FILES_ALL=0 WEIGHT_ALL=0 WEIGHT_DONE=0
  local line _id _source files weight _process
  for line in "${JOBS[@]}"; do
    IFS=$'\t' read -r _id _source files weight _process <<<"$line"
    FILES_ALL=$((FILES_ALL + files))
    WEIGHT_ALL=$((WEIGHT_ALL + weight))
  done
}

# start_ticker: a short sleep that wait_for_one wakes up by, on a terminal alone.
start_ticker() {
  if [[ -n $TICKER ]] || ((QUIET)) || ! is_terminal; then return 0; fi
  sleep 0.5 {MASTER_READ}<&- {MASTER_WRITE}>&- {LOCK_FD}>&- &
  TICKER=$!
}

count_job() {
  FILES_DONE=$((FILES_DONE + ${JOB_FILES[$1]}))
  WEIGHT_DONE=$((WEIGHT_DONE + ${JOB_WEIGHT[$1]}))
}

# count_records JOB: for each job that it ended, the worker whose first job this is said files, records and bytes.
count_records() {
  local word files records bytes
  while IFS=$'\t' read -r word files records bytes; do
    [[ $word == worked && $files$records$bytes =~ ^[0-9]+$ ]] || continue
    RECORDS_DONE=$((RECORDS_DONE + records))
    BYTES_DONE=$((BYTES_DONE + bytes))
  done <"$DATA_DIR/staging/$RUN/$1.out"
}

draw_progress() {
  local elapsed=$((${EPOCHREALTIME/[^0-9]/} - POOL_STARTED)) left='' seconds
  if ((WEIGHT_DONE > 0)); then
    seconds=$((elapsed * (WEIGHT_ALL - WEIGHT_DONE) / WEIGHT_DONE / 1000000))
    left=$(printf ', %d:%02d left' $((seconds / 60)) $((seconds % 60)))
  fi
  draw_line "$(printf '%-10s ' work)$(progress_sums)$left"
}

# progress_sums: 12 of 40 files, 1234567 records, 34.5 MB/s
progress_sums() {
  local elapsed=$((${EPOCHREALTIME/[^0-9]/} - POOL_STARTED)) rate
  rate=$((BYTES_DONE * 10 / (elapsed > 0 ? elapsed : 1)))
  printf '%d of %d files, %d records, %d.%d MB/s' \
    "$FILES_DONE" "$FILES_ALL" "$RECORDS_DONE" $((rate / 10)) $((rate % 10))
}
