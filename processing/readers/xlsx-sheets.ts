import { readFileSync } from "node:fs";
import type { Range } from "xlsx";
import type { ReadContext } from "../prepared-file.js";
import { canonicalOf } from "./header-map.js";
import { inflateLimits } from "./inflate-limits.js";
import { type Book, openBook } from "./xlsx-book.js";
import { type Cells, textOf } from "./xlsx-cells.js";

/** One sheet: its header, and its data rows. */
export interface Sheet {
  /** Texts of the header row; [] = the sheet is empty. */
  readonly header: readonly string[];
  /** Rows below the header, to be read once; a row may have more cells than the header, or none with a text. */
  rows(): Generator<Cells[number]>;
}

/** Rows in which a header is looked for, below titles. */
const HEADER_SEARCH_ROWS = 50;

/** The sheets that the feed asks for, one after the other. Throws what the library throws for a damaged workbook. */
export async function* readSheets(location: string, context: ReadContext): AsyncGenerator<Sheet> {
  const book = await openBook(readFileSync(location), inflateLimits(context.settings).maxBytes);
  const wanted = wantedSheets(book.names, context);
  const absent = wanted.find((name) => !book.names.includes(name));
  if (absent !== undefined) throw new Error(`it has no sheet ${JSON.stringify(absent)}`);
  for (const name of wanted) yield sheetOf(book, name, context);
}

function wantedSheets(names: readonly string[], context: ReadContext): readonly string[] {
  const { sheet } = context.feed.options;
  if (sheet === "*") return names;
  const wanted =
    sheet === null
      ? [1]
      : Array.isArray(sheet)
        ? (sheet as readonly (string | number)[])
        : [sheet as string | number];
  return wanted.map((one) => (typeof one === "number" ? (names[one - 1] ?? `number ${one}`) : one));
}

function sheetOf(book: Book, name: string, context: ReadContext): Sheet {
  const headRows = Math.max(HEADER_SEARCH_ROWS, context.feed.options.header_row ?? 0);
  const parts = book.parts(name, headRows);
  const first = parts.next().value;
  const cells: Cells = first?.["!data"] ?? [];
  const merges: readonly Range[] = first?.["!merges"] ?? [];
  const found = headerRow(cells, merges, context);
  if (found === null) return { header: [], rows: function* () {} };
  // A header cell that is merged downwards belongs to the header as far as it reaches.
  const last = merges
    .filter((merge) => merge.s.r <= found && merge.e.r >= found)
    .reduce((row, merge) => Math.max(row, merge.e.r), found);
  return {
    header: headerOf(cells, merges, found),
    rows: function* () {
      yield* rowsBelow(cells, last);
      for (const part of parts) yield* rowsBelow(part["!data"] ?? [], last);
    },
  };
}

function* rowsBelow(cells: Cells, last: number): Generator<Cells[number]> {
  // A later part begins with thousands of missing rows.
  for (const r of Object.keys(cells)) {
    const row = cells[Number(r)];
    if (Number(r) > last && row !== undefined) yield row;
  }
}

/** The configured row, else the one with the most known columns, else the first with two cells, else the first. */
function headerRow(cells: Cells, merges: readonly Range[], context: ReadContext): number | null {
  const configured = context.feed.options.header_row;
  if (configured !== null) return configured - 1;
  let best: number | null = null;
  let bestScore = 0;
  let plain: number | null = null;
  let first: number | null = null;
  for (let r = 0; r < Math.min(cells.length, HEADER_SEARCH_ROWS); r++) {
    const texts = headerOf(cells, merges, r).filter((text) => text !== "");
    if (texts.length > 0) first ??= r;
    if (texts.length > 1) plain ??= r;
    const known = new Set(texts.map((text) => canonicalOf(text, context)).filter((name) => name !== null))
      .size;
    if (known > bestScore) {
      best = r;
      bestScore = known;
    }
  }
  return best ?? plain ?? first;
}

/** Texts of a row; a cell within a merged range shows that range's first cell. */
function headerOf(cells: Cells, merges: readonly Range[], r: number): readonly string[] {
  const row = cells[r] ?? [];
  const over = merges.filter((merge) => merge.s.r <= r && merge.e.r >= r);
  const width = Math.max(row.length, ...over.map((merge) => merge.e.c + 1));
  const texts = Array.from({ length: width }, (_, c) => {
    const own = textOf(row[c], null);
    if (own !== "") return own;
    const merge = over.find((one) => one.s.c <= c && one.e.c >= c);
    return merge === undefined ? "" : textOf(cells[merge.s.r]?.[merge.s.c], null);
  });
  while (texts.length > 0 && texts.at(-1) === "") texts.pop();
  return texts;
}
