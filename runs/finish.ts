import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pruneLogs, pruneRunFiles } from "../lake/archive/retention.js";
import { readJson, readJsonIfThere } from "../lib/json-file.js";
import { stageSums } from "../lib/measure.js";
import { type DataPaths, type StagingPaths, stagingPaths } from "../lib/paths.js";
import { writeRunFile } from "../lib/run-file.js";
import type { RunFile, StageMeasure } from "../lib/run-file-types.js";
import type { RunVerdict } from "../lib/verdict-types.js";
import { writeMetrics } from "../monitoring/metrics/metrics.js";
import { runFileSoFar } from "./finish/run-file-so-far.js";
import { summaryLines } from "./finish/summary.js";
import type { RunContext } from "./run-context.js";

/** End a run: its file, its metrics, its staging folder. Returns the summary, line by line. */
export function finishRun(context: RunContext, exitCode: number): readonly string[] {
  const { paths, configDir } = context;
  const staging = stagingPaths(paths, context.run());
  const verdict = readJsonIfThere<RunVerdict>(staging.verdict);
  const runFile = { ...runFileSoFar(paths, context.run()), ...ending(staging, exitCode) };
  writeRunFile(paths, runFile);
  writeMetrics(paths, context.run());
  // it looks at reports, so it is made before anything goes
  const summary = summaryLines(runFile, verdict, { paths, configDir });
  context.log("finish").info("ended", { exit_code: exitCode, files: runFile.files.length });
  sweep(paths, staging, context.run());
  forget(context);
  return summary;
}

/** Run files and logs beyond what the retention keeps. */
function forget(context: RunContext): void {
  const { retention } = context.config();
  pruneRunFiles(context.paths, retention.run_count);
  const logs = process.env["GRISTMILL_LOG_DIR"];
  if (logs !== undefined) pruneLogs(logs, retention.log_count);
}

function ending(
  staging: StagingPaths,
  exitCode: number,
): Pick<RunFile, "finished_at" | "exit_code" | "stages"> {
  const names = existsSync(staging.stages) ? readdirSync(staging.stages) : [];
  const measures = names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readJson<StageMeasure>(join(staging.stages, name)));
  return { finished_at: new Date().toISOString(), exit_code: exitCode, stages: stageSums(measures) };
}

/** The staging folder goes, unless a commit plan that is not yet applied names its files. */
function sweep(paths: DataPaths, staging: StagingPaths, run: string): void {
  if (existsSync(join(paths.commits, `${run}.json`))) return;
  rmSync(staging.root, { recursive: true, force: true });
}
