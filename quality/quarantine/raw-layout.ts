import { parse } from "csv-parse/sync";
import type { Config, FeedConfig } from "../../lib/config-types.js";

/** How the raw text of a file's records is to be read: told from its report, its feed and the records themselves. */
export interface RawLayout {
  readonly format: "csv" | "json" | "text";
  /** Column names as the file has them; [] for JSON and text. */
  readonly header: readonly string[];
  /** Whether the file's first record is its header. */
  readonly hasHeader: boolean;
  readonly delimiter: string;
  readonly quote: string;
}

const CANDIDATES = [",", ";", "\t", "|"];

export function rawLayout(
  path: string,
  feed: FeedConfig | undefined,
  header: readonly string[],
  raws: readonly (string | null)[],
): RawLayout {
  const quote = feed?.options.quote ?? '"';
  const hasHeader = feed?.options.header ?? true;
  const texts = raws.filter((raw) => raw !== null);
  const looksJson = texts.length > 0 && texts.every((raw) => /^\s*[{[]/.test(raw));
  if (feed?.format === "json" || (feed?.format == null && looksJson)) {
    return { format: "json", header: [], hasHeader: false, delimiter: ",", quote };
  }
  const isLog = feed?.format == null && /\.log(\.gz)?$/i.test(path);
  if (feed?.format === "text" || isLog || header.length === 0) {
    return { format: "text", header: [], hasHeader: false, delimiter: " ", quote };
  }
  const delimiter = feed?.options.delimiter ?? likeliestDelimiter(texts, header.length, quote);
  return { format: "csv", header, hasHeader, delimiter, quote };
}

/** The delimiter by which most records have as many fields as the header. */
function likeliestDelimiter(raws: readonly string[], width: number, quote: string): string {
  const fitting = (delimiter: string): number =>
    raws.slice(0, 200).filter((raw) => fieldsOf(raw, delimiter, quote)?.length === width).length;
  return CANDIDATES.reduce((best, next) => (fitting(next) > fitting(best) ? next : best));
}

/** The fields of one raw record; null when it cannot be taken apart. */
export function fieldsOf(raw: string, delimiter: string, quote: string): readonly string[] | null {
  try {
    const records: string[][] = parse(raw, {
      delimiter,
      quote: quote === "" ? null : quote,
      relax_quotes: true,
      relax_column_count: true,
    });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** A field as CSV has it, quoted where it must be. */
export function csvField(
  value: string,
  { delimiter, quote }: Pick<RawLayout, "delimiter" | "quote">,
): string {
  const isPlain = !value.includes(delimiter) && !/[\r\n]/.test(value) && !value.includes(quote || "\r");
  return isPlain || quote === "" ? value : `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
}

/** Names that a file may use for these canonical columns: their own, and the feed's foreign ones. */
export function foreignNames(
  config: Config,
  feed: string,
  columns: ReadonlySet<string>,
): ReadonlySet<string> {
  const mapped = Object.entries(config.feeds[feed]?.columns ?? {}).filter(([, canonical]) =>
    columns.has(canonical),
  );
  return new Set([...columns, ...mapped.map(([foreign]) => foreign)]);
}
