import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FileEffects } from "../lib/effects.js";
import type { DataPaths } from "../lib/paths.js";
import { commitOutcome, conflictError, putCommit, type TableCommit, tableCommit } from "./commit.js";
import type { CommitPlan } from "./commit-plan.js";
import { commitFile, parseActions } from "./log-files.js";
import { openTable } from "./snapshot.js";

const ATTEMPTS = 5;

/** Take back what a plan that cannot be finished did: its commits by new versions, its other files from the disk. */
export async function undoPlan(paths: DataPaths, plan: CommitPlan, effects: FileEffects): Promise<void> {
  for (const commit of plan.commits) {
    if (commitOutcome(paths.table(commit.table), commit) === "already") {
      await undoCommit(paths, plan, commit, effects);
      continue;
    }
    for (const path of commit.moves) {
      const moved = join(paths.table(commit.table), path);
      if (existsSync(moved)) effects.unlink(moved);
    }
  }
}

/** A new version without what the commit added and with what it removed, on top of whatever came after it. */
async function undoCommit(
  paths: DataPaths,
  plan: CommitPlan,
  commit: TableCommit,
  effects: FileEffects,
): Promise<void> {
  const folder = paths.table(commit.table);
  const actions = parseActions(commit.text, commitFile(folder, commit.version));
  const added = new Set(actions.flatMap((action) => (action.add ? [action.add.path] : [])));
  const removed = new Set(actions.flatMap((action) => (action.remove ? [action.remove.path] : [])));
  const before = commit.version > 0 ? await openTable(paths, commit.table, commit.version - 1) : null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const now = await openTable(paths, commit.table);
    const live = new Set(now.files.map((file) => file.add.path));
    const removes = now.files.filter((file) => added.has(file.add.path)).map((file) => file.path);
    const restores = (before?.files ?? [])
      .map((file) => file.add)
      .filter((add) => removed.has(add.path) && !live.has(add.path));
    if (removes.length === 0 && restores.length === 0) return;
    const change = {
      table: commit.table,
      columns: now.columns,
      partition_by: now.partitionBy,
      base_version: now.version,
      adds: [],
      removes,
      data_change: true,
      operation: "UNDO",
    };
    const undo = tableCommit(now, change, { run: plan.run, now: Date.now(), restores });
    if ((await putCommit(folder, undo, effects)) !== "conflict") return;
  }
  throw conflictError(commit.table, commit.version);
}
