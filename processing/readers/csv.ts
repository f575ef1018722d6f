import { isUtf8 } from "node:buffer";
import { parse } from "csv-parse/sync";
import { GristmillError } from "../../lib/errors.js";
import type { PlannedFile } from "../../lib/run-types.js";
import { type CsvDialect, isBlank, LF } from "../guard/csv-dialect.js";
import { csvGuard } from "../guard/csv-guard.js";
import { readQuotedRecord } from "../guard/quoted-record.js";
import { UnreadableFile } from "../guard/unreadable.js";
import type { Preflight, ReadContext, StreamColumn, StreamShape } from "../prepared-file.js";
import { emptyTally, MAX_RECORD_BYTES } from "../record-stream.js";
import type { InflateLimits } from "./byte-source.js";
import { findDelimiter, firstRecords } from "./delimiter.js";
import { guardedFile } from "./guarded-file.js";
import { mapHeader, missingColumns, noneIsKnown } from "./header-map.js";
import { inflateLimits } from "./inflate-limits.js";
import { HEAD_BYTES, readHead, type TextHead } from "./text-head.js";

/** Understand a CSV file's head: encoding, delimiter, header, columns. Throws UnreadableFile, ChangedFile. */
export async function prepareCsv(file: PlannedFile, context: ReadContext): Promise<Preflight> {
  const limits = inflateLimits(context.settings);
  const { options } = context.feed;
  const { head, start, delimiter, syntax, headerEnd } = await readStart(file, context, limits);
  const nothing = start.offset >= head.bytes.length;
  if (nothing && head.complete) {
    const tally = emptyTally();
    tally.bytes = head.bytes.length + head.form.bomBytes;
    tally.lines = start.lines;
    tally.blankLines = start.lines;
    return { kind: "empty", tally, header: [] };
  }
  const headerText = head.bytes.subarray(start.offset, headerEnd.end);
  if (headerText.includes(0) || !isUtf8(headerText)) {
    const hint = "name its encoding in the feed's options";
    throw new UnreadableFile(file.path, `its first line is no text in ${head.form.encoding}; ${hint}`);
  }
  const first = firstFields(headerText.toString(), delimiter, options.quote);
  const header = options.header
    ? first
    : options.names.length > 0
      ? options.names
      : first.map((_, i) => `column_${i + 1}`);
  const columns = mapHeader(header, context);
  const headerLines = options.header ? headerEnd.lines : 0;
  const missing = missingColumns(columns, context);
  const isLost = missing.length > 0 || noneIsKnown(columns, context);
  if (options.header && (headerEnd.stray || (isLost && hasOpenQuote(headerText, syntax.quote)))) {
    throw new UnreadableFile(
      file.path,
      `a quote in its header (line ${start.lines + 1}) opens and does not close as it should: correct the header, or set the feed's option quote to ""`,
    );
  }
  if (isLost) {
    const raw = options.header ? headerText.toString() : "";
    return { kind: "missing_column", missing, header, line: start.lines + 1, raw };
  }
  const dialect: CsvDialect = {
    ...syntax,
    columns: columns.length,
    // of one column, the engine would take the blank line at a stream's head for a record
    crlf: headerEnd.crlf && columns.length > 1,
    guess: context.settings.guess_stray_quotes,
  };
  const prepared = guardedFile({
    file,
    shape: csvShape(dialect, columns),
    header,
    head: { form: head.form },
    limits,
    skip: options.header ? headerEnd.next : 0,
    headerLines,
    blankBefore: options.header ? start.lines : 0,
    sliceable: true,
    guard: (linesBefore, sink, tally, special) =>
      csvGuard({ path: file.path, dialect, linesBefore, special }, sink, tally),
  });
  return { kind: "ready", prepared };
}

/** A file's beginning, as far as its first record reaches. */
interface FileStart {
  readonly head: TextHead;
  readonly start: { readonly offset: number; readonly lines: number };
  readonly delimiter: string;
  readonly syntax: { readonly delimiter: number; readonly quote: number };
  readonly headerEnd: RecordEnd;
}

async function readStart(file: PlannedFile, context: ReadContext, limits: InflateLimits): Promise<FileStart> {
  const { options } = context.feed;
  for (let count = HEAD_BYTES; ; count *= 8) {
    const head = await readHead(file, context.feed, limits, count);
    const start = firstRecordStart(head.bytes);
    const delimiter = options.delimiter ?? delimiterOf(head, start.offset, context);
    const syntax = { delimiter: oneByte(delimiter, "delimiter"), quote: quoteByte(options.quote) };
    const headerEnd = firstRecordEnd(head, start.offset, syntax);
    if (head.complete || headerEnd.next < head.bytes.length)
      return { head, start, delimiter, syntax, headerEnd };
    if (count > MAX_RECORD_BYTES) {
      throw new UnreadableFile(file.path, `its first record does not end within ${MAX_RECORD_BYTES} bytes`);
    }
  }
}

/** An odd number of quotes: under no delimiter would each be closed. */
function hasOpenQuote(text: Buffer, quote: number): boolean {
  return text.filter((byte) => byte === quote).length % 2 === 1;
}

/** Delimiters found for header lines of one job: thousands of small files have the same few. */
const found = new WeakMap<ReadContext, Map<string, string>>();

function delimiterOf(head: TextHead, start: number, context: ReadContext): string {
  const { options } = context.feed;
  const feed = head.bytes.indexOf(LF, start);
  const line = head.bytes.toString("utf8", start, feed < 0 ? head.bytes.length : feed);
  const known = found.get(context) ?? new Map<string, string>();
  found.set(context, known);
  const before = options.header ? known.get(line) : undefined;
  if (before !== undefined) return before;
  const delimiter = findDelimiter(head.bytes.toString("utf8", start), options.quote, context);
  known.set(line, delimiter);
  return delimiter;
}

/** The fields of the first record; csv-parse is the judge where quotes stand. */
function firstFields(text: string, delimiter: string, quote: string): readonly string[] {
  if (quote === "" || !text.includes(quote)) return text === "" ? [] : text.split(delimiter);
  return firstRecords(text, delimiter, quote, 1)[0] ?? [];
}

export function csvShape(dialect: CsvDialect, columns: readonly StreamColumn[]): StreamShape {
  const delimiter = String.fromCharCode(dialect.delimiter);
  const quote = dialect.quote < 0 ? null : String.fromCharCode(dialect.quote);
  return {
    key: JSON.stringify(["text", dialect, columns]),
    format: "text",
    dialect,
    width: columns.length,
    columns,
    names: {},
    oracleRecord: (engine) => {
      const fields = fieldsOf(Buffer.from(engine), delimiter, quote);
      const record: Record<string, unknown> = {};
      for (const [index, column] of columns.entries()) {
        const name = column.canonical ?? `?${column.name}`;
        record[name] = record[name] || fields[index] || null;
      }
      return record;
    },
  };
}

/** The fields of one record; csv-parse is the judge where quotes or line ends stand, and costs a lot a call. */
function fieldsOf(record: Buffer, delimiter: string, quote: string | null): readonly string[] {
  const text = record.toString();
  const isPlain = !/[\r\n]/.test(text) && (quote === null || !text.includes(quote));
  return isPlain ? text.split(delimiter) : (parse(record, { delimiter, quote, relax_quotes: true })[0] ?? []);
}

function firstRecordStart(bytes: Buffer): { offset: number; lines: number } {
  let offset = 0;
  let lines = 0;
  for (;;) {
    const feed = bytes.indexOf(LF, offset);
    if (feed < 0)
      return isBlank(bytes, offset, bytes.length)
        ? { offset: bytes.length, lines: lines + (offset < bytes.length ? 1 : 0) }
        : { offset, lines };
    const end = feed > offset && bytes[feed - 1] === 13 ? feed - 1 : feed;
    if (!isBlank(bytes, offset, end)) return { offset, lines };
    offset = feed + 1;
    lines++;
  }
}

interface RecordEnd {
  readonly end: number;
  readonly next: number;
  readonly lines: number;
  readonly crlf: boolean;
  /** A quote opens in it that does not close as it should. */
  readonly stray: boolean;
}

function firstRecordEnd(
  head: TextHead,
  start: number,
  syntax: { delimiter: number; quote: number },
): RecordEnd {
  const bytes = Buffer.concat([head.bytes, Buffer.from("\n")]);
  const dialect: CsvDialect = { ...syntax, columns: 0, crlf: false, guess: false };
  const found = readQuotedRecord(bytes, start, head.bytes.length, true, dialect);
  const { end, next, lines } = found;
  return { end, next, lines, crlf: next - end === 2, stray: found.kind === "stray" };
}

export function oneByte(text: string, what: string): number {
  const code = text.charCodeAt(0);
  if (text.length !== 1 || code > 126) {
    throw new GristmillError(
      "bad_configuration",
      `the ${what} ${JSON.stringify(text)} is not one ASCII character`,
    );
  }
  return code;
}

export function quoteByte(quote: string): number {
  return quote === "" ? -1 : oneByte(quote, "quote");
}
