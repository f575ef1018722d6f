#!/usr/bin/env bash
# Installs the peers of the bench into its cache (~/.cache/gristmill-bench). What cannot be had is said and left out of the races.
set -Eeuo pipefail
shopt -s inherit_errexit

readonly QSV_VERSION=8.1.1

main() {
  local target=${XDG_CACHE_HOME:-$HOME/.cache}/gristmill-bench/peers
  mkdir -p "$target"
  install_python "$target" || echo "python peers: not installed" >&2
  install_qsv "$target" || echo "qsv: not installed" >&2
}

install_python() {
  [[ -x $1/venv/bin/python ]] || python3 -m venv "$1/venv" || return 1
  "$1/venv/bin/pip" install --quiet --disable-pip-version-check \
    polars==1.35.2 pandas==2.3.3 pyarrow==22.0.0 great_expectations==1.9.0 || return 1
}

install_qsv() {
  local archive=qsv-$QSV_VERSION-x86_64-unknown-linux-gnu.zip
  [[ -x $1/qsv ]] && return 0
  command -v unzip >/dev/null || return 1
  curl --fail --silent --show-error --location --output "$1/$archive" \
    "https://github.com/dathere/qsv/releases/download/$QSV_VERSION/$archive" || return 1
  unzip -q -o -d "$1" "$1/$archive" qsv || return 1
}

main "$@"
