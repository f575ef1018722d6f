import { join } from "node:path";
import { relation } from "../../lake/relation.js";
import { type LiveFile, openTable, type Snapshot } from "../../lake/snapshot.js";
import { GristmillError } from "../../lib/errors.js";
import type { DataPaths, StagingPaths } from "../../lib/paths.js";
import type { AddFile, TableChange } from "../../lib/table-types.js";
import type { Grain } from "../models/model.js";
import { type PartitionValue, type Touched, toUnit } from "./partitions.js";

/** A table before the run and as it will stand after it; null where there is none. */
export interface TableState {
  readonly before: Snapshot | null;
  readonly after: Snapshot | null;
  /** What the run changes of it. */
  readonly touched: Touched;
}

/** All tables as one run sees them: live ones, and what the run has staged so far. */
export interface Tables {
  state(name: string): TableState;
  /** Note what the run does to a table. */
  record(change: TableChange, touched: Touched): void;
  changes(): readonly TableChange[];
}

/** Open the tables that a run reads or writes. */
export async function openTables(
  paths: DataPaths,
  staging: StagingPaths,
  names: readonly string[],
): Promise<Tables> {
  const states = new Map<string, TableState>();
  const changes: TableChange[] = [];
  const opened = new Map<string, Snapshot>();
  for (const name of names) {
    const snapshot = await openTable(paths, name);
    opened.set(name, snapshot);
    const before = snapshot.version < 0 ? null : snapshot;
    states.set(name, { before, after: before, touched: "none" });
  }
  const state = (name: string): TableState => {
    const known = states.get(name);
    if (known === undefined) throw new GristmillError("internal", `table ${name} was not opened`);
    return known;
  };
  return {
    state,
    record: (change, touched) => {
      const snapshot = opened.get(change.table);
      if (snapshot === undefined)
        throw new GristmillError("internal", `table ${change.table} was not opened`);
      const folder = join(staging.tables, ...change.table.split("/"));
      const after = afterChange(snapshot, change, folder);
      states.set(change.table, { before: state(change.table).before, after, touched });
      changes.push(change);
    },
    // in the order of the names, whichever came first
    changes: () => names.flatMap((name) => changes.filter(({ table }) => table === name)),
  };
}

function afterChange(before: Snapshot, change: TableChange, folder: string): Snapshot {
  const removed = new Set(change.removes);
  return {
    ...before,
    columns: change.columns,
    partitionBy: change.partition_by,
    files: [
      ...before.files.filter((file) => !removed.has(file.path)),
      ...change.adds.map((file) => stagedFile(file, folder)),
    ],
  };
}

function stagedFile(file: AddFile, folder: string): LiveFile {
  const { path, partition_values, size, rows, stats } = file;
  return {
    path,
    absolute: join(folder, path),
    partition_values,
    size,
    rows,
    stats: () => JSON.parse(stats),
    add: { path, partitionValues: partition_values, size, modificationTime: 0, dataChange: true, stats },
  };
}

/** Value of the (one) partition column of a file. */
export function partitionOf(snapshot: Snapshot, file: LiveFile): PartitionValue {
  const column = snapshot.partitionBy[0];
  return column === undefined ? null : (file.partition_values[column] ?? null);
}

/** The files whose partition falls into what is touched; all where there are no partitions. */
export function filesIn(snapshot: Snapshot, touched: Touched): readonly LiveFile[] {
  if (touched === "none") return [];
  if (touched === "all" || snapshot.partitionBy.length === 0) return snapshot.files;
  return snapshot.files.filter((file) =>
    touched.values.has(toUnit(partitionOf(snapshot, file), touched.unit)),
  );
}

/** Rows of each touched partition of a table, by unit. */
export function rowsByPartition(
  snapshot: Snapshot,
  touched: Touched,
  unit: Grain,
): ReadonlyMap<PartitionValue, number> {
  const rows = new Map<PartitionValue, number>();
  for (const file of filesIn(snapshot, touched)) {
    const value = toUnit(partitionOf(snapshot, file), unit);
    rows.set(value, (rows.get(value) ?? 0) + file.rows);
  }
  return rows;
}

/** SQL relation of some files of a table; null where there are none. */
export function relationOf(snapshot: Snapshot | null, files: readonly LiveFile[]): string | null {
  return snapshot === null || files.length === 0 ? null : relation(snapshot, { files });
}
