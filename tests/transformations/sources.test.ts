import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SourceColumn, SourceSpec } from "../../transformations/sources/source-spec.js";
import { defaultSources, type Row, type SmallLake, smallLake } from "./small-lake.js";

let lake: SmallLake;
beforeEach(async () => {
  lake = await smallLake();
});
afterEach(() => lake.close());

const column = (
  name: string,
  sqlType: string,
  deltaType: string,
  personal: SourceColumn["personal"] = null,
) => ({
  name,
  sqlType,
  deltaType,
  personal,
});
const returns: SourceSpec = {
  name: "returns",
  key: ["return_id"],
  eventTime: "returned_at",
  versionBy: null,
  partition: "month",
  columns: [
    column("return_id", "VARCHAR", "string"),
    column("returned_at", "TIMESTAMPTZ", "timestamp"),
    column("phone", "VARCHAR", "string", "hash"),
    column("note", "VARCHAR", "string", "drop"),
    column("amount", "DECIMAL(18,2)", "decimal(18,2)"),
  ],
};
const back = (id: string, at: string, more: Row = {}): Row => ({
  return_id: id,
  returned_at: `${at} 10:00:00+00`,
  phone: "0123",
  note: "secret",
  amount: "1.50",
  ...more,
});
const sales = defaultSources.find(({ name }) => name === "sales") as SourceSpec;

test("a source by configuration alone gets its tables, kept by month, its personal columns hidden", async () => {
  const run = (path: string, rows: Row[]) =>
    lake.run([{ source: "returns", path, rows }], { sources: [returns], hashKey: "k" });
  await run("a.csv", [back(" r1", "2026-01-31"), back("r2", "2026-02-01")]);
  const changes = await run("b.csv", [back("r1", "2026-02-02", { phone: null })]);
  expect(changes.tables.map(({ table, partition_by }) => [table, partition_by])).toEqual([
    ["processed/returns", ["month"]],
    ["processed/enriched/returns", ["month"]],
  ]);
  const phone = createHmac("sha256", "k").update("0123").digest("hex");
  expect(await lake.rows("processed/enriched/returns")).toEqual([
    {
      return_id: "r1",
      returned_at: "2026-02-02 10:00:00+00",
      phone: null,
      amount: "1.50",
      date: "2026-02-02",
      month: "2026-02-01",
    },
    {
      return_id: "r2",
      returned_at: "2026-02-01 10:00:00+00",
      phone,
      amount: "1.50",
      date: "2026-02-01",
      month: "2026-02-01",
    },
  ]);
  expect(await lake.rows("processed/returns", "note")).toHaveLength(3);
});

test("hashing without a key in the environment is refused", async () => {
  const run = lake.run([{ source: "returns", path: "a.csv", rows: [] }], { sources: [returns] });
  await expect(run).rejects.toMatchObject({ code: "bad_configuration", exitCode: 78 });
});

test("a contract that lacks a column of the delivered models gives null there", async () => {
  const few = {
    ...sales,
    columns: sales.columns.filter(({ name }) => name !== "discount" && name !== "vat"),
  };
  const row = {
    order_id: "o",
    product_id: "p",
    quantity: 2,
    unit_price: "1.5",
    sold_at: "2026-01-05 10:00:00+00",
  };
  await lake.run([{ source: "sales", path: "s.csv", rows: [row] }], { sources: [few] });
  expect(await lake.rows("processed/enriched/sales", "revenue, revenue_with_vat, vat")).toEqual([
    { revenue: "3.0000", revenue_with_vat: "3.3000", vat: null },
  ]);
});

test("a contract that gains a column adds it to the table; old rows have null there", async () => {
  const row = {
    order_id: "o",
    product_id: "p",
    quantity: 2,
    unit_price: "1.5",
    sold_at: "2026-01-05 10:00:00+00",
  };
  await lake.run([{ source: "sales", path: "a.csv", rows: [row] }]);
  const more = { ...sales, columns: [...sales.columns, column("gift", "VARCHAR", "string")] };
  await lake.run([{ source: "sales", path: "b.csv", rows: [{ ...row, order_id: "o2", gift: "yes" }] }], {
    sources: [more],
  });
  expect(await lake.rows("processed/sales", "order_id, gift")).toEqual([
    { order_id: "o", gift: null },
    { order_id: "o2", gift: "yes" },
  ]);
  expect(await lake.rows("processed/enriched/sales", "order_id")).toHaveLength(2);
});

test("a column's type may widen; a change that would lose a value is refused and nothing changes", async () => {
  const row = {
    order_id: "o",
    product_id: "p",
    quantity: 2,
    unit_price: "1.5",
    sold_at: "2026-01-05 10:00:00+00",
  };
  await lake.run([{ source: "sales", path: "a.csv", rows: [{ ...row, store_id: "north" }] }]);
  const typed = (name: string, sqlType: string, deltaType: string): SourceSpec => ({
    ...sales,
    columns: sales.columns.map((own) => (own.name === name ? column(name, sqlType, deltaType) : own)),
  });
  const next = [{ source: "sales", path: "b.csv", rows: [{ ...row, order_id: "o2", quantity: 3 }] }];
  await expect(lake.run(next, { sources: [typed("store_id", "BIGINT", "long")] })).rejects.toMatchObject({
    code: "schema_conflict",
  });
  await lake.run(next, { sources: [typed("quantity", "DOUBLE", "double")] });
  expect(await lake.rows("processed/sales", "order_id, quantity")).toEqual([
    { order_id: "o", quantity: 2 },
    { order_id: "o2", quantity: 3 },
  ]);
});

test("a partition that changes in the configuration lays the tables out anew", async () => {
  const row = (order: string, day: string): Row => ({
    order_id: order,
    product_id: "p",
    quantity: 1,
    unit_price: "1",
    sold_at: `${day} 10:00:00+00`,
  });
  await lake.run([
    { source: "sales", path: "a.csv", rows: [row("o1", "2026-01-05"), row("o2", "2026-01-06")] },
  ]);
  const monthly: SourceSpec = { ...sales, partition: "month" };
  const changes = await lake.run([{ source: "sales", path: "b.csv", rows: [row("o3", "2026-01-06")] }], {
    sources: [monthly],
  });
  const adds = changes.tables
    .filter(({ table }) => table.endsWith("/sales"))
    .map(({ adds: own }) => own.length);
  expect(adds).toEqual([1, 1]);
  expect(await lake.rows("processed/aggregated/sales_by_day", "date, orders")).toEqual([
    { date: "2026-01-05", orders: 1 },
    { date: "2026-01-06", orders: 2 },
  ]);
});

test("a column that has the partition's name is refused", async () => {
  const dated = { ...sales, columns: [...sales.columns, column("Date", "VARCHAR", "string")] };
  await expect(
    lake.run([{ source: "sales", path: "a.csv", rows: [] }], { sources: [dated] }),
  ).rejects.toThrow(/sources.sales.partition/);
});

test("an own model follows its input, day by day; the run's date has no place in it", async () => {
  const config = join(lake.folder, "config");
  mkdirSync(join(config, "models", "aggregator"), { recursive: true });
  const file = join(config, "models", "aggregator", "by_store.sql");
  const select = (extra: string) =>
    `-- grain: date\nselect date, store_id, count(*) as n${extra} from enriched.sales group by date, store_id`;
  writeFileSync(file, select(""));
  const row = (order: string, day: string): Row => ({
    order_id: order,
    product_id: "p",
    quantity: 1,
    unit_price: "1",
    sold_at: `${day} 10:00:00+00`,
    store_id: "n",
  });
  await lake.run([
    { source: "sales", path: "a.csv", rows: [row("o1", "2026-01-05"), row("o2", "2026-01-06")] },
  ]);
  await lake.run([{ source: "sales", path: "b.csv", rows: [row("o3", "2026-01-06")] }], {
    configDir: config,
  });
  expect(await lake.rows("processed/aggregated/by_store", "date, n")).toEqual([
    { date: "2026-01-05", n: 1 },
    { date: "2026-01-06", n: 2 },
  ]);
  writeFileSync(file, select(", max(run_date()) as at"));
  const again = lake.run([{ source: "sales", path: "c.csv", rows: [] }], { configDir: config });
  await expect(again).rejects.toMatchObject({
    code: "bad_model",
    message: expect.stringContaining("run_date()"),
  });
});
