import type { CellObject, DenseWorkSheet } from "xlsx";

/** Cells of a sheet by row and column; rows without cells are missing. */
export type Cells = NonNullable<DenseWorkSheet["!data"]>;

const DAY = 86_400_000;
/** Days that are remembered as text. */
const DAYS = 10_000;
const ERROR_MARK = "\u0000";
const NOT_A_NUMBER = 36;

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

/** A cell's text. Errors are marked, so that a text that merely looks like one stays a text. */
export function textOf(cell: CellObject | undefined, type: string | null): string {
  if (cell === undefined || cell.v === undefined || cell.v === null) return "";
  switch (cell.t) {
    case "e":
      return errorText(Number(cell.v));
    case "d":
      return dateText(cell.v as Date, type);
    case "n":
      return cell.v instanceof Date ? dateText(cell.v, type) : numberText(Number(cell.v));
    default:
      return String(cell.v);
  }
}

export function isErrorText(text: string): boolean {
  return text.startsWith(ERROR_MARK);
}

export function withoutMark(text: string): string {
  return isErrorText(text) ? text.slice(ERROR_MARK.length) : text;
}

function errorText(code: number): string {
  return `${ERROR_MARK}${ERRORS[code] ?? "#ERROR"}`;
}

/** Fifteen digits, as a spreadsheet shows them: the rest is noise of binary fractions. */
function numberText(value: number): string {
  const text = String(value);
  return text.length <= 15 || Number.isInteger(value) ? text : String(Number(value.toPrecision(15)));
}

function dateText(date: Date, type: string | null): string {
  // Days as fractions lose up to a millisecond.
  const time = Math.round(date.getTime() / 10) * 10;
  // A number beyond all days in a cell of dates.
  if (Number.isNaN(time)) return errorText(NOT_A_NUMBER);
  const clock = ((time % DAY) + DAY) % DAY;
  const day = dayText(time - clock);
  if (clock === 0 && type !== "TIMESTAMPTZ") return day;
  const seconds = Math.floor(clock / 1_000);
  const fraction = clock % 1_000 === 0 ? "" : `.${String(clock % 1_000).padStart(3, "0")}`;
  return `${day}T${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}

const days = new Map<number, string>();

/** `YYYY-MM-DD`, remembered: a sheet has many times of few days, and making this text is dear. */
function dayText(midnight: number): string {
  const known = days.get(midnight);
  if (known !== undefined) return known;
  if (days.size === DAYS) days.clear();
  const text = new Date(midnight).toISOString().slice(0, 10);
  days.set(midnight, text);
  return text;
}

function two(value: number): string {
  return value < 10 ? `0${Math.floor(value)}` : String(Math.floor(value));
}
