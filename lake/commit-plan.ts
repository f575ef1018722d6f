import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type FileEffects, nodeEffects } from "../lib/effects.js";
import { GristmillError, messageOf, systemCode } from "../lib/errors.js";
import { readJson } from "../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../lib/paths.js";
import type { RunFile, TableChange } from "../lib/run-types.js";
import { type CommitOptions, type TableCommit, tableCommit } from "./commit.js";
import type { DoneMark } from "./done-marks.js";
import { foldersOf, putIfAbsent } from "./durable.js";
import type { Add } from "./log-actions.js";
import { openTable } from "./snapshot.js";

/** Everything that a run makes visible, decided and durable before the first table changes. */
export interface CommitPlan {
  readonly format: 1;
  /** Name of the plan and of its staging folder: the run's id, or the run's and a suffix. */
  readonly id: string;
  readonly run: string;
  readonly commits: readonly TableCommit[];
  /** Content of quality/runs/<run>.json, or null when the plan belongs to no run of the pipeline. */
  readonly run_file: RunFile | null;
  readonly done: readonly DoneMark[];
}

export interface PlanRequest {
  readonly id: string;
  readonly run: string;
  readonly now: number;
  readonly changes: readonly TableChange[];
  readonly run_file: RunFile | null;
  readonly done: readonly DoneMark[];
  /** Table → files to bring back (rollback). */
  readonly restores?: ReadonlyMap<string, readonly Add[]>;
}

/** Build a plan upon the tables as they are. Throws conflict when a table is not at the version a change came from. */
export async function makeCommitPlan(paths: DataPaths, request: PlanRequest): Promise<CommitPlan> {
  const { id, run, now, run_file, done } = request;
  const commits: TableCommit[] = [];
  for (const change of request.changes) {
    const restores = request.restores?.get(change.table);
    const options: CommitOptions = { run, now, ...(restores === undefined ? {} : { restores }) };
    commits.push(tableCommit(await openTable(paths, change.table), change, options));
  }
  return { format: 1, id, run, commits, run_file, done };
}

/** Make a plan durable: from here on it will be applied, by this process or by the next run. Throws file_system. */
export async function writeCommitPlan(
  paths: DataPaths,
  plan: CommitPlan,
  effects: FileEffects = nodeEffects,
): Promise<void> {
  const tables = stagingPaths(paths, plan.id).tables;
  const staged = plan.commits.flatMap(({ table, moves }) =>
    moves.map((path) => join(tables, ...table.split("/"), path)),
  );
  try {
    await effects.syncAll(foldersOf(staged, paths.root));
  } catch (error) {
    throw new GristmillError("file_system", `staged files of ${plan.id} are gone: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (!(await putIfAbsent(commitPlanFile(paths, plan.id), `${JSON.stringify(plan)}\n`, effects))) {
    throw new GristmillError(
      "conflict",
      `${commitPlanFile(paths, plan.id)} is there already: run again, it is finished first`,
    );
  }
}

export function commitPlanFile(paths: DataPaths, id: string): string {
  return join(paths.commits, `${id}.json`);
}

/** Unfinished plans, oldest first. */
export function unfinishedPlans(paths: DataPaths): readonly CommitPlan[] {
  return planNames(paths)
    .filter((name) => !name.startsWith(".") && name.endsWith(".json"))
    .sort()
    .map((name) => readJson<CommitPlan>(join(paths.commits, name)));
}

function planNames(paths: DataPaths): readonly string[] {
  try {
    return readdirSync(paths.commits);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new GristmillError("file_system", `cannot list ${paths.commits}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
