import type { PlannedFile } from "../../lib/run-types.js";
import { type CsvDialect, joinFields } from "../guard/csv-dialect.js";
import { type LineVerdict, lineGuard } from "../guard/line-guard.js";
import type { Preflight, ReadContext, StreamColumn } from "../prepared-file.js";
import { emptyTally } from "../record-stream.js";
import { combinedGuard, combinedShape } from "./combined.js";
import { csvShape } from "./csv.js";
import { guardedFile } from "./guarded-file.js";
import { canonicalOf } from "./header-map.js";
import { inflateLimits } from "./inflate-limits.js";
import { OtherShape } from "./other-shape.js";
import { readHead, type TextHead } from "./text-head.js";
import { combinedFields, type LinePattern, linePattern } from "./text-patterns.js";

const COMMA = 44;
const QUOTE = 34;

/** Text of which every line is a record, taken apart by the feed's patterns, tried in order. */
export async function prepareText(file: PlannedFile, context: ReadContext): Promise<Preflight> {
  const limits = inflateLimits(context.settings);
  const head = await readHead(file, context.feed, limits);
  if (head.bytes.length === 0 && head.complete) {
    const tally = emptyTally();
    tally.bytes = head.form.bomBytes;
    return { kind: "empty", tally, header: [] };
  }
  const wanted = context.feed.options.pattern.length > 0 ? context.feed.options.pattern : ["combined", "app"];
  const base = {
    file,
    header: [],
    head: { form: head.form },
    limits,
    skip: 0,
    headerLines: 0,
    blankBefore: 0,
    sliceable: true,
  };
  const patterns = wanted.map(linePattern);
  const columns = patternColumns(patterns, context);
  const places = patterns.map((pattern) => placesOf(pattern, columns));
  const dialect: CsvDialect = {
    delimiter: COMMA,
    quote: QUOTE,
    columns: columns.length,
    crlf: false,
    guess: false,
  };
  const fieldsOf = (line: string): readonly string[] | null => {
    for (const [index, pattern] of patterns.entries()) {
      const values = pattern.match(line);
      if (values === null) continue;
      const fields = new Array<string>(columns.length).fill("");
      for (const [at, place] of (places[index] ?? []).entries()) fields[place] = values[at] ?? "";
      return fields;
    }
    return null;
  };
  const judge = (line: string): LineVerdict => {
    if (line.includes("\0")) {
      return { code: "malformed_row", rule: "nul_byte", message: "the line holds a NUL byte" };
    }
    const fields = fieldsOf(line);
    if (fields !== null) return { engine: joinFields(fields, COMMA, QUOTE) };
    return { code: "malformed_row", rule: "pattern", message: "no pattern of the feed fits the line" };
  };
  const prepared = guardedFile({
    ...base,
    shape: csvShape(dialect, columns),
    guard: (linesBefore, sink, tally) =>
      lineGuard(
        {
          path: file.path,
          code: "malformed_row",
          linesBefore,
          judge: ({ bytes }, start, end) => judge(bytes.toString("utf8", start, end)),
        },
        sink,
        tally,
      ),
  });
  if (!wanted.includes("combined") || !looksCombined(head)) return { kind: "ready", prepared };
  // The fast way for access logs; a line that only another pattern fits sends the file back to the patterns.
  const others = patterns.filter((_, index) => wanted[index] !== "combined");
  const combined = guardedFile({
    ...base,
    shape: combinedShape(context),
    guard: (linesBefore, sink, tally, special) =>
      combinedGuard(
        file.path,
        linesBefore,
        sink,
        tally,
        (line) => {
          if (others.some((pattern) => pattern.match(line) !== null))
            throw new OtherShape(file.path, prepared);
        },
        special,
      ),
  });
  return { kind: "ready", prepared: combined };
}

/** Whether the first line that is not blank is one of an access log. */
function looksCombined(head: TextHead): boolean {
  const text = head.bytes.toString().trimStart();
  const feed = text.indexOf("\n");
  return combinedFields((feed < 0 ? text : text.slice(0, feed)).trimEnd()) !== null;
}

/** Every column that some pattern gives, once. A second column of one name is one that no contract knows. */
function patternColumns(patterns: readonly LinePattern[], context: ReadContext): readonly StreamColumn[] {
  const columns: StreamColumn[] = [];
  for (const pattern of patterns) {
    const seen = new Set<string>();
    for (const name of pattern.names) {
      const twin = seen.has(name);
      seen.add(name);
      const there = columns.some(
        (column) =>
          column.name === name &&
          (column.canonical === null) === (twin || canonicalOf(name, context) === null),
      );
      if (there) continue;
      columns.push({
        name,
        canonical: twin ? null : canonicalOf(name, context),
        sql: `"c${columns.length}"`,
      });
    }
  }
  return columns;
}

/** For each value of a pattern, the column that it goes into. */
function placesOf(pattern: LinePattern, columns: readonly StreamColumn[]): readonly number[] {
  const taken = new Set<number>();
  return pattern.names.map((name) => {
    const place = columns.findIndex((column, index) => column.name === name && !taken.has(index));
    taken.add(place);
    return place;
  });
}
