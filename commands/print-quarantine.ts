import { jsonRow } from "../quality/quarantine/browse.js";
import type { Exported } from "../runs/quarantine/export.js";
import { countLines } from "../runs/quarantine/lines.js";
import type { ListedRecords } from "../runs/quarantine/listed.js";
import { recordLines } from "../runs/quarantine/show.js";
import type { CommandContext } from "./command.js";

/** The counts, and the records where a limit asks for some. */
export function printRecords(context: CommandContext, listed: ListedRecords, limit: number): number {
  const { records, counts, rows } = listed;
  if (context.json) {
    const shown = limit === 0 ? {} : { rows: rows.map(jsonRow) };
    context.print(JSON.stringify({ records, counts, ...shown }, null, 1));
    return 0;
  }
  for (const line of countLines(records, counts)) context.print(line);
  for (const row of rows) for (const line of recordLines(row)) context.print(line);
  return 0;
}

export function printExport(context: CommandContext, exported: Exported): number {
  if (exported.kind === "rows") {
    for (const row of exported.rows) context.print(JSON.stringify(jsonRow(row)));
    return 0;
  }
  const { folder, records, files } = exported;
  if (context.json) context.print(JSON.stringify({ folder, records, files }));
  else {
    context.print(`${records} records of ${files.length} files are in ${folder}`);
    context.print(`mend them there, then: gristmill replay --from ${folder}`);
  }
  return 0;
}
