import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLedger } from "../../lake/ledger.js";
import { rollback } from "../../lake/rollback.js";
import { openTable } from "../../lake/snapshot.js";
import { nodeEffects } from "../../lib/effects.js";
import { contentsOf, strayFiles } from "./crash/contents.js";
import { type Inputs, miniRun } from "./crash/mini-run.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

const a1 = [[1, "2026-01-01"] as const, [-1, "2026-01-01"] as const];
const a2 = [[2, "2026-01-02"] as const];
const b1 = [[3, "2026-01-01"] as const];

function run(name: string, inputs: Inputs): Promise<void> {
  return miniRun(lake.paths, lake.engine, nodeEffects, { run: `20260101T0000${name}Z-test`, inputs });
}

function undo(name: string) {
  const { engine } = lake;
  return rollback(lake.paths, { run: `20260101T0000${name}Z-test`, id: "back", now: Date.now(), engine });
}

test("a run and all after it are undone as new versions; their files wait", async () => {
  await run("01", { "a.csv": a1 });
  const before = await contentsOf(lake.paths, lake.engine);
  await run("02", { "a.csv": a2, "b.csv": b1 });
  await run("03", { "a.csv": a2, "b.csv": [...b1, [4, "2026-01-03"]] });
  const { version } = await openTable(lake.paths, "processed/sales");

  const done = await undo("02");
  expect(done.runs).toEqual(["20260101T000002Z-test", "20260101T000003Z-test"]);
  expect(done.waiting).toEqual(["a.csv", "b.csv"]);
  const after = await contentsOf(lake.paths, lake.engine);
  expect(after["processed/sales"]).toEqual(before["processed/sales"]);
  expect(after["quality/quarantine"]).toEqual(before["quality/quarantine"]);
  expect((await openTable(lake.paths, "processed/sales")).version).toBe(version + 1);
  expect(strayFiles(lake.paths)).toEqual([]);

  const ledger = await readLedger(lake.paths);
  const rolledBack = [...ledger.live.values()].map((entry) => [entry.path, entry.status]);
  expect(rolledBack.sort()).toEqual([
    ["a.csv", "rolled_back"],
    ["b.csv", "rolled_back"],
  ]);
  expect([...ledger.carried.values()].map((entry) => [entry.path, entry.run])).toEqual([
    ["a.csv", "20260101T000001Z-test"],
  ]);
});

test("the first run can be undone: its tables are empty", async () => {
  await run("01", { "a.csv": a1 });
  const done = await undo("01");
  expect(done.tables["processed/sales"]).toBe(-1);
  expect((await contentsOf(lake.paths, lake.engine))["processed/sales"]).toEqual([]);
  expect((await readLedger(lake.paths)).live.get("a.csv")?.status).toBe("rolled_back");
});

test("after a rollback the files can be published again", async () => {
  await run("01", { "a.csv": a1 });
  await run("02", { "a.csv": a1, "b.csv": b1 });
  const before = await contentsOf(lake.paths, lake.engine);
  await undo("02");
  await run("04", { "a.csv": a1, "b.csv": b1 });
  const after = await contentsOf(lake.paths, lake.engine);
  expect(after["processed/sales"]).toEqual(before["processed/sales"]);
  expect((await readLedger(lake.paths)).live.get("b.csv")?.status).toBe("published");
});

test("an unknown run is refused", async () => {
  await run("01", { "a.csv": a1 });
  await expect(undo("09")).rejects.toMatchObject({ code: "unknown_run", exitCode: 78 });
});

test("a version whose files vacuum took cannot come back, and nothing changes", async () => {
  await run("01", { "a.csv": a1 });
  const [first] = (await openTable(lake.paths, "processed/sales")).files;
  await run("02", { "a.csv": a2 });
  rmSync(first?.absolute ?? "");
  const before = await contentsOf(lake.paths, lake.engine);
  await expect(undo("02")).rejects.toMatchObject({ code: "unknown_version" });
  expect(await contentsOf(lake.paths, lake.engine)).toEqual(before);
});
