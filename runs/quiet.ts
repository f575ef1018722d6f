import { leaveMeasure, measuring } from "../lib/measure.js";
import { stagingPaths } from "../lib/paths.js";
import { reportError } from "../lib/report-error.js";
import { alertStage } from "./alert.js";
import { checkStage } from "./check.js";
import { dashboardStage } from "./dashboard.js";
import { worseExit } from "./exit-code.js";
import { finishRun } from "./finish.js";
import type { RunContext } from "./run-context.js";
import type { StageOutcome } from "./stage-outcome.js";

const stages = { check: checkStage, dashboard: dashboardStage, alert: alertStage } as const;

/** How a stage of a quiet run went. */
export interface QuietStage {
  readonly name: string;
  readonly seconds: number;
  readonly said: string;
  readonly exitCode: number;
}

/** How a quiet run went. */
export interface QuietRun {
  readonly stages: readonly QuietStage[];
  readonly summary: readonly string[];
  readonly exitCode: number;
}

/**
 * A run that found nothing new, from check to its end, in one process: most nights are such, and each process costs
 * a third of a second. A stage that fails is reported, and the others go on.
 */
export async function quietRun(context: RunContext): Promise<QuietRun> {
  const done: QuietStage[] = [];
  for (const [name, stage] of Object.entries(stages)) done.push(await runStage(context, name, stage));
  const exitCode = done.reduce((worst, stage) => worseExit(worst, stage.exitCode), 0);
  return { stages: done, summary: finishRun(context, exitCode), exitCode };
}

async function runStage(
  context: RunContext,
  name: string,
  stage: (context: RunContext) => Promise<StageOutcome>,
): Promise<QuietStage> {
  const measure = measuring(name);
  let outcome: StageOutcome;
  try {
    outcome = await stage(context);
  } catch (error) {
    outcome = { exitCode: reportError(error), said: "" };
  }
  const measured = measure();
  leaveMeasure(stagingPaths(context.paths, context.run()), measured);
  return { name, seconds: measured.seconds, said: outcome.said, exitCode: outcome.exitCode };
}
