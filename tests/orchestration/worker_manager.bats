#!/usr/bin/env bats

load fake-checkout

# work_program: discover finds JOBS_FOUND (words id:files), each in a process of its own unless SHARED is 1; `work`
# does what the test's function says.
work_program() {
  fake_program <<FAKE
case \$1 in
  discover)
    mkdir -p "\$STAGING"
    printf 'workers\t%s\ntimeout\t%s\nnews\t1\n' "\${FAKE_WORKERS:-1}" "\${FAKE_TIMEOUT:-60}"
    for job in \$JOBS_FOUND; do
      [[ \${SHARED:-0} == 1 && -n \${number-} ]] || number=\$((\${number:-0} + 1))
      printf 'job\t%s\tsales\t%s\t100\t%s\n' "\${job%:*}" "\${job#*:}" "\$number"
    done
    ;;
  work)
    $1
    printf 'worked\t1\t10\t1000\n'
    ;;
  job)
    if [[ \$2 == split ]]; then for n in 1 2 3; do printf 'job\t%s--%s\tsales\t1\t30\t%s\n' "\$JOB" "\$n" "\$n"; done; fi
    ;;
  check) touch "\$STAGING/verdict.json" ;;
esac
exit 0
FAKE
}

calls() {
  grep -c "$1" "$CALLS" || :
}

@test "all jobs are worked on, and what they did is summed up" {
  work_program :
  export JOBS_FOUND="j1:2 j2:1 j3:4"
  FAKE_WORKERS=2 run -0 master
  [ "$(calls '^work ')" = 3 ]
  [[ $output == *"7 of 7 files, 30 records"* ]]
}

@test "no more than the workers' number run at a time, and that many do" {
  work_program 'echo start >>"$CALLS.log"; sleep 0.2; echo end >>"$CALLS.log"'
  export JOBS_FOUND="j1:1 j2:1 j3:1 j4:1"
  FAKE_WORKERS=2 run -0 master
  local line now=0 most=0
  while read -r line; do
    if [ "$line" = start ]; then now=$((now + 1)); else now=$((now - 1)); fi
    if ((now > most)); then most=$now; fi
  done <"$CALLS.log"
  [ "$most" = 2 ]
}

@test "a job that crashes once is tried again and counts as well" {
  work_program '[ -e "$CALLS.once" ] || { touch "$CALLS.once"; kill -SEGV $$; }'
  JOBS_FOUND="j1:1" run -0 master
  [ "$(calls '^work ')" = 2 ]
  [[ $output == *"crashed"* && $output == *"1 of 1 files"* ]]
}

@test "a batch that crashes is tried file by file; the file that crashes again is a fault, the others go on" {
  work_program 'case $JOB in j1 | j1--2) echo "out of luck" >&2; exit 3 ;; esac'
  JOBS_FOUND="j1:3 j2:1" run -1 master
  [ "$(calls '^work ')" = 5 ]
  [ "$(calls '^job fail .*--job j1--2 --reason crashed (exit 3)')" = 1 ]
  [[ $output == *"out of luck"* && $output == *"3 of 4 files"* ]]
  [[ $(stages_called) == *"check transform publish dashboard alert archive finish" ]]
}

@test "jobs of one number share a process" {
  work_program :
  export JOBS_FOUND="j1:2 j2:1 j3:4"
  SHARED=1 run -0 master
  [ "$(calls '^work .*--job j1 --job j2 --job j3$')" = 1 ]
  [ "$(calls '^work ')" = 1 ]
  [[ $output == *"7 of 7 files"* ]]
}

@test "of a shared process that crashes, the jobs that it did not end are tried alone" {
  work_program 'if [[ $* == *"--job j2 --job j3"* ]]; then mkdir -p "$STAGING/work/j1" && touch "$STAGING/work/j1/result.json" && printf "worked\t2\t10\t1000\n"; kill -SEGV $$; fi'
  export JOBS_FOUND="j1:2 j2:1 j3:4"
  SHARED=1 run -0 master
  [ "$(calls '^work ')" = 3 ]
  [ "$(calls '^work .*--job j1$')" = 0 ]
  [[ $output == *"a worker of 3 jobs did not end well"* && $output == *"7 of 7 files, 30 records"* ]]
}

@test "a timeout is final" {
  work_program '[[ $JOB == j1 ]] && exec sleep 60'
  export JOBS_FOUND="j1:3 j2:1"
  FAKE_TIMEOUT=0.3 run -1 master
  [ "$(calls '^work .*--job j1$')" = 1 ]
  [ "$(calls '^job fail .*--job j1 --reason took longer than processing_timeout')" = 1 ]
  [[ $output == *"1 of 4 files"* ]]
}

@test "run alone, it works on the jobs of a run that was discovered" {
  fake_program <<'FAKE'
case $1 in
  job) printf 'workers\t1\ntimeout\t60\njob\tj7\tsales\t1\t100\t1\n' ;;
  work) printf 'worked\t1\t10\t1000\n' ;;
esac
FAKE
  mkdir -p "$DATA/staging/r1"
  run -0 bash "$ROOT/orchestration/worker_manager.sh" --run r1 --data-dir "$DATA"
  [ "$(calls '^work --run r1 .*--job j7$')" = 1 ]
  run -78 bash "$ROOT/orchestration/worker_manager.sh" --run r2 --data-dir "$DATA"
}
