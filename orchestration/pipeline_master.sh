#!/usr/bin/env bash
# From raw files to trusted tables: one run. Flags: --help.
# shellcheck source-path=SCRIPTDIR

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
. "$ROOT/orchestration/lib/all.sh"

main() {
  parse_flags "$@"
  answer_at_once
  prepare_program
  ((! PLAN)) || show_plan
  take_lock
  ((! SAMPLE)) || make_sample

  start_run
  discover
  ((NEWS)) || end_quietly

  work
  check
  publish_all
  dashboard
  alert
  ((! ARCHIVE)) || archive
  finish_run
  exit "$EXIT_CODE"
}

# answer_at_once: --help and --version make no run.
answer_at_once() {
  case $WANT in
    help) usage && exit 0 ;;
    version) prepare_program && exec "${PROGRAM[@]}" --version ;;
  esac
}

# make_sample: a small generated shop; a second time it is there already.
make_sample() {
  local code=0
  "${PROGRAM[@]}" generate --out "$DATA_DIR/raw" --truth "$DATA_DIR/sample_truth.jsonl" --if-absent {LOCK_FD}>&- || code=$?
  ((code == 0)) || exit "$code"
}

# end_quietly: nothing is new. Check (freshness), dashboard, alert and the end share a process.
end_quietly() {
  quiet_stages
  exit "$EXIT_CODE"
}

# publish_all: the new tables beside the old ones, then one commit plan. A fault before it leaves all as it was.
publish_all() {
  judged || return 0
  transform
  ((STAGE_CODE == 0)) || return 0
  publish
}

transform() {
  local flags=()
  ((! REBUILD)) || flags+=(--rebuild)
  plain_stage transform "${flags[@]}"
}

publish() {
  plain_stage publish
}

archive() {
  plain_stage archive
}

if ((${#BASH_SOURCE[@]} == 1)); then main "$@"; fi
