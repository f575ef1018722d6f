import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { GristmillError } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";
import type { TableChange } from "../lib/run-types.js";
import { logFolder } from "./log-files.js";
import { openTable, type Snapshot } from "./snapshot.js";

export interface TableSums {
  readonly version: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

/** Names of all tables of a data folder, sorted: `processed/sales`, `quality/ledger` … */
export function listTables(paths: DataPaths): readonly string[] {
  const found: string[] = [];
  for (const area of ["processed", "quality"]) collect(paths, area, found);
  return found.sort();
}

function collect(paths: DataPaths, name: string, found: string[]): void {
  const folder = paths.table(name);
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith("_")) continue;
    const child = `${name}/${entry.name}`;
    if (existsSync(logFolder(join(folder, entry.name)))) found.push(child);
    else if (name.split("/").length === 1) collect(paths, child, found);
  }
}

/** The full name of a table: given whole, without `processed/`, or by its last part. Throws unknown_table. */
export function resolveTable(paths: DataPaths, name: string): string {
  const tables = listTables(paths);
  const candidates = [name, `processed/${name}`, `quality/${name}`];
  const exact = candidates.find((candidate) => tables.includes(candidate));
  if (exact !== undefined) return exact;
  const byLastPart = tables.filter((table) => table.endsWith(`/${name}`));
  if (byLastPart.length === 1 && byLastPart[0] !== undefined) return byLastPart[0];
  throw new GristmillError(
    "unknown_table",
    `there is no table ${name}${tables.length > 0 ? `; the tables are ${tables.join(", ")}` : ": no run has published one"}`,
  );
}

export function tableSums(snapshot: Snapshot): TableSums {
  return {
    version: snapshot.version,
    rows: snapshot.files.reduce((sum, file) => sum + file.rows, 0),
    files: snapshot.files.length,
    bytes: snapshot.files.reduce((sum, file) => sum + file.size, 0),
  };
}

/** Sums of every table as they will be once the changes are committed. */
export async function sumsAfter(
  paths: DataPaths,
  changes: readonly TableChange[],
): Promise<Readonly<Record<string, TableSums>>> {
  const sums: Record<string, TableSums> = {};
  const names = new Set([...listTables(paths), ...changes.map((change) => change.table)]);
  for (const name of [...names].sort()) {
    const snapshot = await openTable(paths, name);
    const change = changes.find((candidate) => candidate.table === name);
    sums[name] = change === undefined ? tableSums(snapshot) : changedSums(snapshot, change);
  }
  return sums;
}

function changedSums(snapshot: Snapshot, change: TableChange): TableSums {
  const gone = new Set(change.removes);
  const files = [
    ...snapshot.files.filter((file) => !gone.has(file.path)).map(({ rows, size }) => ({ rows, size })),
    ...change.adds.map(({ rows, size }) => ({ rows, size })),
  ];
  return {
    version: snapshot.version + 1,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
  };
}
