#!/usr/bin/env bats

load fake-checkout

@test "run alone, it prints the plan and starts no run" {
  fake_program <<'FAKE'
echo "work sales a.csv (new)"
FAKE
  run -0 bash "$ROOT/orchestration/data_discovery.sh" --data-dir "$DATA" --source sales
  [ "$output" = "work sales a.csv (new)" ]
  grep -q "^discover --plan --data-dir $DATA --engine duckdb --source sales$" "$CALLS"
  [ ! -e "$DATA" ]
}

@test "each script runs from within its own folder" {
  fake_program <<'FAKE'
echo "the plan"
FAKE
  cd "$ROOT/orchestration"
  run -0 bash data_discovery.sh --data-dir "$DATA"
  [ "$output" = "the plan" ]
  run -0 bash worker_manager.sh --help
  run -0 bash quality_monitor.sh --help
}

@test "what discover checked of the configuration is told to the stages after it" {
  fake_program <<'FAKE'
echo "$1 ${GRISTMILL_CHECKED_CONFIG:-none}" >>"$CALLS.config"
case $1 in
  discover) mkdir -p "$STAGING"; printf 'workers\t1\ntimeout\t60\nnews\t0\nconfig\tf00\n' ;;
esac
exit 0
FAKE
  run -0 master
  [ "$(head -2 "$CALLS.config" | tr '\n' ' ')" = "discover none quiet f00 " ]
}
