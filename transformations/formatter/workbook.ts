import type { SqlRow } from "../../engines/engine.js";
import type { TableColumn } from "../../lib/table-types.js";
import { escapeXml, sheetXml } from "./sheet.js";
import { type ZipPart, zip } from "./zip.js";

/** Rows that a workbook takes; more would need memory by the gigabyte. The CSV beside it has them all. */
export const WORKBOOK_ROWS = 100_000;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const FORMATS = "http://schemas.openxmlformats.org";
const MAIN = `${FORMATS}/spreadsheetml/2006/main`;
const RELATIONS = `${FORMATS}/officeDocument/2006/relationships`;
const PACKAGE = `${FORMATS}/package/2006`;
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/**
 * One table as an XLSX workbook; where rows are left out a second sheet says so. Written by hand: a library takes ten
 * times as long and holds all cells at once.
 */
export async function workbook(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly SqlRow[],
  total: number,
): Promise<Uint8Array> {
  const sheets = [{ name: name.slice(0, 31), chunks: sheetXml(columns, rows) }];
  if (total > rows.length) {
    const note = `The first ${rows.length} of ${total} rows; all of them stand in ${name}.csv.`;
    sheets.push({ name: "left out", chunks: sheetXml([{ name: note, type: "string" }], []) });
  }
  const parts: ZipPart[] = [
    { name: "[Content_Types].xml", chunks: [contentTypes(sheets.length)] },
    { name: "_rels/.rels", chunks: [relations([["officeDocument", "xl/workbook.xml"]])] },
    { name: "xl/workbook.xml", chunks: [sheetList(sheets.map((sheet) => sheet.name))] },
    {
      name: "xl/_rels/workbook.xml.rels",
      chunks: [
        relations([
          ...sheets.map((_, at) => ["worksheet", `worksheets/sheet${at + 1}.xml`] as const),
          ["styles", "styles.xml"],
        ]),
      ],
    },
    { name: "xl/styles.xml", chunks: [styles] },
    ...sheets.map(({ chunks }, at) => ({ name: `xl/worksheets/sheet${at + 1}.xml`, chunks })),
  ];
  return await zip(parts);
}

function contentTypes(sheets: number): string {
  const overrides = [
    ["xl/workbook.xml", `${TYPES}.sheet.main+xml`],
    ["xl/styles.xml", `${TYPES}.styles+xml`],
    ...Array.from({ length: sheets }, (_, at) => [
      `xl/worksheets/sheet${at + 1}.xml`,
      `${TYPES}.worksheet+xml`,
    ]),
  ].map(([part, type]) => `<Override PartName="/${part}" ContentType="${type}"/>`);
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join("")}</Types>`;
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const list = targets.map(
    ([type, target], at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list.join("")}</Relationships>`;
}

function sheetList(names: readonly string[]): string {
  const list = names.map(
    (name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${list.join("")}</sheets></workbook>`;
}

/** Style 0 is plain, style 1 shows a date as YYYY-MM-DD. */
const styles = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;
