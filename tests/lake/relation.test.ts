import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

const sales =
  "select * from (values ('a', 1::bigint, date '2026-01-01'), ('b', 2, '2026-01-02'), ('c', 3, null)) t(id, n, date)";

test("a table that does not exist is an empty snapshot", async () => {
  const snapshot = await openTable(lake.paths, "processed/sales");
  expect([snapshot.version, snapshot.files, snapshot.columns]).toEqual([-1, [], []]);
});

test("rows come back with their partitions, the null partition too", async () => {
  const snapshot = await lake.commit("processed/sales", sales, { partitionBy: ["date"] });
  const rows = await lake.engine.all(`select * from ${relation(snapshot)} order by id`);
  expect(rows).toEqual([
    { id: "a", n: 1n, date: "2026-01-01" },
    { id: "b", n: 2n, date: "2026-01-02" },
    { id: "c", n: 3n, date: null },
  ]);
  expect(snapshot.files.map((file) => file.partition_values["date"]).sort()).toEqual([
    "2026-01-01",
    "2026-01-02",
    null,
  ]);
});

test("a filter on the partition reads that partition alone", async () => {
  const snapshot = await lake.commit("processed/sales", sales, { partitionBy: ["date"] });
  const plan = await lake.engine.all(
    `explain analyze select * from ${relation(snapshot)} where date = date '2026-01-02'`,
  );
  expect(JSON.stringify(plan)).toMatch(/Total Files Read: 1\b/);
});

test("without files the relation is empty and typed", async () => {
  const snapshot = await lake.commit("processed/sales", sales, { partitionBy: ["date"] });
  const empty = relation(snapshot, { files: [] });
  expect(await lake.engine.all(`select * from ${empty}`)).toEqual([]);
  expect((await lake.engine.all(`describe ${empty}`)).map((row) => row["column_type"])).toEqual([
    "VARCHAR",
    "BIGINT",
    "DATE",
  ]);
});

test("a column that older files lack is null in them, also when only they are read", async () => {
  const first = await lake.commit("processed/t", "select 1::bigint as a");
  const second = await lake.commit("processed/t", "select 2::bigint as a, 'x' as b");
  expect(await lake.engine.all(`select * from ${relation(second)} order by a`)).toEqual([
    { a: 1n, b: null },
    { a: 2n, b: "x" },
  ]);
  const old = relation(second, { files: second.files.filter((file) => file.path === first.files[0]?.path) });
  expect(await lake.engine.all(`select * from ${old}`)).toEqual([{ a: 1n, b: null }]);
});

test("partition values come from the log where the path does not say them", async () => {
  const written = await lake.commit("processed/sales", sales, { partitionBy: ["date"] });
  const log = join(written.folder, "_delta_log", "00000000000000000000.json");
  const moved = written.files.map((file, at) => {
    const path = `x${at}/part=1.parquet`;
    mkdirSync(dirname(join(written.folder, path)), { recursive: true });
    renameSync(file.absolute, join(written.folder, path));
    return [file.add.path, path] as const;
  });
  const text = execFileSync("cat", [log], { encoding: "utf8" });
  writeFileSync(
    log,
    moved.reduce((all, [from, to]) => all.replace(from, to), text),
  );
  const snapshot = await openTable(lake.paths, "processed/sales");
  expect(await lake.engine.all(`select id, date from ${relation(snapshot)} order by id`)).toEqual([
    { id: "a", date: "2026-01-01" },
    { id: "b", date: "2026-01-02" },
    { id: "c", date: null },
  ]);
});

test("lists of structs, decimals, times and bytes keep their types", async () => {
  const select =
    "select [{'code': 'a', 'value': null::varchar}] as reasons, 1.5::decimal(18,4) as m, " +
    "timestamptz '2026-01-02 03:04:05.123456+00' as ts, '\\xFF'::blob as raw, map {'k': 1.5::double} as tags";
  const snapshot = await lake.commit("quality/q", select);
  const types = (await lake.engine.all(`describe ${relation(snapshot)}`)).map((row) => row["column_type"]);
  expect(types).toEqual([
    'STRUCT(code VARCHAR, "value" VARCHAR)[]',
    "DECIMAL(18,4)",
    "TIMESTAMP WITH TIME ZONE",
    "BLOB",
    "MAP(VARCHAR, DOUBLE)",
  ]);
  const [row] = await lake.engine.all(`select * from ${relation(snapshot)}`);
  expect(row?.["reasons"]).toEqual([{ code: "a", value: null }]);
  expect(row?.["ts"]).toBe("2026-01-02 03:04:05.123456+00");
});
