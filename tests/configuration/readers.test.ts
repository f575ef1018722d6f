import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as xlsx from "xlsx";
import { loadConfig } from "../../lib/config.js";
import type { FeedOptions } from "../../lib/config-types.js";
import { prepareXlsx } from "../../processing/readers/xlsx.js";
import { emptyTally } from "../../processing/record-stream.js";
import { plannedFile } from "../planned-file.js";
import { threeColumns, work } from "../processing/work-harness.js";

function workbook(rows: readonly (readonly unknown[])[]): Uint8Array {
  const sheet = xlsx.utils.aoa_to_sheet(rows as unknown[][]);
  const book: xlsx.WorkBook = { SheetNames: ["S"], Sheets: { S: sheet } };
  return new Uint8Array(xlsx.write(book, { type: "array", bookType: "xlsx" }) as ArrayBuffer);
}

async function ids(path: string, content: string | Uint8Array, options: Partial<FeedOptions>) {
  const { file, accepted } = await work({
    files: { [path]: content },
    schema: threeColumns,
    feed: { options },
  });
  return file.outcome === "judged" ? accepted.map((row) => `${row["id"]} ${row["name"]}`) : file.outcome;
}

test("options.header and names: a file without a header line", async () => {
  expect(await ids("a.csv", "1,x\n2,y\n", { header: false, names: ["id", "name"] })).toEqual(["1 x", "2 y"]);
  expect(await ids("a.csv", "1,x\n2,y\n", {})).toBe("missing_column");
});

test("options.quote: another sign than the double quote", async () => {
  const text = "id,name\n1,'a,b'\n";
  expect(await ids("a.csv", text, { quote: "'" })).toEqual(["1 a,b"]);
  expect(await ids("a.csv", text, {})).toEqual([]);
});

test("options.header_row: the row that is said, not the one that looks best", async () => {
  const book = workbook([
    ["id", "name", "amount"],
    ["id", "name", "of"],
    ["1", "x", ""],
  ]);
  const records = async (header_row: number | null) =>
    (await work({ files: { "a.xlsx": book }, schema: threeColumns, feed: { options: { header_row } } })).file
      .records;
  expect([await records(null), await records(2)]).toEqual([2, 1]);
});

test("guess_stray_quotes: whether a record over several lines is judged by its columns", async () => {
  const files = { "a.csv": 'id,name,note\na,"b,c\nd,e,f\ng,h,i\nj,k",l\n' };
  const counts = async (guess_stray_quotes: boolean) => {
    const { file } = await work({ files, schema: threeColumns, settings: { guess_stray_quotes } });
    return [file.records, file.accepted];
  };
  expect(await counts(true)).toEqual([4, 3]);
  expect(await counts(false)).toEqual([1, 1]);
});

test("chunk_size_rows: after so many rows of a workbook the engine gets what is held", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gristmill-chunks-"));
  const location = join(folder, "a.xlsx");
  writeFileSync(location, workbook([["id"], ...Array.from({ length: 25 }, (_, at) => [`r${at}`])]));
  const { settings, feeds } = loadConfig({
    configDir: null,
    environment: { GRISTMILL_CHUNK_SIZE_ROWS: "10" },
  });
  const { products } = feeds;
  if (products === undefined) throw new Error("the defaults have a feed of products");
  const context = { feed: products, canonical: ["id"], required: ["id"], types: {}, settings };
  const preflight = await prepareXlsx(
    plannedFile("a.xlsx", { feed: "products", source: "products", location }),
    context,
  );
  if (preflight.kind !== "ready") throw new Error(preflight.kind);
  const held: number[] = [];
  const tally = emptyTally();
  const sink = { wanted: Number.POSITIVE_INFINITY, clean() {}, take() {}, malformed() {} };
  await preflight.prepared.read(sink, tally, async () => void held.push(tally.records));
  expect(held).toEqual([10, 20, 25]);
  rmSync(folder, { recursive: true });
});

test("rows: a rule's name, expression, message and severity reach the record that breaks it", async () => {
  const rows = [
    { name: "large", expression: "amount > 3", message: "too small", severity: "error" },
    { name: "named", expression: "name is not null", severity: "warn" },
  ] as const;
  const files = { "a.csv": "id,name,amount\n1,x,5\n2,y,3\n3,,7\n" };
  const { accepted, quarantined } = await work({ files, schema: threeColumns, rules: { rows } });
  expect(accepted.map((row) => [row["id"], row["_warnings"]])).toEqual([
    ["1", 0n],
    ["3", 1n],
  ]);
  expect(quarantined.map((row) => row["reasons"])).toMatchObject([
    [{ code: "rule_failed", rule: "large", message: "too small" }],
  ]);
});
