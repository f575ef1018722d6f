import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDuckDb } from "../../engines/duckdb.js";
import { maintain } from "../../lake/maintain.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { type TemporaryLake, temporaryLake } from "./temporary-lake.js";

let lake: TemporaryLake;
beforeEach(async () => {
  lake = await temporaryLake();
});
afterEach(() => lake.close());

const ROWS = 500;
const COMMITS = 30;

test("a reader that loops while commits run sees whole states only, and never an older one", async () => {
  const table = "processed/t";
  const reader = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: `${lake.paths.root}/temp` });
  const select = (n: number): string =>
    `select ${n}::bigint as state, i as id, date '2026-01-01' + cast(i % 5 as integer) as date from range(${ROWS}) r(i)`;
  await lake.commit(table, select(0), { partitionBy: ["date"] });
  const seen: string[] = [];
  let writing = true;
  const read = async (): Promise<void> => {
    while (writing) {
      const snapshot = await openTable(lake.paths, table);
      const [row] = await reader.all(
        `select count(*) as n, count(distinct id) as ids, min(state) as low, max(state) as high from ${relation(snapshot)}`,
      );
      seen.push(`${row?.["n"]} ${row?.["ids"]} ${row?.["low"]} ${row?.["high"]} ${snapshot.version}`);
      await setImmediate();
    }
  };
  const write = async (): Promise<void> => {
    for (let n = 1; n <= COMMITS; n += 1) {
      await lake.commit(table, select(n), { removes: "all" });
      await maintain(lake.engine, lake.paths, [table], { run: `r${n}`, now: Date.now(), retentionDays: 1 });
    }
    writing = false;
  };
  await Promise.all([read(), write()]);
  reader.close();

  const states = seen.map((line) => Number(line.split(" ")[2]));
  expect(seen.filter((line, at) => !line.startsWith(`${ROWS} ${ROWS} ${states[at]} ${states[at]} `))).toEqual(
    [],
  );
  expect(states).toEqual([...states].sort((a, b) => a - b));
  expect(new Set(states).size).toBeGreaterThan(5);
});
