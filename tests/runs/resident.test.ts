import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openDuckDb } from "../../engines/duckdb.js";
import { relation } from "../../lake/relation.js";
import { openTable } from "../../lake/snapshot.js";
import { listTables } from "../../lake/tables.js";
import { loadConfig } from "../../lib/config.js";
import { dataPaths } from "../../lib/paths.js";
import { alertStage } from "../../runs/alert.js";
import { archiveStage } from "../../runs/archive.js";
import { checkStage } from "../../runs/check.js";
import { dashboardStage } from "../../runs/dashboard.js";
import { discoverOptions } from "../../runs/discover/options.js";
import { workersFor } from "../../runs/discover/workers.js";
import { discoverStage } from "../../runs/discover.js";
import { finishRun } from "../../runs/finish.js";
import { openRunLog } from "../../runs/log-folder.js";
import { publishStage } from "../../runs/publish.js";
import type { RunContext } from "../../runs/run-context.js";
import { transformStage } from "../../runs/transform.js";
import { workStage } from "../../runs/work.js";
import { sales } from "../quality/replay/night.js";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const RUN = "20260102T010000Z-0001";

/** A data folder of its own with one file of sales and one of events. */
function freshContext(): RunContext {
  const root = mkdtempSync(join(tmpdir(), "resident-"));
  roots.push(root);
  const paths = dataPaths(root);
  mkdirSync(join(paths.raw, "sales"), { recursive: true });
  mkdirSync(join(paths.raw, "events"), { recursive: true });
  writeFileSync(join(paths.raw, "sales", "a.csv"), sales(Array.from({ length: 2_000 }, (_, i) => i + 1)));
  const events = [
    "event_time,event_type,user_id",
    "2026-01-01 10:00:00,view,u1",
    "2026-01-01 11:00:00,cart,u1",
  ];
  writeFileSync(join(paths.raw, "events", "a.csv"), `${events.join("\n")}\n`);
  const config = loadConfig({ configDir: null, environment: {} });
  return {
    paths,
    configDir: null,
    config: () => config,
    run: () => RUN,
    log: (stage) => openRunLog(paths, RUN, stage),
  };
}

/** All stages, one after the other, in this process. */
async function runAll(context: RunContext): Promise<void> {
  const now = Date.parse("2026-01-02T01:00:00Z");
  const config = context.config();
  const flags = { engine: "duckdb", source: [], asOf: "2026-01-02" };
  const { jobs } = await discoverStage(
    context,
    discoverOptions(flags, config, now),
    workersFor(config.settings, 1, 1, 4_000),
    now,
  );
  for (const { job } of jobs) await workStage(context, [job], null, () => undefined);
  expect((await checkStage(context)).exitCode).toBe(0);
  await transformStage(context, false);
  await publishStage(context);
  await dashboardStage(context);
  await alertStage(context);
  await archiveStage(context);
  finishRun(context, 0);
}

/** `name rows content` of each table, whatever the order of rows; the ledger and its times aside. */
async function contents(context: RunContext): Promise<readonly string[]> {
  const engine = await openDuckDb({ threads: 1, memoryMb: 300, tempDir: join(context.paths.root, "temp") });
  try {
    const lines: string[] = [];
    for (const table of listTables(context.paths).filter((name) => name.startsWith("processed/"))) {
      const snapshot = await openTable(context.paths, table);
      const [row] = await engine.all(
        `select count(*) as n, cast(sum(hash(t)::hugeint) as varchar) as content from ${relation(snapshot)} as t`,
      );
      lines.push(`${table} ${row?.["n"]} ${row?.["content"]}`);
    }
    return lines;
  } finally {
    engine.close();
  }
}

test("a stage can run several times in one process: same tables, no more open files, memory that stays", async () => {
  const seen: { readonly tables: readonly string[]; readonly files: number; readonly rss: number }[] = [];
  for (let time = 0; time < 3; time++) {
    const context = freshContext();
    await runAll(context);
    const tables = await contents(context);
    seen.push({ tables, files: readdirSync("/proc/self/fd").length, rss: process.memoryUsage().rss });
  }
  const [first, second, third] = seen;
  expect(first?.tables.length).toBeGreaterThan(4);
  expect(first?.tables.find((line) => line.startsWith("processed/sales "))).toMatch(
    /^processed\/sales 2000 /,
  );
  expect(second?.tables).toEqual(first?.tables);
  expect(third?.tables).toEqual(first?.tables);
  expect(third?.files).toBeLessThanOrEqual(first?.files ?? 0);
  expect(third?.rss).toBeLessThan((first?.rss ?? 0) * 1.2);
});
