import type { Engine } from "../engines/engine.js";
import type { FileEffects } from "../lib/effects.js";
import type { AddFile, TableChange } from "../lib/run-types.js";
import { ledgerTable } from "./ledger-columns.js";
import { relation } from "./relation.js";
import type { LiveFile, Snapshot } from "./snapshot.js";
import { writeTableFiles } from "./write-files.js";

/** A partition is compacted when it has more than this many small files … */
const MANY_FILES = 8;
/** … and small means below 16 MB. */
const SMALL_BYTES = 16 * 1024 * 1024;
/** What one run rewrites of one table at most; the rest waits for the next run. */
const BUDGET_BYTES = 512 * 1024 * 1024;
/** Partitions written at a time: each open one takes memory. */
const PARTITIONS_AT_ONCE = 32;

export interface CompactionOptions {
  /** The table's folder in staging. */
  readonly folder: string;
  readonly effects?: FileEffects;
}

/** The small files of one partition that are worth one file; within the budget of a run. */
export function smallFiles(snapshot: Snapshot): readonly (readonly LiveFile[])[] {
  const partitions = new Map<string, LiveFile[]>();
  for (const file of snapshot.files) {
    if (file.size >= SMALL_BYTES) continue;
    const key = JSON.stringify(snapshot.partitionBy.map((name) => file.partition_values[name] ?? null));
    const group = partitions.get(key);
    if (group === undefined) partitions.set(key, [file]);
    else group.push(file);
  }
  let budget = BUDGET_BYTES;
  return [...partitions.values()]
    .filter((group) => group.length > MANY_FILES)
    .filter((group) => {
      budget -= group.reduce((sum, file) => sum + file.size, 0);
      return budget >= 0;
    });
}

/** Put a table's small files together, partition by partition, without a change of content; null when all is well. */
export async function compactionChange(
  engine: Engine,
  snapshot: Snapshot,
  options: CompactionOptions,
): Promise<TableChange | null> {
  const groups = smallFiles(snapshot);
  if (groups.length === 0) return null;
  const adds: AddFile[] = [];
  for (let from = 0; from < groups.length; from += PARTITIONS_AT_ONCE) {
    const files = groups.slice(from, from + PARTITIONS_AT_ONCE).flat();
    const written = await writeTableFiles(engine, `select * from ${relation(snapshot, { files })}`, {
      folder: options.folder,
      columns: snapshot.columns,
      partitionBy: snapshot.partitionBy,
      // the ledger is read without an engine
      compression: snapshot.table === ledgerTable ? "snappy" : "zstd",
      ...(options.effects === undefined ? {} : { effects: options.effects }),
    });
    adds.push(...written);
  }
  return {
    table: snapshot.table,
    columns: snapshot.columns,
    partition_by: snapshot.partitionBy,
    base_version: snapshot.version,
    adds,
    removes: groups.flat().map((file) => file.path),
    data_change: false,
    operation: "COMPACT",
  };
}
