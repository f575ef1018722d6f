import { readFileSync } from "node:fs";
import { messageOf } from "../../lib/errors.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { type CsvDialect, joinFields, splitFields } from "../guard/csv-dialect.js";
import { UnreadableFile } from "../guard/unreadable.js";
import type { Preflight, PreparedFile, ReadContext, StreamColumn } from "../prepared-file.js";
import { emptyTally } from "../record-stream.js";
import { locationOf } from "./byte-source.js";
import { csvShape } from "./csv.js";
import { mapHeader, missingColumns } from "./header-map.js";
import { isErrorText, readSheets, type Sheet } from "./xlsx-sheets.js";

const COMMA = 44;
const QUOTE = 34;

/** A data row, ready for the engine. */
interface Row {
  readonly engine: Buffer;
  /** A string column whose cell is an error: the engine would take its text for a value. */
  readonly error: { readonly column: string; readonly text: string } | null;
}

/** Read a workbook once: its rows are kept as compact text, since they are looked at up to twice. */
export async function prepareXlsx(file: PlannedFile, context: ReadContext): Promise<Preflight> {
  const sheets = await sheetsOf(file, context);
  const filled = sheets.filter((sheet) => sheet.header.length > 0);
  if (filled.length === 0) {
    return { kind: "empty", tally: { ...emptyTally(), lines: null, bytes: file.size }, header: [] };
  }
  const mapped = filled.map((sheet) => ({ sheet, columns: mapHeader(sheet.header, context) }));
  for (const { sheet, columns } of mapped) {
    const missing = missingColumns(columns, context);
    if (missing.length === 0) continue;
    return { kind: "missing_column", missing, header: sheet.header, line: null, raw: sheet.header.join(",") };
  }
  const columns = unite(mapped.map((one) => one.columns));
  const dialect: CsvDialect = {
    delimiter: COMMA,
    quote: QUOTE,
    columns: columns.length,
    crlf: false,
    guess: false,
  };
  const rows: Row[] = [];
  for (const { sheet, columns: own } of mapped) {
    const places = own.map((column) => placeOf(columns, column));
    const types = own.map((column) =>
      column.canonical === null ? null : (context.types[column.canonical] ?? null),
    );
    for (const cells of sheet.rows(types)) rows.push(rowOf(cells, own, places, columns.length, types));
  }
  const prepared: PreparedFile = {
    file,
    shape: csvShape(dialect, columns),
    header: mapped[0]?.sheet.header ?? [],
    size: file.size,
    recordsBefore: 0,
    sliced: null,
    slices: async () => null,
    slice: () => prepared,
    read: async (sink, tally, flush) => {
      tally.lines = null;
      tally.bytes = file.size;
      await feed(rows, columns, dialect, context.settings.chunk_size_rows, sink, tally, flush);
    },
  };
  return { kind: "ready", prepared };
}

async function feed(
  rows: readonly Row[],
  columns: readonly StreamColumn[],
  dialect: CsvDialect,
  chunk: number,
  ...[sink, tally, flush]: Parameters<PreparedFile["read"]>
): Promise<void> {
  const newline = Buffer.from("\n");
  for (const { engine, error } of rows) {
    tally.records++;
    if (error !== null) {
      tally.malformed++;
      const message = `${error.column} is the error ${error.text}`;
      const value = { ...error, engine };
      const raw = rawOf(engine, columns, dialect);
      sink.malformed({
        record: tally.records,
        line: null,
        raw,
        code: "wrong_type",
        rule: "type",
        message,
        value,
      });
    } else {
      if (tally.wellFormed === sink.wanted) {
        const raw = rawOf(engine, columns, dialect);
        sink.take({ ordinal: tally.wellFormed, record: tally.records, line: null, raw, engine });
      }
      tally.wellFormed++;
      sink.clean(engine);
      sink.clean(newline);
    }
    if (tally.records % chunk === 0) await flush();
  }
  await flush();
}

async function sheetsOf(file: PlannedFile, context: ReadContext): Promise<readonly Sheet[]> {
  try {
    return await readSheets(readFileSync(locationOf(file)), context);
  } catch (error) {
    throw new UnreadableFile(file.path, `the workbook cannot be read: ${messageOf(error)}`);
  }
}

/** Columns of all sheets, each canonical column and each unknown name once. */
function unite(sheets: readonly (readonly StreamColumn[])[]): readonly StreamColumn[] {
  const all: StreamColumn[] = [];
  for (const columns of sheets) {
    const taken = new Set<number>();
    for (const column of columns) {
      const there = all.findIndex((one, index) => !taken.has(index) && isSame(one, column));
      if (there < 0) all.push({ ...column, sql: `"c${all.length}"` });
      taken.add(there < 0 ? all.length - 1 : there);
    }
  }
  return all;
}

function isSame(a: StreamColumn, b: StreamColumn): boolean {
  return a.canonical === b.canonical && a.name === b.name;
}

function placeOf(all: readonly StreamColumn[], column: StreamColumn): number {
  return all.findIndex((one) => isSame(one, column));
}

function rowOf(
  cells: readonly string[],
  columns: readonly StreamColumn[],
  places: readonly number[],
  width: number,
  types: readonly (string | null)[],
): Row {
  const fields = new Array<string>(width).fill("");
  let error: Row["error"] = null;
  for (const [index, text] of cells.entries()) {
    fields[places[index] as number] = text;
    const column = columns[index]?.canonical ?? null;
    if (column !== null && types[index] === "VARCHAR" && isErrorText(text)) error ??= { column, text };
  }
  return {
    engine: joinFields(fields.map(withoutMark), COMMA, QUOTE),
    error: error && { ...error, text: withoutMark(error.text) },
  };
}

/** Error cells are marked while rows are made, so that a text that merely looks like one stays a text. */
function withoutMark(text: string): string {
  return isErrorText(text) ? text.slice(1) : text;
}

/** A spreadsheet has no text of its own: the raw record is its cells by their headers. */
function rawOf(engine: Buffer, columns: readonly StreamColumn[], dialect: CsvDialect): Buffer {
  const fields = splitFields(engine, dialect);
  const cells = columns.flatMap((column, index) => {
    const text = fields[index] ?? "";
    return text === "" ? [] : [[column.name, text] as const];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(cells)));
}
