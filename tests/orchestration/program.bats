#!/usr/bin/env bats

load fake-checkout

# A checkout with sources and a lock file, built a moment after they were written.
checkout() {
  mkdir -p "$ROOT"/{commands,runs,processing,contracts,quality,transformations,lake,monitoring,engines,lib,generator}
  touch -d '1 hour ago' "$ROOT"/{main.ts,lib/a.ts,package-lock.json,tsconfig.json,tsconfig.build.json,rolldown.config.mjs}
  touch "$ROOT/node_modules/.package-lock.json" "$ROOT/dist/main.js"
}

load_program() {
  . "$ROOT/orchestration/lib/all.sh"
  set +eE
  trap - ERR
}

@test "a fresh build is left alone" {
  checkout && load_program
  is_installed && is_built
}

@test "a source that is newer than the build asks for a build, not for packages" {
  checkout && load_program
  touch -d '1 hour' "$ROOT/lib/a.ts"
  is_installed
  run -1 is_built
}

@test "a newer lock file asks for packages and a build" {
  checkout && load_program
  touch -d '1 hour' "$ROOT/package-lock.json"
  run -1 is_installed
  run -1 is_built
}

@test "an image has no sources: nothing is ever built there" {
  load_program
  is_installed && is_built
}

@test "what is missing is made once, and --version answers" {
  checkout
  rm "$ROOT/dist/main.js"
  fake_program <<'FAKE'
echo 1.2.3
FAKE
  printf '%s\n' '#!/usr/bin/env bash' 'echo "npm $*" >>"$CALLS"' "touch '$ROOT/dist/main.js'" >"$BATS_TEST_TMPDIR/bin/npm"
  chmod +x "$BATS_TEST_TMPDIR/bin/npm"
  run -0 master --version
  [[ $output == *"building (once)"*1.2.3 ]]
  grep -q 'npm --prefix .* run --silent build' "$CALLS"
  run -0 master --version
  [ "$output" = 1.2.3 ]
}

@test "a failed build shows why and ends with 1" {
  checkout
  rm "$ROOT/dist/main.js"
  fake_program </dev/null
  printf '%s\n' '#!/usr/bin/env bash' 'echo "no such type" >&2; exit 2' >"$BATS_TEST_TMPDIR/bin/npm"
  chmod +x "$BATS_TEST_TMPDIR/bin/npm"
  run -1 master --version
  [[ $output == *"no such type"* ]]
}
