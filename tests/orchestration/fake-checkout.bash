# shellcheck shell=bash
# A checkout whose program is a script of the test's own, and a data folder, both below the test's folder.

bats_require_minimum_version 1.5.0

setup() {
  REAL_ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  export NO_COLOR=1
  unset GRISTMILL_DATA_DIR GRISTMILL_CONFIG_DIR
  ROOT=$BATS_TEST_TMPDIR/checkout
  DATA=$BATS_TEST_TMPDIR/data
  mkdir -p "$ROOT/dist" "$ROOT/node_modules"
  cp -R "$REAL_ROOT/orchestration" "$ROOT/orchestration"
  touch "$ROOT/dist/main.js"
  export CALLS=$BATS_TEST_TMPDIR/calls
  : >"$CALLS"
}

# fake_program: standard input is the script that stands for `node dist/main.js`; $1 is the subcommand.
# shellcheck disable=SC2016 # the script is written here and expanded there
fake_program() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  {
    printf '%s\n' '#!/usr/bin/env bash' \
      'if [[ $1 == --version ]]; then echo v20.19.0; exit; fi' \
      'shift; echo "$*" >>"$CALLS"' \
      'flag() { local name=$1; shift; while (($#)); do [[ $1 == "$name" ]] && { echo "$2"; return; }; shift; done; }' \
      'STAGING=$(flag --data-dir "$@")/staging/$(flag --run "$@")' \
      'JOB=$(flag --job "$@")'
    cat
  } >"$BATS_TEST_TMPDIR/bin/node"
  chmod +x "$BATS_TEST_TMPDIR/bin/node"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# plain_program: every stage succeeds; discover finds the jobs in JOBS_FOUND (words id:files).
plain_program() {
  fake_program <<'FAKE'
case $1 in
  discover)
    mkdir -p "$STAGING"
    printf 'said\tsome files\nworkers\t%s\ntimeout\t%s\nconfig\tabc\nnews\t%s\n' "${FAKE_WORKERS:-2}" "${FAKE_TIMEOUT:-60}" "${FAKE_NEWS:-1}"
    for job in ${JOBS_FOUND-j1:1}; do printf 'job\t%s\tsales\t%s\t100\t%s\n' "${job%:*}" "${job#*:}" "$((++number))"; done
    ;;
  work) printf 'worked\t1\t10\t1000\n' ;;
  check)
    touch "$STAGING/verdict.json"
    exit "${FAKE_CHECK:-0}"
    ;;
  transform) exit "${FAKE_TRANSFORM:-0}" ;;
  quiet)
    for name in check dashboard alert; do printf 'stage\t%s\t0.1\t%s is well\n' "$name" "$name"; done
    echo "the end"
    rm -r "$STAGING"
    exit "${FAKE_CHECK:-0}"
    ;;
  finish) echo "the end" ;;
esac
exit 0
FAKE
}

master() {
  bash "$ROOT/orchestration/pipeline_master.sh" --data-dir "$DATA" "$@"
}

# stages_called: the subcommands in the order of their calls.
stages_called() {
  local line names=()
  while read -r line; do names+=("${line%% *}"); done <"$CALLS"
  echo "${names[*]}"
}
