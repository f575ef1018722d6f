#!/usr/bin/env bash
# A full disk, a read-only folder, a folder that vanishes, a clock that jumps: an exit code and a message, never a half
# table, and the next run mends it. As root: it mounts a small file system of its own.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
readonly DISK=$WORK/disk
trap 'umount "$DISK"; rm -rf "$WORK"' EXIT

resize() { # how much may lie on the disk, in kB
  mount -o "remount,rw,size=${1}k" "$DISK"
}

used() {
  df --output=used -k "$DISK" | tail -n 1
}

first_night() {
  sales first "$(sale o_1)" "$(sale o_2)"
  sessions first "$(session s_1)"
  run 0 --no-archive
}

# second_morning: the first night is over, and new files have come.
second_morning() {
  rm -rf "${DATA:?}"
  cp -a "$WORK/night" "$DATA"
  second_night
}

# second_night: what it leaves is written down on another disk, where nothing fails.
second_night() {
  local row rows=()
  for row in {100..160}; do rows+=("$(sale "o_$row")"); done
  sales second "${rows[@]}"
  sessions second "$(session s_2)"
}

# fails WHAT PATTERN: a run ends with 1 and a message, and each table is wholly as it was, or wholly new.
fails() {
  run 1 --no-archive
  grep --max-count=1 --extended-regexp --ignore-case "$2" "$WORK/said"
  whole_tables "$1"
}

whole_tables() {
  contents processed/ >"$WORK/now"
  local torn
  torn=$(sort -u "$WORK/before" "$WORK/after" | comm -13 - <(sort "$WORK/now"))
  expect "$1: exit 1, torn tables" "$torn" ""
}

mends() {
  run 0 --no-archive
  contents processed/ >"$WORK/now"
  diff "$WORK/after" "$WORK/now"
  printf '%s: the next run mends it\n' "$1"
}

wanted() {
  DATA=$WORK/elsewhere
  first_night
  contents processed/ >"$WORK/before"
  cp -a "$DATA" "$WORK/night"
  second_night
  run 0 --no-archive
  contents processed/ >"$WORK/after"
  DATA=$DISK/data
}

full_disk() {
  local free
  for free in 8 60 120 180; do
    resize 64000
    second_morning
    resize "$(($(used) + free))"
    fails "disk full but for $free kB" 'no space left|ENOSPC'
    resize 64000
    mends "disk full but for $free kB"
  done
}

read_only() {
  second_morning
  mount -o remount,ro "$DISK"
  run 1 --no-archive
  grep --max-count=1 --ignore-case 'read-only' "$WORK/said"
  mount -o remount,rw "$DISK"
  whole_tables "read-only disk"
  mends "read-only disk"
}

# The folder of a table's log goes while the run works; whoever took it brings it back.
vanished() {
  second_morning
  local code=0
  bash orchestration/pipeline_master.sh --data-dir "$DATA" --as-of 2026-01-31 --workers 1 --no-archive >"$WORK/said" 2>&1 &
  local master=$!
  until compgen -G "$DATA/staging/*/work" >/dev/null; do sleep 0.01; done
  mv "$DATA" "$DATA.gone"
  wait "$master" || code=$?
  expect "exit with the folder gone" "$code" 1
  grep --max-count=1 --ignore-case 'no such file' "$WORK/said"
  rm -rf "$DATA"
  mv "$DATA.gone" "$DATA"
  whole_tables "vanished folder"
  mends "vanished folder"
}

# A first night by a clock that is a year ahead, a second by the true one.
jumping_clock() {
  rm -rf "${DATA:?}"
  NODE_OPTIONS="--import $PWD/tests/system/lake/year-ahead.mjs" first_night
  local file
  for file in "$DATA"/quality/runs/*.json; do
    mv "$file" "${file/runs\/20??/runs/2099}"
  done
  second_night
  mends "clock that jumped back"
  [[ $RUN == 2099* ]]
}

main() {
  mkdir "$DISK"
  mount -t tmpfs -o size=64m tmpfs "$DISK"
  wanted
  full_disk
  read_only
  vanished
  jumping_clock
}

main "$@"
