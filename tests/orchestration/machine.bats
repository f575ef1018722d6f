#!/usr/bin/env bats

load fake-checkout

@test "everything that is missing is named at once, with Docker as the other way" {
  mkdir -p "$BATS_TEST_TMPDIR/empty"
  ln -s "$(command -v dirname)" "$BATS_TEST_TMPDIR/empty/dirname"
  run -78 env PATH="$BATS_TEST_TMPDIR/empty" "$BASH" "$ROOT/orchestration/pipeline_master.sh" --help
  for name in flock timeout setsid "Node 20.19" Docker; do [[ $output == *"$name"* ]]; done
}

@test "Node below 20.19 is not enough" {
  . "$ROOT/orchestration/lib/machine.sh"
  node_is_new_enough v20.19.0
  node_is_new_enough v24.1.0
  run -1 node_is_new_enough v20.18.3
  run -1 node_is_new_enough v18.20.0
  run -1 node_is_new_enough nonsense
}

@test "the first block speaks the Bash of macOS: nothing newer than POSIX functions and tests" {
  sed -n '/^need_machine/,$p' "$ROOT/orchestration/lib/machine.sh" >"$BATS_TEST_TMPDIR/block"
  run -1 grep -nE '\[\[|\bdeclare\b|\blocal\b|mapfile|\$\{[^}]*(,,|\^\^|@)' "$BATS_TEST_TMPDIR/block"
}
