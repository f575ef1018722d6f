#!/usr/bin/env bash
# The whole pipeline over all sources, killed at more than 100 operations and at random moments; and the lake's own full matrix.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

export CRASH_MATRIX=full CRASH_POINTS=${CRASH_POINTS:-120} CRASH_RANDOM=${CRASH_RANDOM:-9}
export CRASH_SEED=${CRASH_SEED:-$RANDOM}
printf 'seed %s\n' "$CRASH_SEED"
npx vitest run tests/lake/crash
npx vitest run --config tests/system/crash/vitest.config.ts
