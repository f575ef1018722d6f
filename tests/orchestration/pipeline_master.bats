#!/usr/bin/env bats

load fake-checkout

@test "the stages come in their order and by their names" {
  plain_program
  run -0 master
  [ "$(stages_called)" = "discover work check transform publish dashboard alert archive finish" ]
  local stage last=''
  for stage in discover work check transform publish dashboard alert archive; do
    [[ $output == *"$last"*$'\n'"$stage "* ]]
    last=$stage
  done
}

@test "a run without news goes from discover to check, dashboard and alert, in one process" {
  plain_program
  JOBS_FOUND='' FAKE_NEWS=0 run -0 master
  [ "$(stages_called)" = "discover quiet" ]
  [[ $output == *$'\n'"discover "*$'\n'"check "*"check is well"*$'\n'"dashboard "*$'\n'"alert "*$'\n'"the end" ]]
  FAKE_CHECK=65 JOBS_FOUND='' FAKE_NEWS=0 run -65 master
}

@test "a run without news that fails is brought to its end all the same" {
  fake_program <<'FAKE'
case $1 in
  discover) mkdir -p "$STAGING"; printf 'workers\t1\ntimeout\t60\nnews\t0\n' ;;
  quiet) exit 1 ;;
esac
exit 0
FAKE
  run -1 master
  [ "$(stages_called)" = "discover quiet finish" ]
}

@test "a held file ends the run with 65, all stages done" {
  plain_program
  FAKE_CHECK=65 run -65 master
  [ "$(stages_called)" = "discover work check transform publish dashboard alert archive finish" ]
}

@test "a fault of a stage beats a held file, and nothing is published after it" {
  plain_program
  FAKE_CHECK=65 FAKE_TRANSFORM=1 run -1 master
  [ "$(stages_called)" = "discover work check transform dashboard alert archive finish" ]
  grep -q -- '--exit-code 1' "$CALLS"
}

@test "what discover refuses ends the run with its code and leaves no staging" {
  fake_program <<'FAKE'
mkdir -p "$STAGING"
echo "gristmill: no_input: nothing there" >&2
exit 66
FAKE
  run -66 master
  [[ $output == *"nothing there"* ]]
  [ "$(stages_called)" = discover ]
  [ -z "$(ls -A "$DATA/staging")" ]
}

@test "the flags of a run reach the stages that decide by them" {
  plain_program
  run -0 master --config-dir /c --source sales --source users --as-of 2026-01-31 --workers 3 --rework --rehash --rebuild
  grep -q '^discover .*--config-dir /c .*--as-of 2026-01-31 --workers 3 --source sales --source users --rework --rehash --rebuild$' "$CALLS"
  grep -q '^transform .*--rebuild$' "$CALLS"
}

@test "--no-archive makes none, --quiet prints the summary alone" {
  plain_program
  run -0 master --no-archive --quiet
  [[ $(stages_called) != *archive* ]]
  [ "$output" = "the end" ]
  FAKE_NEWS=0 run -0 master --quiet
  [ "$output" = "the end" ]
  [ "$(grep -c -e '--quiet' "$CALLS")" = 0 ]
}

@test "the sample is generated into raw/ of its folder" {
  plain_program
  run -0 master --sample
  grep -q "^generate --out $DATA/raw --truth $DATA/sample_truth.jsonl --if-absent$" "$CALLS"
}

@test "a sample folder with other files ends with 78" {
  fake_program <<'FAKE'
[[ $1 == generate ]] && exit 78
exit 0
FAKE
  run -78 master --sample
}

@test "TERM stops the run, ends its processes and leaves nothing half-written" {
  fake_program <<'FAKE'
case $1 in
  discover) mkdir -p "$STAGING"; printf 'workers\t1\ntimeout\t60\nnews\t1\njob\tj1\tsales\t1\t100\t1\n' ;;
  work) echo "$$" >"$CALLS.pid"; echo >"$CALLS.ready"; exec sleep 300 ;;
esac
exit 0
FAKE
  mkfifo "$CALLS.ready"
  bash "$ROOT/orchestration/pipeline_master.sh" --data-dir "$DATA" >"$CALLS.out" 2>&1 3>&- &
  local pid=$! code=0
  read -r <"$CALLS.ready"
  kill -TERM "$pid"
  wait "$pid" || code=$?
  [ "$code" = 143 ]
  grep -q "stopped by TERM in work" "$CALLS.out"
  run -1 kill -0 "$(cat "$CALLS.pid")"
  [ -z "$(ls -A "$DATA/staging")" ]
  flock --nonblock "$DATA/.gristmill.lock" true
}

@test "TERM in a stage leaves no file in the temporary folder" {
  fake_program <<'FAKE'
[[ $1 == discover ]] && { echo >"$CALLS.ready"; exec sleep 300; }
exit 0
FAKE
  mkfifo "$CALLS.ready"
  mkdir "$BATS_TEST_TMPDIR/temporary"
  TMPDIR=$BATS_TEST_TMPDIR/temporary bash "$ROOT/orchestration/pipeline_master.sh" --data-dir "$DATA" >"$CALLS.out" 2>&1 3>&- &
  local pid=$! code=0
  read -r <"$CALLS.ready"
  kill -TERM "$pid"
  wait "$pid" || code=$?
  [ "$code" = 143 ]
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/temporary")" ]
}

@test "a data folder that vanishes in mid-run is said in our own words, with 1" {
  fake_program <<'FAKE'
case $1 in
  discover) mkdir -p "$STAGING"; printf 'workers\t1\ntimeout\t60\nnews\t1\njob\tj1\tsales\t1\t100\t1\n' ;;
  work) rm -rf "$(flag --data-dir "$@")" ;;
esac
exit 0
FAKE
  run -1 master
  [[ ${lines[-1]} == "gristmill: the folder of this run is gone from $DATA (in work): "*"run again" ]]
}

@test "staging that a commit plan names outlives a signal" {
  . "$ROOT/orchestration/lib/all.sh"
  DATA_DIR=$DATA RUN=r1
  mkdir -p "$DATA/staging/r1" "$DATA/processed/_commits"
  touch "$DATA/processed/_commits/r1.json"
  abandon_run
  [ -d "$DATA/staging/r1" ]
  rm "$DATA/processed/_commits/r1.json"
  abandon_run
  [ ! -d "$DATA/staging/r1" ]
}

@test "of all processes only those that send alerts are given further certificates to read" {
  plain_program
  sed -i "2i echo \"\${2:-\$1} \${NODE_EXTRA_CA_CERTS:-none}\" >>'$BATS_TEST_TMPDIR/given'" "$BATS_TEST_TMPDIR/bin/node"
  export NODE_EXTRA_CA_CERTS=/certificates.pem
  master
  FAKE_NEWS=0 master
  for name in --version discover work check transform publish dashboard archive finish; do
    grep -qxe "$name none" "$BATS_TEST_TMPDIR/given"
  done
  [ "$(grep certificates "$BATS_TEST_TMPDIR/given")" = $'alert /certificates.pem\nquiet /certificates.pem' ]
}
