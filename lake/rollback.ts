import { existsSync } from "node:fs";
import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError } from "../lib/errors.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import type { LedgerEntry, TableChange } from "../lib/run-types.js";
import { applyPlan } from "./apply-plan.js";
import { makeCommitPlan, writeCommitPlan } from "./commit-plan.js";
import { ledgerChange, ledgerOf, type NewLedgerEntry, readLedger } from "./ledger.js";
import { ledgerTable } from "./ledger-columns.js";
import type { Add } from "./log-actions.js";
import { recover } from "./recover.js";
import { type TableVersion, tableVersions } from "./run-versions.js";
import { openTable, type Snapshot } from "./snapshot.js";
import { listTables } from "./tables.js";

export interface RollbackRequest {
  /** The run to undo, and all after it. */
  readonly run: string;
  /** Id of the rollback itself. */
  readonly id: string;
  readonly now: number;
  readonly engine: Engine;
  readonly effects?: FileEffects;
}

export interface Rollback {
  /** Undone runs, oldest first. */
  readonly runs: readonly string[];
  /** Table → the version whose content it has again; -1 = it is empty again. */
  readonly tables: Readonly<Record<string, number>>;
  /** Paths that wait for --rework now. */
  readonly waiting: readonly string[];
  /** Table → versions by other engines that went with the runs. */
  readonly foreign: Readonly<Record<string, readonly number[]>>;
}

/**
 * Undo a run and all after it, as new versions made by one plan; the files that they judged wait for --rework.
 * The caller holds the lock. Throws unknown_run, unknown_version (vacuum took the files), conflict, file_system.
 */
export async function rollback(paths: DataPaths, request: RollbackRequest): Promise<Rollback> {
  const { id, now, effects = nodeEffects } = request;
  await recover(paths, id, effects);
  const ledgerVersions = tableVersions(paths, ledgerTable);
  const from = ledgerVersions.findIndex((version) => version.run === request.run);
  if (from < 0) {
    throw new GristmillError("unknown_run", `no run ${request.run} changed a table; see gristmill runs`);
  }
  const undone = new Set(ledgerVersions.slice(from).flatMap(({ run }) => (run === null ? [] : [run])));
  const restores = new Map<string, readonly Add[]>();
  const changes: TableChange[] = [];
  const tables: Record<string, number> = {};
  const foreign: Record<string, readonly number[]> = {};
  for (const table of listTables(paths)) {
    const versions = tableVersions(paths, table);
    const first = versions.find(({ run }) => run !== null && undone.has(run));
    if (first === undefined) continue;
    const target = first.version - 1;
    tables[table] = target;
    const others = foreignAfter(versions, first.version);
    if (others.length > 0) foreign[table] = others;
    const change = await restoringChange(paths, table, target);
    restores.set(table, change.restores);
    changes.push(change.change);
  }
  const entries = await rolledBackEntries(paths, tables[ledgerTable] ?? -1, now);
  await addLedgerEntries(paths, request, changes, entries);
  const plan = await makeCommitPlan(paths, { id, run: id, now, changes, run_file: null, done: [], restores });
  await writeCommitPlan(paths, plan, effects);
  await applyPlan(paths, plan, effects);
  effects.remove(stagingPaths(paths, id).root);
  return { runs: [...undone], tables, waiting: entries.map((entry) => entry.path), foreign };
}

function foreignAfter(versions: readonly TableVersion[], first: number): readonly number[] {
  return versions
    .filter(({ version, run }) => version >= first && run === null)
    .map(({ version }) => version);
}

/** From the newest version of a table back to the content of an earlier one. */
async function restoringChange(
  paths: DataPaths,
  table: string,
  target: number,
): Promise<{ readonly change: TableChange; readonly restores: readonly Add[] }> {
  const now = await openTable(paths, table);
  const then: Snapshot | null = target < 0 ? null : await openTable(paths, table, target);
  const live = new Set(now.files.map((file) => file.path));
  const kept = new Set((then?.files ?? []).map((file) => file.path));
  const back = (then?.files ?? []).filter((file) => !live.has(file.path));
  const lost = back.find((file) => !existsSync(file.absolute));
  if (lost !== undefined) {
    throw new GristmillError(
      "unknown_version",
      `${table} cannot go back to version ${target}: vacuum has removed ${lost.path}`,
    );
  }
  const change: TableChange = {
    table,
    columns: then?.columns ?? now.columns,
    partition_by: then?.partitionBy ?? now.partitionBy,
    base_version: now.version,
    adds: [],
    removes: now.files.filter((file) => !kept.has(file.path)).map((file) => file.path),
    data_change: true,
    operation: "ROLLBACK",
  };
  return { change, restores: back.map((file) => file.add) };
}

/** What the undone runs judged, unless the same content of the path stands in the tables again. */
async function rolledBackEntries(
  paths: DataPaths,
  target: number,
  now: number,
): Promise<readonly NewLedgerEntry[]> {
  const current = await readLedger(paths);
  const restored = await ledgerOf(
    target < 0
      ? { ...(await openTable(paths, ledgerTable)), files: [] }
      : await openTable(paths, ledgerTable, target),
  );
  const before = new Set(restored.entries.map((entry) => entry.seq));
  const newest = new Map<string, LedgerEntry>();
  for (const entry of current.entries) {
    const isSame = restored.carried.get(entry.path)?.sha256 === entry.sha256;
    if (!before.has(entry.seq) && !isSame) newest.set(entry.path, entry);
  }
  return [...newest.values()].map(({ seq: _, ...entry }) => ({
    ...entry,
    status: "rolled_back",
    judged_at: new Date(now).toISOString(),
  }));
}

/** The ledger's restoring change carries the new entries too: one version says both. */
async function addLedgerEntries(
  paths: DataPaths,
  request: RollbackRequest,
  changes: TableChange[],
  entries: readonly NewLedgerEntry[],
): Promise<void> {
  const at = changes.findIndex((change) => change.table === ledgerTable);
  const restoring = changes[at];
  const { engine, effects = nodeEffects } = request;
  const staging = stagingPaths(paths, request.id);
  const appended = await ledgerChange(engine, await readLedger(paths), entries, { staging, effects });
  if (restoring === undefined || appended === null) return;
  changes.splice(at, 1);
  changes.push({ ...restoring, adds: appended.adds });
}
