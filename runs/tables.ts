import { relation } from "../lake/relation.js";
import type { TableVersion } from "../lake/run-versions.js";
import { tableVersions } from "../lake/run-versions.js";
import { openTable, type Snapshot } from "../lake/snapshot.js";
import { listTables, resolveTable, tableSums } from "../lake/tables.js";
import { GristmillError } from "../lib/errors.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import type { RunContext } from "./run-context.js";
import { openStageEngine } from "./stage-engine.js";

/** A table's name and sums. */
export type TableLine = { readonly name: string } & ReturnType<typeof tableSums>;

/** A table at a version, its versions up to that one, and some of its rows. */
export interface ShownTable {
  readonly snapshot: Snapshot;
  readonly versions: readonly TableVersion[];
  readonly rows: readonly Record<string, unknown>[];
}

export async function tableList(paths: DataPaths): Promise<readonly TableLine[]> {
  const lines: TableLine[] = [];
  for (const name of listTables(paths)) lines.push({ name, ...tableSums(await openTable(paths, name)) });
  return lines;
}

/** Look into a table by its full or short name. Throws unknown_table, unknown_version. */
export async function showTable(
  context: RunContext,
  name: string,
  version: number | undefined,
  wanted: number,
): Promise<ShownTable> {
  const table = resolveTable(context.paths, name);
  const snapshot = await openTable(context.paths, table, version);
  const rows = wanted > 0 ? await someRows(context, snapshot, wanted) : [];
  const versions = tableVersions(context.paths, table).filter((entry) => entry.version <= snapshot.version);
  return { snapshot, versions, rows };
}

async function someRows(
  context: RunContext,
  snapshot: Snapshot,
  wanted: number,
): Promise<readonly Record<string, unknown>[]> {
  const engine = await openStageEngine(context.config(), temporary(context.paths));
  try {
    const rows = await engine.all(`select * from ${relation(snapshot)} limit ${wanted}`);
    return rows.map(printable);
  } catch (error) {
    if (!/No files found|No such file/.test(String(error))) throw error;
    throw new GristmillError(
      "unknown_version",
      `files of ${snapshot.table} version ${snapshot.version} are gone: vacuum removed them after retention.table_days`,
      { cause: error },
    );
  } finally {
    engine.close();
  }
}

function temporary(paths: DataPaths): string {
  return stagingPaths(paths, `tables-${process.pid}`).temp;
}

/** 64-bit integers and bytes as JSON can hold them. */
function printable(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === "bigint")
        return [name, Number.isSafeInteger(Number(value)) ? Number(value) : String(value)];
      return [name, value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value];
    }),
  );
}
