import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../engines/duckdb.js";
import { CHECKPOINT_EVERY, COMPACT_EVERY, writeCheckpoint } from "../../lake/checkpoint-write.js";
import { commitFile, logFolder } from "../../lake/log-files.js";
import { openTable } from "../../lake/snapshot.js";
import { listTables } from "../../lake/tables.js";
import { dataPaths } from "../../lib/paths.js";
import { filesBelow } from "../workshop.js";

/** Bytes that a night wrote and left, by what they are for. */
export type NightBytes = Readonly<Record<Kind, number>>;

const kinds = ["tables", "aggregates", "log", "checkpoints", "exports", "reports"] as const;
type Kind = (typeof kinds)[number];

export function totalOf(bytes: NightBytes): number {
  return kinds.reduce((sum, kind) => sum + bytes[kind], 0);
}

export function told(bytes: NightBytes): string {
  const megabytes = (found: number): string => (found / 1e6).toFixed(2);
  const parts = kinds.map((kind) => `${kind} ${megabytes(bytes[kind])}`);
  return `${megabytes(totalOf(bytes))} MB written (${parts.join(", ")})`;
}

/**
 * Bytes of the files, but the input, that a folder has beyond another. A checkpoint falls on every tenth commit: each
 * night counts its share of one, whether or not one fell on it.
 */
export async function nightBytes(before: string, after: string): Promise<NightBytes> {
  const bytes: Record<Kind, number> = {
    tables: 0,
    aggregates: 0,
    log: 0,
    checkpoints: 0,
    exports: 0,
    reports: 0,
  };
  const known = new Set(filesBelow(before, /./).map((file) => file.slice(before.length)));
  for (const file of filesBelow(after, /\.[a-z]+$/)) {
    const path = file.slice(after.length + 1);
    const isSummedUp = /\.checkpoint\.|\.compacted\.|_last_checkpoint/.test(path);
    if (path.startsWith("raw/") || isSummedUp) continue;
    if (!known.has(`/${path}`) || isAnew(file, join(before, path)))
      bytes[kindOf(path)] += statSync(file).size;
  }
  bytes.checkpoints = await checkpointShare(after);
  return bytes;
}

function kindOf(path: string): Kind {
  if (path.includes("/_delta_log/")) return "log";
  if (path.startsWith("processed/exports/")) return "exports";
  if (!path.endsWith(".parquet")) return "reports";
  return path.startsWith("processed/aggregated/") ? "aggregates" : "tables";
}

/** Written over a file of the same name: the exports, the dashboard. */
function isAnew(file: string, old: string): boolean {
  const now = statSync(file);
  return now.isFile() && now.ino !== statSync(old).ino && !readFileSync(file).equals(readFileSync(old));
}

/**
 * What the checkpoints and log compactions of all tables come to, divided by the nights that one of them serves: a
 * compaction is written again after 100 commits, or sooner once they weigh as much as it.
 */
async function checkpointShare(folder: string): Promise<number> {
  const paths = dataPaths(folder);
  const tempFolder = join(folder, "temp");
  const engine = await openDuckDb({ threads: 2, memoryMb: 500, tempDir: tempFolder });
  let share = 0;
  try {
    for (const table of listTables(paths)) {
      const snapshot = await openTable(paths, table);
      await writeCheckpoint(engine, snapshot, { keepFrom: 0, tempFolder });
      const commit = statSync(commitFile(snapshot.folder, snapshot.version)).size;
      for (const file of filesBelow(logFolder(snapshot.folder), /\.checkpoint\.|\.compacted\./)) {
        const { size } = statSync(file);
        share += file.includes(".compacted.")
          ? Math.max(size / COMPACT_EVERY, Math.min(size, commit))
          : size / CHECKPOINT_EVERY;
      }
    }
    return share;
  } finally {
    engine.close();
  }
}
