#!/usr/bin/env bash
# Runs COMMAND… and, when descriptor 3 comes to its end, kills all of its own session: the master, which holds the
# only writing end of that pipe, is gone. Started by start_child as the leader of a session.

set -u
"$@" 3<&- &
command=$!
{
  read -r -u 3
  kill -KILL 0
} >/dev/null 2>&1 &
watcher=$!
disown "$watcher" # so that its end is not told
exec 3<&-
wait "$command"
code=$?
kill -KILL "$watcher"
exit "$code"
