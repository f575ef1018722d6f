# shellcheck shell=bash
# What people see. Errors go to standard error, all else to standard output unless --quiet is given.

QUIET=0 ON_TERMINAL=0
if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then ON_TERMINAL=1; fi

say() {
  ((QUIET)) || printf '%s\n' "$*"
}

complain() {
  clear_line
  printf 'gristmill: %s\n' "$*" >&2
}

# fail CODE MESSAGE: say what is wrong and end.
fail() {
  local code=$1
  shift
  complain "$*"
  exit "$code"
}

# is_terminal: whether progress can be drawn over one line. Looked at once: in $(…) the answer is another.
is_terminal() {
  ((ON_TERMINAL))
}

# paint STYLE TEXT: bold or dim on a terminal, plain elsewhere and under NO_COLOR.
paint() {
  local style=$1 text=$2
  if [[ -n ${NO_COLOR:-} ]] || ! is_terminal; then
    printf '%s' "$text"
    return
  fi
  case $style in
    bold) printf '\033[1m%s\033[0m' "$text" ;;
    dim) printf '\033[2m%s\033[0m' "$text" ;;
    *) printf '%s' "$text" ;;
  esac
}

# draw_line TEXT: replace the last line of a terminal.
draw_line() {
  ((QUIET)) || printf '\r\033[K%s' "$1"
}

clear_line() {
  if ((! QUIET)) && is_terminal; then printf '\r\033[K'; fi
}

# seconds_since MICROSECONDS: as 1.2, from a reading of ${EPOCHREALTIME/[^0-9]/}
seconds_since() {
  local elapsed=$((${EPOCHREALTIME/[^0-9]/} - $1))
  printf '%d.%d' $((elapsed / 1000000)) $((elapsed % 1000000 / 100000))
}
