import { statSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf } from "../lib/errors.js";
import type { TableColumn } from "../lib/run-types.js";
import { putIfAbsent, TEMPORARY_PREFIX } from "./durable.js";
import { withJsonRows } from "./json-rows.js";
import type { Action } from "./log-actions.js";
import { commitFile, listLog, logFolder, versionName } from "./log-files.js";
import type { Snapshot } from "./snapshot.js";

/** Commits between two checkpoints. */
export const CHECKPOINT_EVERY = 10;
/** Commits after which the log compaction is written anew, however little they hold. */
export const COMPACT_EVERY = 100;

const text = { type: "map", keyType: "string", valueType: "string", valueContainsNull: true };
const struct = (fields: Readonly<Record<string, unknown>>) => ({
  type: "struct",
  fields: Object.entries(fields).map(([name, type]) => ({ name, type, nullable: true, metadata: {} })),
});
const columns: readonly TableColumn[] = [
  { name: "protocol", type: struct({ minReaderVersion: "integer", minWriterVersion: "integer" }) },
  {
    name: "metaData",
    type: struct({
      id: "string",
      name: "string",
      description: "string",
      format: struct({ provider: "string", options: text }),
      schemaString: "string",
      partitionColumns: { type: "array", elementType: "string", containsNull: true },
      configuration: text,
      createdTime: "long",
    }),
  },
  { name: "txn", type: struct({ appId: "string", version: "long", lastUpdated: "long" }) },
  {
    name: "add",
    type: struct({
      path: "string",
      partitionValues: text,
      size: "long",
      modificationTime: "long",
      dataChange: "boolean",
      stats: "string",
      tags: text,
    }),
  },
  {
    name: "remove",
    type: struct({
      path: "string",
      deletionTimestamp: "long",
      dataChange: "boolean",
      extendedFileMetadata: "boolean",
      partitionValues: text,
      size: "long",
    }),
  },
];

/** Whether enough commits came since the last checkpoint. */
export function checkpointIsDue(snapshot: Snapshot): boolean {
  const last = listLog(snapshot.folder).checkpoints.at(-1)?.version ?? -1;
  return snapshot.version - last >= CHECKPOINT_EVERY;
}

/**
 * Write the checkpoint of a snapshot, so that opening the table needs no older commit, and where it is due the same as
 * a log compaction (JSON), which is what Gristmill reads. The JSON commits stay.
 * Tombstones older than `keepFrom` (ms) are left out. Throws file_system.
 */
export async function writeCheckpoint(
  engine: Engine,
  snapshot: Snapshot,
  options: { readonly keepFrom: number; readonly tempFolder: string; readonly effects?: FileEffects },
): Promise<void> {
  const { keepFrom, effects = nodeEffects } = options;
  const folder = logFolder(snapshot.folder);
  const name = `${versionName(snapshot.version)}.checkpoint.parquet`;
  const temporary = join(folder, `${TEMPORARY_PREFIX}${name}`);
  const rows = checkpointRows(snapshot, keepFrom);
  try {
    await withJsonRows(rows, columns, options.tempFolder, (select) =>
      engine.copy(select, { to: temporary, compression: "snappy" }),
    );
    effects.sync(temporary);
    effects.rename(temporary, join(folder, name));
    const hint = join(folder, `${TEMPORARY_PREFIX}_last_checkpoint`);
    effects.write(hint, JSON.stringify({ version: snapshot.version, size: rows.length }));
    effects.sync(hint);
    effects.rename(hint, join(folder, "_last_checkpoint"));
    effects.sync(folder);
    if (compactionIsDue(snapshot)) await compactLog(snapshot, rows, effects);
  } catch (error) {
    throw new GristmillError("file_system", `cannot checkpoint ${snapshot.table}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function checkpointRows(snapshot: Snapshot, keepFrom: number): readonly Action[] {
  const { protocol, metaData, transactions, adds, removes } = snapshot.state;
  const rows: Action[] = [];
  if (protocol !== null) rows.push({ protocol });
  if (metaData !== null) rows.push({ metaData });
  for (const txn of transactions.values()) rows.push({ txn });
  for (const add of adds.values()) rows.push({ add: { ...add, dataChange: false } });
  for (const remove of removes.values()) {
    if ((remove.deletionTimestamp ?? 0) >= keepFrom) rows.push({ remove: { ...remove, dataChange: false } });
  }
  return rows;
}

/**
 * Whether the commits since the last compaction weigh as much as it: what is written follows what the commits bring, not
 * what the table holds.
 */
function compactionIsDue(snapshot: Snapshot): boolean {
  const log = listLog(snapshot.folder);
  const last = log.compactions.at(-1);
  if (last === undefined) return true;
  const since = log.commits.filter((version) => version > last.version);
  const bytes = since.reduce((sum, version) => sum + statSync(commitFile(snapshot.folder, version)).size, 0);
  return since.length >= COMPACT_EVERY || bytes >= statSync(last.file).size;
}

/** The newest one is enough: it begins with version 0. */
async function compactLog(snapshot: Snapshot, rows: readonly Action[], effects: FileEffects): Promise<void> {
  const name = `${versionName(0)}.${versionName(snapshot.version)}.compacted.json`;
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const older = listLog(snapshot.folder).compactions;
  await putIfAbsent(join(logFolder(snapshot.folder), name), text, effects);
  for (const { version, file } of older) if (version < snapshot.version) effects.unlink(file);
}
