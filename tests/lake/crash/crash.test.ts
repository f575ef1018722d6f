import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckDbEngine, openDuckDb } from "../../../engines/duckdb.js";
import { nodeEffects } from "../../../lib/effects.js";
import { dataPaths } from "../../../lib/paths.js";
import { bundle } from "./bundle.js";
import { contentsOf, strayFiles } from "./contents.js";
import type { KillPoint } from "./killing-effects.js";
import { type Inputs, type MiniRun, miniRun } from "./mini-run.js";

/** All points where CRASH_MATRIX=full is set; else every sixth, which keeps `npm test` short. */
const STEP = process.env["CRASH_MATRIX"] === "full" ? 1 : 6;
const AT_ONCE = 2;
const TIMEOUT_MS = 600_000;

let folder: string;
let program: string;
let engine: DuckDbEngine;

beforeAll(async () => {
  ({ folder, program } = await bundle(join(import.meta.dirname, "driver.ts")));
  engine = await openDuckDb({ threads: 1, memoryMb: 500, tempDir: join(folder, "temp") });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const before: Inputs = Object.fromEntries(
  Array.from({ length: 9 }, (_, at) => [
    `sales_${at}.csv`,
    [
      [at, "2026-01-01"],
      [100 + at, `2026-01-0${1 + (at % 3)}`],
      [-1 - at, "2026-01-01"],
    ] as const,
  ]),
);
const after: Inputs = {
  ...before,
  "sales_3.csv": [
    [3, "2026-01-02"],
    [-7, "2026-01-01"],
  ],
  "sales_new.csv": [
    [500, "2026-01-01"],
    [501, "2026-02-01"],
    [-9, "2026-01-01"],
  ],
};
const runId = (n: number): string => `20260101T0000${String(n).padStart(2, "0")}Z-test`;

test("the first run, killed anywhere, comes to the same tables", { timeout: TIMEOUT_MS }, async () => {
  await matrix("first", async () => undefined, { run: runId(50), inputs: before });
});

test("a run that replaces, compacts, checkpoints and vacuums, killed anywhere, comes to the same tables", {
  timeout: TIMEOUT_MS,
}, async () => {
  const prepare = async (root: string): Promise<void> => {
    const taken: Record<string, Inputs[string]> = {};
    for (const [at, path] of Object.keys(before).entries()) {
      taken[path] = before[path] ?? [];
      await miniRun(dataPaths(root), engine, nodeEffects, { run: runId(at), inputs: { ...taken } });
    }
  };
  await matrix("tenth", prepare, { run: runId(50), inputs: after, retentionDays: 1e-9 });
});

/** Kill the run at every point, run again, and compare with the run that nobody killed. */
async function matrix(
  name: string,
  prepare: (root: string) => Promise<void>,
  request: MiniRun,
): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "crash-"));
  try {
    const start = join(base, "start");
    mkdirSync(join(start, "raw"), { recursive: true });
    for (const path of Object.keys(request.inputs)) writeFileSync(join(start, "raw", path), "x");
    await prepare(start);
    const whole = join(base, "whole");
    cpSync(start, whole, { recursive: true });
    const operations = JSON.parse(await drive(whole, request, null)) as string[];
    const expected = await contentsOf(dataPaths(whole), engine);
    expect(strayFiles(dataPaths(whole))).toEqual([]);

    const points = operations
      .flatMap((operation, at): KillPoint[] => {
        const plain = { at: at + 1, torn: false };
        return operation === "write" || operation === "copy" ? [plain, { at: at + 1, torn: true }] : [plain];
      })
      .filter((_, at) => at % STEP === 0);
    const survived: KillPoint[] = [];
    const queue = [...points];
    const worker = async (): Promise<void> => {
      for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
        const root = join(base, `${point.at}${point.torn ? "torn" : ""}`);
        cpSync(start, root, { recursive: true });
        expect(await drive(root, request, point), JSON.stringify(point)).toBe("killed");
        await miniRun(dataPaths(root), engine, nodeEffects, { ...request, run: runId(51) });
        expect(await contentsOf(dataPaths(root), engine), JSON.stringify(point)).toEqual(expected);
        expect(strayFiles(dataPaths(root)), JSON.stringify(point)).toEqual([]);
        survived.push(point);
        rmSync(root, { recursive: true });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    console.log(
      `${name}: ${points.length} points tried, ${survived.length} survived, of ${operations.length} operations (${[...new Set(operations)].join(", ")})`,
    );
    expect(survived).toHaveLength(points.length);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function drive(root: string, request: MiniRun, point: KillPoint | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, root, JSON.stringify(request), JSON.stringify(point)]);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve(out.trim());
      else reject(new Error(`the driver ended with ${code}: ${err}`));
    });
  });
}
