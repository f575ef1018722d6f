#!/usr/bin/env bats

load fake-checkout

# held: a pipe that a process of the run holds open; its end is the end of that process.

@test "a process of a run ends, its own children too, when the master is killed" {
  mkfifo "$BATS_TEST_TMPDIR/held"
  cat >"$BATS_TEST_TMPDIR/master.sh" <<EOF
ROOT=$ROOT
. "\$ROOT/orchestration/lib/all.sh"
exec {LOCK_FD}>/dev/null
open_master_pipe
start_child bash -c 'exec 4>$BATS_TEST_TMPDIR/held; sleep 300 & sleep 300'
read -r <$BATS_TEST_TMPDIR/go
kill -KILL \$\$
EOF
  mkfifo "$BATS_TEST_TMPDIR/go"
  bash "$BATS_TEST_TMPDIR/master.sh" 3>&- &
  exec {held}<"$BATS_TEST_TMPDIR/held" # open on both sides: the process is there
  echo >"$BATS_TEST_TMPDIR/go"
  timeout 20 cat <&"$held"
}

@test "what a failed process left behind is ended with it" {
  mkfifo "$BATS_TEST_TMPDIR/held"
  cat >"$BATS_TEST_TMPDIR/master.sh" <<EOF
ROOT=$ROOT
. "\$ROOT/orchestration/lib/all.sh"
exec {LOCK_FD}>/dev/null
open_master_pipe
cat $BATS_TEST_TMPDIR/held &
reader=\$!
start_child bash -c 'exec 4>$BATS_TEST_TMPDIR/held; sleep 300 & exit 7'
wait_child \$CHILD || echo "code \$?"
wait \$reader
EOF
  run -0 timeout 20 bash "$BATS_TEST_TMPDIR/master.sh"
  [ "$output" = "code 7" ]
}

@test "stop_children ends a whole session and reaps it" {
  mkfifo "$BATS_TEST_TMPDIR/ready" "$BATS_TEST_TMPDIR/held"
  cat >"$BATS_TEST_TMPDIR/master.sh" <<EOF
ROOT=$ROOT
. "\$ROOT/orchestration/lib/all.sh"
exec {LOCK_FD}>/dev/null
open_master_pipe
cat $BATS_TEST_TMPDIR/held &
reader=\$!
start_child bash -c 'exec 4>$BATS_TEST_TMPDIR/held; sleep 300 & echo >$BATS_TEST_TMPDIR/ready; wait'
read -r <$BATS_TEST_TMPDIR/ready
stop_children
wait \$reader
echo "all gone"
EOF
  run -0 timeout 20 bash "$BATS_TEST_TMPDIR/master.sh"
  [ "$output" = "all gone" ]
}
