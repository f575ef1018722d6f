import { unfinishedPlans } from "../lake/commit-plan.js";
import { readLedger } from "../lake/ledger.js";
import { openTable } from "../lake/snapshot.js";
import { readJson, readJsonIfThere } from "../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import type { ChangeSet, RunPlan } from "../lib/run-types.js";
import type { RunContext } from "./run-context.js";
import { transformStage } from "./transform.js";

/** How often a run plans anew because another engine committed meanwhile. */
const MOST_TRIES = 3;

/**
 * What the run's transform left, upon the tables as they are now: where another engine committed to one of them since,
 * transform runs again. After the third time the changes are returned as they are, and publishing them is a conflict.
 */
export async function freshChanges(context: RunContext): Promise<ChangeSet> {
  const { paths } = context;
  const run = context.run();
  const staging = stagingPaths(paths, run);
  const read = (): ChangeSet =>
    readJsonIfThere<ChangeSet>(staging.changes) ?? { run, tables: [], identities: {} };
  let changes = read();
  if (await hasCommitted(paths, run)) return changes;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const table = await outdatedTable(paths, changes);
    if (table === null) break;
    context.log("publish").warn("another engine committed since transform: planning anew", { table });
    await transformStage(context, readJson<RunPlan>(staging.plan).rebuild);
    changes = read();
  }
  return changes;
}

/** Whether the run's own commits have begun: what they changed is no news to it. */
async function hasCommitted(paths: DataPaths, run: string): Promise<boolean> {
  if (unfinishedPlans(paths).some(({ id }) => id === run)) return true;
  return (await readLedger(paths)).entries.some((entry) => entry.run === run);
}

/** A table whose newest version is not the one that its change was computed from. */
async function outdatedTable(paths: DataPaths, changes: ChangeSet): Promise<string | null> {
  for (const { table, base_version } of changes.tables)
    if ((await openTable(paths, table)).version !== base_version) return table;
  return null;
}
