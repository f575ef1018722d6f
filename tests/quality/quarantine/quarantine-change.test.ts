import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { relation } from "../../../lake/relation.js";
import { openTable } from "../../../lake/snapshot.js";
import type { TableChange } from "../../../lib/run-types.js";
import { quarantineChange } from "../../../quality/quarantine/quarantine-change.js";
import { plannedFile } from "../../planned-file.js";
import { check, openShop, planOf, result, type Shop, stageJob } from "../checks/fixture.js";

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.end());

/** Judge files `[path, records, bad]` and carry the change into the table as one hand-written commit. */
async function night(files: readonly (readonly [string, number, number])[]): Promise<TableChange | null> {
  const results = files.map(([path, records, bad]) =>
    result(path, { records, accepted: records - bad, quarantined: bad }),
  );
  const rows = files.flatMap(([path, records, bad]) =>
    Array.from({ length: records - bad }, (_, i) => [path, i, `${path}${i}`, "u"] as const),
  );
  const bad = files.flatMap(([path, , count]) => Array<string>(count).fill(path));
  await stageJob(shop, "j1", results, rows, bad);
  const verdict = await check(shop, planOf(files.map(([path]) => plannedFile(path))));
  const change = await quarantineChange(shop.engine, shop.paths, shop.staging, verdict);
  if (change !== null) commit(change);
  return change;
}

function commit(change: TableChange): void {
  const folder = shop.paths.table(change.table);
  const actions: object[] = [];
  if (change.base_version < 0) {
    const fields = change.columns.map((column) => ({ ...column, nullable: true, metadata: {} }));
    actions.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } });
    actions.push({
      metaData: {
        id: "q",
        format: { provider: "parquet", options: {} },
        schemaString: JSON.stringify({ type: "struct", fields }),
        partitionColumns: [],
        configuration: {},
        createdTime: 0,
      },
    });
  }
  for (const path of change.removes)
    actions.push({ remove: { path, deletionTimestamp: 0, dataChange: true } });
  for (const { path, size, stats } of change.adds) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    renameSync(join(shop.staging.tables, change.table, path), join(folder, path));
    actions.push({ add: { path, partitionValues: {}, size, modificationTime: 0, dataChange: true, stats } });
  }
  const log = join(folder, "_delta_log", `${String(change.base_version + 1).padStart(20, "0")}.json`);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, actions.map((action) => `${JSON.stringify(action)}\n`).join(""));
}

async function table(): Promise<readonly string[]> {
  const snapshot = await openTable(shop.paths, "quality/quarantine");
  const rows = await shop.engine.all(
    `select path || ' ' || count(*) as line from ${relation(snapshot)} group by path order by path`,
  );
  return rows.map((row) => String(row["line"]));
}

test("rows of judged files come in, typed as the interface says; a file judged again replaces its own", async () => {
  await night([
    ["a.csv", 10, 1],
    ["b.csv", 10, 3],
  ]);
  expect(await table()).toEqual(["a.csv 1", "b.csv 3"]);
  const snapshot = await openTable(shop.paths, "quality/quarantine");
  const [row] = await shop.engine.all(`select * from ${relation(snapshot)} where path = 'a.csv'`);
  expect(Object.keys(row ?? {})).toEqual(
    "id run source feed file path sha256 record line reasons severity raw raw_bytes judged_at replayed_by".split(
      " ",
    ),
  );
  expect(row).toMatchObject({
    reasons: [{ code: "wrong_type", column: "quantity", rule: "type", value: "x", message: "m" }],
    judged_at: "2026-01-05 02:00:00+00",
    replayed_by: null,
  });
  await night([["b.csv", 10, 2]]);
  expect(await table()).toEqual(["a.csv 1", "b.csv 2"]);
});

test("a clean new content takes the old rows away; an unchanged table is no change", async () => {
  await night([
    ["a.csv", 10, 1],
    ["b.csv", 10, 1],
  ]);
  const change = await night([["b.csv", 10, 0]]);
  expect(change?.removes).toHaveLength(1);
  expect(await table()).toEqual(["a.csv 1"]);
  expect(await night([["c.csv", 10, 0]])).toBeNull();
});

test("files that ended in error bring nothing and lose nothing", async () => {
  await night([["a.csv", 10, 1]]);
  await stageJob(
    shop,
    "j1",
    [result("a.csv", { outcome: "error", records: 3, quarantined: 3 })],
    [],
    ["a.csv", "a.csv", "a.csv"],
  );
  const verdict = await check(shop, planOf([plannedFile("a.csv")]));
  expect(await quarantineChange(shop.engine, shop.paths, shop.staging, verdict)).toBeNull();
});
