#!/usr/bin/env bash
# Follows docs/architecture.md: its files (```… file=NAME) make a new source and a model, without touching code.
# shellcheck disable=SC2016  # the programs for node are quoted on purpose
set -Eeuo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

write_files() {
  node -e '
    const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
    const { dirname, join } = require("node:path");
    const page = readFileSync("docs/architecture.md", "utf8");
    for (const [, name, text] of page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)) {
      const file = join(process.argv[1], name.startsWith("raw/") ? "data" : "config", name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  ' "$work"
}

run() {
  local code=0
  bash orchestration/pipeline_master.sh --data-dir "$work/data" --config-dir "$work/config" --quiet || code=$?
  printf 'exit %s\n' "$code"
  ((code == $1))
}

main() {
  write_files
  run 65
  node dist/main.js release returns/2026-01-05.csv --data-dir "$work/data" --config-dir "$work/config"
  run 0
  node dist/main.js tables --data-dir "$work/data" --config-dir "$work/config" --json | node -e '
    const tables = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const rows = Object.fromEntries(tables.map((table) => [table.name, table.rows]));
    const wanted = { "processed/returns": 2, "processed/enriched/returns": 2, "processed/aggregated/returns_by_reason": 2 };
    for (const [name, count] of Object.entries(wanted)) {
      if (rows[name] !== count) throw new Error(`${name}: ${rows[name]} rows, expected ${count}`);
      console.log(`${name}: ${count} rows`);
    }
  '
}

main "$@"
