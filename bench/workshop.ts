import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { openDuckDb } from "../engines/duckdb.js";
import { literal } from "../engines/quote.js";
import { packageRoot } from "../lib/paths.js";
import type { Expected } from "./data.js";

/** What outlives a bench: its data, and the peers that bench/peers/install.sh puts there. */
export const cacheFolder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "gristmill-bench",
);

/** Where the bench works: data that is kept, and folders that each run gets anew. */
export interface Workshop {
  readonly data: string;
  readonly scratch: string;
}

/** An empty folder in the scratch. */
export function freshFolder(workshop: Workshop, name: string): string {
  const folder = join(workshop.scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A data folder whose raw/ holds the given files (hard links: no time, no space). */
export function freshDataFolder(
  workshop: Workshop,
  name: string,
  raw: string,
  paths: readonly string[],
): string {
  const folder = freshFolder(workshop, name);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, "raw", path)), { recursive: true });
    linkSync(join(raw, path), join(folder, "raw", path));
  }
  return folder;
}

/** Run the program outside the clock; throws with its message when it fails. */
export function program(...args: readonly string[]): string {
  const ended = spawnSync(process.execPath, [join(packageRoot, "dist", "main.js"), ...args], {
    encoding: "utf8",
  });
  if (ended.status !== 0) throw new Error(`${args[0]}: ${ended.stderr}`);
  return ended.stdout;
}

/** Compare what stands in Parquet (or CSV) with the truth: counts, then the sum of every number column. */
export async function compare(
  expected: Expected,
  found: { readonly accepted: string; readonly rejected: readonly string[] },
): Promise<string | null> {
  const engine = await openDuckDb({
    threads: 2,
    memoryMb: 2_000,
    tempDir: join(dirname(found.accepted), "temp"),
  });
  try {
    const sums = Object.keys(expected.sums).map(
      (column) => `coalesce(sum(cast("${column}" as decimal(38, 4))), 0)::varchar as "${column}"`,
    );
    const [row] =
      expected.accepted === 0
        ? [{ accepted: 0, ...expected.sums }]
        : await engine.all(
            `select ${["count(*)::int as accepted", ...sums].join(", ")} from ${relation(found.accepted)}`,
          );
    let rejected = 0;
    for (const file of found.rejected) {
      const [counted] = await engine.all(`select count(*)::int as n from ${relation(file)}`);
      rejected += Number(counted?.["n"]);
    }
    const differences = [
      difference("accepted", expected.accepted, row?.["accepted"]),
      difference("rejected", expected.rejected, rejected),
      ...Object.entries(expected.sums).map(([column, sum]) =>
        difference(`sum of ${column}`, sum, row?.[column]),
      ),
    ].filter((text) => text !== null);
    return differences.length === 0 ? null : `wrong answer: ${differences.slice(0, 3).join("; ")}`;
  } finally {
    engine.close();
  }
}

function relation(file: string): string {
  if (file.endsWith(".csv")) return `read_csv(${literal(file)}, header = true, all_varchar = true)`;
  return `read_parquet(${literal(file)})`;
}

function difference(what: string, wanted: unknown, found: unknown): string | null {
  return String(wanted) === String(found) ? null : `${what} ${String(found)}, not ${String(wanted)}`;
}

/** Files below a folder whose path matches. */
export function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path));
}
