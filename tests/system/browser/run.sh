#!/usr/bin/env bash
# The dashboard in a real browser: of the sample, of a troubled run, of 5,000 files and of a first run.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[[ -d tests/system/browser/node_modules ]] || npm ci --prefix tests/system/browser
bash orchestration/pipeline_master.sh --sample --data-dir "$work/data" --quiet --no-archive
SAMPLE_PAGE=$work/data/quality/dashboard.html npx vitest run --config tests/system/browser/vitest.config.ts
