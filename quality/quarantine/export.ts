import type { FeedConfig } from "../../lib/config-types.js";
import type { QuarantineRow } from "./browse.js";
import { maskRaw } from "./mask.js";
import { csvField, type RawLayout, rawLayout } from "./raw-layout.js";

/** One file of an export: the raw records of one input file, ready to be mended and to be read as that file was. */
export interface ExportedFile {
  /** Relative to the export's folder: the path below raw/, without the packing. */
  readonly name: string;
  readonly path: string;
  readonly content: Buffer;
  /** Ids of the records, in the order of the file. */
  readonly ids: readonly string[];
}

const WHOLE_FILE = ["unreadable_file", "missing_column"];

/** Whether a row stands for a whole file that could not be read as records. */
export function isWholeFile(row: Pick<QuarantineRow, "reasons">): boolean {
  return row.reasons.some((reason) => WHOLE_FILE.includes(reason.code));
}

/**
 * The records of one path as a file: a header line where the input had one, then the records as they stood. `header`
 * is the input's; `masked` names are hidden, where wanted.
 */
export function exportFile(
  rows: readonly QuarantineRow[],
  feed: FeedConfig | undefined,
  header: readonly string[],
  masked: ReadonlySet<string>,
): ExportedFile {
  const path = rows[0]?.path ?? "";
  const layout = rawLayout(
    path,
    feed,
    header,
    rows.map((row) => row.raw),
  );
  const isWorkbook = path.toLowerCase().endsWith(".xlsx") && header.length > 0;
  const shown: RawLayout = isWorkbook
    ? { ...layout, format: "csv", header, hasHeader: true, delimiter: "," }
    : layout;
  const parts: Buffer[] = [];
  // a file without a needed column is its header line alone
  if (shown.format === "csv" && shown.hasHeader && !rows.every(isWholeFile)) {
    parts.push(Buffer.from(`${shown.header.map((name) => csvField(name, shown)).join(shown.delimiter)}\n`));
  }
  for (const row of rows) {
    const bytes = row.raw_bytes ?? Buffer.from(rawText(row, layout, shown, masked));
    parts.push(Buffer.from(bytes), Buffer.from("\n"));
  }
  return {
    name: exportName(path, isWorkbook),
    path,
    content: encoded(Buffer.concat(parts), feed?.options.encoding ?? null),
    ids: rows.map((row) => row.id),
  };
}

function rawText(
  row: QuarantineRow,
  layout: RawLayout,
  shown: RawLayout,
  masked: ReadonlySet<string>,
): string {
  const raw = maskRaw(row.raw, layout, masked) ?? "";
  // outside strings a line end is blank space in JSON, and inside them there is none
  if (shown.format === "json") return raw.replaceAll(/[\r\n]+/g, " ");
  return shown === layout ? raw : jsonAsCsv(raw, shown);
}

/** A workbook's record is kept as JSON by column name: here as a line of CSV. */
function jsonAsCsv(raw: string, layout: RawLayout): string {
  const record = JSON.parse(raw) as Readonly<Record<string, unknown>>;
  return layout.header.map((name) => csvField(textOf(record[name.trim()]), layout)).join(layout.delimiter);
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** `sales/a.csv.gz` is exported unpacked, as `sales/a.csv`; a workbook as CSV. */
function exportName(path: string, isWorkbook: boolean): string {
  const unpacked = path.replace(/\.gz$/i, "");
  return isWorkbook ? `${unpacked.slice(0, -".xlsx".length)}.csv` : unpacked;
}

/** In the encoding that the feed names, so that the export reads as its input did; else UTF-8. */
function encoded(text: Buffer, encoding: string | null): Buffer {
  const name = encoding?.toLowerCase() ?? "utf-8";
  if (/^(latin-?1|iso-?8859-?1|windows-?1252|cp1252)$/.test(name))
    return Buffer.from(text.toString("utf8"), "latin1");
  if (/^utf-?16/.test(name)) return Buffer.from(`\uFEFF${text.toString("utf8")}`, "utf16le");
  return text;
}
