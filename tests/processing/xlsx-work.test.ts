import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as xlsx from "xlsx";
import type { JsonSchema } from "../../lib/config-types.js";
import { testData } from "../test-data.js";
import { work } from "./work-harness.js";

const schema: JsonSchema = {
  type: "object",
  properties: {
    product_id: { type: "string" },
    name: { type: "string" },
    price: { type: "number", "x-decimal": [18, 2] },
    created_at: { type: "string", format: "date-time" },
    day: { type: "string", format: "date" },
    is_active: { type: "boolean" },
  },
  required: ["product_id"],
};

/** A workbook of sheets given as rows of cells. */
function book(
  sheets: Readonly<Record<string, readonly (readonly unknown[])[]>>,
  merges: string[] = [],
): Uint8Array {
  const made = xlsx.utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) {
    const sheet = xlsx.utils.aoa_to_sheet(rows as unknown[][], { cellDates: true, UTC: true });
    sheet["!merges"] = merges.map((range) => xlsx.utils.decode_range(range));
    xlsx.utils.book_append_sheet(made, sheet, name);
  }
  return new Uint8Array(
    xlsx.write(made, {
      type: "array",
      bookType: "xlsx",
      cellDates: true,
      UTC: true,
    } as xlsx.WritingOptions) as ArrayBuffer,
  );
}

test("a header below titles, merged, with dates, numbers, errors and blank rows", async () => {
  const error = { t: "e", v: 42 };
  const rows = [
    ["Price list"],
    [],
    ["Article", "Title", "Cost", null, "created_at", "day", "is_active"],
    [null, null, "price", "note", null, null, null],
    ["a1", "x", 0.1 + 0.2, "n", new Date("2026-01-02T03:04:05Z"), new Date("2026-01-02T00:00:00Z"), true],
    [],
    [1001, error, error, null, null, null, "no", "beyond"],
    [null, "no id", 5],
    ["a2", "#N/A", 7.5],
  ];
  const merges = ["A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "G3:G4"];
  const { file, accepted, verdicts, quarantined } = await work({
    files: { "a.xlsx": book({ One: rows }, merges) },
    schema,
    feed: { columns: { Article: "product_id", Title: "name" } },
  });
  expect(file).toMatchObject({
    outcome: "judged",
    message: null,
    lines: null,
    records: 4,
    accepted: 2,
    quarantined: 2,
  });
  expect(
    accepted.map((row) => [
      row["product_id"],
      row["name"],
      row["price"],
      row["created_at"],
      row["day"],
      row["is_active"],
      row["_rescued"],
    ]),
  ).toEqual([
    ["a1", "x", "0.30", "2026-01-02 03:04:05+00", "2026-01-02", true, '{"note":"n"}'],
    ["a2", "#N/A", "7.50", null, null, null, null],
  ]);
  expect(verdicts).toEqual([
    "2:- wrong_type price type, wrong_type name type",
    "3:- missing_required product_id required",
  ]);
  expect(quarantined[0]?.["raw"]).toBe(
    '{"Article":"1001","Title":"#N/A","price":"#N/A","is_active":"no","column_8":"beyond"}',
  );
});

test("several sheets, by name, number or all", async () => {
  const sheets = {
    A: [["product_id"], ["1"]],
    B: [["x"], ["product_id", "name"], ["2", "b"], ["3", "c"]],
    C: [],
  };
  const count = async (sheet: string | number | (string | number)[] | null): Promise<number> =>
    (await work({ files: { "a.xlsx": book(sheets) }, schema, feed: { options: { sheet } } })).accepted.length;
  expect(await count(null)).toBe(1);
  expect(await count(2)).toBe(2);
  expect(await count(["A", 2])).toBe(3);
  expect(await count("*")).toBe(3);
});

test("a sheet that is not there, and a required column that is not there", async () => {
  const files = {
    "a.xlsx": book({
      A: [
        ["name", "price"],
        ["x", 1],
      ],
    }),
  };
  const absent = await work({ files, schema, feed: { options: { sheet: "Z" } } });
  expect(absent.file).toMatchObject({
    outcome: "unreadable",
    message: 'the workbook cannot be read: it has no sheet "Z"',
  });
  expect((await work({ files, schema })).file).toMatchObject({ outcome: "missing_column", records: 1 });
});

// Counted by another reader, from the sheets' XML: rows that hold a value, but title rows and header.
const lists = [
  ["laspavel_pricelist.xlsx", 1, { Код_товара: "product_id" }, 982],
  ["wilo_price.xlsx", "price_list", { Артикул: "product_id" }, 5241],
  ["mento_tyres.xlsx", "*", { "Наименование товара": "product_id" }, 240 + 365 + 135],
] as const;
test.each(lists)("real price list %s", async (name, sheet, columns, records) => {
  const path = testData(`xlsx/${name}`);
  if (path === null) return;
  const files = { "a.xlsx": readFileSync(path) };
  const { file } = await work({ files, schema, feed: { columns, options: { sheet } } });
  expect(file.records).toBe(records);
  expect(file.oracle.disagreements).toBe(0);
});
