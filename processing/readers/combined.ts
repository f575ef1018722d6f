import { type CsvDialect, splitFields } from "../guard/csv-dialect.js";
import { csvGuard } from "../guard/csv-guard.js";
import type { OrdinalList } from "../ordinals.js";
import type { ReadContext, StreamColumn, StreamShape } from "../prepared-file.js";
import type { RecordSink, Scanner, Tally } from "../record-stream.js";
import { canonicalOf } from "./header-map.js";
import {
  COMBINED_COLUMNS,
  COMBINED_FIELDS,
  combinedFields,
  combinedValues,
  MONTHS,
} from "./text-patterns.js";

const SPACE = 32;
const QUOTE = 34;
const BRACKET = 91;
const BRACKET_END = 93;
const BACKSLASH = 92;

/** An access log is delimited text: blanks between, quotes around. The engine's CSV reader is the fastest parser for it. */
const dialect: CsvDialect = {
  delimiter: SPACE,
  quote: QUOTE,
  columns: COMBINED_FIELDS.length,
  crlf: false,
  guess: false,
  oneLine: true,
};

const month = `(case substr("c3", 5, 3) ${MONTHS.map((name, index) => `when '${name}' then '${twoDigits(index + 1)}'`).join(" ")} end)`;

/** `[17/May/2015:10:05:03` and `+0000]` → `2015-05-17T10:05:03Z`; what is no month stays as it is. */
const TIME_SQL = `case when ${month} is null then concat(substr("c3", 2), ' ', substr("c4", 1, 5))
  else concat(substr("c3", 9, 4), '-', ${month}, '-', substr("c3", 2, 2), 'T', substr("c3", 14, 8),
    case when "c4" = '+0000]' then 'Z' else concat(substr("c4", 1, 3), ':', substr("c4", 4, 2)) end) end`;

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** `GET /path HTTP/1.1`: what has not these three words has no method, path or protocol of its own. */
const request = (part: number): string => `nullif(nullif("request"[${part}], ''), '-')`;

const SQL: Readonly<Record<(typeof COMBINED_COLUMNS)[number], string>> = {
  ip_address: `nullif("c0", '-')`,
  ident: `nullif("c1", '-')`,
  user_id: `nullif("c2", '-')`,
  time: TIME_SQL,
  method: request(1),
  path: request(2),
  protocol: request(3),
  status: `nullif("c6", '-')`,
  bytes: `nullif("c7", '-')`,
  referrer: `nullif("c8", '-')`,
  user_agent: `nullif("c9", '-')`,
};

export function combinedShape(context: ReadContext): StreamShape {
  const columns: StreamColumn[] = COMBINED_COLUMNS.map((name) => ({
    name,
    canonical: canonicalOf(name, context),
    sql: SQL[name],
  }));
  return {
    key: "combined",
    format: "text",
    dialect,
    width: COMBINED_FIELDS.length,
    shared: { request: `string_split("c5", ' ')` },
    columns,
    names: {},
    oracleRecord: (engine) => {
      const values = combinedValues(splitFields(engine, dialect));
      return Object.fromEntries(
        columns.map((column, index) => [column.canonical ?? `?${column.name}`, values[index] || null]),
      );
    },
  };
}

/** `misfit` is told of every line that is none of a combined log. */
export function combinedGuard(
  path: string,
  linesBefore: number,
  sink: RecordSink,
  tally: Tally,
  misfit: (line: string) => void,
  special?: OrdinalList | null,
): Scanner {
  const rewrite = (raw: Uint8Array): readonly string[] | null => {
    // Escapes: no plain delimited record, but fit for the pattern.
    const line = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
    const fields = combinedFields(line);
    if (fields === null) misfit(line);
    return fields;
  };
  return csvGuard({ path, dialect, linesBefore, special, fits, never: BACKSLASH, rewrite }, sink, tally);
}

/** The plain shape: `… [dd/Mon/yyyy:hh:mm:ss +zzzz] "…" ddd … "…" "…"`; no escapes either. */
function fits(bytes: Uint8Array, start: number, end: number): boolean {
  let blanks = 0;
  let p = start;
  for (; p < end && blanks < 3; p++) if (bytes[p] === SPACE) blanks++;
  // [ d d / M o n / y y y y : h h : m m : s s blank + z z z z ] blank "
  if (bytes[p] !== BRACKET || bytes[p + 3] !== 47 || bytes[p + 7] !== 47 || bytes[p + 12] !== 58)
    return false;
  if (bytes[p + 15] !== 58 || bytes[p + 18] !== 58 || bytes[p + 21] !== SPACE) return false;
  if (bytes[p + 27] !== BRACKET_END || bytes[p + 28] !== SPACE || bytes[p + 29] !== QUOTE) return false;
  return bytes[end - 1] === QUOTE;
}
