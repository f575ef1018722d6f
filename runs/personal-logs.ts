import { markedColumns } from "../contracts/schema-columns.js";
import type { Engine } from "../engines/engine.js";
import { cleanStatistics, logsWithBounds } from "../lake/clean-statistics.js";
import { listTables } from "../lake/tables.js";
import type { Config } from "../lib/config-types.js";
import type { DataPaths } from "../lib/paths.js";
import { quarantineTable } from "../quality/quarantine/columns.js";

/** Tables that hold personal values in clear, with their columns: bronze as its contracts say, and raw records. */
export function personalTables(config: Config, paths: DataPaths): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, ReadonlySet<string>>([[quarantineTable, new Set(["raw"])]]);
  for (const source of Object.keys(config.sources)) {
    const marked = markedColumns(config, source);
    if (marked.size > 0) tables.set(`processed/${source}`, marked);
  }
  const there = new Set(listTables(paths));
  return new Map([...tables].filter(([table]) => there.has(table)));
}

/** Tables whose logs, written by an earlier version, hold personal values as bounds. */
export async function tablesWithPersonalLogs(config: Config, paths: DataPaths): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [table, names] of personalTables(config, paths))
    if ((await logsWithBounds(paths, table, names)).length > 0) found.push(table);
  return found;
}

/** Take these values out of all logs; returns the tables that had some. */
export async function cleanPersonalLogs(
  config: Config,
  paths: DataPaths,
  options: { readonly engine: () => Promise<Engine>; readonly tempFolder: string; readonly keepFrom: number },
): Promise<readonly string[]> {
  const tables = await tablesWithPersonalLogs(config, paths);
  const all = personalTables(config, paths);
  for (const table of tables) {
    const names = all.get(table) ?? new Set<string>();
    const { keepFrom, tempFolder } = options;
    await cleanStatistics(await options.engine(), paths, table, { names, keepFrom, tempFolder });
  }
  return tables;
}
