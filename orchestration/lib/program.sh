# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files beside this one
# The program that decides and drives: installed and built when it must be.

# At each start Node reads the bundle of certificates that the environment names, which takes it longer than all else;
# but only who sends alerts speaks TLS.
SENDER=(node "$ROOT/dist/main.js")
PROGRAM=(env -u NODE_EXTRA_CA_CERTS "${SENDER[@]}")

# prepare_program: install and build what is missing or older than its sources. Says so; else silent and quick.
prepare_program() {
  is_installed && is_built && return 0
  local lock
  exec {lock}<"$ROOT"
  flock "$lock"
  if ! is_installed; then
    echo "gristmill: installing packages (once)" >&2
    quietly npm --prefix "$ROOT" ci --no-audit --no-fund --loglevel=error {lock}<&-
  fi
  if ! is_built; then
    echo "gristmill: building (once)" >&2
    quietly npm --prefix "$ROOT" run --silent build {lock}<&-
  fi
  exec {lock}<&-
}

# A checkout has a lock file; an image has the packages alone. npm writes the two lock files a moment apart.
is_installed() {
  local packages=$ROOT/node_modules/.package-lock.json
  [[ -d $ROOT/node_modules ]] || return 1
  [[ ! -e $ROOT/tsconfig.build.json ]] && return 0
  [[ -e $packages ]] && (($(stat -c %Y "$ROOT/package-lock.json") <= $(stat -c %Y "$packages") + 30))
}

# Built, and no source, lock file or compiler option is newer than the build.
is_built() {
  [[ -e $ROOT/dist/main.js ]] || return 1
  [[ ! -e $ROOT/tsconfig.build.json ]] && return 0
  local newer
  newer=$(cd "$ROOT" && find main.ts commands runs processing contracts quality transformations lake monitoring engines lib generator \
    tsconfig.json tsconfig.build.json rolldown.config.mjs package-lock.json \
    \( -name '*.ts' -o -name '*.json' -o -name rolldown.config.mjs \) -newer dist/main.js -print -quit)
  [[ -z $newer ]]
}

# quietly COMMAND…: its output is shown only when it fails.
quietly() {
  local output
  if ! output=$("$@" 2>&1); then
    printf '%s\n' "$output" >&2
    fail 1 "this failed: $*"
  fi
}
