#!/usr/bin/env bash
# The second suite: what needs more than npm packages. Run setup.sh first. Prints a line a part, then the sums.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly CACHE=$PWD/tests/system/.cache
export PATH=$CACHE/bin:$CACHE/venv/bin:$PATH
passed=0 failed=0

# part NAME COMMAND…: run one part with its output in a log, and show the log where it fails.
part() {
  local name=$1 started=$SECONDS code=0
  shift
  mkdir -p "$CACHE/logs"
  printf '%s … ' "$name"
  "$@" >"$CACHE/logs/$name.log" 2>&1 || code=$?
  if ((code == 0)); then
    passed=$((passed + 1))
    printf 'passed (%s s)\n' "$((SECONDS - started))"
    tail -n 4 "$CACHE/logs/$name.log" | sed 's/^/    /'
  else
    failed=$((failed + 1))
    printf 'FAILED with %s (%s s)\n' "$code" "$((SECONDS - started))"
    tail -n 80 "$CACHE/logs/$name.log" | sed 's/^/    /'
  fi
}

main() {
  npm run --silent build
  part lint bash tests/system/lint.sh
  part readme bash tests/system/readme.sh
  part walkthrough bash tests/system/walkthrough.sh
  part pipeline bash tests/system/pipeline/run.sh
  part image bash tests/system/image.sh
  part browser bash tests/system/browser/run.sh
  part delta-rs bash tests/system/delta-rs/run.sh
  part archive bash tests/system/archive/run.sh
  part lake bash tests/system/lake/run.sh
  part orders bash tests/system/orders/run.sh
  part spark bash tests/system/spark/run.sh
  part crash bash tests/system/crash/run.sh
  part metrics bash tests/system/metrics.sh
  printf '%s passed, %s failed\n' "$passed" "$failed"
  ((failed == 0))
}

main "$@"
