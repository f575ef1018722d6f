import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyPlan } from "../../lake/apply-plan.js";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { makeCommitPlan, writeCommitPlan } from "../../lake/commit-plan.js";
import { commitFile, logFolder } from "../../lake/log-files.js";
import { recover } from "../../lake/recover.js";
import { openTable } from "../../lake/snapshot.js";
import { nodeEffects } from "../../lib/effects.js";
import { stagingPaths } from "../../lib/paths.js";
import { contentsOf, strayFiles } from "./crash/contents.js";
import { type StageOptions, type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

const one = "select 1::bigint as id";
const two = "select 2::bigint as id";

async function planOf(tables: Readonly<Record<string, string>>, options: StageOptions = {}) {
  const changes = [];
  for (const [table, select] of Object.entries(tables)) {
    changes.push(await lake.stage(table, select, { run: "r2", removes: "all", ...options }));
  }
  const plan = await makeCommitPlan(lake.paths, {
    id: "r2",
    run: "r2",
    now: Date.now(),
    changes,
    run_file: null,
    done: [],
  });
  await writeCommitPlan(lake.paths, plan);
  return plan;
}

test("a commit is put once: the same again is already there, another is a conflict", async () => {
  const change = await lake.stage("t", one);
  const base = await openTable(lake.paths, "t");
  const mine = tableCommit(base, change, { run: "r1", now: 1 });
  const other = tableCommit(base, change, { run: "r2", now: 2 });
  const folder = lake.paths.table("t");
  expect(await putCommit(folder, mine)).toBe("committed");
  expect(await putCommit(folder, mine)).toBe("already");
  expect(await putCommit(folder, other)).toBe("conflict");
  expect(readFileSync(commitFile(folder, 0), "utf8")).toBe(mine.text);
});

test("a change computed from an older version is refused before anything is written", async () => {
  await lake.commit("processed/t", one);
  const stale = await lake.stage("processed/t", two);
  await lake.commit("processed/t", two, { run: "foreign" });
  const request = { id: "r", run: "r", now: 1, changes: [stale], run_file: null, done: [] };
  await expect(makeCommitPlan(lake.paths, request)).rejects.toMatchObject({ code: "conflict", exitCode: 1 });
});

test("a foreign commit after the plan drops it: no table keeps any of it", async () => {
  await lake.commit("processed/a", one);
  await lake.commit("processed/b", one);
  const plan = await planOf({ "processed/a": two, "processed/b": two });
  await lake.commit("processed/b", "select 9::bigint as id", { run: "foreign" });
  await expect(applyPlan(lake.paths, plan)).rejects.toMatchObject({ code: "conflict" });
  await recover(lake.paths, null);
  const contents = await contentsOf(lake.paths, lake.engine);
  expect(contents).toEqual({ "processed/a": ['{"id":"1"}'], "processed/b": ['{"id":"1"}', '{"id":"9"}'] });
  expect(strayFiles(lake.paths)).toEqual([]);
});

test("a plan that was half carried out when a foreign commit came is undone", async () => {
  await lake.commit("processed/a", one);
  await lake.commit("processed/b", one);
  const plan = await planOf({ "processed/a": two, "processed/b": two });
  const [first] = plan.commits;
  if (first === undefined) throw new Error("no commit");
  const halfDone = { ...plan, commits: [first] };
  const keepPlan = { ...nodeEffects, unlink: () => undefined };
  await applyPlan(lake.paths, halfDone, keepPlan);
  expect((await contentsOf(lake.paths, lake.engine))["processed/a"]).toEqual(['{"id":"2"}']);
  await lake.commit("processed/b", "select 9::bigint as id", { run: "foreign" });

  const recovery = await recover(lake.paths, null);
  expect(recovery.dropped).toEqual(["r2"]);
  const contents = await contentsOf(lake.paths, lake.engine);
  expect(contents).toEqual({ "processed/a": ['{"id":"1"}'], "processed/b": ['{"id":"1"}', '{"id":"9"}'] });
  expect(strayFiles(lake.paths)).toEqual([]);
});

test("recovery finishes a plan that nobody carried out", async () => {
  await lake.commit("processed/a", one);
  await planOf({ "processed/a": two, "processed/new": two });
  const recovery = await recover(lake.paths, "r3");
  expect(recovery.finished).toEqual(["r2"]);
  expect(await contentsOf(lake.paths, lake.engine)).toEqual({
    "processed/a": ['{"id":"2"}'],
    "processed/new": ['{"id":"2"}'],
  });
  expect(strayFiles(lake.paths)).toEqual([]);
});

test("recovery keeps the running run's staging and sweeps the others", async () => {
  mkdirSync(stagingPaths(lake.paths, "mine").temp, { recursive: true });
  mkdirSync(stagingPaths(lake.paths, "dead").temp, { recursive: true });
  expect((await recover(lake.paths, "mine")).swept).toEqual(["staging/dead"]);
});

test("a clock that jumps back does not turn versions around", async () => {
  await lake.commit("processed/t", one, { now: Date.parse("2030-01-01") });
  const later = await lake.commit("processed/t", two, { now: Date.parse("2020-01-01") });
  expect(later.timestamp).toBe(Date.parse("2030-01-01") + 1);
  expect(later.version).toBe(1);
});

test.each([
  [
    {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ["deletionVectors"],
      writerFeatures: ["deletionVectors"],
    },
  ],
  [{ minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["rowTracking"] }],
  [{ minReaderVersion: 1, minWriterVersion: 4 }],
  [{ minReaderVersion: 2, minWriterVersion: 2 }],
])("a table with unknown features is refused: %j", async (protocol) => {
  const { folder } = await lake.commit("processed/t", one);
  appendFileSync(commitFile(folder, 1), `${JSON.stringify({ protocol })}\n`);
  await expect(openTable(lake.paths, "processed/t")).rejects.toMatchObject({ code: "unknown_table_feature" });
});

test("a torn or missing commit is named", async () => {
  const { folder } = await lake.commit("processed/t", one);
  writeFileSync(commitFile(folder, 1), '{"add":');
  await expect(openTable(lake.paths, "processed/t")).rejects.toMatchObject({ code: "bad_table" });
  writeFileSync(commitFile(folder, 2), "{}\n");
  rmSync(commitFile(folder, 1));
  await expect(openTable(lake.paths, "processed/t")).rejects.toThrow(/00000000000000000001\.json is missing/);
});

test("an unknown version is refused, a known one is read", async () => {
  await lake.commit("processed/t", one);
  await lake.commit("processed/t", two);
  expect((await openTable(lake.paths, "processed/t", 0)).files).toHaveLength(1);
  await expect(openTable(lake.paths, "processed/t", 2)).rejects.toMatchObject({ code: "unknown_version" });
});

test("partitions cannot change while old files stay", async () => {
  await lake.commit("processed/t", "select 1 as id, date '2026-01-01' as date", { partitionBy: ["date"] });
  const again = lake.commit("processed/t", "select 1 as id, date '2026-01-01' as date", { partitionBy: [] });
  await expect(again).rejects.toMatchObject({ code: "bad_configuration" });
});

test("temporary files beside commits do not show, and are swept", async () => {
  const { folder } = await lake.commit("processed/t", one);
  writeFileSync(`${logFolder(folder)}/.tmp-x`, "torn");
  expect((await openTable(lake.paths, "processed/t")).version).toBe(0);
  expect((await recover(lake.paths, null)).swept).toContain("processed/t/_delta_log/.tmp-x");
});
