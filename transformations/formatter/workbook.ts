import type { SqlRow } from "../../engines/engine.js";
import type { TableColumn } from "../../lib/table-types.js";
import { guardText } from "./formula-guard.js";
import { type ZipEntry, zip } from "./zip.js";

/** Rows that a workbook takes; more would need memory by the gigabyte. The CSV beside it has them all. */
export const WORKBOOK_ROWS = 100_000;
/** Characters that a cell takes. */
const CELL_CHARACTERS = 32_767;
/** Characters that a sheet's name takes. */
const NAME_CHARACTERS = 31;
/** From here on the calendars of spreadsheets agree. */
const FIRST_DAY = "1900-03-01";
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
const ROWS_A_TEXT = 2_000;

const numeric = /^(byte|short|integer|long|float|double|decimal\(.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in XML, not even escaped
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

interface Sheet {
  readonly name: string;
  readonly rows: Iterable<string>;
}

/**
 * One table as an XLSX workbook; where rows are left out a second sheet says so. Written here, because a library that
 * holds every cell as an object took four times as long.
 */
export function workbook(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly SqlRow[],
  total: number,
): Uint8Array {
  const sheets: Sheet[] = [{ name: name.slice(0, NAME_CHARACTERS), rows: sheetRows(columns, rows) }];
  if (total > rows.length) {
    const note = `The first ${rows.length} of ${total} rows; all of them stand in ${name}.csv.`;
    sheets.push({ name: "left out", rows: [`<row r="1">${textCell("A1", note)}</row>`] });
  }
  return zip([...frame(sheets), ...sheets.map(({ rows: content }, at) => sheetFile(at, content))]);
}

function* sheetRows(columns: readonly TableColumn[], rows: readonly SqlRow[]): Iterable<string> {
  const letters = columns.map((_, at) => columnLetters(at));
  const row = (number: number, cell: (column: TableColumn, place: string) => string): string =>
    `<row r="${number}">${columns.map((column, at) => cell(column, `${letters[at]}${number}`)).join("")}</row>`;
  yield row(1, (column, place) => textCell(place, column.name));
  for (let from = 0; from < rows.length; from += ROWS_A_TEXT)
    yield rows
      .slice(from, from + ROWS_A_TEXT)
      .map((values, at) => row(from + at + 2, (column, place) => cell(column, values, place)))
      .join("");
}

function cell(column: TableColumn, row: SqlRow, place: string): string {
  const value = row[column.name] ?? null;
  if (value === null) return "";
  if (typeof value === "boolean") return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof column.type === "string" && numeric.test(column.type) && Number.isFinite(Number(value)))
    return `<c r="${place}"><v>${Number(value)}</v></c>`;
  if (column.type === "date" && String(value) >= FIRST_DAY) {
    const day = (Date.parse(`${String(value)}T00:00:00Z`) - DAY_ZERO) / DAY_MS;
    if (Number.isFinite(day)) return `<c r="${place}" s="1"><v>${day}</v></c>`;
  }
  return textCell(place, typeof value === "object" ? JSON.stringify(value) : String(value));
}

function textCell(place: string, value: string): string {
  const shown = guardText(value).replace(unwritable, "").slice(0, CELL_CHARACTERS);
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(shown)}</t></is></c>`;
}

function escaped(text: string): string {
  if (!/[&<>"\r]/.test(text)) return text;
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}

/** 0 is A, 26 is AA. */
function columnLetters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : `${columnLetters(Math.floor(at / 26) - 1)}${last}`;
}

function sheetFile(at: number, rows: Iterable<string>): ZipEntry {
  const content = function* (): Iterable<string> {
    yield `${head}<worksheet xmlns="${main}"><sheetData>`;
    yield* rows;
    yield "</sheetData></worksheet>";
  };
  return { name: `xl/worksheets/sheet${at + 1}.xml`, texts: content() };
}

/** What a workbook has beside its sheets: their list, and the one style that shows days as days. */
function frame(sheets: readonly Sheet[]): readonly ZipEntry[] {
  const sheetTypes = sheets.map(
    (_, at) =>
      `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${types}.worksheet+xml"/>`,
  );
  const listed = sheets.map(
    ({ name }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  const linked = sheets.map((_, at) => relation(at + 1, "worksheet", `worksheets/sheet${at + 1}.xml`));
  const file = (name: string, text: string): ZipEntry => ({ name, texts: [head, text] });
  return [
    file(
      "[Content_Types].xml",
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${sheetTypes.join("")}</Types>`,
    ),
    file("_rels/.rels", relationList([relation(1, "officeDocument", "xl/workbook.xml")])),
    file(
      "xl/workbook.xml",
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${listed.join("")}</sheets></workbook>`,
    ),
    file(
      "xl/_rels/workbook.xml.rels",
      relationList([...linked, relation(sheets.length + 1, "styles", "styles.xml")]),
    ),
    file(
      "xl/styles.xml",
      `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    ),
  ];
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${relations}/${type}" Target="${target}"/>`;
}

function relationList(list: readonly string[]): string {
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join("")}</Relationships>`;
}
