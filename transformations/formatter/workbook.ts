import type { SqlRow } from "../../engines/engine.js";
import type { TableColumn } from "../../lib/table-types.js";
import { guardText } from "./formula-guard.js";

/** Rows that a workbook takes; more would need memory by the gigabyte. The CSV beside it has them all. */
export const WORKBOOK_ROWS = 100_000;

type Cell = string | number | boolean | Date | null;

/** One table as an XLSX workbook; where rows are left out a second sheet says so. */
export async function workbook(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly SqlRow[],
  total: number,
): Promise<Uint8Array> {
  // loaded here, because most runs export nothing
  const { utils, write } = await import("xlsx");
  const cells: Cell[][] = [columns.map((column) => guardText(column.name))];
  for (const row of rows) cells.push(columns.map((column) => cell(column, row)));
  const book = utils.book_new();
  const options = { dense: true, cellDates: true, UTC: true, dateNF: "yyyy-mm-dd" };
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells, options), name.slice(0, 31));
  if (total > rows.length) {
    const note = `The first ${rows.length} of ${total} rows; all of them stand in ${name}.csv.`;
    utils.book_append_sheet(book, utils.aoa_to_sheet([[note]]), "left out");
  }
  return new Uint8Array(write(book, { type: "array", bookType: "xlsx", compression: true }) as ArrayBuffer);
}

function cell(column: TableColumn, row: SqlRow): Cell {
  const value = row[column.name] ?? null;
  if (value === null || typeof value === "boolean") return value;
  if (column.type === "string") return guardText(String(value));
  if (column.type === "date") return new Date(`${String(value)}T00:00:00Z`);
  return Number(value);
}
