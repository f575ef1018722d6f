import { sqlType } from "../lake/columns.js";
import type { Snapshot } from "../lake/snapshot.js";
import { tableSums } from "../lake/tables.js";
import type { ShownTable } from "../runs/tables.js";
import type { CommandContext } from "./command.js";
import { textTable } from "./text-table.js";

const VERSIONS_SHOWN = 10;

export function printTable(context: CommandContext, { snapshot, versions, rows }: ShownTable): void {
  if (context.json) {
    const { columns, partitionBy, table } = snapshot;
    const shown = { name: table, ...tableSums(snapshot), columns, partition_by: partitionBy };
    context.print(JSON.stringify({ ...shown, versions, sample: rows }));
    return;
  }
  for (const line of describe(snapshot)) context.print(line);
  context.print("");
  const shown = versions.slice(-VERSIONS_SHOWN).map((entry) => ({
    version: entry.version,
    at: entry.timestamp === null ? "" : new Date(entry.timestamp).toISOString(),
    operation: entry.operation ?? "",
    run: entry.run ?? "another engine",
  }));
  for (const line of textTable(["version", "at", "operation", "run"], shown)) context.print(line);
  for (const row of rows) context.print(JSON.stringify(row));
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
