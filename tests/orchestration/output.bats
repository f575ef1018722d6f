#!/usr/bin/env bats

load fake-checkout

@test "elsewhere than on a terminal lines are plain: no colour, no carriage return" {
  plain_program
  unset NO_COLOR
  run -0 master
  [[ $output != *$'\033'* && $output != *$'\r'* ]]
}

@test "on a terminal progress is drawn over one line; NO_COLOR takes the colours, not the progress" {
  plain_program
  export TERM=xterm
  unset NO_COLOR
  run -0 script --quiet --return --command "bash '$ROOT/orchestration/pipeline_master.sh' --data-dir '$DATA'" /dev/null
  printf '%q\n' "$output"
  [[ $output == *$'\r\033[K'* && $output == *$'\033[1m'* ]]
  NO_COLOR=1 run -0 script --quiet --return --command "bash '$ROOT/orchestration/pipeline_master.sh' --data-dir '$DATA'" /dev/null
  [[ $output == *$'\r\033[K'* && $output != *$'\033[1m'* ]]
}
