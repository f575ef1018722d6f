#!/usr/bin/env bash
# The image runs the same two things as the checkout: the pipeline (default), and `gristmill …`.
set -Eeuo pipefail
cd /app
case "${1:-}" in
  gristmill)
    shift
    exec node dist/main.js "$@"
    ;;
  schedule)
    shift
    exec bash docker/schedule.sh "$@"
    ;;
  *)
    exec bash orchestration/pipeline_master.sh "$@"
    ;;
esac
