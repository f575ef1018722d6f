import { parse } from "csv-parse/sync";
import type { ReadContext } from "../prepared-file.js";
import { canonicalOf } from "./header-map.js";

const CANDIDATES = [",", ";", "\t", "|"] as const;

/** The delimiter whose header has the most known columns, then the most records of the header's width, then the widest. */
export function findDelimiter(sample: string, quote: string, context: ReadContext): string {
  let best = ",";
  let bestScore = [-1, -1, -1];
  for (const delimiter of CANDIDATES) {
    const records = firstRecords(sample, delimiter, quote, 10);
    const header = records[0] ?? [];
    const known = context.feed.options.header
      ? header.filter((name) => canonicalOf(name, context) !== null).length
      : 0;
    const steady = header.length > 1 ? records.filter((record) => record.length === header.length).length : 0;
    const score = [known, steady, header.length];
    if (isGreater(score, bestScore)) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** The first records of a text, as csv-parse reads them; a sample may end in mid-record. */
export function firstRecords(sample: string, delimiter: string, quote: string, count: number): string[][] {
  return parse(sample, {
    delimiter,
    quote: quote === "" ? null : quote,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    to: count,
  });
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}
