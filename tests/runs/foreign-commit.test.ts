import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTable } from "../../lake/snapshot.js";
import { dataPaths } from "../../lib/paths.js";
import { type House, openHouse, sales } from "../quality/replay/night.js";

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.end());

/** A commit of another engine that changes no row, such as an OPTIMIZE with nothing to do. */
async function foreignCommit(table: string): Promise<() => void> {
  const paths = dataPaths(house.root);
  const next = (await openTable(paths, table)).version + 1;
  const file = join(paths.table(table), "_delta_log", `${String(next).padStart(20, "0")}.json`);
  return () => writeFileSync(file, '{"commitInfo":{"timestamp":1,"operation":"OPTIMIZE"}}\n', { flag: "wx" });
}

test.each([
  "processed/sales",
  "processed/enriched/sales",
  "quality/ledger",
])("a foreign commit to %s between transform and publish makes the run plan anew", async (table) => {
  house.write("sales/a.csv", sales([1, 2, 3]));
  expect(await house.night("20260101T010000Z-0001")).toBe(0);
  house.write("sales/b.csv", sales([10, 20]));
  expect(await house.night("20260102T010000Z-0002", await foreignCommit(table))).toBe(0);
  expect(await house.query("processed/sales", "_file || ' ' || quantity")).toEqual([
    "sales/a.csv 1",
    "sales/a.csv 2",
    "sales/a.csv 3",
    "sales/b.csv 10",
    "sales/b.csv 20",
  ]);
  expect(await house.query("processed/enriched/sales", "sum(quantity)")).toEqual(["36"]);
  expect(await house.ledger("sales/b.csv")).toMatchObject({ status: "published", accepted: 2 });
});
