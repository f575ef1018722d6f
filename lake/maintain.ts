import { join } from "node:path";
import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import type { TableChange } from "../lib/run-types.js";
import { applyPlan } from "./apply-plan.js";
import { checkpointIsDue, writeCheckpoint } from "./checkpoint-write.js";
import { makeCommitPlan, writeCommitPlan } from "./commit-plan.js";
import { compactionChange } from "./compaction.js";
import { openTable } from "./snapshot.js";
import { vacuum } from "./vacuum.js";

const DAY_MS = 86_400_000;

export interface MaintenanceOptions {
  readonly run: string;
  readonly now: number;
  /** 0 = old files stay for ever. */
  readonly retentionDays: number;
  readonly effects?: FileEffects;
}

/** After a commit: put small files together, checkpoint tables that are due, and let go of what retention ended. */
export async function maintain(
  engine: Engine,
  paths: DataPaths,
  tables: readonly string[],
  options: MaintenanceOptions,
): Promise<void> {
  const { effects = nodeEffects } = options;
  const id = `${options.run}-compact`;
  const staging = stagingPaths(paths, id);
  await compact(engine, paths, tables, id, options);
  const keepFrom = options.retentionDays === 0 ? 0 : options.now - options.retentionDays * DAY_MS;
  for (const table of tables) {
    const snapshot = await openTable(paths, table);
    if (!checkpointIsDue(snapshot)) continue;
    await writeCheckpoint(engine, snapshot, { keepFrom, tempFolder: staging.temp, effects });
    vacuum(snapshot, keepFrom, effects);
  }
  effects.remove(staging.root);
}

/** A plan of its own, with a staging folder of its own: it may be carried out by the next run. */
async function compact(
  engine: Engine,
  paths: DataPaths,
  tables: readonly string[],
  id: string,
  options: MaintenanceOptions,
): Promise<void> {
  const { run, now, effects = nodeEffects } = options;
  const changes: TableChange[] = [];
  for (const table of tables) {
    const folder = join(stagingPaths(paths, id).tables, ...table.split("/"));
    const change = await compactionChange(engine, await openTable(paths, table), { folder, effects });
    if (change !== null) changes.push(change);
  }
  if (changes.length === 0) return;
  const plan = await makeCommitPlan(paths, { id, run, now, changes, run_file: null, done: [] });
  await writeCommitPlan(paths, plan, effects);
  await applyPlan(paths, plan, effects);
}
