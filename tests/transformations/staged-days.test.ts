import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDuckDb } from "../../engines/duckdb.js";
import type { Engine } from "../../engines/engine.js";
import { inStagedPartition, stagedDays } from "../../transformations/bronze/staged-days.js";
import type { SourceSpec } from "../../transformations/sources/source-spec.js";

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-staged-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: join(folder, "temp") });
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

const sales = (partition: "date" | "month"): SourceSpec => ({
  name: "sales",
  key: [],
  eventTime: "sold_at",
  versionBy: null,
  partition,
  columns: [{ name: "sold_at", sqlType: "TIMESTAMP WITH TIME ZONE", deltaType: "timestamp", personal: null }],
});

async function staged(name: string, times: readonly (string | null)[]): Promise<string> {
  const to = join(folder, `${name}.parquet`);
  const values = times.map((time) => `(${time === null ? "null" : `timestamptz '${time}'`})`);
  await engine.copy(
    `select sold_at::timestamptz as sold_at from (values ${values.join(", ")}) as v(sold_at)`,
    {
      to,
    },
  );
  return to;
}

test("statistics name the partitions of staged rows, and how often each row group would be read", async () => {
  const files = [
    await staged("a", ["2026-01-30 00:00:00+00", "2026-01-31 23:59:59.999999+00", "2026-01-30 12:00:00+00"]),
    await staged("b", ["2026-02-01 00:00:00+00"]),
  ];
  const days = await stagedDays(engine, sales("date"), files);
  expect([...(days?.reads ?? [])]).toEqual([
    ["2026-01-30", 3],
    ["2026-01-31", 3],
    ["2026-02-01", 1],
  ]);
  expect(days?.rows).toBe(4);
  expect([...((await stagedDays(engine, sales("month"), files))?.reads ?? [])]).toEqual([
    ["2026-01-01", 3],
    ["2026-02-01", 1],
  ]);
});

test("rows without a time are a partition of their own; times far apart say nothing", async () => {
  const days = await stagedDays(engine, sales("date"), [await staged("n", ["2026-01-30 01:00:00+00", null])]);
  expect([...(days?.reads.keys() ?? [])]).toEqual(["2026-01-30", null]);
  const wide = await staged("w", ["1970-01-01 00:00:00+00", "2026-01-01 00:00:00+00"]);
  expect(await stagedDays(engine, sales("date"), [wide])).toBeNull();
  expect(await stagedDays(engine, sales("date"), [])).toBeNull();
});

test("the parts by partition are the whole, at the edges too", async () => {
  const file = await staged("e", [
    "2025-12-31 23:59:59.999999+00",
    "2026-01-01 00:00:00+00",
    "2026-01-31 23:59:59.999999+00",
    "2026-02-01 00:00:00+00",
  ]);
  const count = async (source: SourceSpec, value: string): Promise<number> => {
    const rows = await engine.all(
      `select count(*)::int as n from '${file}' where ${inStagedPartition(source, value)}`,
    );
    return Number(rows[0]?.["n"]);
  };
  expect(await count(sales("month"), "2025-12-01")).toBe(1);
  expect(await count(sales("month"), "2026-01-01")).toBe(2);
  expect(await count(sales("date"), "2026-01-31")).toBe(1);
  expect(await count(sales("date"), "2026-02-01")).toBe(1);
});
