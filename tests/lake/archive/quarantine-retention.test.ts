import { afterAll, beforeAll, expect, test } from "vitest";
import { pruneQuarantine } from "../../../lake/archive/quarantine-retention.js";
import { relation } from "../../../lake/relation.js";
import { openTable } from "../../../lake/snapshot.js";
import { type TemporaryLake, temporaryLake } from "../temporary-lake.js";

const TABLE = "quality/quarantine";
let lake: TemporaryLake;
beforeAll(async () => {
  lake = await temporaryLake();
  for (const [path, day] of [
    ["old.csv", "2025-11-01"],
    ["held.csv", "2025-11-02"],
    ["young.csv", "2026-01-20"],
  ] as const)
    await lake.commit(
      TABLE,
      `select '${path}-' || i as id, '${path}' as path, timestamptz '${day} 02:00:00+00' as judged_at from range(3) t(i)`,
    );
});
afterAll(() => lake.close());

async function paths(): Promise<readonly string[]> {
  const rows = await lake.engine.all(
    `select path, count(*) as n from ${relation(await openTable(lake.paths, TABLE))} group by path order by path`,
  );
  return rows.map(({ path, n }) => `${path} ${n}`);
}

function prune(days: number): Promise<number> {
  return pruneQuarantine(lake.paths, {
    run: "20260131T020000Z-aaaa",
    days,
    now: Date.UTC(2026, 0, 31),
    held: ["held.csv"],
    engine: async () => lake.engine,
  });
}

test("0 days keep all, and nothing old enough changes nothing", async () => {
  const before = (await openTable(lake.paths, TABLE)).version;
  expect([await prune(0), await prune(400)]).toEqual([0, 0]);
  expect((await openTable(lake.paths, TABLE)).version).toBe(before);
});

test("records older than the days go, but for those of files that are held", async () => {
  expect(await prune(30)).toBe(3);
  expect(await paths()).toEqual(["held.csv 3", "young.csv 3"]);
  const { version } = await openTable(lake.paths, TABLE);
  expect(await prune(30)).toBe(0);
  expect((await openTable(lake.paths, TABLE)).version).toBe(version);
});
