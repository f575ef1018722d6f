#!/usr/bin/env bash
# The lake as a stranger meets it, through the pipeline: twins, rollback, faults of the disk, other engines beside it.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for part in twins rollback faults foreign readers; do
  printf '%s\n' "-- $part"
  bash "$part.sh"
done
