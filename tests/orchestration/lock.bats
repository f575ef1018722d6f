#!/usr/bin/env bats

load fake-checkout

@test "the second run in a data folder ends with 75, another folder is free" {
  plain_program
  mkdir -p "$DATA"
  exec {held}>>"$DATA/.gristmill.lock"
  flock "$held"
  run -75 master
  [[ $output == *"another run holds the lock"* ]]
  exec {held}>&-
  run -0 master
}

@test "--plan needs no lock and makes no data folder" {
  fake_program </dev/null
  run -0 master --plan
  [ ! -e "$DATA" ]
  [ "$(stages_called)" = discover ]
}

@test "no process of a run holds the lock or the master's end of the pipe" {
  fake_program <<'FAKE'
ls -l "/proc/$$/fd" >>"$CALLS.fds"
case $1 in
  discover) mkdir -p "$STAGING"; printf 'workers\t1\ntimeout\t60\nnews\t1\njob\tj1\tsales\t2\t100\t1\n' ;;
  work) [[ $JOB == j1 ]] && exit 9 ;;
  job) [[ $2 == split ]] && printf 'job\tj1--1\tsales\t1\t100\t1\n' ;;
  check) touch "$STAGING/verdict.json" ;;
esac
exit 0
FAKE
  run -0 master 3>&- # which is a descriptor of the test's own
  [ -s "$CALLS.fds" ]
  run -1 grep -E 'gristmill\.lock' "$CALLS.fds"
  # of the pipe a process has one end to read from, as descriptor 3
  run -1 grep -E '^l-w.* (3|1[0-9]) -> ' "$CALLS.fds"
}
