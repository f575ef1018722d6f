import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf } from "../lib/errors.js";
import { readJsonIfThere, writeJson } from "../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import { runFilePath } from "../lib/run-file.js";
import type { RunFile } from "../lib/run-types.js";
import { commitOutcome, conflictError, putCommits, type TableCommit } from "./commit.js";
import { type CommitPlan, commitPlanFile } from "./commit-plan.js";
import { writeDoneMarks } from "./done-marks.js";
import { foldersOf } from "./durable.js";
import { undoPlan } from "./undo-plan.js";

/**
 * Carry a durable plan out, or on: move its files, commit each table, write the run file and the `.done` files, and
 * drop the plan. Idempotent: every step sees what an earlier attempt did. Returns warnings.
 * When another engine took a version in between, what was committed is undone, the plan dropped, and conflict thrown.
 */
export async function applyPlan(
  paths: DataPaths,
  plan: CommitPlan,
  effects: FileEffects = nodeEffects,
): Promise<readonly string[]> {
  const conflict = plan.commits.find(
    (commit) => commitOutcome(paths.table(commit.table), commit) === "conflict",
  );
  if (conflict !== undefined) return giveUp(paths, plan, conflict, effects);
  await moveFiles(paths, plan, effects);
  const commits = plan.commits.map((commit) => ({ tableFolder: paths.table(commit.table), commit }));
  const outcomes = await putCommits(commits, effects);
  const lost = plan.commits[outcomes.indexOf("conflict")];
  if (lost !== undefined) return giveUp(paths, plan, lost, effects);
  if (plan.run_file !== null) writeRunFile(paths, plan.run_file, effects);
  const warnings = writeDoneMarks(paths, plan.done, effects);
  dropPlan(paths, plan, effects);
  return warnings;
}

async function giveUp(
  paths: DataPaths,
  plan: CommitPlan,
  conflict: TableCommit,
  effects: FileEffects,
): Promise<never> {
  await undoPlan(paths, plan, effects);
  dropPlan(paths, plan, effects);
  throw conflictError(conflict.table, conflict.version - 1);
}

async function moveFiles(paths: DataPaths, plan: CommitPlan, effects: FileEffects): Promise<void> {
  const staging = stagingPaths(paths, plan.id).tables;
  const moved: string[] = [];
  try {
    for (const { table, moves } of plan.commits) {
      const made = new Set<string>();
      for (const path of moves) {
        const target = join(paths.table(table), path);
        moved.push(target);
        if (existsSync(target)) continue;
        const folder = dirname(target);
        if (!made.has(folder)) effects.mkdir(folder);
        made.add(folder);
        effects.rename(join(staging, ...table.split("/"), path), target);
      }
    }
    await effects.syncAll(foldersOf(moved, paths.root));
  } catch (error) {
    throw new GristmillError("file_system", `cannot publish ${plan.id}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A run file that `finish` wrote before the plan was carried out keeps what finish knew. */
function writeRunFile(paths: DataPaths, planned: RunFile, effects: FileEffects): void {
  const before = readJsonIfThere<RunFile>(runFilePath(paths, planned.run));
  const ended =
    before === null
      ? {}
      : {
          finished_at: before.finished_at,
          exit_code: before.exit_code,
          stages: before.stages,
          alerts: before.alerts,
        };
  writeJson(runFilePath(paths, planned.run), { ...planned, ...ended }, effects);
}

function dropPlan(paths: DataPaths, plan: CommitPlan, effects: FileEffects): void {
  const file = commitPlanFile(paths, plan.id);
  try {
    if (existsSync(file)) effects.unlink(file);
    effects.sync(paths.commits);
  } catch (error) {
    throw new GristmillError("file_system", `cannot remove ${file}: ${messageOf(error)}`, { cause: error });
  }
}
