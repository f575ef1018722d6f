import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDuckDb } from "../../engines/duckdb.js";
import type { Engine } from "../../engines/engine.js";

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gristmill-session-"));
  engine = await openDuckDb({ threads: 2, memoryMb: 300, tempDir: join(folder, "temp") });
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

test("a session sees the engine's functions, in UTC, and keeps its tables and views to itself", async () => {
  await engine.run("create macro twice(x) as x * 2");
  const sessions = [engine, await engine.session(), await engine.session()];
  for (const [at, session] of sessions.entries()) {
    await session.run("create schema s");
    await session.run(`create table s.t as select ${at} as x`);
    await session.run("create view s.v as select twice(x) as y from s.t");
  }
  const found = await Promise.all(
    sessions.map((session) => session.all("select y, current_setting('timezone') as zone from s.v")),
  );
  expect(found).toEqual([0, 2, 4].map((y) => [{ y, zone: "UTC" }]));
  for (const session of sessions.slice(1)) session.close();
  expect(await engine.all("select x from s.t")).toEqual([{ x: 0 }]);
});
