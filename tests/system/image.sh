#!/usr/bin/env bash
# Builds the unmodified Dockerfile with buildah, without a container engine, on a base image made from Debian
# packages and this machine's Node; runs the sample inside as a mapped user with empty volumes, and compares its
# tables with those of the checkout.
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly IMAGE=localhost/gristmill:system BASE=localhost/gristmill-base:system
readonly RUN_UID=12345 LIMIT_MB=450
work=$(mktemp -d)
container=

cleanup() {
  if [[ -n $container ]]; then buildah rm "$container" >/dev/null; fi
  rm -rf "$work"
}
trap cleanup EXIT

build_base() {
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,bash,util-linux,coreutils,findutils,libstdc++6 \
    bookworm "$work/base.tar"
  local scratch
  scratch=$(buildah from scratch)
  buildah add --quiet "$scratch" "$work/base.tar" / >/dev/null
  buildah copy --quiet "$scratch" "$(readlink -f "$(command -v node)")" /usr/local/bin/node >/dev/null
  buildah copy --quiet "$scratch" "$(npm root --global)/npm" /usr/local/lib/node_modules/npm >/dev/null
  # the machine's certificates and registry settings, so that apt and npm work behind its proxy
  buildah copy --quiet "$scratch" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt >/dev/null
  if [[ -d /etc/apt/apt.conf.d ]]; then
    buildah copy --quiet "$scratch" /etc/apt/apt.conf.d /etc/apt/apt.conf.d >/dev/null
  fi
  if [[ -f ~/.npmrc ]]; then buildah copy --quiet "$scratch" ~/.npmrc /root/.npmrc >/dev/null; fi
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$scratch"
  buildah run --isolation chroot "$scratch" -- \
    sh -c 'ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && node --version && npm --version'
  buildah commit --quiet --rm "$scratch" "$BASE" >/dev/null
}

image_megabytes() {
  local all_bytes
  all_bytes=$(buildah inspect --type image --format '{{.Docker.Size}}' "$IMAGE" 2>/dev/null) || all_bytes=0 # older buildah has no size
  if [[ ! $all_bytes =~ ^[0-9]+$ || $all_bytes == 0 ]]; then
    local mount
    mount=$(buildah mount "$container")
    all_bytes=$(du -sxb "$mount" | cut -f1)
    buildah umount "$container" >/dev/null
  fi
  printf '%s\n' "$((all_bytes / 1000000))"
}

main() {
  build_base
  buildah build --quiet --format docker --isolation chroot --build-arg BASE_IMAGE="$BASE" --tag "$IMAGE" . >/dev/null
  container=$(buildah from "$IMAGE")
  # else buildah mounts volumes of its own there, in an order by chance before or after ours
  buildah config --volume /app/data- --volume /app/logs- --volume /app/config- "$container"

  local size
  size=$(image_megabytes)
  printf 'image: %s MB\n' "$size"
  if ((size > LIMIT_MB)); then
    printf 'the image is larger than %s MB\n' "$LIMIT_MB" >&2
    exit 1
  fi

  mkdir -p "$work/data" "$work/logs"
  chown "$RUN_UID:$RUN_UID" "$work/data" "$work/logs"
  buildah run --isolation chroot --user "$RUN_UID:$RUN_UID" \
    --volume "$work/data:/app/data" --volume "$work/logs:/app/logs" "$container" -- \
    /usr/bin/tini -- /app/docker/entrypoint.sh --sample --as-of 2026-01-31
  buildah run --isolation chroot --user "$RUN_UID:$RUN_UID" --volume "$work/data:/app/data" "$container" -- \
    gristmill tables --data-dir /app/data/sample | grep processed/enriched/sales

  bash orchestration/pipeline_master.sh --sample --as-of 2026-01-31 --data-dir "$work/checkout" --quiet
  node tests/system/table-contents.mjs "$work/data/sample" >"$work/image"
  node tests/system/table-contents.mjs "$work/checkout" >"$work/wanted"
  diff "$work/wanted" "$work/image"
  printf '%s tables alike in the image and in the checkout\n' "$(wc -l <"$work/wanted")"
  local owner
  owner=$(stat -c %u "$work/data/sample/quality/dashboard.html")
  [[ $owner == "$RUN_UID" ]] || {
    printf 'files belong to %s, not to the mapped user\n' "$owner" >&2
    exit 1
  }
}

main "$@"
