import { parseJson } from "../../contracts/oracle/json-record.js";
import type { PlannedFile } from "../../lib/run-types.js";
import type { CsvDialect } from "../guard/csv-dialect.js";
import { jsonArrayGuard } from "../guard/json-array.js";
import { JSON_DELIMITER, jsonLinesGuard } from "../guard/json-lines.js";
import type { JsonKey } from "../guard/json-walk.js";
import type { Preflight, ReadContext, StreamShape } from "../prepared-file.js";
import { emptyTally } from "../record-stream.js";
import { guardedFile } from "./guarded-file.js";
import { namesByColumn } from "./header-map.js";
import { inflateLimits } from "./inflate-limits.js";
import { jsonKeys } from "./json-keys.js";
import { readHead } from "./text-head.js";

const DIALECT: CsvDialect = { delimiter: JSON_DELIMITER, quote: -1, columns: 1, crlf: false, guess: false };

/** JSON array or JSON lines, told from the first character that is no blank. */
export async function prepareJson(file: PlannedFile, context: ReadContext): Promise<Preflight> {
  const limits = inflateLimits(context.settings);
  const head = await readHead(file, context.feed, limits);
  const text = head.bytes.toString("latin1").trimStart();
  if (text === "" && head.complete) {
    const tally = emptyTally();
    tally.bytes = head.bytes.length + head.form.bomBytes;
    tally.lines = countLines(head.bytes);
    tally.blankLines = tally.lines;
    return { kind: "empty", tally, header: [] };
  }
  const isArray = text.startsWith("[") && !isLineOfItsOwn(text);
  const names = namesByColumn(context);
  const keys = jsonKeys(names, context);
  const prepared = guardedFile({
    file,
    shape: jsonShape(names, keys),
    header: [],
    head: { form: head.form },
    limits,
    skip: 0,
    headerLines: 0,
    blankBefore: 0,
    sliceable: !isArray,
    guard: (linesBefore, sink, tally) =>
      isArray ? jsonArrayGuard(keys, sink, tally) : jsonLinesGuard(file.path, linesBefore, keys, sink, tally),
  });
  return { kind: "ready", prepared };
}

function jsonShape(names: StreamShape["names"], keys: readonly JsonKey[]): StreamShape {
  return {
    key: "json",
    format: "json",
    dialect: DIALECT,
    width: 1,
    columns: [],
    names,
    keys,
    oracleRecord: (engine) =>
      byColumn(parseJson(Buffer.from(engine).toString()) as Record<string, unknown>, names),
  };
}

/** Aliases give their value to the canonical column, in the feed's order; what no column stands for keeps its key. */
function byColumn(
  record: Readonly<Record<string, unknown>>,
  names: StreamShape["names"],
): Readonly<Record<string, unknown>> {
  const left = new Map(Object.entries(record));
  const found: Record<string, unknown> = {};
  for (const [column, keys] of Object.entries(names)) {
    for (const key of keys) {
      if (left.has(key)) found[column] ??= left.get(key);
      left.delete(key);
    }
  }
  return { ...Object.fromEntries(left), ...found };
}

/** `[1]` on a line with an object below it: lines, one of them bad, and no array. */
function isLineOfItsOwn(text: string): boolean {
  const feed = text.indexOf("\n");
  if (feed < 0) return false;
  const line = text.slice(0, feed).trim();
  return line.endsWith("]") && text.slice(feed).trimStart() !== "";
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let p = bytes.indexOf(10); p >= 0; p = bytes.indexOf(10, p + 1)) lines++;
  return bytes.length > 0 && bytes.at(-1) !== 10 ? lines + 1 : lines;
}
