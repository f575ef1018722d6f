import type { CellObject, DenseWorkSheet, Range } from "xlsx";
import type { ReadContext } from "../prepared-file.js";
import { canonicalOf } from "./header-map.js";

/** One sheet: its header, and its data rows as text. */
export interface Sheet {
  readonly name: string;
  /** [] = the sheet is empty. */
  readonly header: readonly string[];
  /** Rows below the header that hold anything; `types` = SQL type of each column, null = unknown. */
  rows(types: readonly (string | null)[]): Generator<readonly string[]>;
}

/** Rows in which a header is looked for, below titles. */
const HEADER_SEARCH_ROWS = 50;
const ERROR_MARK = "\u0000";

const ERRORS: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
  43: "#GETTING_DATA",
};

export function isErrorText(text: string): boolean {
  return text.startsWith(ERROR_MARK);
}

type Cells = readonly (readonly (CellObject | undefined)[] | undefined)[];

/** The sheets that the feed asks for. Throws what the library throws for a damaged workbook. */
export async function readSheets(bytes: Buffer, context: ReadContext): Promise<readonly Sheet[]> {
  const xlsx = await import("xlsx");
  const book = xlsx.read(bytes, {
    dense: true,
    cellDates: true,
    UTC: true,
    cellFormula: false,
    cellHTML: false,
    cellText: false,
    cellNF: false,
    cellStyles: false,
  });
  return wantedSheets(book.SheetNames, context).map((name) => {
    const sheet = book.Sheets[name] as DenseWorkSheet | undefined;
    if (sheet === undefined) throw new Error(`it has no sheet ${JSON.stringify(name)}`);
    return sheetOf(name, sheet, context);
  });
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

function sheetOf(name: string, sheet: DenseWorkSheet, context: ReadContext): Sheet {
  const cells: Cells = sheet["!data"] ?? [];
  const merges: readonly Range[] = sheet["!merges"] ?? [];
  const found = headerRow(cells, merges, context);
  if (found === null) return { name, header: [], rows: function* () {} };
  const named = headerOf(cells, merges, found);
  // A header cell that is merged downwards belongs to the header as far as it reaches.
  const last = merges
    .filter((merge) => merge.s.r <= found && merge.e.r >= found)
    .reduce((row, merge) => Math.max(row, merge.e.r), found);
  // Cells without a header above them are not lost: they are columns without a name.
  const header = [
    ...named,
    ...new Array<string>(Math.max(0, widthFrom(cells, last + 1) - named.length)).fill(""),
  ];
  return {
    name,
    header,
    rows: function* (types) {
      for (let r = last + 1; r < cells.length; r++) {
        const row = cells[r];
        if (row === undefined) continue;
        const texts = header.map((_, c) => textOf(row[c], types[c] ?? null));
        if (texts.some((text) => text.trim() !== "")) yield texts;
      }
    },
  };
}

function widthFrom(cells: Cells, from: number): number {
  let width = 0;
  for (let r = from; r < cells.length; r++) {
    const row = cells[r] ?? [];
    for (let c = row.length; c > width; c--) {
      if (textOf(row[c - 1], null).trim() === "") continue;
      width = c;
      break;
    }
  }
  return width;
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

function textOf(cell: CellObject | undefined, type: string | null): string {
  if (cell === undefined || cell.v === undefined || cell.v === null) return "";
  switch (cell.t) {
    case "e":
      return `${ERROR_MARK}${ERRORS[Number(cell.v)] ?? "#ERROR"}`;
    case "d":
      return dateText(cell.v as Date, type);
    case "n":
      return cell.v instanceof Date ? dateText(cell.v, type) : numberText(Number(cell.v));
    default:
      return String(cell.v);
  }
}

/** Fifteen digits, as a spreadsheet shows them: the rest is noise of binary fractions. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

function dateText(date: Date, type: string | null): string {
  // Days as fractions lose up to a millisecond.
  const iso = new Date(Math.round(date.getTime() / 10) * 10).toISOString();
  const day = iso.slice(0, 10);
  const clock = iso.slice(11, -1).replace(/\.000$/, "");
  return clock === "00:00:00" && type !== "TIMESTAMPTZ" ? day : `${day}T${clock}`;
}
