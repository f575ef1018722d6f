# shellcheck shell=bash
# Processes that a run starts. Each is a session of its own, holds no lock, and ends when the master does:
# its guard reads a pipe whose only writing end the master has.

MASTER_READ='' MASTER_WRITE=''
declare -A CHILDREN=()

open_master_pipe() {
  local fifo both
  fifo=$(mktemp -u "${TMPDIR:-/tmp}/gristmill.XXXXXXXX")
  mkfifo -m 600 "$fifo"
  # shellcheck disable=SC2094 # both ends of one pipe are what is wanted
  exec {both}<>"$fifo" {MASTER_READ}<"$fifo" {MASTER_WRITE}>"$fifo" {both}>&-
  rm "$fifo"
}

# start_child COMMAND…: in the background; its id is in CHILD.
start_child() {
  setsid "$BASH" "$ROOT/orchestration/lib/guarded.sh" "$@" 3<&"$MASTER_READ" {MASTER_READ}<&- {MASTER_WRITE}>&- {LOCK_FD}>&- </dev/null &
  CHILD=$!
  CHILDREN[$CHILD]=1
}

# call COMMAND…: run it to its end, in the foreground, with nothing of ours in its hands.
call() {
  "$@" {MASTER_READ}<&- {MASTER_WRITE}>&- {LOCK_FD}>&- </dev/null
}

# wait_child PID: its exit code. A signal that interrupts the wait is handled by the trap.
wait_child() {
  local code=0
  wait "$1" || code=$?
  forget_child "$1" "$code"
  return "$code"
}

# forget_child PID CODE: of one that failed nothing may stay behind and go on writing.
forget_child() {
  unset "CHILDREN[$1]"
  (($2 == 0)) || signal_group KILL "$1"
}

# stop_children: end all that still run, and their own children, and reap them.
stop_children() {
  local pid
  ((${#CHILDREN[@]})) || return 0
  for pid in "${!CHILDREN[@]}"; do signal_group TERM "$pid"; done
  for pid in "${!CHILDREN[@]}"; do
    await_end "$pid" || signal_group KILL "$pid"
    wait "$pid" || : # its exit code is ours: we ended it
  done
  CHILDREN=()
}

# signal_group SIGNAL PID: to the whole session; one that has ended is no error.
signal_group() {
  kill -s "$1" -- "-$2" 2>/dev/null || : # gone already
}

# await_end PID: up to 5 seconds.
await_end() {
  local tries
  for ((tries = 0; tries < 50; tries++)); do
    kill -0 "$1" 2>/dev/null || return 0 # gone: that is what is awaited
    sleep 0.1
  done
  return 1
}
