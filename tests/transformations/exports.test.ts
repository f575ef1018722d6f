import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, expect, test } from "vitest";
import { read, utils } from "xlsx";
import { dataPaths } from "../../lib/paths.js";
import { guardText } from "../../transformations/formatter/formula-guard.js";
import { workbook } from "../../transformations/formatter/workbook.js";
import { writeExports } from "../../transformations/formatter/write-exports.js";
import { type SmallLake, smallLake } from "./small-lake.js";

let lake: SmallLake;
beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

test("texts that a spreadsheet would run get an apostrophe, in every format for people", async () => {
  for (const text of ["=1+1", "+49", "-x", "@cmd", "\tx", "\rx"]) expect(guardText(text)).toBe(`'${text}`);
  for (const text of ["a=1", "", " =1", "'=1"]) expect(guardText(text)).toBe(text);
});

test("the aggregated tables stand beside the tables as CSV, JSON and XLSX, numbers untouched", async () => {
  const sale = { product_id: "=cmd|' /C calc'!A0", unit_price: "9.9900", sold_at: "2026-01-05 10:00:00+00" };
  const changes = await lake.run([
    {
      source: "sales",
      path: "s.csv",
      rows: [
        { ...sale, order_id: "o1", quantity: -2 },
        { ...sale, order_id: "o2", quantity: 1, product_id: 'a "b", c' },
      ],
    },
  ]);
  const paths = dataPaths(lake.folder);
  const tables = changes.tables.map(({ table }) => table);
  const opened = async () => lake.engine;
  const done = await writeExports(opened, paths, tables);
  expect(done).toEqual({
    tables: ["processed/aggregated/sales_by_day", "processed/aggregated/sales_by_month"],
    warnings: [],
  });
  const expected = [
    ["2026-01-01", "'=cmd|' /C calc'!A0", "", "", "-2", "-19.9800", "-21.9780"],
    ["2026-01-01", 'a "b", c', "", "", "1", "9.9900", "10.9890"],
  ];
  const csv = readFileSync(join(paths.exports, "sales_by_month.csv"), "utf8");
  expect(parse(csv)).toEqual([
    ["month", "product_id", "product_name", "product_category", "quantity", "revenue", "revenue_with_vat"],
    ...expected,
  ]);
  const json = JSON.parse(readFileSync(join(paths.exports, "sales_by_month.json"), "utf8"));
  expect(json[0]).toMatchObject({
    month: "2026-01-01",
    product_id: "=cmd|' /C calc'!A0",
    quantity: -2,
    revenue: -19.98,
  });
  const sheet = read(readFileSync(join(paths.exports, "sales_by_month.xlsx")), { cellDates: true, UTC: true })
    .Sheets["sales_by_month"];
  const rows = utils.sheet_to_json<Record<string, unknown>>(sheet ?? {}, { UTC: true });
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ product_id: "'=cmd|' /C calc'!A0", quantity: -2, revenue: -19.98 });
  expect(rows[0]?.["month"]).toEqual(new Date("2026-01-01T00:00:00Z"));
});

test("an export at its newest version is left alone; one that is lost is written again", async () => {
  const row = {
    order_id: "o",
    product_id: "p",
    quantity: 1,
    unit_price: "1",
    sold_at: "2026-01-05 10:00:00+00",
  };
  const changes = await lake.run([{ source: "sales", path: "s.csv", rows: [row] }]);
  const paths = dataPaths(lake.folder);
  const tables = changes.tables.map(({ table }) => table);
  const opened = async () => lake.engine;
  await writeExports(opened, paths, tables);
  const file = join(paths.exports, "sales_by_day.csv");
  const before = statSync(file).mtimeMs;
  expect((await writeExports(opened, paths, tables)).tables).toEqual([]);
  expect(statSync(file).mtimeMs).toBe(before);
  unlinkSync(file);
  writeFileSync(`${file}.tmp-123`, "torn");
  expect((await writeExports(opened, paths, tables)).tables).toEqual(["processed/aggregated/sales_by_day"]);
  expect(existsSync(file)).toBe(true);
  expect(existsSync(`${file}.tmp-123`)).toBe(false);
});

test("a workbook that cannot take all rows says so", async () => {
  const bytes = await workbook("m", [{ name: "n", type: "long" }], [{ n: 1n }], 3);
  const book = read(bytes);
  expect(book.SheetNames).toEqual(["m", "left out"]);
  expect(utils.sheet_to_csv(book.Sheets["left out"] ?? {})).toContain("The first 1 of 3 rows");
});

test("a workbook holds every kind of value as another program reads it", async () => {
  const columns = [
    { name: "a & b", type: "string" },
    { name: "on", type: "boolean" },
    { name: "day", type: "date" },
    { name: "money", type: "decimal(18,2)" },
    { name: "share", type: "double" },
    { name: "at", type: "timestamp" },
  ];
  const rows = [
    {
      "a & b": ' <x> "\u0007é\u{1F600}\n',
      on: true,
      day: "2026-02-28",
      money: "-1234.50",
      share: 0.25,
      at: "2026-01-01 00:00:00+00",
    },
    { "a & b": "=1", on: false, day: "1899-12-31", money: null, share: Number.NaN, at: null },
    { "a & b": "x".repeat(40_000), on: null, day: null, money: "0.00", share: null, at: null },
  ];
  const book = read(await workbook("m", columns, rows, 3), { cellDates: true, UTC: true });
  const found = utils.sheet_to_json<Record<string, unknown>>(book.Sheets["m"] ?? {}, { UTC: true });
  expect(found).toEqual([
    {
      "a & b": ' <x> "é\u{1F600}\n',
      on: true,
      day: new Date("2026-02-28T00:00:00Z"),
      money: -1234.5,
      share: 0.25,
      at: "2026-01-01 00:00:00+00",
    },
    { "a & b": "'=1", on: false, day: "1899-12-31", share: "NaN" },
    { "a & b": "x".repeat(32_767), money: 0 },
  ]);
});
