import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Engine } from "../../../engines/engine.js";
import { dataPaths } from "../../../lib/paths.js";
import { contentsOf, strayFiles } from "../../lake/crash/contents.js";
import { copyOf, processesOf, startKilledRun, startRun } from "./shop.js";

export interface Point {
  readonly at: number;
  readonly operation: string;
  readonly torn: boolean;
  /** The master dies too, and with it the whole run; else the process alone. */
  readonly wholeRun: boolean;
}

export type Contents = Readonly<Record<string, readonly string[]>>;

/** The second night without a kill: its tables, and the operations that it consists of. */
export async function undisturbed(
  start: string,
  folder: string,
  engine: Engine,
): Promise<{ readonly expected: Contents; readonly operations: readonly string[] }> {
  const root = copyOf(start, join(folder, "whole"));
  const log = join(folder, "whole.log");
  const { code, output } = await startKilledRun(root, { point: null, torn: false, wholeRun: false }, log)
    .ended;
  expect(code, output).toBe(0);
  const operations = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.trim());
  return { expected: await contentsOf(dataPaths(root), engine), operations };
}

/** Spread over all operations; kinds of death in turn. */
export function spreadPoints(operations: readonly string[], count: number): readonly Point[] {
  const step = operations.length / count;
  return Array.from({ length: count }, (_, n) => {
    const at = Math.min(operations.length, Math.floor(n * step + step / 2) + 1);
    return pointAt(operations, at, n);
  });
}

/** A point of the run that follows one that was killed at `first`: the later that was, the less there is left to do. */
export function pointAfter(operations: readonly string[], first: Point, fraction: number): Point {
  const left = operations.length - first.at + OPERATIONS_OF_A_QUIET_RUN;
  return pointAt(operations, Math.ceil(fraction * left), first.at);
}

const OPERATIONS_OF_A_QUIET_RUN = 30;

function pointAt(operations: readonly string[], at: number, n: number): Point {
  const operation = operations[at - 1] ?? "";
  const canTear = operation === "write" || operation === "copy";
  return { at, operation, torn: canTear && n % 3 !== 0, wholeRun: n % 4 !== 0 };
}

/**
 * Kill a run at a point, kill the run that mends it at another, run again at once, and compare all tables with those of
 * the undisturbed run. Returns how many of the points were reached: a run with little left to do may end before its own.
 */
export async function survives(
  start: string,
  folder: string,
  engine: Engine,
  points: readonly Point[],
  expected: Contents,
): Promise<number> {
  const name = points
    .map((point) => `${point.at}${point.torn ? "-torn" : ""}${point.wholeRun ? "-run" : ""}`)
    .join("-then-");
  const root = copyOf(start, join(folder, name));
  let reached = 0;
  for (const [nth, point] of points.entries()) {
    const log = join(folder, `${name}.${nth}.log`);
    await startKilledRun(root, { point: point.at, torn: point.torn, wholeRun: point.wholeRun }, log).ended;
    if (existsSync(`${log}.killed`)) reached += 1;
  }
  await expectRecovery(root, engine, expected, name);
  rmSync(root, { recursive: true });
  return reached;
}

/** The next run, started at once: it gets the lock, ends well, and leaves the same tables and nothing else. */
export async function expectRecovery(
  root: string,
  engine: Engine,
  expected: Contents,
  name: string,
): Promise<void> {
  // an archive holds what the run worked on, which depends on how far the one before came
  const { code, output } = await startRun(root, {}, ["--no-archive"]).ended;
  expect(code, `${name}: ${output}`).toBe(0);
  const contents = await contentsOf(dataPaths(root), engine);
  expect(Object.keys(contents), name).toEqual(Object.keys(expected));
  for (const table of Object.keys(expected))
    expect(contents[table], `${name}: ${table}`).toEqual(expected[table]);
  expect(strayFiles(dataPaths(root)), name).toEqual([]);
  expect(processesOf(root), name).toEqual([]);
}
