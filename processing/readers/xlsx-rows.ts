import { type Cells, textOf, withoutMark } from "./xlsx-cells.js";

/** A cell of a string column that is an error: the engine would take its text for a value. */
export interface ErrorCell {
  readonly column: string;
  readonly text: string;
}

/** Rows of a sheet as the engine reads them, one behind the other: an object a row would take more than the rows. */
export interface PackedRows {
  readonly blocks: readonly RowBlock[];
  /** By row, from 0. */
  readonly errors: ReadonlyMap<number, ErrorCell>;
  /** Columns from the first to the last that has more than blanks in any row. */
  readonly width: number;
}

export interface RowBlock {
  readonly bytes: Buffer;
  /** Behind each row's line end. */
  readonly ends: readonly number[];
  /** Fields of every row; null = they differ. */
  readonly fields: number | null;
}

/** What is known of a sheet's columns when its rows are packed. */
export interface RowColumn {
  readonly canonical: string | null;
  readonly type: string | null;
}

const BLOCK = 1_000_000;
const COMMA = ",";
const MAX_UTF8 = 3;
/** What a field must be quoted for; numbers and most texts go as they are. */
const ODD = /[\p{Cc}",]|^\s|\s$/u;

/** Packs the rows that hold anything. Each has at least a field for every column. */
export function packRows(rows: Iterable<Cells[number]>, columns: readonly RowColumn[]): PackedRows {
  const blocks: RowBlock[] = [];
  const errors = new Map<number, ErrorCell>();
  let width = 0;
  let count = 0;
  let block = Buffer.allocUnsafe(BLOCK);
  let ends: number[] = [];
  let fields: number | null = null;
  let end = 0;
  const seal = (): void => {
    if (ends.length > 0) blocks.push({ bytes: block.subarray(0, end), ends, fields });
    ends = [];
    end = 0;
  };
  for (const row of rows) {
    const packed = packRow(row, columns);
    if (packed.filled === 0) continue;
    width = Math.max(width, packed.filled);
    if (packed.error !== null) errors.set(count, packed.error);
    const most = packed.text.length * MAX_UTF8;
    if (end + most > block.length) {
      seal();
      block = Buffer.allocUnsafe(Math.max(BLOCK, most));
    }
    fields = ends.length === 0 || fields === packed.fields ? packed.fields : null;
    end += block.write(packed.text, end);
    ends.push(end);
    count++;
  }
  seal();
  return { blocks, errors, width };
}

interface PackedRow {
  /** With its line end. */
  readonly text: string;
  readonly fields: number;
  /** Columns to the last that has more than blanks; 0 = there is none. */
  readonly filled: number;
  readonly error: ErrorCell | null;
}

function packRow(row: Cells[number], columns: readonly RowColumn[]): PackedRow {
  let text = "";
  let commas = 0;
  let filled = 0;
  let error: ErrorCell | null = null;
  for (let c = 0; c < row.length; c++) {
    const { canonical = null, type = null } = columns[c] ?? {};
    const marked = textOf(row[c], type);
    if (marked === "") continue;
    const field = withoutMark(marked);
    if (field !== marked && canonical !== null && type === "VARCHAR")
      error ??= { column: canonical, text: field };
    if (field.trim() !== "") filled = c + 1;
    for (; commas < c; commas++) text += COMMA;
    text += ODD.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  }
  for (; commas < columns.length - 1; commas++) text += COMMA;
  return { text: `${text}\n`, fields: commas + 1, filled, error };
}
