#!/usr/bin/env bash
# Runs the README's code blocks that are marked for it (```bash run), in order, in a fresh clone without node_modules.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

marked_blocks() {
  awk '/^```bash run$/ { inside = 1; next } /^```$/ { if (inside) print ""; inside = 0 } inside' README.md
}

main() {
  git clone --quiet . "$work/clone"
  marked_blocks >"$work/blocks.sh"
  if [[ ! -s $work/blocks.sh ]]; then
    printf 'README.md marks no block\n' >&2
    exit 1
  fi
  (
    cd "$work/clone"
    bash -Eeuo pipefail -x "$work/blocks.sh"
  )
  [[ -s $work/clone/data/sample/quality/dashboard.html ]] || {
    printf 'no dashboard after the README was followed\n' >&2
    exit 1
  }
  printf '%s commands of the README ran\n' "$(grep -cE '^[^#[:space:]]' "$work/blocks.sh")"
}

main "$@"
