import type { SqlRow, SqlValue } from "../../engines/engine.js";
import type { TableColumn } from "../../lib/table-types.js";
import { guardText } from "./formula-guard.js";

/** Characters that a cell takes. */
const CELL_CHARACTERS = 32_767;
/** Days from 1900-03-01, where the calendars of spreadsheets begin to agree, to 9999-12-31. */
const FIRST_DAY = 61;
const LAST_DAY = 2_958_465;
const ROWS_A_CHUNK = 1_000;

const numeric = /^(byte|short|integer|long|float|double|decimal\(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in XML, not even escaped
const special = /[&<>"\0-\x1f\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** A worksheet with a header, piece by piece. Style 1 of the workbook is that of dates. */
export function* sheetXml(columns: readonly TableColumn[], rows: readonly SqlRow[]): Iterable<string> {
  const letters = columns.map((_, at) => columnLetters(at));
  const writers = columns.map((column) => cellWriter(column));
  const line = (number: number, cells: (column: number) => string): string => {
    let text = `<row r="${number}">`;
    for (let at = 0; at < letters.length; at += 1) {
      const cell = cells(at);
      if (cell !== "") text += `<c r="${letters[at]}${number}"${cell}</c>`;
    }
    return `${text}</row>`;
  };
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
  yield line(1, (at) => textCell(columns[at]?.name ?? ""));
  for (let from = 0; from < rows.length; from += ROWS_A_CHUNK) {
    let text = "";
    const to = Math.min(rows.length, from + ROWS_A_CHUNK);
    for (let row = from; row < to; row += 1) {
      text += line(row + 2, (at) => {
        const value = rows[row]?.[columns[at]?.name ?? ""] ?? null;
        return value === null ? "" : (writers[at]?.(value) ?? "");
      });
    }
    yield text;
  }
  yield "</sheetData></worksheet>";
}

/** What follows the cell's place: its type or style, and its value. */
function cellWriter({ type }: TableColumn): (value: SqlValue) => string {
  if (type === "boolean") return (value) => ` t="b"><v>${value === true ? 1 : 0}</v>`;
  if (type === "date") return (value) => dateCell(String(value));
  if (typeof type === "string" && numeric.test(type)) return (value) => numberCell(Number(value));
  return (value) => textCell(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function numberCell(value: number): string {
  return Number.isFinite(value) ? `><v>${value}</v>` : textCell(String(value));
}

function dateCell(day: string): string {
  const serial = Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;
  return serial >= FIRST_DAY && serial <= LAST_DAY ? ` s="1"><v>${serial}</v>` : textCell(day);
}

function textCell(text: string): string {
  const guarded = escapeXml(guardText(text).slice(0, CELL_CHARACTERS));
  return ` t="inlineStr"><is><t xml:space="preserve">${guarded}</t></is>`;
}

export function escapeXml(text: string): string {
  if (!special.test(text)) return text;
  return (
    text
      .replace(unwritable, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // a reader of XML would make a line feed of it
      .replaceAll("\r", "&#13;")
  );
}

/** A, B, … Z, AA, … */
function columnLetters(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : columnLetters(Math.floor(at / 26) - 1) + letter;
}
