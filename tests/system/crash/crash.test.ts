import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../../engines/duckdb.js";
import { dataPaths } from "../../../lib/paths.js";
import { type Contents, expectRecovery, pointAfter, spreadPoints, survives, undisturbed } from "./matrix.js";
import { copyOf, processesOf, shopBetweenNights, startRun } from "./shop.js";
import { type SyncEvent, unsafeLinks } from "./unsafe-links.js";

/** Points to try, half of them spread over a run, half over the run that mends it; run.sh asks for 120. */
const POINTS = Number(process.env["CRASH_POINTS"] ?? 4);
const RANDOM_KILLS = Number(process.env["CRASH_RANDOM"] ?? 0);
const SEED = Number(process.env["CRASH_SEED"] ?? 20_260_301);
const AT_ONCE = Number(process.env["CRASH_AT_ONCE"] ?? 2);
const TIMEOUT_MS = 3_600_000;

let folder: string;
let start: string;
let engine: DuckDbEngine;
let expected: Contents;
let operations: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crash-run-"));
  engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: join(folder, "temp") });
  start = await shopBetweenNights(folder, SEED);
  ({ expected, operations } = await undisturbed(start, folder, engine));
}, TIMEOUT_MS);
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a run over all sources, killed anywhere, comes to the same tables", {
  timeout: TIMEOUT_MS,
}, async () => {
  // each chain: a kill, a kill of the run that mends it, and one that may end
  const random = randomOf(SEED);
  const queue = spreadPoints(operations, Math.ceil(POINTS / 2)).map((point) => [
    point,
    pointAfter(operations, point, random()),
  ]);
  const chains = queue.length;
  const faults: string[] = [];
  let tried = 0;
  let survived = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let points = queue.shift(); points !== undefined; points = queue.shift()) {
      try {
        const reached = await survives(start, folder, engine, points, expected);
        tried += reached;
        survived += reached;
      } catch (error) {
        tried += points.length;
        faults.push(`${JSON.stringify(points)}: ${String(error).slice(0, 2_000)}`);
      }
      done += 1;
      if (done % 5 === 0)
        console.log(`${done} of ${chains} chains: ${tried} points tried, ${survived} survived`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(
    `points tried ${tried}, survived ${survived}, of ${operations.length} operations; ${faults.length} differences`,
  );
  expect(faults).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(Math.floor(POINTS * 0.85));
});

test.runIf(RANDOM_KILLS > 0)(
  "kill -9 of a worker, the master or the whole run at random moments",
  { timeout: TIMEOUT_MS },
  async () => {
    const random = randomOf(SEED);
    const began = performance.now();
    await startRun(copyOf(start, join(folder, "timed"))).ended;
    const duration = performance.now() - began;
    console.log(`seed ${SEED}, a run takes ${Math.round(duration)} ms`);
    for (let n = 0; n < RANDOM_KILLS; n += 1) {
      const victim = (["worker", "master", "run"] as const)[n % 3] ?? "run";
      const name = `${victim}-${n}`;
      const root = copyOf(start, join(folder, name));
      const started = startRun(root);
      if (victim === "worker") await killWorker(root, random() * 300);
      else {
        await setTimeout(random() * duration);
        if (victim === "run") for (const { pid } of processesOf(root)) killed(pid);
        killed(started.pid);
      }
      await started.ended;
      await expectRecovery(root, engine, expected, name);
      rmSync(root, { recursive: true });
    }
    console.log(`random kills ${RANDOM_KILLS}, survived ${RANDOM_KILLS}`);
  },
);

test("every file and folder is fsynced before the link that names it", { timeout: TIMEOUT_MS }, async () => {
  const root = copyOf(start, join(folder, "recorded"));
  const log = join(folder, "recorded.log");
  const recorder = join(import.meta.dirname, "record-syncs.mjs");
  const { code, output } = await startRun(root, { NODE_OPTIONS: `--import ${recorder}`, SYNC_LOG: log })
    .ended;
  expect(code, output).toBe(0);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as SyncEvent);
  expect(unsafeLinks(events, dataPaths(root))).toEqual([]);
  // had one file of a table not been fsynced, it would have shown
  const first = events.find(([kind, path = ""]) => kind === "fsync" && path.endsWith(".parquet"));
  const without = events.filter(([kind, path]) => kind !== "fsync" || path !== first?.[1]);
  expect(unsafeLinks(without, dataPaths(root))).not.toEqual([]);
  const links = events.filter(([kind]) => kind === "link").length;
  console.log(`${links} links, nothing unsafe under them`);
});

test("a second run at once gets 75 and changes nothing", { timeout: TIMEOUT_MS }, async () => {
  const root = copyOf(start, join(folder, "twice"));
  const first = startRun(root);
  while (processesOf(root).every(({ command }) => !command.includes("dist/main.js"))) await setTimeout(20);
  const second = await startRun(root).ended;
  expect(second.code, second.output).toBe(75);
  expect((await first.ended).code).toBe(0);
  await expectRecovery(root, engine, expected, "twice");
});

/** The first worker that shows, some time into its work; where the run was too fast for us, nobody. */
async function killWorker(root: string, afterMs: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const worker = processesOf(root).find(
      ({ command }) => / work --run /.test(command) && command.startsWith("node"),
    );
    if (worker !== undefined) {
      await setTimeout(afterMs);
      killed(worker.pid);
      return;
    }
    await setTimeout(20);
  }
}

/** Gone already is as good. */
function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
