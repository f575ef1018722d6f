import { randomUUID } from "node:crypto";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError } from "../lib/errors.js";
import type { TableChange, TableColumn } from "../lib/run-types.js";
import { putAllIfAbsent } from "./durable.js";
import { type Action, type Add, encodePath, type MetaData } from "./log-actions.js";
import { commitFile, listLog, newestVersion, readCommitText } from "./log-files.js";
import { ourProtocol } from "./protocol.js";
import { PERSONAL, type Snapshot } from "./snapshot.js";

/** Application id of our transactions in every table. */
export const APP_ID = "gristmill";

/** One ready-made commit of a table. */
export interface TableCommit {
  readonly table: string;
  readonly version: number;
  /** The commit file, whole: equal text at that version means that it was applied. */
  readonly text: string;
  /** Files that go from staging `tables/<table>/` to the table's folder. */
  readonly moves: readonly string[];
}

/** What became of an attempt to commit: conflict means that another engine took the version, so plan anew. */
export type CommitOutcome = "committed" | "already" | "conflict";

export interface CommitOptions {
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Raw add actions to bring back, for rollback. */
  readonly restores?: readonly Add[];
}

/**
 * The commit of a change upon the snapshot that it was computed from.
 * Throws conflict when the snapshot is another version, bad_table when the change removes a file that is not live.
 */
export function tableCommit(base: Snapshot, change: TableChange, options: CommitOptions): TableCommit {
  if (base.version !== change.base_version) throw conflictError(change.table, change.base_version);
  const { run } = options;
  // a clock that jumped back must not turn the order of versions around
  const now = Math.max(options.now, base.timestamp + 1);
  const actions: Action[] = [commitInfo(change, run, now)];
  const metaData = nextMetaData(base, change, now);
  if (base.version < 0) actions.push({ protocol: ourProtocol });
  if (metaData !== null) actions.push({ metaData });
  actions.push({
    txn: { appId: APP_ID, version: (base.transactions.get(APP_ID) ?? -1) + 1, lastUpdated: now },
  });
  const live = new Map(base.files.map((file) => [file.path, file.add]));
  for (const path of change.removes) {
    const add = live.get(path);
    if (add === undefined)
      throw new GristmillError("internal", `${change.table}: ${path} is to go but is not live`);
    actions.push({
      remove: {
        path: add.path,
        deletionTimestamp: now,
        dataChange: change.data_change,
        extendedFileMetadata: true,
        partitionValues: add.partitionValues,
        size: add.size,
      },
    });
  }
  for (const add of options.restores ?? []) actions.push({ add: { ...add, dataChange: change.data_change } });
  for (const file of change.adds) {
    actions.push({
      add: {
        path: encodePath(file.path),
        partitionValues: file.partition_values,
        size: file.size,
        modificationTime: now,
        dataChange: change.data_change,
        stats: file.stats,
      },
    });
  }
  return {
    table: change.table,
    version: base.version + 1,
    text: `${actions.map((action) => JSON.stringify(action)).join("\n")}\n`,
    moves: change.adds.map((file) => file.path),
  };
}

function commitInfo(change: TableChange, run: string, now: number): Action {
  const info = {
    timestamp: now,
    operation: change.operation,
    operationParameters: {},
    engineInfo: "gristmill",
    run,
  };
  return { commitInfo: info };
}

function nextMetaData(base: Snapshot, change: TableChange, now: number): MetaData | null {
  const samePartitions = JSON.stringify(base.partitionBy) === JSON.stringify(change.partition_by);
  if (base.metaData !== null && samePartitions && sameColumns(base.columns, change.columns)) return null;
  if (base.metaData !== null && !samePartitions && change.removes.length < base.files.length) {
    throw new GristmillError(
      "bad_configuration",
      `${change.table} is partitioned by ${base.partitionBy.join(", ") || "nothing"}; run with --rebuild to change that`,
    );
  }
  const fields = change.columns.map(({ name, type, personal }) => ({
    name,
    type,
    nullable: true,
    metadata: personal === true ? { [PERSONAL]: true } : {},
  }));
  return {
    id: base.metaData?.id ?? randomUUID(),
    format: { provider: "parquet", options: {} },
    schemaString: JSON.stringify({ type: "struct", fields }),
    partitionColumns: change.partition_by,
    configuration: base.metaData?.configuration ?? {},
    createdTime: base.metaData?.createdTime ?? now,
  };
}

export function sameColumns(left: readonly TableColumn[], right: readonly TableColumn[]): boolean {
  const plain = (columns: readonly TableColumn[]) =>
    JSON.stringify(columns.map(({ name, type, personal }) => [name, type, personal === true]));
  return plain(left) === plain(right);
}

/** Make a commit of one table visible. Idempotent. Throws file_system. */
export async function putCommit(
  tableFolder: string,
  commit: TableCommit,
  effects: FileEffects = nodeEffects,
): Promise<CommitOutcome> {
  const [outcome] = await putCommits([{ tableFolder, commit }], effects);
  return outcome ?? "conflict";
}

/** Make commits of several tables visible, each by put-if-absent of its version. Idempotent. Throws file_system. */
export async function putCommits(
  commits: readonly { readonly tableFolder: string; readonly commit: TableCommit }[],
  effects: FileEffects = nodeEffects,
): Promise<readonly CommitOutcome[]> {
  const before = commits.map(({ tableFolder, commit }) => commitOutcome(tableFolder, commit));
  const next = commits.filter((_, at) => before[at] === null);
  const won = await putAllIfAbsent(
    next.map(({ tableFolder, commit }) => ({
      file: commitFile(tableFolder, commit.version),
      text: commit.text,
    })),
    effects,
  );
  return commits.map(({ tableFolder, commit }, at) => {
    const known = before[at] ?? null;
    if (known !== null) return known;
    const isOurs = won[next.findIndex((entry) => entry.commit === commit)] === true;
    return isOurs ? "committed" : (commitOutcome(tableFolder, commit) ?? "conflict");
  });
}

/** How a commit stands to a log: null = its version is next. */
export function commitOutcome(tableFolder: string, commit: TableCommit): "already" | "conflict" | null {
  const text = readCommitText(tableFolder, commit.version);
  if (text !== null) return text === commit.text ? "already" : "conflict";
  return newestVersion(listLog(tableFolder)) === commit.version - 1 ? null : "conflict";
}

export function conflictError(table: string, base: number): GristmillError {
  return new GristmillError(
    "conflict",
    `${table} was changed by another engine since version ${base}: run again; nothing of this run was published`,
  );
}
