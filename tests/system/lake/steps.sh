# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the parts
# What the parts of the lake suite do step by step: put files, run the pipeline, look, and compare. Sourced.

set -Eeuo pipefail
shopt -s inherit_errexit
trap 'printf "failed at %s:%s\n" "${BASH_SOURCE[0]}" "$LINENO" >&2' ERR
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
WORK=$(mktemp -d)
DATA=$WORK/data CONFIG=

gristmill() {
  local command=$1
  shift
  node dist/main.js "$command" "$@" --data-dir "$DATA" ${CONFIG:+--config-dir "$CONFIG"}
}

# run CODE [FLAGS…]: one run of the pipeline that must end with CODE. What it said is in $WORK/said, its name in RUN.
run() {
  local wanted=$1 code=0
  shift
  bash orchestration/pipeline_master.sh --data-dir "$DATA" ${CONFIG:+--config-dir "$CONFIG"} --as-of 2026-01-31 \
    --workers 1 "$@" >"$WORK/said" 2>&1 || code=$?
  if ((code != wanted)); then
    cat "$WORK/said" >&2
    printf 'exit %s, expected %s\n' "$code" "$wanted" >&2
    return 1
  fi
  RUN=$(sed -n 's/.*run \([0-9]*T[0-9]*Z-[0-9a-f]*\) in.*/\1/p' "$WORK/said")
}

# expect WHAT GOT WANTED
expect() {
  if [[ $2 != "$3" ]]; then
    printf '%s: got %s, expected %s\n' "$1" "$2" "$3" >&2
    return 1
  fi
  printf '%s: %s\n' "$1" "${2:-nothing}"
}

# column TABLE COLUMN: its values, sorted.
column() {
  gristmill tables show "$1" --rows 1000 --json | node -e '
    const { sample } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(sample.map((row) => row[process.argv[1]]).sort().join(" "));
  ' "$2"
}

# status PATH: of a file, in the newest run file.
status() {
  gristmill tables show ledger --rows 1000 --json | node -e '
    const { sample } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const own = sample.filter((row) => row.path === process.argv[1]).sort((a, b) => Number(a.seq) - Number(b.seq));
    console.log(own.at(-1)?.status ?? "unknown");
  ' "$1"
}

# contents: a line a table, name, rows and hash.
contents() {
  node tests/system/table-contents.mjs "$DATA" "$@"
}

# sales NAME ROW…: a file of sales, known by their content.
sales() {
  local name=$1
  shift
  mkdir -p "$DATA/raw/sales"
  {
    echo order_id,product_id,quantity,unit_price,sold_at
    printf '%s\n' "$@"
  } >"$DATA/raw/sales/$name.csv"
}

# sessions NAME ROW…: a file of sessions, known by their key.
sessions() {
  local name=$1
  shift
  mkdir -p "$DATA/raw/user_sessions"
  {
    echo session_id,user_id,start_time,end_time,pages_visited,products_viewed,products_added_to_cart,conversion,total_spent,device_type,browser
    printf '%s\n' "$@"
  } >"$DATA/raw/user_sessions/sessions_$name.csv"
}

sale() { # order → a row
  printf '%s,p_1,2,10.50,2026-01-02 10:00:00' "$1"
}

session() {
  printf '%s,u_1,2026-01-02 10:00:00,2026-01-02 10:30:00,3,2,1,false,0.00,mobile,Firefox' "$1"
}
