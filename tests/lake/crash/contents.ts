import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Engine } from "../../../engines/engine.js";
import { ident } from "../../../engines/quote.js";
import { decodePath } from "../../../lake/log-actions.js";
import { listLog, parseActions } from "../../../lake/log-files.js";
import { relation } from "../../../lake/relation.js";
import { openTable } from "../../../lake/snapshot.js";
import { listTables } from "../../../lake/tables.js";
import type { DataPaths } from "../../../lib/paths.js";

/** Columns that tell when and in which run, not what. */
const volatile = new Set(["run", "seq", "judged_at", "_run"]);

/** Table → its rows as text, sorted: equal content, whatever the way to it. */
export async function contentsOf(
  paths: DataPaths,
  engine: Engine,
): Promise<Record<string, readonly string[]>> {
  const contents: Record<string, readonly string[]> = {};
  for (const table of listTables(paths)) {
    const snapshot = await openTable(paths, table);
    const columns = snapshot.columns.map(({ name }) => name).filter((name) => !volatile.has(name));
    const rows = await engine.all(`select ${columns.map(ident).join(", ")} from ${relation(snapshot)}`);
    contents[table] = rows.map((row) => JSON.stringify(row, bigintAsText)).sort();
  }
  return contents;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Files of the data folder that should not be there: named by no log, or left by a killed process. */
export function strayFiles(paths: DataPaths): readonly string[] {
  const stray: string[] = [];
  for (const table of listTables(paths)) {
    const folder = paths.table(table);
    const named = namedFiles(folder);
    for (const file of filesBelow(folder)) {
      const path = relative(folder, file);
      const isLog =
        /^_delta_log\/(\d{20}\.(json|checkpoint\.parquet|\d{20}\.compacted\.json)|_last_checkpoint)$/.test(
          path,
        );
      if (!isLog && !named.has(path)) stray.push(file);
    }
  }
  for (const folder of [paths.staging, paths.commits]) stray.push(...filesBelow(folder));
  stray.push(...filesBelow(paths.runs).filter((file) => !/\/[\w-]+\.json$/.test(file)));
  return stray;
}

function namedFiles(folder: string): ReadonlySet<string> {
  const log = listLog(folder);
  const named = new Set<string>();
  for (const version of log.commits) {
    const file = join(log.folder, `${String(version).padStart(20, "0")}.json`);
    for (const action of parseActions(readFileSync(file, "utf8"), file)) {
      if (action.add) named.add(decodePath(action.add.path));
    }
  }
  return named;
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
