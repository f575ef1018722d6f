import { relation } from "../../lake/relation.js";
import { openTable, type Snapshot } from "../../lake/snapshot.js";
import type { DataPaths } from "../../lib/paths.js";
import type { PublishedTables } from "./staged-rows.js";

/** Open `processed/<source>` of these sources. */
export async function openPublished(paths: DataPaths, sources: readonly string[]): Promise<PublishedTables> {
  const snapshots = new Map<string, Snapshot>();
  for (const source of sources) {
    const snapshot = await openTable(paths, `processed/${source}`);
    if (snapshot.version >= 0) snapshots.set(source, snapshot);
  }
  return {
    relation: (source) => {
      const snapshot = snapshots.get(source);
      return snapshot === undefined ? null : relation(snapshot);
    },
    latest: (source, column) => {
      const snapshot = snapshots.get(source);
      return snapshot === undefined ? null : latestTime(snapshot, column);
    },
  };
}

/** Greatest value of the event time: only the last partition can hold it. */
function latestTime(snapshot: Snapshot, column: string): string | null {
  const partition = snapshot.partitionBy[0];
  const partitionOf = (file: Snapshot["files"][number]): string =>
    (partition === undefined ? null : file.partition_values[partition]) ?? "";
  const last = snapshot.files.map(partitionOf).reduce((most, value) => (value > most ? value : most), "");
  const times = snapshot.files
    .filter((file) => partitionOf(file) === last)
    .map((file) => file.stats()?.maxValues?.[column])
    .filter((time) => typeof time === "string")
    .sort();
  return times.at(-1) ?? null;
}
