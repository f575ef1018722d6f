import { join } from "node:path";
import { writeTableFiles } from "../../lake/write-files.js";
import type { AddFile, TableColumn } from "../../lib/table-types.js";
import type { TransformContext } from "./context.js";

/** Write a SELECT as new files of a table into the run's staging; no row, no file. */
export async function writeTable(
  context: TransformContext,
  table: string,
  select: string,
  shape: { readonly columns: readonly TableColumn[]; readonly partitionBy: readonly string[] },
): Promise<readonly AddFile[]> {
  const folder = join(context.staging.tables, ...table.split("/"));
  return await writeTableFiles(context.engine, select, { folder, ...shape });
}
