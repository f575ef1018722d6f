import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../engines/duckdb.js";

let folder: string;
let engine: DuckDbEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-engine-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 200, tempDir: join(folder, "temp") });
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

test("a partitioned copy names each file with its rows, statistics and partition, the null one included", async () => {
  const files = await engine.copy(
    "select * from (values (1::bigint, date '2026-01-01'), (2, date '2026-01-01'), (3, null)) t(n, date)",
    { to: join(folder, "out"), partitionBy: ["date"] },
  );
  const byDate = new Map(files.map((file) => [file.partition["date"], file]));
  expect([...byDate.keys()].sort()).toEqual(["2026-01-01", null]);
  expect(byDate.get("2026-01-01")?.rows).toBe(2);
  expect(byDate.get("2026-01-01")?.columns["n"]).toMatchObject({ min: "1", max: "2", null_count: "0" });
});

test("text that is no integer stays null over a column read as text", async () => {
  const rows = await engine.all("select try_cast(c as integer) as n from (values ('1'), ('abc')) t(c)");
  expect(rows).toEqual([{ n: 1 }, { n: null }]);
});

test("structs, lists, blobs and decimals come over as plain values", async () => {
  const rows = await engine.all(
    "select {a: 1, b: ['x']} as s, 'ab'::blob as raw, 1.50::decimal(9,2) as money",
  );
  expect(rows[0]?.["s"]).toEqual({ a: 1, b: ["x"] });
  expect(rows[0]?.["raw"]).toEqual(Buffer.from("ab"));
  expect(rows[0]?.["money"]).toBe("1.50");
});
