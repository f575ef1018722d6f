#!/usr/bin/env bats

load fake-checkout

@test "run alone, it checks a run that was discovered, and ends with the check's code" {
  plain_program
  mkdir -p "$DATA/staging/r1"
  FAKE_CHECK=65 run -65 bash "$ROOT/orchestration/quality_monitor.sh" --run=r1 --data-dir="$DATA"
  grep -q '^check --run r1 ' "$CALLS"
  run -78 bash "$ROOT/orchestration/quality_monitor.sh" --data-dir "$DATA"
}
