import { sqlType } from "../lake/columns.js";
import { relation } from "../lake/relation.js";
import { tableVersions } from "../lake/run-versions.js";
import { openTable, type Snapshot } from "../lake/snapshot.js";
import { listTables, resolveTable, tableSums } from "../lake/tables.js";
import { GristmillError } from "../lib/errors.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import { openStageEngine } from "../runs/stage-engine.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { textTable } from "./text-table.js";

/** `tables` lists them; `tables show NAME --version N` looks into one, also as it was. */
export const command: CommandSpec = {
  configure: (sub) =>
    sub
      .argument("[action]", "show")
      .argument("[name]", "processed/sales, or short: sales")
      .option("--version <n>", "as it was at this version")
      .option("--rows <n>", "print some rows too, as they are: personal columns may be among them", "0"),
  execute: async (context, options, [action, name]) => {
    if (action === undefined) return list(context);
    if (action !== "show" || name === undefined) {
      throw new GristmillError("bad_flag", "tables takes nothing, or show NAME [--version N] [--rows N]");
    }
    const version =
      options["version"] === undefined ? undefined : wholeNumber("--version", options["version"]);
    return show(context, name, version, wholeNumber("--rows", options["rows"]));
  },
};

async function list(context: CommandContext): Promise<number> {
  const rows: Record<string, string | number>[] = [];
  for (const table of listTables(context.paths)) {
    rows.push({ name: table, ...tableSums(await openTable(context.paths, table)) });
  }
  if (context.json) context.print(JSON.stringify(rows));
  else for (const line of textTable(["name", "version", "rows", "files", "bytes"], rows)) context.print(line);
  return 0;
}

async function show(
  context: CommandContext,
  name: string,
  version: number | undefined,
  wanted: number,
): Promise<number> {
  const table = resolveTable(context.paths, name);
  const snapshot = await openTable(context.paths, table, version);
  const rows = wanted > 0 ? await someRows(context, snapshot, wanted) : [];
  const versions = tableVersions(context.paths, table).filter((entry) => entry.version <= snapshot.version);
  if (context.json) {
    const { columns, partitionBy } = snapshot;
    const sums = tableSums(snapshot);
    context.print(
      JSON.stringify({ name: table, ...sums, columns, partition_by: partitionBy, versions, sample: rows }),
    );
    return 0;
  }
  for (const line of describe(snapshot)) context.print(line);
  context.print("");
  const shown = versions.slice(-10).map((entry) => ({
    version: entry.version,
    at: entry.timestamp === null ? "" : new Date(entry.timestamp).toISOString(),
    operation: entry.operation ?? "",
    run: entry.run ?? "another engine",
  }));
  for (const line of textTable(["version", "at", "operation", "run"], shown)) context.print(line);
  for (const row of rows) context.print(JSON.stringify(row));
  return 0;
}

function describe(snapshot: Snapshot): readonly string[] {
  const { version, rows, files, bytes } = tableSums(snapshot);
  const columns = snapshot.columns.map(({ name, type }) => ({
    column: name,
    type: sqlType(type),
    "": snapshot.partitionBy.includes(name) ? "partition" : "",
  }));
  return [
    `${snapshot.table}, version ${version}: ${rows} rows in ${files} files, ${bytes} bytes`,
    "",
    ...textTable(["column", "type", ""], columns),
  ];
}

async function someRows(
  context: CommandContext,
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

function wholeNumber(flag: string, value: unknown): number {
  if (!/^\d{1,9}$/.test(String(value))) {
    throw new GristmillError("bad_flag", `${flag} wants a whole number, not ${String(value)}`);
  }
  return Number(value);
}
