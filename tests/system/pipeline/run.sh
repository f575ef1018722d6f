#!/usr/bin/env bash
# What people do from one end to the other, over all formats: longer than the first suite's time allows.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

npx vitest run --config tests/system/pipeline/vitest.config.ts
