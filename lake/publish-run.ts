import type { Engine } from "../engines/engine.js";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { writeJson } from "../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import { runFileOf, runFilePath } from "../lib/run-file.js";
import type { ChangeSet, FileVerdict, RunPlan, RunVerdict } from "../lib/run-types.js";
import { applyPlan } from "./apply-plan.js";
import { makeCommitPlan, unfinishedPlans, writeCommitPlan } from "./commit-plan.js";
import { doneMarks } from "./done-marks.js";
import { ledgerChange, readLedger } from "./ledger.js";
import { ledgerEntries } from "./ledger-entries.js";
import { maintain } from "./maintain.js";
import { sumsAfter } from "./tables.js";

export interface PublishRequest {
  readonly plan: RunPlan;
  readonly verdict: RunVerdict;
  readonly changes: ChangeSet;
  /** Path that gets new content → the twin that its earlier rows belong to from now on. */
  readonly moved: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly retentionDays: number;
  /** Opened only when there is something to commit. */
  readonly engine: () => Promise<Engine>;
  readonly effects?: FileEffects;
}

export interface Publication {
  /** Tables that got a new version. */
  readonly tables: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Make a run visible: one plan with its tables, its ledger entries, its run file and its `.done` files, then carried
 * out. Without changes only the run file is written. Throws conflict (nothing was published), file_system.
 */
export async function publishRun(paths: DataPaths, request: PublishRequest): Promise<Publication> {
  const { plan, verdict, changes, now, effects = nodeEffects } = request;
  const { run } = plan;
  const begun = unfinishedPlans(paths).find((candidate) => candidate.id === run);
  if (begun !== undefined) {
    const warnings = await applyPlan(paths, begun, effects);
    return { tables: begun.commits.map((commit) => commit.table), warnings };
  }
  const ledger = await readLedger(paths);
  if (ledger.entries.some((entry) => entry.run === run)) return { tables: [], warnings: [] };
  const entries = ledgerEntries(ledger, {
    run,
    judged_at: new Date(now).toISOString(),
    files: verdict.files,
    moved: request.moved,
  });
  const staging = stagingPaths(paths, run);
  const all = [...changes.tables];
  if (entries.length > 0) {
    const change = await ledgerChange(await request.engine(), ledger, entries, { staging, effects });
    if (change !== null) all.push(change);
  }
  const runFile = runFileOf(plan, verdict, await sumsAfter(paths, all), changes.identities);
  if (all.length === 0) {
    writeJson(runFilePath(paths, run), runFile, effects);
    return { tables: [], warnings: [] };
  }
  const taken = new Set(entries.filter((entry) => entry.status !== "held").map((entry) => entry.path));
  const done = doneMarks(
    paths,
    run,
    verdict.files.filter((file) => isTaken(file, taken)),
  );
  const commitPlan = await makeCommitPlan(paths, {
    id: run,
    run,
    now,
    changes: all,
    run_file: runFile,
    done,
  });
  await writeCommitPlan(paths, commitPlan, effects);
  const warnings = await applyPlan(paths, commitPlan, effects);
  const tables = all.map((change) => change.table);
  await maintain(await request.engine(), paths, tables, {
    run,
    now,
    retentionDays: request.retentionDays,
    effects,
  });
  return { tables, warnings };
}

/** Whether the file lies in raw/ with the content that the ledger now has: not a path that only inherits. */
function isTaken(file: FileVerdict, taken: ReadonlySet<string>): boolean {
  return taken.has(file.path) && (file.status === "published" || file.status === "skipped");
}
