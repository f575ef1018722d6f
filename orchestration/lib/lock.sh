# shellcheck shell=bash
# One run at a time in a data folder. The lock goes with the process that holds it: nothing is left to clean up.

LOCK_FD=''

# take_lock: or end with 75.
take_lock() {
  mkdir -p "$DATA_DIR" || fail 1 "cannot make the data folder $DATA_DIR"
  exec {LOCK_FD}>>"$DATA_DIR/.gristmill.lock" || fail 1 "cannot write to the data folder $DATA_DIR"
  flock --nonblock "$LOCK_FD" || fail 75 "another run holds the lock of $DATA_DIR: wait until it has ended"
}
