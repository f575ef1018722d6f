import { isAbsolute, join } from "node:path";
import { GristmillError } from "../lib/errors.js";
import type { DataPaths } from "../lib/paths.js";
import type { TableColumn } from "../lib/run-types.js";
import { readCheckpoint } from "./checkpoint-read.js";
import { type Add, decodePath, type MetaData, type Remove } from "./log-actions.js";
import { type LogListing, listLog, newestVersion, readCommit, readCompaction } from "./log-files.js";
import { parquetRows } from "./parquet-rows.js";
import { assertKnownProtocol } from "./protocol.js";
import { emptyState, type LogState, replay } from "./replay.js";
import type { DeltaStats } from "./stats.js";

/** Commits that are read rather than a checkpoint that sums them up. */
const COMMITS_READ = 120;

/** Key of a column's Delta metadata: its statistics hold no bounds. */
export const PERSONAL = "gristmill.personal";

interface SchemaField extends TableColumn {
  readonly metadata?: Readonly<Record<string, unknown>>;
}

function columnOf({ name, type, metadata }: SchemaField): TableColumn {
  return metadata?.[PERSONAL] === true ? { name, type, personal: true } : { name, type };
}

/** One live Parquet file of a table. */
export interface LiveFile {
  /** Relative to the table's folder, as it lies on disk. */
  readonly path: string;
  readonly absolute: string;
  readonly partition_values: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly rows: number;
  /** Parsed at the call; null when its writer left none. */
  stats(): DeltaStats | null;
  /** As the log has it: a commit that removes or brings back the file needs it. */
  readonly add: Add;
}

/** A table at one version. */
export interface Snapshot {
  /** `processed/sales`. */
  readonly table: string;
  readonly folder: string;
  /** -1: there is no table. */
  readonly version: number;
  readonly columns: readonly TableColumn[];
  readonly partitionBy: readonly string[];
  readonly files: readonly LiveFile[];
  /** appId → version. */
  readonly transactions: ReadonlyMap<string, number>;
  /** Milliseconds since the epoch of the last commit; 0 when it says nothing. */
  readonly timestamp: number;
  readonly metaData: MetaData | null;
  readonly state: Readonly<LogState>;
  readonly tombstones: readonly Remove[];
}

/**
 * Open a table, at a version or at its newest. A table that does not exist has version -1 and no files.
 * Throws bad_table, unknown_table_feature, unknown_version, file_system.
 */
export async function openTable(paths: DataPaths, table: string, version?: number): Promise<Snapshot> {
  const folder = paths.table(table);
  const log = listLog(folder);
  const newest = newestVersion(log);
  if (version !== undefined && (version > newest || version < 0)) {
    throw new GristmillError(
      "unknown_version",
      `${table} has no version ${version}; its newest is ${newest < 0 ? "none: there is no such table" : newest}`,
    );
  }
  const state = await stateAt(folder, log, version ?? newest);
  if (state.protocol !== null && state.metaData !== null)
    assertKnownProtocol(table, state.protocol, state.metaData);
  else if (newest >= 0)
    throw new GristmillError("bad_table", `${folder}: its log has no protocol and metaData`);
  return snapshotOf(table, folder, version ?? newest, state);
}

/** From a point at or before the version that the log sums up, then commit by commit. */
async function stateAt(folder: string, log: LogListing, version: number): Promise<LogState> {
  const state = emptyState();
  const compaction = log.compactions.findLast((entry) => entry.version <= version);
  const checkpoint = log.checkpoints.findLast((entry) => entry.version <= version);
  const checkpointed = checkpoint?.version ?? -1;
  // Parquet takes four times as long to read without an engine as a compaction and many commits
  const isCompacted =
    compaction !== undefined &&
    compaction.version >= checkpointed - COMMITS_READ &&
    hasCommits(log, compaction.version + 1, checkpointed);
  if (isCompacted) replay(state, readCompaction(compaction.file));
  else if (checkpoint !== undefined) replay(state, await readCheckpoint(checkpoint.parts));
  const summed = isCompacted ? compaction.version : checkpointed;
  for (let next = summed + 1; next <= version; next += 1) replay(state, readCommit(folder, next));
  return state;
}

/** Other engines remove commits that a checkpoint sums up. */
function hasCommits(log: LogListing, first: number, last: number): boolean {
  const found = log.commits.filter((version) => version >= first && version <= last);
  return found.length === Math.max(0, last - first + 1);
}

export function snapshotOf(table: string, folder: string, version: number, state: LogState): Snapshot {
  const schema =
    state.metaData === null
      ? { fields: [] }
      : (JSON.parse(state.metaData.schemaString) as { fields: SchemaField[] });
  return {
    table,
    folder,
    version,
    columns: schema.fields.map(columnOf),
    partitionBy: state.metaData?.partitionColumns ?? [],
    files: [...state.adds.values()].map((add) => liveFile(folder, add)),
    transactions: new Map([...state.transactions.values()].map((txn) => [txn.appId, txn.version])),
    timestamp: state.timestamp,
    metaData: state.metaData,
    state,
    tombstones: [...state.removes.values()],
  };
}

function liveFile(folder: string, add: Add): LiveFile {
  const path = decodePath(add.path);
  const absolute = isAbsolute(path) ? path : join(folder, path);
  const counted = /"numRecords"\s*:\s*(\d+)/.exec(add.stats ?? "");
  return {
    path,
    absolute,
    partition_values: add.partitionValues,
    size: add.size,
    get rows() {
      return counted === null ? parquetRows(absolute) : Number(counted[1]);
    },
    stats: () => (add.stats ? (JSON.parse(add.stats) as DeltaStats) : null),
    add,
  };
}
