import { afterEach, beforeEach, expect, test } from "vitest";
import { command as rollback } from "../../commands/rollback.js";
import { command as runs } from "../../commands/runs.js";
import { command as tables } from "../../commands/tables.js";
import { type House, openHouse, SALES_HEADER } from "../quality/replay/night.js";

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.end());

const row = "o1,p1,2,2.50,2026-01-01 10:00:00";
const other = "o2,p1,1,1.00,2026-01-02 10:00:00";
const run = (n: number): string => `2026020${n}T000000Z-test`;

function file(...rows: readonly string[]): string {
  return `${[SALES_HEADER, ...rows].join("\n")}\n`;
}

function orders(table = "processed/enriched/sales"): Promise<readonly string[]> {
  return house.query(table, "order_id");
}

test("a row stays as long as one file has it", async () => {
  house.write("sales/a.csv", file(row, other));
  house.write("sales/b.csv", file(row));
  await house.night(run(1));
  expect(await orders()).toEqual(["o1", "o2"]);
  house.write("sales/a.csv", file(other));
  await house.night(run(2));
  expect(await orders()).toEqual(["o1", "o2"]);
});

test("a row goes with its file's content, comes back with another file, and goes with that run", async () => {
  house.write("sales/a.csv", file(row, other));
  await house.night(run(1));
  house.write("sales/a.csv", file(other));
  await house.night(run(2));
  expect(await orders()).toEqual(["o2"]);
  house.write("sales/b.csv", file(row));
  await house.night(run(3));
  expect(await orders()).toEqual(["o1", "o2"]);

  expect(await house.command(rollback, {}, [run(3)])).toBe(0);
  expect(await orders()).toEqual(["o2"]);
  expect(await orders("processed/sales")).toEqual(["o2"]);
  expect(await house.query("processed/aggregated/sales_by_day", "cast(date as varchar)")).toEqual([
    "2026-01-02",
  ]);
  expect((await house.ledger("sales/b.csv"))?.status).toBe("rolled_back");
  // it waits: a plain run leaves it alone
  await house.night(run(4));
  expect(await orders()).toEqual(["o2"]);
});

test("each run that was undone is noted, also one whose files a later one brought again", async () => {
  for (const [n, row] of ["o1", "o2", "o3"].entries()) {
    house.write("sales/a.csv", file(`${row},p1,2,2.50,2026-01-01 10:00:00`));
    await house.night(run(n + 1));
  }
  await house.command(rollback, {}, [run(2)]);
  house.printed.length = 0;
  await house.command(runs, {});
  const notes = house.printed.slice(1).map((line) => line.includes("rolled back"));
  expect(notes).toEqual([false, true, true]);
});

test("tables and runs are listed and shown", async () => {
  house.write("sales/a.csv", file(row, other));
  await house.night(run(1));
  await house.command(tables, { rows: "0" });
  expect(house.printed.join("\n")).toMatch(/^processed\/sales +0 +2 +2 /m);
  house.printed.length = 0;
  await house.command(tables, { rows: "1", version: "0" }, ["show", "ledger"]);
  const shown = house.printed.join("\n");
  expect(shown).toContain("quality/ledger, version 0: 1 rows in 1 files");
  expect(shown).toMatch(/^sha256 +VARCHAR$/m);
  expect(shown).toContain('"path":"sales/a.csv"');
  house.printed.length = 0;
  await house.command(runs, {});
  expect(house.printed.at(-1)).toContain(run(1));
  house.printed.length = 0;
  await house.command(runs, {}, ["show", "latest"]);
  expect(house.printed[0]).toContain(`${run(1)}, as of`);
});

test.each([
  [tables, { rows: "0" }, ["show", "nothing"], "unknown_table"],
  [tables, { rows: "x" }, ["show", "sales"], "bad_flag"],
  [tables, { rows: "0" }, ["look"], "bad_flag"],
  [runs, {}, ["show", "nothing"], "unknown_run"],
  [rollback, {}, ["nothing"], "unknown_run"],
] as const)("what does not exist is said %#", async (spec, options, args, code) => {
  await expect(house.command(spec, options, args)).rejects.toMatchObject({ code, exitCode: 78 });
});
