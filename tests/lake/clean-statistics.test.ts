import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCheckpoint } from "../../lake/checkpoint-read.js";
import { writeCheckpoint } from "../../lake/checkpoint-write.js";
import { cleanStatistics, logsWithBounds } from "../../lake/clean-statistics.js";
import { listLog } from "../../lake/log-files.js";
import { openTable } from "../../lake/snapshot.js";
import { statsWithout } from "../../lake/stats-without.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

const TABLE = "processed/users";
const names = new Set(["email"]);

test("bounds of a column go, all else keeps its digits and its order", () => {
  const stats =
    '{"numRecords":2,"minValues":{"id":9223372036854775807,"email":"a\\"}{,b@x.vn","m":1.10},"maxValues":{"email":"z@x.vn"},"nullCount":{"id":0,"email":1}}';
  expect(statsWithout(stats, names)).toBe(
    '{"numRecords":2,"minValues":{"id":9223372036854775807,"m":1.10},"maxValues":{},"nullCount":{"id":0,"email":1}}',
  );
  expect(statsWithout(stats, new Set(["other"]))).toBe(stats);
  expect(statsWithout('{"numRecords":2}', names)).toBe('{"numRecords":2}');
});

test("another engine's nested bounds all go where one of them is personal", () => {
  const stats = '{"numRecords":1,"minValues":{"s":{"a":1},"email":"a@x.vn"},"maxValues":{"s":{"a":1}}}';
  expect(JSON.parse(statsWithout(stats, names))).toEqual({ numRecords: 1, minValues: {}, maxValues: {} });
  expect(statsWithout(stats, new Set(["t"]))).toBe(stats);
});

test("a log is cleaned in every version, and each opens as before", async () => {
  const folder = lake.paths.table(TABLE);
  const log = join(folder, "_delta_log");
  for (let day = 0; day < 12; day++) {
    const snapshot = await lake.commit(TABLE, `select ${day}::bigint as id, 'lan${day}@service.vn' as email`);
    if (day % 5 === 4)
      await writeCheckpoint(lake.engine, snapshot, { keepFrom: 0, tempFolder: join(lake.paths.root, "t") });
  }
  const filesOf = async (version: number) => (await openTable(lake.paths, TABLE, version)).files;
  const before = [(await filesOf(3)).map(({ path }) => path), (await filesOf(11)).map(({ path }) => path)];
  const time = statSync(join(log, "00000000000000000003.json")).mtimeMs;
  const dirty = await logsWithBounds(lake.paths, TABLE, names);
  expect(dirty.length).toBeGreaterThan(13);

  const options = { names, keepFrom: 0, tempFolder: join(lake.paths.root, "t") };
  expect(await cleanStatistics(lake.engine, lake.paths, TABLE, options)).toBe(dirty.length);

  expect(await logsWithBounds(lake.paths, TABLE, names)).toEqual([]);
  for (const name of readdirSync(log).filter((one) => !one.endsWith(".parquet")))
    expect(readFileSync(join(log, name), "utf8")).not.toContain("service.vn");
  const { checkpoints } = listLog(folder);
  expect(checkpoints.map(({ version }) => version)).toEqual([11]);
  expect(JSON.stringify(await readCheckpoint(checkpoints[0]?.parts ?? []))).not.toContain("service.vn");
  expect([(await filesOf(3)).map(({ path }) => path), (await filesOf(11)).map(({ path }) => path)]).toEqual(
    before,
  );
  expect((await filesOf(11))[0]?.stats()).toMatchObject({ minValues: { id: 0 }, nullCount: { email: 0 } });
  expect(Math.abs(statSync(join(log, "00000000000000000003.json")).mtimeMs - time)).toBeLessThan(1);
  expect(await cleanStatistics(lake.engine, lake.paths, TABLE, options)).toBe(0);
});
