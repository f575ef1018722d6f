import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { openTable } from "../../lake/snapshot.js";
import { dataPaths } from "../../lib/paths.js";
import { type House, openHouse, SALES_HEADER, sales } from "../quality/replay/night.js";

let house: House;
beforeEach(() => {
  house = openHouse();
});
afterEach(() => house.end());

/** So many days before today, the run's date. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function users(city: string): string {
  const header =
    "user_id,email,first_name,last_name,age,gender,country,city,registration_date,is_premium,total_orders,total_spent,last_login";
  return `${header}\nu1,a@b.de,A,B,30,F,DE,${city},2025-01-01,true,1,2.50,2026-01-01 00:00:00\n`;
}

/** A file of a table that no version names, older than two days; the next commit of the table is its tenth. */
async function oldFile(house: House): Promise<string> {
  const paths = dataPaths(house.root);
  const table = "processed/sales";
  for (let version = (await openTable(paths, table)).version; version < 8; version += 1) {
    const base = await openTable(paths, table);
    const nothing = { adds: [], removes: [], data_change: false, operation: "WRITE" };
    const { columns, partitionBy: partition_by } = base;
    const change = { table, columns, partition_by, base_version: base.version, ...nothing };
    await putCommit(base.folder, tableCommit(base, change, { run: `r${version}`, now: Date.now() }));
  }
  const file = join(paths.table(table), "old.parquet");
  writeFileSync(file, "");
  const then = Date.now() / 1_000 - 2 * 86_400;
  utimesSync(file, then, then);
  return file;
}

test("joined_window_days bounds how far back joined tables follow; default_vat is for sales without a rate; retention.table_days ends what no version names", async () => {
  house.config = {
    ...house.config,
    settings: { ...house.config.settings, joined_window_days: 15, default_vat: 0.25 },
    retention: { ...house.config.retention, table_days: 1 },
  };
  const header =
    "session_id,user_id,start_time,end_time,pages_visited,products_viewed,products_added_to_cart,conversion,total_spent,device_type,browser";
  const session = (id: string, day: string) =>
    `${id},u1,${day} 10:00:00,${day} 10:10:00,3,2,1,true,5.00,mobile,Firefox`;
  const sessions = [header, session("old", daysAgo(40)), session("young", daysAgo(3))];
  house.write("user_sessions/sessions_1.csv", sessions.join("\n"));
  house.write("users_database.csv", users("Bonn"));
  house.write(
    "sales_a.csv",
    `${SALES_HEADER},vat\no1,p1,2,10,2026-01-01 10:00:00,\no2,p1,2,10,2026-01-01 10:00:00,0.5\n`,
  );
  await house.night("20260102T000000Z-0001");
  const cities = () => house.query("processed/joined/combined_sessions", "session_id || ' ' || user_city");
  expect(await cities()).toEqual(["old Bonn", "young Bonn"]);
  expect(await house.query("processed/enriched/sales", "order_id || ' ' || revenue_with_vat")).toEqual([
    "o1 25.0000",
    "o2 30.0000",
  ]);
  const file = await oldFile(house);
  house.write("users_database.csv", users("Hue"));
  house.write("sales_b.csv", sales([2]));
  await house.night("20260103T000000Z-0002");
  expect(await cities()).toEqual(["old Bonn", "young Hue"]);
  // the tenth commit of the table has let go of it
  expect((await openTable(dataPaths(house.root), "processed/sales")).version).toBe(9);
  expect(existsSync(file)).toBe(false);
});
