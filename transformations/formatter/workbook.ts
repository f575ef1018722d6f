import type { SqlRow } from "../../engines/engine.js";
import type { TableColumn } from "../../lib/table-types.js";
import { guardText } from "./formula-guard.js";

/** Rows that a workbook takes; more would need memory by the gigabyte. The CSV beside it has them all. */
export const WORKBOOK_ROWS = 100_000;
/** Characters that a cell takes. */
const CELL_CHARACTERS = 32_767;
/** From here on the calendars of spreadsheets agree. */
const FIRST_DAY = "1900-03-01";

type Cell = string | number | boolean | Date | null;

const numeric = /^(byte|short|integer|long|float|double|decimal\(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in XML, not even escaped
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** One table as an XLSX workbook; where rows are left out a second sheet says so. */
export async function workbook(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly SqlRow[],
  total: number,
): Promise<Uint8Array> {
  // loaded here, because most runs export nothing
  const { utils, write } = await import("xlsx");
  const cells: Cell[][] = [columns.map((column) => text(column.name))];
  for (const row of rows) cells.push(columns.map((column) => cell(column, row)));
  const book = utils.book_new();
  const options = { dense: true, cellDates: true, UTC: true, dateNF: "yyyy-mm-dd" };
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells, options), name.slice(0, 31));
  if (total > rows.length) {
    const note = `The first ${rows.length} of ${total} rows; all of them stand in ${name}.csv.`;
    utils.book_append_sheet(book, utils.aoa_to_sheet([[note]]), "left out");
  }
  // twice as fast as an array
  return write(book, { type: "buffer", bookType: "xlsx", compression: true }) as Buffer;
}

function cell(column: TableColumn, row: SqlRow): Cell {
  const value = row[column.name] ?? null;
  if (value === null || typeof value === "boolean") return value;
  if (typeof column.type === "string" && numeric.test(column.type) && Number.isFinite(Number(value)))
    return Number(value);
  if (column.type === "date" && String(value) >= FIRST_DAY) return new Date(`${String(value)}T00:00:00Z`);
  return text(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function text(value: string): string {
  return guardText(value).replace(unwritable, "").slice(0, CELL_CHARACTERS);
}
