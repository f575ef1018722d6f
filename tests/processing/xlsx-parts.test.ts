import { expect, test, vi } from "vitest";
import * as xlsx from "xlsx";
import type { JsonSchema } from "../../lib/config-types.js";
import { records } from "../../processing/workers/records.js";
import { type Outcome, work } from "./work-harness.js";

const schema: JsonSchema = {
  type: "object",
  properties: { id: { type: "string" }, name: { type: "string" }, amount: { type: "number" } },
  required: ["id"],
};
const ROWS = 6_000;
const FILLING = "x".repeat(500);

function nameOf(n: number, bookSST: boolean): string {
  return `${n % 3 === 0 ? "third" : n} é ${bookSST ? "" : FILLING}`;
}

/** About 4 MB of XML: every thousandth row is blank, and what is odd stands far from the header. */
function largeBook(bookSST: boolean): Buffer {
  const rows: unknown[][] = [["A list"], ["id", "name", "amount"]];
  for (let n = 1; n <= ROWS; n++) {
    if (n % 1_000 === 0) rows.push(n === 4_000 ? [" "] : []);
    else if (n === 3_001) rows.push(["", "no id", 1]);
    else if (n === 5_501) rows.push([`r${n}`, 'a "b", c', 0.1 + 0.2, "late"]);
    else if (n === 5_751) rows.push([`r${n}`, { t: "e", v: 42 }, n]);
    else rows.push([`r${n}`, nameOf(n, bookSST), n / 10]);
  }
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet([["id"], ["first"]]), "Small");
  const sheet = xlsx.utils.aoa_to_sheet(rows);
  sheet["!merges"] = [xlsx.utils.decode_range("A1:C1")];
  xlsx.utils.book_append_sheet(book, sheet, "Large");
  const made = xlsx.write(book, { type: "buffer", bookType: "xlsx", bookSST, compression: true }) as Buffer;
  // without its texts the sheet would not be large
  return bookSST ? changed(made, (xml) => xml.replaceAll("<row ", `<row ht="${"0".repeat(500)}15" `)) : made;
}

/** The workbook with the XML of its large sheet changed. */
function changed(book: Buffer, change: (xml: string) => string): Buffer {
  const zip = xlsx.CFB.read(book, { type: "buffer" });
  const member = xlsx.CFB.find(zip, "/xl/worksheets/sheet2.xml");
  const xml = (member.content as Buffer).toString();
  const content = Buffer.from(change(xml));
  expect(content.toString()).not.toBe(xml);
  member.content = content;
  member.size = content.length;
  return xlsx.CFB.write(zip, { type: "buffer", fileType: "zip", compression: true }) as Buffer;
}

async function read(book: Buffer): Promise<Outcome> {
  return work({ files: { "a.xlsx": book }, schema, feed: { options: { sheet: [2, "Small"] } } });
}

test.each([false, true])("a large sheet is read in parts, with shared texts: %s", async (bookSST) => {
  const { file, accepted, verdicts, quarantined } = await read(largeBook(bookSST));
  expect(file).toMatchObject({ outcome: "judged", message: null, lines: null });
  expect(file.header).toEqual(["id", "name", "amount", ""]);
  // 6 rows are blank; one row of the small sheet
  expect([file.records, accepted.length]).toEqual([ROWS - 6 + 1, ROWS - 6 + 1 - 2]);
  // blank rows are no records
  expect(verdicts).toEqual([
    `${3_001 - 3}:- missing_required id required`,
    `${5_751 - 5}:- wrong_type name type`,
  ]);
  expect(quarantined[1]?.["raw"]).toBe('{"id":"r5751","name":"#N/A","amount":"5751"}');
  const found = new Map(accepted.map((row) => [row["id"], [row["name"], row["amount"], row["_rescued"]]]));
  expect(found.get("r5501")).toEqual(['a "b", c', 0.3, '{"column_4":"late"}']);
  expect(found.get("first")).toEqual([null, null, null]);
  for (const n of [1, 2, 3, 2_001, 3_999, 5_999])
    expect(found.get(`r${n}`)).toEqual([nameOf(n, bookSST), n / 10, null]);
});

test("rows without numbers, or in another order than their numbers, are read as a whole", async () => {
  const book = largeBook(false);
  const ordered = await read(book);
  const unnumbered = changed(book, (xml) => xml.replaceAll(/ r="[A-Z]*[0-9]+"/g, ""));
  const last = `<row r="${ROWS + 1}"`;
  const disordered = changed(book, (xml) => {
    const at = xml.indexOf(last);
    const row = xml.slice(at, xml.indexOf("</row>", at) + 6);
    return xml.replace(row, "").replace("<sheetData>", `<sheetData>${row}`);
  });
  for (const other of [unnumbered, disordered]) {
    const { verdicts, accepted } = await read(other);
    expect(verdicts).toEqual(ordered.verdicts);
    expect(accepted).toEqual(ordered.accepted);
  }
});

test("a day that no calendar has is an error of its cell", async () => {
  const sheet = xlsx.utils.aoa_to_sheet([
    ["id", "name", "amount"],
    ["a", "x", 1],
    ["b", { t: "n", v: 1e20, z: "yyyy-mm-dd" }, 2],
    ["c", "x", { t: "n", v: 1e20, z: "yyyy-mm-dd" }],
  ]);
  const book = xlsx.write(
    { SheetNames: ["S"], Sheets: { S: sheet } },
    { type: "buffer", bookType: "xlsx" },
  ) as Buffer;
  const { accepted, verdicts } = await work({ files: { "a.xlsx": book }, schema });
  expect(accepted.map((row) => row["id"])).toEqual(["a"]);
  expect(verdicts).toEqual(["2:- wrong_type name type", "3:- wrong_type amount type"]);
});

test("a workbook is read once, also where its job could be shared", async () => {
  const prepare = vi.spyOn(records, "prepare");
  const outcome = await work({ files: { "a.xlsx": largeBook(false) }, schema, parts: 2 });
  expect([outcome.parts, prepare.mock.calls.length]).toEqual([1, 1]);
  prepare.mockRestore();
});

test("a workbook that inflates beyond the bound is refused", async () => {
  const files = { "a.xlsx": largeBook(false) };
  const { file } = await work({ files, schema, settings: { max_inflated_mb: 2 } });
  expect(file).toMatchObject({ outcome: "unreadable", records: 1 });
  expect(file.message).toMatch(/^the workbook cannot be read: .*2000000 bytes/);
});
