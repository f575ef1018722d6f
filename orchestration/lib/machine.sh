# shellcheck shell=bash
# What the machine must have. This file is readable by Bash 3.2, which is what macOS ships.

# need_machine: name everything that is missing, at once, and end with 78.
need_machine() {
  missing=""
  if [ "${BASH_VERSINFO[0]:-0}" -lt 5 ] ||
    { [ "${BASH_VERSINFO[0]}" -eq 5 ] && [ "${BASH_VERSINFO[1]}" -lt 1 ]; }; then
    missing="${missing}  Bash 5.1 or newer (this one is ${BASH_VERSION:-unknown})
"
  fi
  for tool in flock timeout setsid; do
    command -v "$tool" >/dev/null || missing="${missing}  $tool (Debian: util-linux and coreutils; macOS: brew install flock coreutils util-linux)
"
  done
  if ! command -v node >/dev/null; then
    missing="${missing}  Node 20.19 or newer (there is none)
"
  elif ! node_is_new_enough "$(NODE_EXTRA_CA_CERTS='' node --version)"; then
    missing="${missing}  Node 20.19 or newer (this one is $(NODE_EXTRA_CA_CERTS='' node --version))
"
  fi
  [ -z "$missing" ] && return 0
  echo "gristmill: this machine lacks:" >&2
  printf '%s' "$missing" >&2
  echo "The other way is Docker, which brings all of it: docker compose run --rm pipeline" >&2
  exit 78
}

# node_is_new_enough v20.19.0
node_is_new_enough() {
  node_version=${1#v}
  node_major=${node_version%%.*}
  node_minor=${node_version#*.}
  node_minor=${node_minor%%.*}
  case "$node_major$node_minor" in *[!0-9]* | "") return 1 ;; esac
  [ "$node_major" -gt 20 ] || { [ "$node_major" -eq 20 ] && [ "$node_minor" -ge 19 ]; }
}
