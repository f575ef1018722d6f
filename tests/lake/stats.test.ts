import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deltaType, sqlType } from "../../lake/columns.js";
import { putCommit, tableCommit } from "../../lake/commit.js";
import { compactionChange } from "../../lake/compaction.js";
import { openTable } from "../../lake/snapshot.js";
import { writeTableFiles } from "../../lake/write-files.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

async function statsText(select: string): Promise<string> {
  const change = await lake.stage("processed/t", select);
  return change.adds[0]?.stats ?? "";
}

async function statsOf(select: string): Promise<Record<string, Record<string, unknown>>> {
  return JSON.parse(await statsText(select)) as Record<string, Record<string, unknown>>;
}

test("times: the minimum is cut down to milliseconds, the maximum rounded up", async () => {
  const stats = await statsOf(
    "select * from (values (timestamptz '2026-01-02 03:04:05.123456+00'), (timestamptz '1969-12-31 23:59:59.999999+00')) t(\"at\")",
  );
  expect(stats["minValues"]).toEqual({ at: "1969-12-31T23:59:59.999Z" });
  expect(stats["maxValues"]).toEqual({ at: "2026-01-02T03:04:05.124Z" });
});

test("a time on a whole millisecond is its own maximum", async () => {
  const stats = await statsOf("select timestamptz '2026-01-02 03:04:05.120+00' as at");
  expect(stats["maxValues"]).toEqual({ at: "2026-01-02T03:04:05.120Z" });
});

test("decimals and 64-bit integers keep all their digits", async () => {
  const text = await statsText("select 9223372036854775807 as n, 1234567890123456.7891::decimal(38,4) as m");
  expect(text).toContain('"n":9223372036854775807');
  expect(text).toContain('"m":1234567890123456.7891');
});

test("a column with NaN or infinity has no bounds, but its nulls", async () => {
  const stats = await statsOf(
    "select * from (values ('nan'::double, 'inf'::double), (1, 1), (null, null)) t(a, b)",
  );
  expect(stats["minValues"]).toEqual({});
  expect(stats["nullCount"]).toEqual({ a: 1, b: 1 });
});

test("booleans and bytes have nulls only, nested columns nothing", async () => {
  const stats = await statsOf(
    "select true as b, 'x'::blob as raw, [{'a': 1}] as list, null::varchar as nothing",
  );
  expect(stats).toEqual({
    numRecords: 1,
    minValues: {},
    maxValues: {},
    nullCount: { b: 0, raw: 0, nothing: 1 },
  });
});

test("bounds of long strings are cut, and still bounds", async () => {
  const stats = await statsOf(
    `select * from (values ('${"é".repeat(100)}'), ('${"z".repeat(100)}'), ('b')) t(s)`,
  );
  const max = String(stats["maxValues"]?.["s"]);
  expect(stats["minValues"]).toEqual({ s: "b" });
  expect(Buffer.compare(Buffer.from(max), Buffer.from("é".repeat(100)))).toBeGreaterThan(0);
  expect([...max].length).toBeLessThan(70);
});

test("no row, no file", async () => {
  const change = await lake.stage("processed/t", "select 1 as a where false");
  expect(change.adds).toEqual([]);
  const partitioned = await lake.stage("processed/t", "select 1 as a, 2 as p where false", {
    partitionBy: ["p"],
  });
  expect(partitioned.adds).toEqual([]);
});

test.each([
  ["VARCHAR", "string"],
  ["BIGINT", "long"],
  ["INTEGER", "integer"],
  ["DOUBLE", "double"],
  ["BOOLEAN", "boolean"],
  ["DATE", "date"],
  ["TIMESTAMP WITH TIME ZONE", "timestamp"],
  ["DECIMAL(18,2)", "decimal(18,2)"],
  ["BLOB", "binary"],
])("%s is Delta's %s, both ways", (sql, delta) => {
  expect(deltaType(sql)).toBe(delta);
  expect(sqlType(delta)).toBe(sql);
});

test("nested types go both ways, whatever their field names", () => {
  const sql = 'STRUCT("a, ""b""" VARCHAR, c DECIMAL(10,2)[], d MAP(VARCHAR, STRUCT(e BIGINT)))[]';
  const back = sqlType(deltaType(sql));
  expect(deltaType(back)).toEqual(deltaType(sql));
  expect(back).toBe(
    'STRUCT("a, ""b""" VARCHAR, "c" DECIMAL(10,2)[], "d" MAP(VARCHAR, STRUCT("e" BIGINT)))[]',
  );
});

test.each([
  "HUGEINT",
  "TIMESTAMP",
  "UBIGINT",
  "INTERVAL",
])("%s is refused: Parquet would change it", (sql) => {
  expect(() => deltaType(sql)).toThrow(/cast the column/);
});

test("a personal column has no bounds, in the log, after another commit and after compaction", async () => {
  const columns = [
    { name: "id", type: "string" },
    { name: "email", type: "string", personal: true },
  ] as const;
  const folder = lake.paths.table("processed/t");
  for (let version = 0; version < 10; version++) {
    const adds = await writeTableFiles(lake.engine, `select '${version}' as id, 'lan@service.vn' as email`, {
      folder,
      columns,
      partitionBy: [],
    });
    const change = {
      table: "processed/t",
      columns,
      partition_by: [],
      base_version: version - 1,
      adds,
    } as const;
    const base = await openTable(lake.paths, "processed/t");
    const commit = tableCommit(
      base,
      { ...change, removes: [], data_change: true, operation: "WRITE" },
      { run: `r${version}`, now: 1 },
    );
    await putCommit(folder, commit);
  }
  const snapshot = await openTable(lake.paths, "processed/t");
  expect(snapshot.columns).toEqual(columns);
  const compacted = await compactionChange(lake.engine, snapshot, { folder });
  expect(compacted?.adds).toHaveLength(1);
  for (const stats of [snapshot.files[0]?.stats(), JSON.parse(compacted?.adds[0]?.stats ?? "")])
    expect(stats).toMatchObject({ minValues: { id: "0" }, nullCount: { id: 0, email: 0 } });
  const logs = readdirSync(join(folder, "_delta_log")).map((name) =>
    readFileSync(join(folder, "_delta_log", name), "utf8"),
  );
  expect(logs.join("") + compacted?.adds[0]?.stats).not.toContain("lan@service.vn");
});
