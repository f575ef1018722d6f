#!/usr/bin/env bats

load helper

@test "a process of a run sees the end of its pipe when the master is killed" {
  cat >"$BATS_TEST_TMPDIR/master.sh" <<EOF
ROOT=$ROOT
. "\$ROOT/orchestration/lib/all.sh"
exec {LOCK_FD}>/dev/null
open_master_pipe
start_child bash -c 'read -r -u 3; echo gone >$BATS_TEST_TMPDIR/seen'
echo \$CHILD >$BATS_TEST_TMPDIR/pid
kill -KILL \$\$
EOF
  run -137 bash "$BATS_TEST_TMPDIR/master.sh"
  child=$(cat "$BATS_TEST_TMPDIR/pid")
  tail --pid="$child" --sleep-interval=0.05 -f /dev/null
  [ "$(cat "$BATS_TEST_TMPDIR/seen")" = gone ]
}

@test "stop_children ends a whole session and reaps it" {
  # a pipe that the grandchild holds open: its end is the grandchild's
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
