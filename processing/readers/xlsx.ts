import { messageOf } from "../../lib/errors.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { type CsvDialect, joinFields, splitFields } from "../guard/csv-dialect.js";
import { UnreadableFile } from "../guard/unreadable.js";
import type { Preflight, PreparedFile, ReadContext, StreamColumn } from "../prepared-file.js";
import { emptyTally } from "../record-stream.js";
import { locationOf } from "./byte-source.js";
import { csvShape } from "./csv.js";
import { mapHeader, missingColumns, noneIsKnown } from "./header-map.js";
import { type PackedRows, packRows, type RowBlock } from "./xlsx-rows.js";
import { readSheets } from "./xlsx-sheets.js";

const COMMA = 44;
const QUOTE = 34;

/** A sheet that was read: its columns, and its rows in the order of its own columns. */
interface ReadSheet {
  readonly header: readonly string[];
  readonly columns: readonly StreamColumn[];
  readonly rows: PackedRows;
}

/** Read a workbook once: its rows are kept as compact text, since they are looked at up to twice. */
export async function prepareXlsx(file: PlannedFile, context: ReadContext): Promise<Preflight> {
  const filled = (await sheetsOf(file, context)).filter((sheet) => sheet.header.length > 0);
  if (filled.length === 0) {
    return { kind: "empty", tally: { ...emptyTally(), lines: null, bytes: file.size }, header: [] };
  }
  const strange = filled.every(({ columns }) => noneIsKnown(columns, context));
  for (const { header, columns } of filled) {
    const missing = missingColumns(columns, context);
    if (missing.length === 0 && !strange) continue;
    return { kind: "missing_column", missing, header, line: null, raw: header.join(",") };
  }
  const columns = unite(filled.map((sheet) => sheet.columns));
  const dialect: CsvDialect = {
    delimiter: COMMA,
    quote: QUOTE,
    columns: columns.length,
    crlf: false,
    guess: false,
  };
  const prepared: PreparedFile = {
    file,
    shape: csvShape(dialect, columns),
    header: filled[0]?.header ?? [],
    size: file.size,
    recordsBefore: 0,
    sliced: null,
    slices: async () => null,
    slice: () => prepared,
    read: async (sink, tally, flush) => {
      tally.lines = null;
      tally.bytes = file.size;
      const target = { columns, dialect, chunk: context.settings.chunk_size_rows };
      for (const sheet of filled) await feed(sheet, target, sink, tally, flush);
      await flush();
    },
  };
  return { kind: "ready", prepared };
}

async function sheetsOf(file: PlannedFile, context: ReadContext): Promise<readonly ReadSheet[]> {
  const sheets: ReadSheet[] = [];
  try {
    for await (const { header, rows } of readSheets(locationOf(file), context)) {
      const known = mapHeader(header, context).map(({ canonical }) => ({
        canonical,
        type: canonical === null ? null : (context.types[canonical] ?? null),
      }));
      const packed = packRows(rows(), known);
      // Cells without a header above them are not lost: they are columns without a name.
      const nameless = new Array<string>(Math.max(0, packed.width - header.length)).fill("");
      const whole = [...header, ...nameless];
      sheets.push({ header: whole, columns: mapHeader(whole, context), rows: packed });
    }
  } catch (error) {
    throw new UnreadableFile(file.path, `the workbook cannot be read: ${messageOf(error)}`);
  }
  return sheets;
}

interface Target {
  readonly columns: readonly StreamColumn[];
  readonly dialect: CsvDialect;
  /** Rows after which the engine gets what is held. */
  readonly chunk: number;
}

async function feed(
  { columns, rows }: ReadSheet,
  target: Target,
  ...[sink, tally, flush]: Parameters<PreparedFile["read"]>
): Promise<void> {
  const places = columns.map((column) => placeOf(target.columns, column));
  let number = 0;
  for (const block of rows.blocks) {
    const { bytes, ends } = fitting(block, places, target) ?? refitted(block, places, target);
    let from = 0;
    let start = 0;
    const pass = (to: number): void => {
      if (to > from) sink.clean(bytes.subarray(from, to));
      from = to;
    };
    for (const end of ends) {
      tally.records++;
      const error = rows.errors.get(number++);
      if (error !== undefined) {
        pass(start);
        from = end;
        tally.malformed++;
        const engine = bytes.subarray(start, end - 1);
        sink.malformed({
          record: tally.records,
          line: null,
          raw: rawOf(engine, target),
          code: "wrong_type",
          rule: "type",
          message: `${error.column} is the error ${error.text}`,
          value: { ...error, engine },
        });
      } else {
        if (tally.wellFormed === sink.wanted) {
          const engine = bytes.subarray(start, end - 1);
          const raw = rawOf(engine, target);
          sink.take({ ordinal: tally.wellFormed, record: tally.records, line: null, raw, engine });
        }
        tally.wellFormed++;
      }
      start = end;
      if (tally.records % target.chunk === 0) {
        pass(end);
        await flush();
      }
    }
    pass(start);
  }
}

type Rows = Pick<RowBlock, "bytes" | "ends">;

/** The block itself, where its rows have the target's columns. */
function fitting(block: RowBlock, places: readonly number[], { columns }: Target): Rows | null {
  const isFitting = block.fields === columns.length && places.every((place, index) => place === index);
  return isFitting ? block : null;
}

/** The block's rows with the fields of the target's columns. */
function refitted({ bytes, ends }: RowBlock, places: readonly number[], { columns, dialect }: Target): Rows {
  const lines: Buffer[] = [];
  let start = 0;
  for (const end of ends) {
    const own = splitFields(bytes.subarray(start, end - 1), dialect);
    const fields = new Array<string>(columns.length).fill("");
    for (const [index, place] of places.entries()) fields[place] = own[index] ?? "";
    lines.push(joinFields(fields, COMMA, QUOTE), Buffer.from("\n"));
    start = end;
  }
  let end = 0;
  const sizes = lines.map((line) => (end += line.length));
  return { bytes: Buffer.concat(lines), ends: sizes.filter((_, index) => index % 2 === 1) };
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

/** A spreadsheet has no text of its own: the raw record is its cells by their headers. */
function rawOf(engine: Buffer, { columns, dialect }: Target): Buffer {
  const fields = splitFields(engine, dialect);
  const cells = columns.flatMap((column, index) => {
    const text = fields[index] ?? "";
    return text === "" ? [] : [[column.name, text] as const];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(cells)));
}
