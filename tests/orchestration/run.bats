#!/usr/bin/env bats

load fake-checkout

load_run() {
  . "$ROOT/orchestration/lib/all.sh"
  set +eE
  trap - ERR
  DATA_DIR=$DATA
}

@test "a run is named by the clock in UTC" {
  load_run
  [[ $(next_run_id) =~ ^20[0-9]{6}T[0-9]{6}Z-[0-9a-f]{4}$ ]]
}

@test "a run's name is later than the newest run's, also when the clock jumped back" {
  load_run
  mkdir -p "$DATA/quality/runs"
  touch "$DATA/quality/runs/29991231T235959Z-0a1b.json" "$DATA/quality/runs/20200101T000000Z-ffff.json"
  [[ $(next_run_id) == 30000101T000000Z-* ]]
}

@test "a fault beats bad configuration beats a held file, whatever comes first" {
  load_run
  for codes in "65 1" "1 65" "0 65 143 65" "1 78"; do
    EXIT_CODE=0
    for code in $codes; do note_exit "$code"; done
    [ "$EXIT_CODE" = 1 ]
  done
  EXIT_CODE=0
  note_exit 0
  [ "$EXIT_CODE" = 0 ]
  note_exit 65
  [ "$EXIT_CODE" = 65 ]
  note_exit 78
  note_exit 65
  [ "$EXIT_CODE" = 78 ]
}
