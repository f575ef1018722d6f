# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/..
# Everything that an entry needs, in order. ROOT is set by the entry.

. "$ROOT/orchestration/lib/machine.sh"
need_machine
. "$ROOT/orchestration/lib/strict.sh"
. "$ROOT/orchestration/lib/output.sh"
. "$ROOT/orchestration/lib/flags.sh"
. "$ROOT/orchestration/lib/program.sh"
. "$ROOT/orchestration/lib/lock.sh"
. "$ROOT/orchestration/lib/child.sh"
. "$ROOT/orchestration/lib/run.sh"
. "$ROOT/orchestration/lib/progress.sh"
. "$ROOT/orchestration/data_discovery.sh"
. "$ROOT/orchestration/worker_manager.sh"
. "$ROOT/orchestration/quality_monitor.sh"
