import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, readJsonIfThere } from "../lib/json-file.js";
import { stageSums } from "../lib/measure.js";
import { type DataPaths, type StagingPaths, stagingPaths } from "../lib/paths.js";
import type { RunPlan } from "../lib/plan-types.js";
import { latestRunFile, readRunFile, runFileOf, writeRunFile } from "../lib/run-file.js";
import type { RunFile, StageMeasure } from "../lib/run-file-types.js";
import type { RunVerdict } from "../lib/verdict-types.js";
import type { CommandContext, CommandSpec } from "./command.js";
import { summaryLines } from "./finish/summary.js";
import { verdictOfPlan, withoutPublication } from "./finish/unpublished.js";

export const command: CommandSpec = {
  configure: (command) =>
    command
      .requiredOption("--exit-code <n>", "exit code of the run so far")
      .option("--quiet", "print no summary", false),
  execute: async (context, options) => {
    const exitCode = Number(options["exitCode"]);
    const staging = stagingPaths(context.paths, context.run());
    const verdict = readJsonIfThere<RunVerdict>(staging.verdict);
    const runFile = { ...runFileSoFar(context, staging, verdict), ...ending(staging, exitCode) };
    writeRunFile(context.paths, runFile);
    if (options["quiet"] !== true)
      for (const line of summaryLines(runFile, verdict, {
        paths: context.paths,
        configDir: context.configDir,
      }))
        context.print(line);
    context.log("finish").info("ended", { exit_code: exitCode, files: runFile.files.length });
    sweep(context.paths, staging, context.run());
    return 0;
  },
};

/** What publish wrote; in a run without news, or where publish did not come to its end, what the verdict says. */
function runFileSoFar(context: CommandContext, staging: StagingPaths, verdict: RunVerdict | null): RunFile {
  const published = readRunFile(context.paths, context.run());
  if (published !== null) return published;
  const plan = readJson<RunPlan>(staging.plan);
  const before = latestRunFile(context.paths);
  return runFileOf(plan, withoutPublication(verdict ?? verdictOfPlan(plan)), before?.tables ?? {});
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
