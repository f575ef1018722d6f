#!/usr/bin/env bash
# promtool accepts the metrics of a run.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bash orchestration/pipeline_master.sh --sample --data-dir "$work/data" --quiet --no-archive
promtool check metrics <"$work/data/quality/metrics.prom"
printf '%s metrics\n' "$(grep -c '^# TYPE' "$work/data/quality/metrics.prom")"
