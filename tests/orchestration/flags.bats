#!/usr/bin/env bats

load fake-checkout

flags() {
  (
    . "$ROOT/orchestration/lib/all.sh"
    parse_flags "$@"
    declare -p DATA_DIR CONFIG_DIR LOG_DIR WORKERS AS_OF ENGINE SOURCES SAMPLE PLAN REWORK REHASH REBUILD ARCHIVE QUIET WANT
  )
}

@test "every flag is taken, with a blank and with =" {
  run -0 flags --data-dir /d --config-dir=/c --workers 3 --source=sales --source users --as-of=2026-01-31 \
    --engine duckdb --log-dir=/l --plan --rework --rehash --rebuild --no-archive --quiet
  for want in 'DATA_DIR="/d"' 'CONFIG_DIR="/c"' 'WORKERS="3"' '[0]="sales" [1]="users"' 'AS_OF="2026-01-31"' \
    'LOG_DIR="/l"' 'PLAN="1"' 'REWORK="1"' 'REHASH="1"' 'REBUILD="1"' 'ARCHIVE="0"' 'QUIET="1"' 'WANT="run"'; do
    [[ $output == *"$want"* ]] || { echo "no $want" && false; }
  done
}

@test "relative folders are seen from where the command was given" {
  cd "$BATS_TEST_TMPDIR"
  run -0 flags --data-dir here
  [[ $output == *"DATA_DIR=\"$BATS_TEST_TMPDIR/here\""* ]]
}

@test "the sample has a data folder of its own, unless one is given" {
  run -0 flags --sample
  [[ $output == *"DATA_DIR=\"$ROOT/data/sample\""* ]]
  run -0 flags --sample --data-dir /d
  [[ $output == *'DATA_DIR="/d"'* ]]
}

@test "what is unknown, missing or malformed ends with 78 and names the flag" {
  local bad
  for bad in "--bogus" "extra" "--workers 0" "--workers=two" "--as-of=yesterday" "--engine=pig" "--data-dir" "--source=" \
    "--plan=yes" "--workers"; do
    # shellcheck disable=SC2086 # a flag and its value are two words
    run -78 flags $bad
    [[ $output == *"${bad%%[ =]*}"* ]]
  done
}

@test "spark is told to be not built yet" {
  run -78 flags --engine spark
  [[ $output == *"spark is not built yet"* ]]
}

@test "--help and --version make no run" {
  run -0 master --help
  [[ $output == *--rebuild* && $output == *"65 some file is held back"* ]]
  [ ! -e "$DATA" ]
}
