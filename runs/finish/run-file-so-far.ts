import { readJson, readJsonIfThere } from "../../lib/json-file.js";
import { type DataPaths, stagingPaths } from "../../lib/paths.js";
import { latestRunFile, readRunFile, runFileOf, writeRunFile } from "../../lib/run-file.js";
import type { RunFile, RunPlan, RunVerdict } from "../../lib/run-types.js";
import { verdictOfPlan, withoutPublication } from "./unpublished.js";

/** What publish wrote; in a run without news, or where publish did not come to its end, what the verdict says. */
export function runFileSoFar(paths: DataPaths, run: string): RunFile {
  const published = readRunFile(paths, run);
  if (published !== null) return published;
  const staging = stagingPaths(paths, run);
  const plan = readJson<RunPlan>(staging.plan);
  const verdict = readJsonIfThere<RunVerdict>(staging.verdict);
  const before = latestRunFile(paths);
  return runFileOf(plan, withoutPublication(verdict ?? verdictOfPlan(plan)), before?.tables ?? {});
}

/** Write the run file where publish had no reason to, so that dashboard and alerts have one to read. */
export function ensureRunFile(paths: DataPaths, run: string): void {
  if (readRunFile(paths, run) === null) writeRunFile(paths, runFileSoFar(paths, run));
}
